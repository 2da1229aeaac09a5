"""Each text is read by the model once; without a model, questions are matched by their words, and that is said."""

from __future__ import annotations

import logging
import re
import threading
import zlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import Session, select

from bot.domain import language
from bot.domain.faq import Finder, Index, StandIn
from bot.domain.programs import Entry, Program
from bot.domain.questions import FOR_APPLICANTS
from bot.matching.matcher import Matcher
from bot.matching.model import Unusable
from bot.matching.tokens import WIDTH, Encoded, Tokens
from bot.services import faq
from bot.services.faq import FaqIndexes
from bot.services.programs import Programs
from bot.services.vectors import Load, Vectors
from storage.database import Database
from storage.vectors import TextVector
from tests import cast


class WordByWord:
    """An encoder that gives each word a direction of its own, and remembers what it has read."""

    name = "word-by-word"

    def __init__(self) -> None:
        self.read: list[str] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode(self, text: str) -> Encoded:
        self.may_go_on.wait(10)
        self.read.append(text)
        words = language.words(text) or ["nothing"]
        ids = np.asarray([zlib.crc32(word.encode()) % 20_000 + 1000 for word in words], np.int32)
        rows = [np.random.default_rng(int(one)).standard_normal(WIDTH).astype(np.float32) for one in ids]
        return Encoded(Tokens.of(ids, np.stack(rows)), tuple((0, 0) for _ in words))

    def knows(self, word: str) -> bool:
        return False


@pytest.fixture
def reader() -> WordByWord:
    return WordByWord()


@pytest.fixture
def program(db: Database) -> Program:
    with db.begin() as session:
        loaded = cast.load(session)
    return replace(loaded, entries=loaded.entries[:4])


def refuse(_: str | None) -> WordByWord:
    raise Unusable("The model is on holiday.")


def edited(program: Program) -> Program:
    first, *others = program.entries
    changed: Entry = replace(first, question="Is there a garden behind the house?")
    return replace(program, entries=(changed, *others), revision=program.revision + 1)


def test_what_was_read_once_is_kept(db: Database, program: Program, reader: WordByWord) -> None:
    assert isinstance(FaqIndexes(Vectors(db, load=lambda _: reader)).prepare((program,)), Matcher)
    assert reader.read
    again = WordByWord()
    assert isinstance(FaqIndexes(Vectors(db, load=lambda _: again)).prepare((program,)), Matcher)
    assert again.read == []


def test_an_edited_entry_is_read_alone(db: Database, program: Program, reader: WordByWord) -> None:
    indexes = FaqIndexes(Vectors(db, load=lambda _: reader))
    indexes.prepare((program,))
    reader.read.clear()
    found = indexes.prepare((edited(program),))
    assert reader.read == ["Is there a garden behind the house?"]
    assert found.entries[0].question == "Is there a garden behind the house?"


def test_vectors_of_another_model_are_not_taken(db: Database, program: Program, reader: WordByWord) -> None:
    FaqIndexes(Vectors(db, load=lambda _: reader)).prepare((program,))
    other = WordByWord()
    other.name = "another"
    FaqIndexes(Vectors(db, load=lambda _: other)).prepare((program,))
    assert sorted(other.read) == sorted(reader.read)


def test_who_only_looks_keeps_nothing(quick_db: Database, reader: WordByWord) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    FaqIndexes(Vectors(quick_db, load=lambda _: reader, keeps=False)).prepare((program,))
    with quick_db.read() as session:
        assert session.exec(select(TextVector)).first() is None


def test_damaged_vectors_are_made_again(quick_db: Database, reader: WordByWord) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    FaqIndexes(Vectors(quick_db, load=lambda _: reader)).prepare((program,))
    with quick_db.begin() as session:
        _damage(session)
    again = WordByWord()
    assert isinstance(FaqIndexes(Vectors(quick_db, load=lambda _: again)).prepare((program,)), Matcher)
    assert len(again.read) == 1


def _damage(session: Session) -> None:
    row = session.exec(select(TextVector)).first()
    assert row is not None
    row.data = b"damaged"
    session.add(row)


