"""The look through everything that gets out: it sees what it has to see, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from bot.slack import EVENT_TYPE
from storage.checkins import CheckinVersion
from storage.drafts import Draft
from storage.questions import Question, QuestionAnswer
from storage.reflections import ReflectionVersion
from tests.leaks import PRIVATE, Leaks, Listening

WORDS = "what I told my coach in confidence"


@pytest.fixture
def leaks() -> Leaks:
    return Leaks()


@pytest.fixture
def say(leaks: Leaks) -> Callable[..., None]:
    """Log something as the bot would, heard by nobody else."""
    listening = Listening(leaks)

    def log(words: str, error: Exception | None = None, name: str = "handlers.reflections") -> None:
        info = (type(error), error, None) if error else None
        listening.emit(logging.LogRecord(name, logging.WARNING, "", 0, words, None, info))

    return log


@pytest.mark.parametrize("words", [WORDS, f"they wrote: {WORDS}, and more", f"a\nb {WORDS}"])
def test_what_somebody_wrote_is_found_in_a_line_with_the_test_that_it_is_from(
    leaks: Leaks, say: Callable[..., None], words: str
) -> None:
    leaks.stored([["key", "What moved?", f"{WORDS} and only there"]])
    say(words)
    (found,) = leaks.all()
    assert "test_what_somebody_wrote_is_found" in found


def test_it_is_found_in_an_error_as_well(leaks: Leaks, say: Callable[..., None]) -> None:
    leaks.stored(WORDS)
    say("it failed", RuntimeError(WORDS))
    assert len(leaks.all()) == 1


@pytest.mark.parametrize("secret", ["gone to hooks.slack.com", "signed with a-signing-secret"])
def test_a_secret_that_the_format_lets_through_is_found(leaks: Leaks, say: Callable[..., None], secret: str) -> None:
    say(secret)
    assert len(leaks.all()) == 1


def test_what_the_format_takes_out_and_what_nobody_wrote_is_no_leak(leaks: Leaks, say: Callable[..., None]) -> None:
    leaks.stored({"answer": WORDS, "short": "yes", "one": "x" * 100})
    say("posting with xoxb-123-456 to https://hooks.slack.com/commands/T1/2/abc failed")
    say("yes, notice 0f3a41 was answered in time " + "x" * 100)
    say(f"the tests may say {WORDS}", name="tests.handlers")
    assert leaks.all() == []


@pytest.mark.parametrize(
    "payload",
    [
        {"key": "receipt:12:U0TOMAS01"},
        {"key": "0f3a41bc", "who": "U0TOMAS01"},
        {"key": "0f3a41bc", "also": "0f3a41bd reminder"},
        {},
    ],
)
def test_metadata_that_says_more_than_keys_is_found(leaks: Leaks, payload: dict[str, str]) -> None:
    leaks.sent({"event_type": EVENT_TYPE, "event_payload": payload})
    assert len(leaks.all()) == 1


def test_opaque_keys_are_no_leak(leaks: Leaks) -> None:
    leaks.sent({"event_type": EVENT_TYPE, "event_payload": {"key": "0f3a41bc", "also": "0f3a41bd 0f3a41be"}})
    assert (leaks.all(), leaks.metadata) == ([], 1)


def test_every_private_table_is_watched() -> None:
    assert {CheckinVersion, Draft, Question, QuestionAnswer, ReflectionVersion} <= PRIVATE.keys()
    for table, columns in PRIVATE.items():
        assert set(columns) <= table.model_fields.keys()
