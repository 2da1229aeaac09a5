"""`convene ask`: the bot's own matching, read-only, with nothing but JSON on standard output when JSON is asked for."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.cli import ask as commands
from bot.matching import model
from bot.matching.tokens import Encoded
from bot.services.vectors import Vectors
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Person
from storage.questions import Question
from tests import cast

Run = typer.Typer(pretty_exceptions_enable=False)
commands.add(Run)

DEADLINE = "When is the application due?"


class Reader:
    """The model, which reads each text once: nothing else is kept between the commands, and they ask about the same."""

    def __init__(self) -> None:
        self._model = model.load()
        self._read: dict[str, Encoded] = {}
        self.name = self._model.name
        self.knows = self._model.knows

    def encode(self, text: str) -> Encoded:
        if text not in self._read:
            self._read[text] = self._model.encode(text)
        return self._read[text]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> None:
    monkeypatch.setattr(commands, "Vectors", partial(Vectors, load=lambda _: reader))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder without `.env` and without a database."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return empty


def ask(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(Run, list(words), input=given)


def answered(*words: str, given: str | None = None) -> list[dict[str, Any]]:
    result = ask(*words, "--json", given=given)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_question_is_answered_in_words_with_its_source(folder: Path) -> None:
    result = ask(DEADLINE, "--at", "2020-10-12T09:00")
    assert result.exit_code == 0
    assert "Fri, Oct 16, 11:59 pm (St. Louis)" in result.stdout
    assert "Source: OST Community of Practice page" in result.stdout
    assert list(folder.iterdir()) == []


def test_json_says_what_became_of_it() -> None:
    (found,) = answered(DEADLINE)
    assert found["outcome"] == "answered"
    assert found["entry"] == "deadline"
    assert 0.6 < found["score"] <= 1
    assert found["suggestions"] == []
    assert "Oct 16" in found["reply"]
    assert set(found) == {"outcome", "entry", "score", "reply", "suggestions"}


def test_what_no_text_says_is_declined_with_a_person() -> None:
    (found,) = answered("is there a stipend?", "--program", "ost-cop")
    assert (found["outcome"], found["entry"]) == ("declined", None)
    assert "adam@example.org (sample)" in found["reply"]


def test_suggestions_are_named_by_id_and_in_the_reply() -> None:
    (found,) = answered("something about coaching time", "--program", "ost-cop")
    assert found["outcome"] == "suggested"
    assert found["entry"] is None
    assert 1 <= len(found["suggestions"]) <= 3
    assert found["reply"].startswith(("Did you mean:", "Do you mean"))


def test_every_line_of_a_file_gets_a_line_in_order(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    lines = [{"id": 1, "text": DEADLINE}, {"id": "b", "text": "🙂", "more": True}, {"id": None, "text": "x" * 10_000}]
    asked.write_text("\ufeff" + "\n\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    found = answered("--file", str(asked))
    assert [one["id"] for one in found] == [1, "b", None]
    assert [one["outcome"] for one in found] == ["answered", "declined", "declined"]
    assert "For example" in found[1]["reply"]
    assert "10,000 characters" in found[2]["reply"]
    assert set(found[0]) == {"id", "outcome", "entry", "score", "reply", "suggestions"}


def test_a_dash_reads_standard_input() -> None:
    (found,) = answered("--file", "-", given=json.dumps({"id": "a", "text": DEADLINE}))
    assert found["entry"] == "deadline"


@pytest.mark.parametrize(
    "line",
    [
        *("not json", '{"id": 2}', '{"text": "when?"}', '{"id": 2, "text": 3}', "[1]", '"text"'),
        '{"id": NaN, "text": "when?"}',
        pytest.param('{"id": ' + "1" * 5000 + ', "text": "when?"}', id="a number too long"),
        pytest.param("[" * 100_000, id="too deep"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_answered(tmp_path: Path, line: str) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"id": 1, "text": DEADLINE}) + "\n" + line + "\n")
    result = ask("--file", str(asked), "--json")
    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert result.stdout == ""


def test_a_file_in_another_encoding_is_said_to_be_one(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_bytes(json.dumps({"id": 1, "text": DEADLINE}).encode("utf-16"))
    result = ask("--file", str(asked), "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is not text in UTF-8" in result.stderr


def test_half_a_character_comes_back_as_it_was_given(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"id": "\\ud83d", "text": "When is it due, \\ud83d?"}\n')
    assert [one["id"] for one in answered("--file", str(asked))] == ["\ud83d"]


def test_a_file_that_is_not_there_is_said_so() -> None:
    result = ask("--file", "nowhere.jsonl", "--json")
    assert result.exit_code == 1
    assert "nowhere.jsonl cannot be read" in result.stderr


@pytest.mark.parametrize("words", [[], [DEADLINE, "--file", "asked.jsonl"]])
def test_either_a_question_or_a_file_is_needed(words: list[str]) -> None:
    result = ask(*words)
    assert result.exit_code == 1
    assert "--file" in result.stderr


def test_an_empty_question_gets_examples() -> None:
    result = ask("")
    assert result.exit_code == 0
    assert "For example" in result.stdout


def test_a_program_narrows_it() -> None:
    assert answered("which school districts take part", "--program", "stem-iq")[0]["entry"] == "districts"
    assert answered("which school districts take part", "--program", "ost-cop")[0]["entry"] != "districts"


def test_without_a_program_all_of_them_are_asked() -> None:
    assert answered("which school districts take part")[0]["entry"] == "districts"
    assert answered("how are applications scored")[0]["entry"] == "rubric"
    assert "stem-iq@example.org" in answered("who won the cardinals game")[0]["reply"]


def test_an_unknown_program_is_answered_with_those_there_are() -> None:
    result = ask(DEADLINE, "--program", "nosuch")
    assert result.exit_code == 1
    assert "ost-cop, stem-iq" in result.stderr


def test_dates_are_told_as_of_the_moment_asked_for() -> None:
    before, after = (
        answered(DEADLINE, "--at", at, "--program", "ost-cop")[0]["reply"]
        for at in ("2020-10-16T23:59", "2020-10-17T06:00Z")
    )
    assert "Submit it by Fri, Oct 16" in before
    assert "It was due Fri, Oct 16" in after


def test_a_time_that_is_none_is_refused() -> None:
    result = ask(DEADLINE, "--at", "tomorrow")
    assert result.exit_code == 1
    assert "2020-10-14T15:00" in result.stderr


def test_a_database_is_read_and_left_as_it_is(
    quick_db: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        people = len(session.exec(select(Person)).all())
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert answered(DEADLINE)[0]["entry"] == "deadline"
    assert answered("which school districts take part in STEM IQ")[0]["entry"] is None
    with quick_db.read() as session:
        assert session.exec(select(Question)).all() == []
        assert session.exec(select(NoticeRow)).all() == []
        assert len(session.exec(select(Person)).all()) == people


def test_a_database_without_a_program_leaves_the_shipped_ones(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert answered(DEADLINE)[0]["entry"] == "deadline"


def test_a_database_that_is_not_there_is_not_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/deep/convene.db")
    assert answered(DEADLINE)[0]["entry"] == "deadline"
    assert list(folder.iterdir()) == []


def test_a_server_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    result = ask(DEADLINE, "--json")
    assert result.exit_code == 1
    assert "does not answer" in result.stderr
    assert result.stdout == ""


def test_where_no_entry_answers_a_document_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONVENE_MODEL_DIR", str(tmp_path))
    words = ask("do we have homework over thanksgiving?", "--program", "ost-cop")
    assert "Informational packet says:\nBreaks\nThere is no homework" in words.stdout
    assert "Source: Informational packet (sample)" in words.stdout
    result = ask("do we have homework over thanksgiving?", "--program", "ost-cop", "--json")
    found = json.loads(result.stdout)
    assert (found["outcome"], found["entry"], found["suggestions"]) == ("quoted", None, [])
    assert (found["document"], found["page"]) == ("packet-text", None)
