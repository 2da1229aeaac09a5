"""Documents are read from their files, kept for every process, and nothing about one keeps the rest from working."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.domain.documents import MOST_BYTES, Read, Reading, Same, Trouble, Unread
from bot.domain.programs import Document, Program
from bot.domain.questions import EVERYTHING, FOR_APPLICANTS
from bot.matching.model import Unusable
from bot.services import documents, program_file, programs
from bot.services.documents import DocumentIndexes
from bot.services.program_file import ProgramError
from bot.services.programs import Loaded, Programs
from bot.services.vectors import Vectors
from storage.database import Database
from storage.documents import DocumentRow, PassageRow
from tests import papers
from tests.cast import MONDAY
from tests.services.test_program_file import GOOD
from tests.services.test_vectors import WordByWord

LISTED = """\
documents:
  - id: packet
    title: Informational packet
    path: {path}
    audience: {audience}
"""
PACKET = "Getting there\nParking is free behind the library.\n\nFood\nSnacks are served from nine o'clock."
COSTS = "Parking costs two dollars an hour."


def listed(path: str = "packet.txt", audience: str = "all") -> str:
    return GOOD + LISTED.format(path=path, audience=audience)


def read(folder: Path, name: str, data: bytes | None = None, *, seconds: float = 60) -> Reading:
    """What becomes of reading one document."""
    if data is not None:
        (folder / name).write_bytes(data)
    document = Document(key="packet", title="Informational packet", path=name)
    (found,) = documents.read(folder=folder, documents=[document], seconds=seconds)
    return found


def unread(folder: Path, name: str, data: bytes | None = None) -> Trouble:
    """Why one cannot be read."""
    found = read(folder, name, data)
    assert isinstance(found, Unread)
    return found.why


def load(session: Session, folder: Path, text: str | None = None, *, days: int = 0) -> Loaded:
    """The program in a folder, loaded with its documents, as the terminal does."""
    path = folder / "riverside.yaml"
    path.write_text(text or listed(), encoding="utf-8")
    sheet = program_file.read_path(path)
    readings = programs.read_documents(path, sheet, documents.known(session=session, slug="riverside"))
    return programs.load(session=session, sheet=sheet, now=MONDAY + timedelta(days=days), readings=readings)


def write(folder: Path, text: str = PACKET) -> None:
    (folder / "packet.txt").write_text(text, encoding="utf-8")


def stored(session: Session) -> Program:
    found = Programs().get(session, "riverside")
    assert found is not None
    return found


def quotable(session: Session) -> list[str]:
    return [one.text for one in documents.passages(session=session, program=stored(session))]


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    found = read(tmp_path, "packet.pdf", papers.packet())
    assert isinstance(found, Read)
    assert (found.pages, found.wordless) == (3, 0)
    assert [piece.page for piece in found.pieces] == [1, 1, 2, 3]
    assert papers.PARKING in found.pieces[1].text
    assert papers.SCHOLARSHIP in found.pieces[3].text
    assert not [piece for piece in found.pieces if "Riverside Learners" in piece.text]


def test_a_text_file_has_no_pages(tmp_path: Path) -> None:
    found = read(tmp_path, "packet.txt", "\ufeffParking is free behind the library.\r\n".encode())
    assert isinstance(found, Read)
    assert found.pages == 0
    assert [(piece.page, piece.text) for piece in found.pieces] == [(None, "Parking is free behind the library.")]


def test_markdown_is_read_as_it_looks(tmp_path: Path) -> None:
    found = read(tmp_path, "packet.md", b"# Getting there\n\nParking is **free**, see [the map](https://example.org).")
    assert isinstance(found, Read)
    assert found.pieces[0].text == "Getting there\nParking is free, see the map."


def test_a_pdf_that_is_only_protected_from_changes_is_read(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path, "packet.pdf", papers.locked(papers.packet(), opens=True)), Read)


def test_pages_without_words_are_counted_and_the_others_read(tmp_path: Path) -> None:
    found = read(tmp_path, "packet.pdf", papers.pdf((), papers.PACKET[1]))
    assert isinstance(found, Read)
    assert (found.pages, found.wordless) == (2, 1)
    assert {piece.page for piece in found.pieces} == {2}


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("locked.pdf", lambda: papers.locked(papers.packet()), "encrypted"),
        ("locked-better.pdf", lambda: papers.locked_better(papers.packet()), "encrypted"),
        ("scan.pdf", lambda: papers.pdf((), ()), "no words"),
        ("noise.pdf", lambda: b"%PDF-1.4\n" + b"noise " * 500, "corrupt"),
        ("half.pdf", lambda: papers.packet()[:700], "corrupt"),
        ("truncated.pdf", lambda: papers.packet()[:-300], "corrupt"),
        ("empty.pdf", lambda: b"", "not a PDF"),
        ("letter.pdf", lambda: b"Dear everybody, parking is free.", "not a PDF"),
        ("letter.docx", lambda: b"PK\x03\x04 and so on", "not text"),
        ("letter.txt", lambda: "café".encode("latin-1"), "not text"),
        ("binary.txt", lambda: b"parking\0is free", "not text"),
        ("empty.txt", lambda: b"  \n", "empty"),
        ("long.pdf", lambda: papers.pdf(*[("Hello there, everybody.",)] * 301), "too many pages"),
        ("long.txt", lambda: b"a word and another " * 100_000, "too much text"),
        ("large.txt", lambda: b"x" * (MOST_BYTES + 1), "too large"),
    ],
)
def test_what_cannot_be_read_has_a_reason(tmp_path: Path, name: str, make: Callable[[], bytes], why: Trouble) -> None:
    assert unread(tmp_path, name, make()) == why


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    assert unread(tmp_path, "packet.pdf") == "missing"
    assert unread(tmp_path, "x" * 299) == "missing"
    assert unread(tmp_path, "no\0where") == "missing"


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    assert unread(tmp_path, "papers") == "no file"
    assert unread(tmp_path, "pipe.pdf") == "no file"


def test_nothing_outside_of_the_program_files_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "program"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("The password is open sesame, everybody.")
    (inside / "packet.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "loop.txt").symlink_to("loop.txt")
    assert unread(inside, "packet.txt") == "outside"
    assert unread(inside, "../secret.txt") == "outside"
    assert unread(inside, str(tmp_path / "secret.txt")) == "outside"
    assert unread(inside, "loop.txt") == "missing"


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "2020").mkdir()
    (tmp_path / "2020" / "packet.txt").write_text("Parking is free behind the library.")
    (tmp_path / "packet.txt").symlink_to("2020/packet.txt")
    assert isinstance(read(tmp_path, "packet.txt"), Read)


def test_reading_ends_in_time_whatever_the_file_does(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert read(tmp_path, "packet.pdf", papers.packet(), seconds=0.01) == Unread(
        Document(key="packet", title="Informational packet", path="packet.pdf"), "slow"
    )
    assert time.monotonic() - begun < 5


def test_a_page_that_refers_to_itself_ends(tmp_path: Path) -> None:
    endless = papers.packet().replace(b"/Kids[6 0 R 8 0 R 10 0 R]", b"/Kids[2 0 R 2 0 R 2 0  R]")
    assert unread(tmp_path, "packet.pdf", endless) in ("corrupt", "slow", "no words")


def test_secrets_are_not_given_to_whoever_reads_a_strangers_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert not {"SLACK_BOT_TOKEN", "DATABASE_URL"} & documents._without_secrets().keys()


@pytest.mark.parametrize(
    "path",
    ["../packet.pdf", "/etc/passwd", "~/packet.pdf", "papers/../../x.pdf", "C:\\packet.pdf", "https://a.b/c.pdf"],
)
def test_a_path_that_leads_away_is_named_with_its_line(path: str) -> None:
    with pytest.raises(ProgramError, match=r"riverside.yaml:\d+: documents.packet.path: .* is not beside this file"):
        program_file.read_text(listed(path), "riverside.yaml")


def test_what_was_read_is_there_for_every_process(db: Database, tmp_path: Path) -> None:
    (tmp_path / "packet.pdf").write_bytes(papers.packet())
    with db.begin() as session:
        outcome = load(session, tmp_path, listed("packet.pdf"))
    assert isinstance(outcome.documents[0], Read)
    assert outcome.requoted
    (tmp_path / "packet.pdf").unlink()
    with db.read() as session:
        found = documents.passages(session=session, program=stored(session))
        assert [one.page for one in found] == [1, 1, 2, 3]
        assert papers.PARKING in found[1].text
        assert found[1].document == stored(session).documents[0]


def test_loading_the_same_file_again_does_nothing(db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    with db.begin() as session:
        load(session, tmp_path)
    with db.begin() as session:
        before = session.exec(select(PassageRow.id)).all()
        outcome = load(session, tmp_path, days=1)
        assert isinstance(outcome.documents[0], Same)
        assert not outcome.anything_new
        assert outcome.revision == 1
        assert session.exec(select(PassageRow.id)).all() == before


def test_a_changed_document_replaces_its_passages_and_the_program_has_a_new_revision(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path)
    with db.begin() as session:
        load(session, tmp_path)
    write(tmp_path, COSTS)
    with db.begin() as session:
        outcome = load(session, tmp_path, days=1)
        assert (outcome.requoted, outcome.revision) == (True, 2)
        assert quotable(session) == [COSTS]


def test_a_document_that_is_only_missing_can_still_be_quoted(db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    with db.begin() as session:
        load(session, tmp_path)
    (tmp_path / "packet.txt").unlink()
    with db.begin() as session:
        outcome = load(session, tmp_path, days=1)
        (found,) = outcome.documents
        assert found == Unread(stored(session).documents[0], "missing", kept=True)
        assert (outcome.anything_new, outcome.revision) == (False, 1)
        assert len(quotable(session)) == 2
        assert documents.troubles(session=session, program=stored(session)) == (found,)


def test_a_document_that_became_unreadable_is_not_quoted_any_more(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    with quick_db.begin() as session:
        load(session, tmp_path)
    (tmp_path / "packet.txt").write_bytes(b"\0")
    with quick_db.begin() as session:
        outcome = load(session, tmp_path, days=1)
        assert outcome.documents == (Unread(stored(session).documents[0], "not text"),)
        assert outcome.revision == 2
        assert quotable(session) == []


def test_a_document_that_was_mended_is_in_no_trouble(quick_db: Database, tmp_path: Path) -> None:
    with quick_db.begin() as session:
        load(session, tmp_path)
        assert [one.why for one in documents.troubles(session=session, program=stored(session))] == ["missing"]
        write(tmp_path)
        load(session, tmp_path)
        assert documents.troubles(session=session, program=stored(session)) == ()


def test_a_bad_document_keeps_nothing_else_from_being_loaded(quick_db: Database, tmp_path: Path) -> None:
    (tmp_path / "packet.txt").write_bytes(b"\0")
    with quick_db.begin() as session:
        outcome = load(session, tmp_path)
        assert [one for one in outcome.documents if isinstance(one, Unread)]
        assert stored(session).entry("due") is not None


def test_what_is_no_longer_listed_is_forgotten(db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    with db.begin() as session:
        load(session, tmp_path)
    with db.begin() as session:
        assert load(session, tmp_path, GOOD, days=1).revision == 2
        assert session.exec(select(DocumentRow)).all() == []
        assert session.exec(select(PassageRow)).all() == []


def test_a_program_loaded_without_its_documents_says_that_they_were_not_read(quick_db: Database) -> None:
    with quick_db.begin() as session:
        programs.load(session=session, sheet=program_file.read_text(listed(), "riverside.yaml"), now=MONDAY)
        assert [one.why for one in documents.troubles(session=session, program=stored(session))] == ["not read"]


def test_an_index_is_made_once_for_a_revision(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    indexes = DocumentIndexes()
    with quick_db.begin() as session:
        load(session, tmp_path)
        first = indexes.of(session, (stored(session),))
        assert indexes.of(session, (stored(session),)) is first
        write(tmp_path, COSTS)
        load(session, tmp_path)
        again = indexes.of(session, (stored(session),))
    assert [one.text for one in again.index.passages] == [COSTS]


def test_a_document_is_quoted_only_to_those_for_whom_it_is(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    indexes = DocumentIndexes()
    with quick_db.begin() as session:
        load(session, tmp_path, listed(audience="cohort"))
        assert len(indexes.of(session, (stored(session),), EVERYTHING).index.passages) == 2
        assert indexes.of(session, (stored(session),), FOR_APPLICANTS).index.passages == ()


def test_passages_are_judged_by_meaning_once_the_model_has_read_them(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    reader = WordByWord()
    indexes = DocumentIndexes(Vectors(quick_db, load=lambda _: reader))
    with quick_db.begin() as session:
        load(session, tmp_path)
        program = stored(session)
    assert indexes.prepare(quick_db, (program,)).judge is not None
    read_before = len(reader.read)
    with quick_db.read() as session:
        assert indexes.of(session, (program,)).judge is not None
    later = replace(program, revision=program.revision + 1)
    assert indexes.prepare(quick_db, (later,)).judge is not None
    assert len(reader.read) == read_before


def test_nobody_waits_for_the_model_to_read(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)
    reader = WordByWord()
    reader.may_go_on.clear()
    indexes = DocumentIndexes(Vectors(load=lambda _: reader))
    with quick_db.begin() as session:
        load(session, tmp_path)
        assert indexes.of(session, (stored(session),)).judge is None
        reader.may_go_on.set()
        for _ in range(500):
            if indexes.of(session, (stored(session),)).judge is not None:
                break
            time.sleep(0.01)
        assert indexes.of(session, (stored(session),)).judge is not None


def test_without_a_model_words_decide(quick_db: Database, tmp_path: Path) -> None:
    write(tmp_path)

    def refuse(_: str | None) -> WordByWord:
        raise Unusable("The model is on holiday.")

    with quick_db.begin() as session:
        load(session, tmp_path)
        program = stored(session)
    shelf = DocumentIndexes(Vectors(load=refuse)).prepare(quick_db, (program,))
    found = shelf.find("Is parking free behind the library?")
    assert shelf.judge is None
    assert found is not None
    assert "Parking is free" in found.passage.text


def test_where_there_are_no_documents_the_model_is_left_alone(quick_db: Database) -> None:
    reader = WordByWord()
    with quick_db.begin() as session:
        programs.load(session=session, sheet=program_file.read_text(GOOD, "riverside.yaml"), now=MONDAY)
        program = stored(session)
    assert DocumentIndexes(Vectors(load=lambda _: reader)).prepare(quick_db, (program,)).find("Is it free?") is None
    assert reader.read == []