def test_a_database_that_is_gone_is_done_without(program: Program, reader: WordByWord) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/gone")
    assert isinstance(FaqIndexes(Vectors(gone, load=lambda _: reader)).prepare((program,)), Matcher)


def test_nobody_waits_for_the_model(program: Program, reader: WordByWord) -> None:
    indexes = FaqIndexes(Vectors(load=lambda _: reader))
    reader.may_go_on.clear()
    assert isinstance(indexes.of((program,)), StandIn)
    assert isinstance(indexes.of((program,)), StandIn)
    reader.may_go_on.set()
    assert isinstance(indexes.prepare((program,)), Matcher)
    assert isinstance(indexes.of((program,)), Matcher)


def test_a_question_between_two_revisions_is_answered_from_the_newer(program: Program, reader: WordByWord) -> None:
    indexes = FaqIndexes(Vectors(load=lambda _: reader))
    indexes.prepare((program,))
    newer = edited(program)
    assert indexes.of((newer,)).entries == newer.entries


def test_of_a_program_only_the_newest_state_is_kept_by_meaning(program: Program, reader: WordByWord) -> None:
    indexes = FaqIndexes(Vectors(load=lambda _: reader))
    indexes.prepare((program,))
    indexes.prepare((edited(program),))
    reader.may_go_on.clear()
    assert isinstance(indexes.of((program,)), StandIn)
    reader.may_go_on.set()


def wait(vectors: Vectors) -> None:
    """Until nothing is made ready any more."""
    for thread in list(vectors._threads):
        thread.join()


def test_a_change_elsewhere_than_in_the_entries_makes_nobody_wait(program: Program, reader: WordByWord) -> None:
    indexes, bare = FaqIndexes(Vectors(load=lambda _: reader)), FaqIndexes()
    ready, by_words = indexes.prepare((program,)), bare.of((program,))
    moved = replace(program, revision=program.revision + 1)
    reader.may_go_on.clear()
    assert indexes.of((moved,)) is ready
    assert bare.of((moved,)) is by_words
    reader.may_go_on.set()


def test_what_was_used_is_made_ready_as_soon_as_the_program_has_changed(program: Program, reader: WordByWord) -> None:
    vectors = Vectors(load=lambda _: reader)
    indexes = FaqIndexes(vectors)
    indexes.prepare((program,), FOR_APPLICANTS)
    indexes.renew(edited(program))
    wait(vectors)
    reader.may_go_on.clear()
    assert isinstance(indexes.of((edited(program),), FOR_APPLICANTS), Matcher)
    reader.may_go_on.set()


def test_of_several_changes_in_a_row_those_that_are_outdone_are_left_out(program: Program, reader: WordByWord) -> None:
    vectors = Vectors(load=lambda _: reader)
    indexes = FaqIndexes(vectors)
    indexes.prepare((program,))
    first = edited(program)
    later = replace(program, entries=program.entries[1:], revision=first.revision + 1)
    with indexes._making:
        indexes.renew(first)
        indexes.renew(later)
        indexes.renew(later)
    wait(vectors)
    assert indexes.of((later,)).entries == later.entries
    assert isinstance(indexes.of((later,)), Matcher)


def test_what_is_read_ahead_is_what_deciding_asks_for(program: Program, reader: WordByWord) -> None:
    indexes = FaqIndexes(Vectors(load=lambda _: reader))
    indexes.read_ahead("Nobody has asked anything yet")
    assert reader.read == []
    indexes.prepare((program,))
    reader.read.clear()
    for said in ("May a <https://example.org|neighbour> come alogn?", "What is\u2028a good day?"):
        indexes.read_ahead(said)
        ahead = reader.read.copy()
        reader.read.clear()
        indexes.of((program,)).decide(language.clean(said))
        assert reader.read == ahead
        assert len(ahead) == 1
        reader.read.clear()
    indexes.read_ahead(program.entries[0].question)
    indexes.read_ahead(" ")
    assert reader.read == [], "its own wording is known without"


