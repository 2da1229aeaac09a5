"""Whatever is changed of a program from inside Slack: its file, exported and loaded, is the same program."""

from __future__ import annotations

import random

import pytest
from sqlmodel import Session

from bot.domain.change_fields.header import PARTS
from bot.domain.change_fields.sections import IN_HEADER, SPECS
from bot.domain.changes import Changed, Editing, Undone
from bot.services import program_file, programs
from storage.database import Database
from tests.cast import FAY, MONDAY, asks, begin
from tests.services.test_changes import draft, form, hand_in, listing, new, removal, save, take_back

ROUNDS = 8


def exported(session: Session) -> str:
    text = programs.export(session=session, slug="ost-cop")
    assert text is not None
    return text


def any_change(session: Session, chance: random.Random, number: int) -> int | None:
    """One of what a facilitator may do, drawn by lot; its number on record, if it could be done."""
    section = chance.choice(list(SPECS))
    rows = listing(session, section).rows
    if section != "program" and (not rows or chance.random() < 0.3):
        wanted = draft(new(session, section), **NEW[section])
    else:
        shape = form(session, section, chance.choice(rows).key)
        out = section != "program" and chance.random() < 0.3
        wanted = removal(shape) if out else draft(shape, **typed(shape, chance))
    found = hand_in(session, wanted, request=f"v{number}")
    if type(found).__name__ not in ("Foreseen", "Changed"):
        return None
    done = found if isinstance(found, Changed) else save(session, wanted, request=f"v{number}")
    return done.change


def typed(shape: Editing, chance: random.Random) -> dict[str, str]:
    """Other words in one of the fields that hold words."""
    words = [one for one in shape.fields if one.kind in ("line", "text") and one.name not in ("post",)]
    return {chance.choice(words).name: f"Otherwise {chance.randrange(10_000)}: ¿qué?\nno"} if words else {}


NEW: dict[str, dict[str, str]] = {
    "events": {"title": "On & off: yes", "kind": "other", "day": "2020-12-02", "starts": "09:00"},
    "assignments": {"title": "One more", "summary": "Do it.", "day": "2020-12-03", "due": "17:00", "prompt.+1": "How?"},
    "faq": {"question": "May I bring a dog?", "answer": "- no\n- not yet", "source": "Fay"},
    "resources": {"title": "The slides", "kind": "other", "url": "https://example.org/slides"},
    "breaks": {"name": "Snow", "from": "2021-02-01", "to": "2021-02-02"},
    "holidays": {"name": "Labor Day", "on": "2021-09-06"},
    "reminders": {"kind": "webinar", "to": "cohort", "offsets": "1 day before at 09:00"},
    "digests": {"what": "next-week", "to": "person", "person": FAY, "days": "mon", "time": "08:00"},
    "milestones": {"title": "A start", "when": "long ago", "text": "It began.", "source": "Fay"},
    "expectations": {"who": "Everybody", "text": "Be kind.", "source": "Fay"},
    "roles": {"title": "Guest", "text": "Looks on.", "source": "Fay"},
    "support_categories": {"label": "Money"},
}


@pytest.mark.parametrize("seed", range(2))
def test_a_program_that_is_exported_after_changes_loads_as_the_same(quick_db: Database, seed: int) -> None:
    chance = random.Random(seed)
    with quick_db.begin() as session:
        begin(session)
        numbers = [any_change(session, chance, number) for number in range(ROUNDS)]
        assert sum(one is not None for one in numbers) > ROUNDS // 2
        text = exported(session)
        again = programs.load(session=session, sheet=program_file.read_text(text, "x"), now=MONDAY)
        assert not again.anything_new
        assert again.kept == ()
        assert exported(session) == text


@pytest.mark.parametrize("seed", range(2))
def test_all_changes_taken_back_leave_the_program_as_it_was(quick_db: Database, seed: int) -> None:
    chance = random.Random(100 + seed)
    with quick_db.begin() as session:
        begin(session)
        first = exported(session)
        numbers = [any_change(session, chance, number) for number in range(ROUNDS)]
        for number in reversed([one for one in numbers if one is not None]):
            assert isinstance(take_back(session, number), Undone)
        assert sorted(exported(session).splitlines()) == sorted(first.splitlines())


def test_an_exported_program_loads_into_an_empty_database(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        for number in range(ROUNDS):
            any_change(session, random.Random(number), number)
        text = exported(session)
        other = text.replace("slug: ost-cop", "slug: another")
        programs.load(session=session, sheet=program_file.read_text(other, "x"), now=MONDAY)
        assert programs.export(session=session, slug="another") == other


def test_every_section_can_be_added_to(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert asks(session, FAY).program is not None
        assert set(NEW) == {name for name in SPECS if SPECS[name].adds}
        assert set(IN_HEADER) < set(NEW)
        assert "contact" in PARTS
        for number, (section, values) in enumerate(NEW.items()):
            save(session, draft(new(session, section), **values), request=f"v{number}")
