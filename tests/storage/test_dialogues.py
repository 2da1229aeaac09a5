"""One dialogue is open for a person, on both databases, however many begin at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from storage import dialogues
from storage.database import Database
from storage.dialogues import Dialogue
from tests import cast
from tests.cast import MONDAY, TEAM


def row(key: str, person: int) -> Dialogue:
    return Dialogue(
        team=TEAM,
        person_id=person,
        program_id=1,
        form="reflection",
        subject="x",
        key=key,
        began_at=MONDAY,
        updated_at=MONDAY,
    )


def test_only_one_is_open_for_a_person(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)

    def begin(number: int) -> bool:
        with db.begin() as session:
            return dialogues.add(session, row(f"k{number}", 2))

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(begin, range(4))) == [False, False, False, True]
    with db.begin() as session:
        held = dialogues.held(session, 2)
        assert held is not None
        dialogues.close(session, held, "stopped")
        assert dialogues.add(session, row("later", 2))
        assert dialogues.add(session, row("another", 3))
    with db.read() as session:
        assert len(session.exec(select(Dialogue)).all()) == 3