def test_a_program_nobody_has_asked_in_is_not_made_ready(program: Program, reader: WordByWord) -> None:
    vectors = Vectors(load=lambda _: reader)
    FaqIndexes(vectors).renew(program)
    assert vectors._threads == []


def breaks_down(times: list[str]) -> Load:
    """What loads a model that fails in a way that nobody has thought of."""

    def load(_: str | None) -> WordByWord:
        times.append("tried")
        raise ZeroDivisionError("a cosmic ray")

    return load


def ask_in_background(indexes: FaqIndexes, vectors: Vectors, program: Program) -> Finder:
    """Ask, and wait for what that has begun."""
    found = indexes.of((program,))
    for thread in list(vectors._threads):
        thread.join()
    return found


def test_what_cannot_be_made_ready_is_in_the_log_once_and_tried_again_later(
    program: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[str] = []
    vectors = Vectors(load=breaks_down(times))
    indexes = FaqIndexes(vectors)
    with caplog.at_level(logging.ERROR):
        assert isinstance(ask_in_background(indexes, vectors, program), StandIn)
        assert isinstance(ask_in_background(indexes, vectors, program), Index)
        assert len(times) == 1
        ask_in_background(indexes, vectors, replace(edited(program), revision=program.revision + 1))
        assert len(times) == 2
        monkeypatch.setattr(faq, "TRY_AGAIN", timedelta())
        ask_in_background(indexes, vectors, replace(program, revision=program.revision + 2))
        ask_in_background(indexes, vectors, replace(program, revision=program.revision + 2))
        assert len(times) == 4
    (record,) = caplog.records
    assert re.match(r"[0-9A-F]{6}: questions are matched by their words for a while", record.getMessage())
    assert record.exc_info is not None


def test_a_program_that_changed_elsewhere_than_in_its_entries_is_not_made_again(
    program: Program, reader: WordByWord
) -> None:
    indexes = FaqIndexes(Vectors(load=lambda _: reader))
    first = indexes.prepare((program,))
    assert indexes.prepare((replace(program, revision=program.revision + 1),)) is first


def test_without_a_model_questions_are_matched_by_words_and_the_log_says_so_once(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    indexes = FaqIndexes(Vectors(load=refuse))
    with caplog.at_level(logging.WARNING):
        assert isinstance(indexes.prepare((program,)), Index)
        assert isinstance(indexes.prepare((edited(program),)), Index)
        assert isinstance(indexes.of((program,)), Index)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["Questions are matched by their words alone: The model is on holiday."]
    assert indexes.trouble == "The model is on holiday."


def test_with_a_model_there_is_no_trouble(program: Program) -> None:
    assert FaqIndexes(Vectors()).trouble is None
    assert FaqIndexes().trouble is None


def test_a_folder_without_a_model_is_trouble(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = str(tmp_path_factory.mktemp("empty"))
    assert "cannot be read" in (FaqIndexes(Vectors(folder=empty)).trouble or "")


def test_at_the_start_everything_is_made_ready(quick_db: Database, reader: WordByWord) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        cast.load(session, "stem-iq")
    indexes, programs = FaqIndexes(Vectors(quick_db, load=lambda _: reader)), Programs()
    faq.prepare(db=quick_db, programs=programs, indexes=indexes)
    with quick_db.read() as session:
        every = programs.all(session)
    for meant in ((every[0],), (every[1],), every):
        assert isinstance(indexes.of(meant), Matcher)


def test_what_reads_in_the_background_ends_when_the_process_does(program: Program, reader: WordByWord) -> None:
    begun, ended = threading.Event(), threading.Event()
    vectors = Vectors(load=lambda _: reader)

    def work() -> None:
        try:
            while True:
                vectors.finder(program.entries)
                begun.set()
        finally:
            ended.set()

    vectors.in_background(work, "reading")
    assert begun.wait(10)
    vectors.stop()
    assert ended.is_set()


def test_nothing_is_begun_after_the_end(reader: WordByWord) -> None:
    vectors = Vectors(load=lambda _: reader)
    vectors.stop()
    begun = threading.Event()
    vectors.in_background(begun.set, "reading")
    assert not begun.wait(0.2)
