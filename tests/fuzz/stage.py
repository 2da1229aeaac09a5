"""The whole bot before a fake Slack, and a judge of everything that it answers, sends, writes and logs."""

from __future__ import annotations

import json
import logging
import re
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from werkzeug.test import TestResponse

from bot import app as composition
from bot.app import Convene
from bot.config import Settings
from bot.sandbox import rules
from bot.services.faq import FaqIndexes
from storage import migrations
from storage.database import Database
from tests import cast
from tests.cast import ADA, ALEX, FAY, JUNE, KOFI, LENA, PRIYA, SAM, TEAM, TOMAS
from tests.door import deliver
from tests.fakes import Answer, FakeSlack, serving

SECRET = "a-signing-secret"
EVERYBODY = (ADA, TOMAS, PRIYA, LENA, KOFI, JUNE, FAY, ALEX, SAM)
STAFF = frozenset({FAY, ALEX})
STAFF_TABLES = frozenset(
    {
        "channels",
        "document_passages",
        "documents",
        "entry_saves",
        "holds",
        "merged_people",
        "moves",
        "notice_wishes",
        "organizations",
        "program_items",
        "question_answers",
        "setups",
    }
)
"""What nobody but a program's staff writes by pressing, typing or handing in."""
OWNED = {
    "reflections": "SELECT id, author_id, version, readers FROM reflections",
    "checkins": "SELECT id, author_id, version, meeting_id FROM checkins",
    "drafts": "SELECT id, person_id, 0, 0 FROM drafts",
    "memberships": "SELECT id, person_id, role, state FROM memberships",
}
"""What belongs to one person: who it is of, and what shows that it was changed."""
LIVE = re.compile(r"<!(?:channel|here|everyone)|<@U0EVIL|<https://evil\.example[^>]*\||&(?!(?:amp|lt|gt);)")
"""What must never stand in a text that Slack makes mentions and links of; tests type all of it everywhere."""
KEY = re.compile(r"[0-9a-f]{8,64}")
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
UNREAD = frozenset({"value", "private_metadata", "initial_value", "alt_text"})
"""Fields of blocks that Slack shows as they are, or not at all."""


class Broken(AssertionError):
    """Something that must hold does not."""


class EasySlack(FakeSlack):
    """Takes answers at a response_url as well."""

    def answer(self, method: str, given: Answer) -> Answer:
        return {"ok": True} if method.startswith("response/") else super().answer(method, given)


@dataclass
class Stage:
    """The bot, its Slack, its clock, and what came of the payload at hand."""

    convene: Convene
    slack: FakeSlack
    now: datetime = cast.MONDAY
    written: set[str] = field(default_factory=set)
    trouble: list[str] = field(default_factory=list)
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def send(self, payload: dict[str, Any]) -> TestResponse:
        """Deliver a payload and judge what comes of it. Raises Broken."""
        before = self.owned()
        self.written.clear()
        self.trouble.clear()
        try:
            answer = deliver(self.convene.wsgi, SECRET, payload)
        except Exception as error:
            raise Broken(f"nobody caught {''.join(traceback.format_exception(error)[-3:])}") from error
        self.sent += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if answer.status_code not in (200, 400):
            raise Broken(f"answered {answer.status_code}; {self.trouble}")
        self.judge_rights(payload, before)
        self._judge_answer(answer)
        self._judge_sent()
        return answer

    def beat(self) -> None:
        """Let a minute pass, send what is due, and judge it. Raises Broken."""
        self.now += timedelta(minutes=1)
        self.convene.ticker.tick()
        self._judge_sent()

    def judge(self, method: str, given: dict[str, Any]) -> None:
        """Whether a call may be made to Slack. Raises Broken."""
        _judge_call(method, given)

    def judge_rights(self, payload: dict[str, Any], before: set[tuple[Any, ...]]) -> None:
        """Whether what was written may be, by whoever sent it; `before` is whose everything was. Raises Broken."""
        team, user = _actor(payload)
        if team != TEAM and self.written:
            raise Broken(f"{user} of another workspace has written {sorted(self.written)}")
        if "event" in payload or user in STAFF:
            return
        if self.written & STAFF_TABLES:
            raise Broken(f"{user} has written {sorted(self.written & STAFF_TABLES)}")
        mine = self._person(user)
        changed = [row for row in before ^ self.owned() if row[2] != mine]
        if changed:
            raise Broken(f"{user}, who is {mine}, has changed others' {changed}")

    def owned(self) -> set[tuple[Any, ...]]:
        """Each row that is one person's, with whose it is, as `judge_rights` compares it."""
        with self.convene.deps.db.read() as session:
            connection = session.connection()
            return {(name, *row) for name, query in OWNED.items() for row in connection.execute(text(query))}

    def _person(self, user: str) -> int | None:
        if not user.isalnum():
            return None
        with self.convene.deps.db.read() as session:
            found = session.connection().execute(text("SELECT id FROM people WHERE user_id = :user"), {"user": user})
            return found.scalar()

    def _judge_answer(self, answer: TestResponse) -> None:
        if not answer.is_json:
            _judge_text(answer.text, "the answer")
            return
        said = answer.get_json()
        if "errors" in said:
            return
        _judge_blocks(said.get("view") or {"type": "message", **said}, "the answer")

    def _judge_sent(self) -> None:
        calls = self.slack.calls[:]
        self.slack.calls.clear()
        self.shown = [{name: _unpacked(value) for name, value in given.items()} for _, given in calls]
        for (method, _), given in zip(calls, self.shown, strict=True):
            _judge_call(method, given)
        if self.trouble:
            raise Broken("; ".join(self.trouble))


