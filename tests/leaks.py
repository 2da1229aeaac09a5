"""What the bot lets out in the tests: every line of its log, and all metadata of its messages, looked through at last.

A line is judged as it would stand in the log in earnest. What people have written is taken from where it is kept: every
private text that any test has the bot store.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import event
from sqlmodel import SQLModel

from bot.log import OURS, Redacting
from bot.slack import EVENT_TYPE
from storage.checkins import CheckinVersion
from storage.drafts import Draft
from storage.entries import EntrySave
from storage.questions import Question, QuestionAnswer
from storage.reflections import ReflectionVersion

SECRET = re.compile(r"xox[a-z]-[\w-]{2,}|xapp-[\w-]{2,}|/response/\w{6,}|\bhooks\.slack\.com|a-signing-secret")
KEY = re.compile(r"[0-9a-f]{8,64}")
PRIVATE: Mapping[type[SQLModel], tuple[str, ...]] = {
    CheckinVersion: ("moved", "in_the_way", "support_other", "next_step", "private_note"),
    Draft: ("values",),
    EntrySave: ("wording",),
    Question: ("text",),
    QuestionAnswer: ("text",),
    ReflectionVersion: ("answers",),
}
"""The columns that hold what people wrote."""
WORDS = 24
"""Of a text, so many characters tell it from all others; what is shorter is a word or two that may stand anywhere."""
MOST_LINES = 200_000
MALFORMED = "tests/sandbox/test_webapi.py::test_a_message_that_slack_would_not_post_is_refused["
"""The one test that sends, by itself and not as the bot, metadata that is none."""


@dataclass
class Leaks:
    """Lines and metadata with the test that they come from, and the texts that must be in none of them."""

    lines: dict[str, str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    private: set[str] = field(default_factory=set)
    metadata: int = 0

    def heard(self, line: str) -> None:
        """A finished line of the log."""
        token = SECRET.search(line)
        if token is not None:
            self.found.append(f"{_place()}: a secret in the log: {token[0][:12]}… in {line[:300]!r}")
        if len(self.lines) < MOST_LINES:
            self.lines.setdefault(line, _place())

    def stored(self, value: object) -> None:
        """Something that somebody wrote."""
        self.private |= {text[:WORDS] for text in _texts(value) if len(text) >= WORDS and re.search(r"\s", text)}

    def sent(self, metadata: Any) -> None:
        """The metadata of a message."""
        if _place().startswith(MALFORMED):
            return
        self.metadata += 1
        payload: dict[str, Any] = (metadata.get("event_payload") if isinstance(metadata, dict) else None) or {}
        keys = " ".join(map(str, payload.values())).split()
        opaque = bool(keys) and payload.keys() <= {"key", "also"} and all(KEY.fullmatch(one) for one in keys)
        if not opaque or metadata.get("event_type") != EVENT_TYPE or len(metadata) != 2:
            self.found.append(f"{_place()}: metadata says more than keys: {metadata!r}")

    def all(self) -> list[str]:
        """Everything that got out, with its place."""
        told = [
            f"{place}: somebody's words in the log: {line[:300]!r}"
            for line, place in self.lines.items()
            if any(line[start : start + WORDS] in self.private for start in range(len(line) - WORDS + 1))
        ]
        return [*self.found, *told]


class Listening(logging.Handler):
    """Hears every line of the bot's own, at every level, and of libraries what would be shown."""

    def __init__(self, leaks: Leaks) -> None:
        super().__init__(logging.DEBUG)
        self._leaks = leaks
        self.setFormatter(Redacting("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name.partition(".")[0] in OURS
        if ours or (record.levelno >= logging.WARNING and not record.name.startswith(("tests", "slack_sdk.web"))):
            self._leaks.heard(self.format(record))


@contextmanager
def watched() -> Iterator[Leaks]:
    """Everything that this process's bots log, store and send until the block is left."""
    leaks = Leaks()
    listening = Listening(leaks)
    logging.getLogger().addHandler(listening)
    for table, columns in PRIVATE.items():
        for moment in ("before_insert", "before_update"):
            event.listen(table, moment, _noting(leaks, columns))
    with pytest.MonkeyPatch.context() as patch:
        for name in OURS:
            patch.setattr(logging.getLogger(name), "level", logging.DEBUG)
        patch.setattr(WebClient, "api_call", _seen(leaks, WebClient.api_call))
        yield leaks
    logging.getLogger().removeHandler(listening)


def _noting(leaks: Leaks, columns: tuple[str, ...]) -> Callable[[object, object, object], None]:
    def note(mapper: object, connection: object, row: object) -> None:
        for column in columns:
            leaks.stored(getattr(row, column))

    return note


def _seen(leaks: Leaks, call: Callable[..., Any]) -> Callable[..., Any]:
    def api_call(client: WebClient, method: str, **given: Any) -> Any:
        for told in (given.get("json"), given.get("data"), given.get("params")):
            if isinstance(told, dict) and told.get("metadata"):
                leaks.sent(told["metadata"])
        return call(client, method, **given)

    return api_call


def _place() -> str:
    thread = threading.current_thread().name
    return f"{os.environ.get('PYTEST_CURRENT_TEST', 'between tests')} [{thread}]"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