def _judge_call(method: str, given: dict[str, Any]) -> None:
    if method.startswith("views."):
        _judge_blocks(given["view"], method)
        return
    if method in ("chat.postMessage", "chat.update") or method.startswith("response/"):
        _judge_blocks({"type": "message", **given}, method)
        keys = (given.get("metadata") or {}).get("event_payload") or {}
        words = " ".join(str(one) for one in keys.values()).split()
        if not (keys.keys() <= {"key", "also"} and all(KEY.fullmatch(one) for one in words)):
            raise Broken(f"metadata says more than a key: {given['metadata']}")
    elif method == "files.completeUploadExternal":
        _judge_text(str(given.get("initial_comment")), method)


def _judge_blocks(thing: dict[str, Any], where: str) -> None:
    """Whether Slack takes it, and whether nothing in it is alive that people have typed."""
    for found in _parsed(thing):
        _judge_text(found, where)
    blocks = thing.get("blocks")
    wrong = rules.view(thing, thing["type"]) if thing["type"] in ("modal", "home") else []
    if thing["type"] == "message" and blocks:
        wrong = rules.message_blocks(blocks)
    if wrong:
        raise Broken(f"{where}: {wrong}")


def _judge_text(words: str, where: str) -> None:
    found = LIVE.search(words)
    if found is not None:
        raise Broken(f"{where}: {words[max(0, found.start() - 60) : found.end() + 60]!r}")


def _parsed(thing: Any) -> Iterator[str]:
    """Every text of blocks in which Slack looks for mentions and links."""
    if isinstance(thing, list):
        for one in thing:
            yield from _parsed(one)
    if not isinstance(thing, dict) or thing.get("type") in ("plain_text", "text"):
        return
    for name, value in thing.items():
        if isinstance(value, str) and name == "text":
            yield value
        elif name not in UNREAD:
            yield from _parsed(value)


def _unpacked(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def _actor(payload: dict[str, Any]) -> tuple[str, str]:
    """The workspace and the person that a payload is from, however damaged it is."""
    user = payload.get("user")
    view = payload.get("view")
    told = payload.get("authorizations")
    team = told[0].get("team_id") if isinstance(told, list) and told and isinstance(told[0], dict) else None
    team = team or payload.get("team_id") or (view.get("app_installed_team_id") if isinstance(view, dict) else None)
    whose = payload.get("team")
    team = team or (whose.get("id") if isinstance(whose, dict) else None) or TEAM
    return str(team), str(payload.get("user_id") or (user.get("id") if isinstance(user, dict) else user))


class _Trouble(logging.Handler):
    def __init__(self, stage: Stage) -> None:
        super().__init__(logging.ERROR)
        self._stage = stage
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._stage.trouble.append(self.format(record)[-1500:])


@contextmanager
def staged() -> Iterator[Stage]:
    """A bot with the program and its cast, which finds answers by words alone."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="convene-fuzz-")))
        slack = EasySlack(lambda: stage.now)
        _furnish(slack)
        stack.enter_context(serving(slack))
        stack.enter_context(_by_words_alone())
        settings = Settings("xoxb-1-fuzz", None, SECRET, slack.url, database_url=f"sqlite:///{folder}/fuzz.db")
        convene = composition.build(settings, clock=lambda: stage.now)
        stack.callback(convene.stop)
        stage = Stage(convene, slack)
        migrations.upgrade(convene.deps.db)
        with convene.deps.db.begin() as session:
            cast.begin(session)
        _watch(convene.deps.db, stage)
        handler = _Trouble(stage)
        logging.getLogger().addHandler(handler)
        stack.callback(logging.getLogger().removeHandler, handler)
        before = threading.excepthook
        threading.excepthook = lambda died: stage.trouble.append(f"a thread died: {died.exc_value!r}")
        stack.callback(setattr, threading, "excepthook", before)
        yield stage


@contextmanager
def _by_words_alone() -> Iterator[None]:
    before = composition.indexes
    composition.indexes = lambda db, settings: FaqIndexes()
    try:
        yield
    finally:
        composition.indexes = before


def _furnish(slack: FakeSlack) -> None:
    """People and rooms as Slack knows them."""
    for user in EVERYBODY:
        slack.people[user] = {"name": user.lower(), "real_name": f"{user} <!channel> & Co", "tz": "America/Chicago"}
    slack.people[ALEX]["is_admin"] = True
    for room in (cast.APPLICANTS, cast.COHORT, cast.FACILITATORS, cast.GENERAL):
        slack.channels[room] = {"name": room.lower(), "is_member": True, "is_private": room == cast.FACILITATORS}
        slack.rooms[room] = list(EVERYBODY)


def _watch(db: Database, stage: Stage) -> None:
    """Note every table that is written, once the transaction is committed."""
    open_: dict[int, set[str]] = {}

    @event.listens_for(db.engine, "before_cursor_execute")
    def _execute(
        connection: Connection,
        cursor: DBAPICursor,
        statement: str,
        parameters: Sequence[object],
        context: ExecutionContext | None,
        many: bool,
    ) -> None:
        found = WRITES.match(statement)
        if found:
            open_.setdefault(id(connection.connection.dbapi_connection), set()).add(found[1].lower())

    @event.listens_for(db.engine, "commit")
    def _commit(connection: Connection) -> None:
        stage.written |= open_.pop(id(connection.connection.dbapi_connection), set())

    @event.listens_for(db.engine, "rollback")
    def _rollback(connection: Connection) -> None:
        open_.pop(id(connection.connection.dbapi_connection), None)
