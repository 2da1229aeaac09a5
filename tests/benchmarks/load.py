"""How many requests the bot takes, how long people wait meanwhile, and what grows with the size of a program.

All in one run. Requests come over 16 kept connections, each with words that no other has, signed, to real processes on
Granian; the same server with a Bolt app that only acknowledges stands beside, and is asked in turns with the bot, so
that a ratio is of one machine in one state. The clients share its cores with the servers. SQLite is `convene run`, a
process that listens and sends; PostgreSQL is `convene web` with a `convene worker`. PostgreSQL is looked for at
TEST_POSTGRES_URL, or on 127.0.0.1:5432; without it those lines are left out.

LOAD_REQUESTS says after how many requests the memory is looked at again; 100,000 if it is not set.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg
from rich.console import Group
from rich.table import Table
from sqlalchemy import bindparam, text

from bot.clock import wall
from bot.config import Settings
from bot.deps import Deps
from bot.domain.notices import Notice, ToPerson
from bot.domain.reflections import Form
from bot.services import digest, reflections
from bot.services import faq as answers
from bot.services import notices as ledger
from bot.services.programs import Programs
from bot.slack import Slack
from bot.views import digest as digest_views
from bot.views import reflections as forms
from jobs import registry
from storage import migrations, notices
from storage.database import Database, UtcDateTime
from storage.people import Person
from storage.programs import ProgramRow
from tests import cast
from tests.benchmarks.charts import chart
from tests.benchmarks.sandbox import free_port, resident_mib
from tests.benchmarks.servers import SECRET
from tests.handlers.desk import filled

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")
CHARTS = ROOT / ".readme"
CONNECTIONS = 16
BURST = 600
"""Requests of one turn: a second or so each, so that both sides see the same machine."""
TURNS = 3
SENT = 1_000
LEDGERS = (1_000, 10_000, 100_000, 1_000_000)
COHORTS = (10, 100, 1_000)
PARTICIPANTS = (20, 200, 2_000)
MEMORY = (1_000, int(os.environ.get("LOAD_REQUESTS", "100000")))
PATIENCE_SECONDS = 60

Body = tuple[bytes, dict[str, str]]
Make = Callable[[int], Body]
"""A request by its number; no two numbers ask the same."""


def run() -> Group:
    """Every table, and the chart in the README's folder."""
    rates = Table("Requests", "no-op", "Convene", "of the no-op", "Goal", title="Requests a second, 16 connections")
    waits = Table("Acknowledgement", "median", "p99", "Goal", title=f"While {SENT:,} notices are sent")
    grows = Table("What", "Figure", "Goal", title="What grows")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = stack.enter_context(_process("slack"))
        noop = stack.enter_context(_process("noop"))
        for name in ("SQLite", "PostgreSQL"):
            if name == "PostgreSQL" and not _postgres_answers():
                continue
            _requests(stack, folder, name, slack, noop, rates, waits, grows)
    _sizes(grows)
    return Group(rates, waits, grows)


def _requests(
    stack: ExitStack, folder: Path, name: str, slack: int, noop: int, rates: Table, waits: Table, grows: Table
) -> None:
    url = stack.enter_context(_database(name, folder))
    form = _furnished(url)
    by_words = {"CONVENE_MODEL_DIR": str(folder)}
    with _bot(url, slack, by_words) as (port, pid):
        rates.add_row(f"/ask by words, {name}", *_compared(noop, port, _ask), "≥ 30 %")
        goal = "≥ 30 %" if name == "SQLite" else "≥ 20 %"
        rates.add_row(f"a reflection handed in, {name}", *_compared(noop, port, lambda one: _hand_in(form, one)), goal)
        _notices_for_everybody(url)
        found = _timed(port, _ask, 400, connections=2)
        waits.add_row(f"/ask, {name}", f"{_at(found, 0.5):.0f} ms", f"{_at(found, 0.99):.0f} ms", "p99 ≤ 300 ms")
        first = _memory_after(port, pid, MEMORY[0])
        then = _memory_after(port, pid, MEMORY[1] - MEMORY[0])
        grows.add_row(
            f"memory after {MEMORY[0]:,} and {MEMORY[1]:,} requests, {name}",
            f"{first:.0f} and {then:.0f} MiB ({(then / first - 1) * 100:+.0f} %)",
            "≤ 10 % more",
        )
    with _bot(url, slack, {}) as (port, _):
        time.sleep(20)  # until the model is read and the programs' texts have their vectors
        rates.add_row(f"/ask by meaning, {name}", *_compared(noop, port, _ask), "≥ 15 %")


# Servers


@contextmanager
def _process(name: str) -> Iterator[int]:
    """One of the comparison's own servers; its port."""
    port = free_port()
    inner = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.servers", name, str(port)], cwd=ROOT)
    try:
        _until_open(port)
        yield port
    finally:
        inner.terminate()
        inner.wait(20)


@contextmanager
def _bot(url: str, slack: int, more: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The bot as it is run with a database of that kind; the port, and the process that listens."""
    port = free_port()
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "LOG_LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "DATABASE_URL": url,
        "PORT": str(port),
        "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
        **more,
    }
    commands = ["run"] if url.startswith("sqlite") else ["web", "worker"]
    with tempfile.TemporaryDirectory() as folder:
        started = [
            subprocess.Popen([sys.executable, "-m", "bot", one], cwd=folder, env=settings, stderr=subprocess.DEVNULL)
            for one in commands
        ]
        try:
            _until_open(port)
            yield port, started[0].pid
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait(40)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder / f'{secrets.token_hex(4)}.db'}"
        return
    schema = f"load_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"'.encode())
        try:
            yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _until_open(port: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing answers on port {port}")


def _furnished(url: str) -> dict[str, Any]:
    """A database with the program, its people and channels; the form for the first homework, as it is opened."""
    db = Database(url)
    migrations.upgrade(db)
    with db.begin() as session:
        cast.begin(session, now=wall())
        viewer = cast.asks(session, cast.TOMAS, now=wall())
        homework = viewer.of_program.assignments[0].key
        found = reflections.form(session=session, viewer=viewer, now=wall(), assignment=homework)
    assert isinstance(found, Form), found
    db.close()
    return forms.form(found)


def _notices_for_everybody(url: str) -> None:
    """A thousand direct messages to a thousand people, all due now."""
    db = Database(url)
    now = wall()
    with db.begin() as session:
        program = Programs().all(session)[0]
        for at in range(SENT):
            user = f"U0MANY{at:05}"
            person = Person(team=cast.TEAM, user_id=user, name=f"Many {at}", look_after=now + timedelta(days=1))
            person.dm_channel, person.welcomed_at = f"D0MANY{at:05}", now
            session.add(person)
            refs = {"word": "thanks", "language": "en"}
            notices.add(session, Notice(f"load:{at}", answers.WORD, ToPerson(user), now, program.id, refs), now)
    db.close()


# Requests


def _signed(body: bytes, kind: str) -> Body:
    stamp = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}
    return body, headers


_FORM = "application/x-www-form-urlencoded"


def _ask(number: int) -> Body:
    word = f"{number:x}".translate(str.maketrans("0123456789abcdef", "ghijklmnopqrstuv"))
    given = {
        "command": "/ask",
        "text": f"is the {word} program in Illinois eligible, number {number}?",
        "team_id": cast.TEAM,
        "user_id": cast.ADA,
        "channel_id": cast.APPLICANTS,
        "channel_name": "applicants",
        "trigger_id": f"load.{secrets.token_hex(8)}",
        "response_url": "https://hooks.example.org/x",
    }
    return _signed(urlencode(given).encode(), _FORM)


def _hand_in(form: dict[str, Any], number: int) -> Body:
    asked = [one["block_id"] for one in form["blocks"] if one.get("element", {}).get("multiline")]
    answers = {name.rsplit(":", 1)[-1]: f"What we saw, {number}." for name in asked}
    view = {**filled(form, f"V{secrets.token_hex(8)}", **answers), "team_id": cast.TEAM, "hash": "1"}
    payload = {
        "type": "view_submission",
        "team": {"id": cast.TEAM},
        "user": {"id": cast.TOMAS, "team_id": cast.TEAM},
        "view": view,
        "trigger_id": f"load.{number}",
        "response_urls": [],
    }
    return _signed(urlencode({"payload": json.dumps(payload)}).encode(), _FORM)


@dataclass
class _Numbers:
    """Hands out numbers that nobody had before, to any thread."""

    last: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, count: int) -> range:
        with self.lock:
            self.last += count
            return range(self.last - count, self.last)


_numbers = _Numbers()


def _compared(noop: int, port: int, make: Make) -> tuple[str, str, str]:
    """The rates of the server that does nothing and of the bot, asked in turns, and their ratio."""
    _timed(port, make, 40, connections=1)
    pairs = []
    for _ in range(TURNS):
        pairs.append((_rate(noop, make), _rate(port, make)))
    nothing, ours = (median(one[at] for one in pairs) for at in (0, 1))
    return f"{nothing:,.0f}", f"{ours:,.0f}", f"{100 * ours / nothing:.0f} %"


def _rate(port: int, make: Make) -> float:
    made = [make(number) for number in _numbers.take(BURST)]
    begun = time.monotonic()
    return len(_sent(port, made, CONNECTIONS)) / (time.monotonic() - begun)


def _timed(port: int, make: Make, count: int, connections: int = CONNECTIONS) -> list[float]:
    """The milliseconds of each of some requests, shortest first."""
    return sorted(_sent(port, [make(number) for number in _numbers.take(count)], connections))


def _sent(port: int, made: Sequence[Body], connections: int) -> list[float]:
    """The milliseconds of each request that was taken; a busy bot may refuse one in ten, and Slack asks again."""
    found: list[float] = []
    refused: list[int] = []

    def send(mine: Sequence[Body]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body, headers in mine:
            begun = time.monotonic()
            connection.request("POST", "/slack/events", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                found.append(1000 * (time.monotonic() - begun))
            else:
                refused.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=send, args=(made[at::connections],)) for at in range(connections)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if len(found) + len(refused) != len(made) or len(refused) > len(made) // 10:
        sys.exit(f"of {len(made)} requests {len(found)} were taken, and {len(refused)} refused: {set(refused)}")
    return found


def _memory_after(port: int, pid: int, count: int) -> float:
    for begun in range(0, count, BURST):
        _timed(port, _ask, min(BURST, count - begun))
    return resident_mib(pid)


def _at(sorted_times: Sequence[float], share: float) -> float:
    return sorted_times[min(int(len(sorted_times) * share), len(sorted_times) - 1)]


# Sizes


def _sizes(grows: Table) -> None:
    lines: dict[str, dict[str, list[tuple[float, float]]]] = {"finding": {}, "planning": {}, "digest": {}}
    for name in ("SQLite", "PostgreSQL"):
        if name == "PostgreSQL" and not _postgres_answers():
            continue
        with _fresh(name) as db:
            found = [(float(size), _finding(db, size)) for size in LEDGERS]
        lines["finding"][name] = found
        times = " · ".join(f"{milliseconds:.1f}" for _, milliseconds in found)
        ratio = max(one for _, one in found) / min(one for _, one in found)
        said = f"{times} ms ({ratio:.1f} x)"
        grows.add_row(f"finding what is due among 10³, 10⁴, 10⁵, 10⁶ rows, {name}", said, "≤ 1.5 x")
        lines["planning"][name] = []
        for size in COHORTS:
            with _fresh(name) as db:
                seconds, rows = _planning(db, size)
            lines["planning"][name].append((size, seconds))
        what = f"planning {COHORTS[-1]:,} cohorts of ten months, {rows:,} notices, {name}"
        grows.add_row(what, f"{seconds:.1f} s", "≤ 30 s")
        lines["digest"][name] = []
        for size in PARTICIPANTS:
            with _fresh(name) as db:
                lines["digest"][name].append((size, _digest(db, size)))
        said = f"{lines['digest'][name][-1][1]:.2f} s"
        grows.add_row(f"a digest over {PARTICIPANTS[-1]:,} participants, {name}", said, "≤ 1 s")
    titles = {
        "finding": ("Finding the next notice", "rows in the ledger", "milliseconds"),
        "planning": ("Planning ten months", "cohorts", "seconds"),
        "digest": ("A digest", "participants", "seconds"),
    }
    for part, (title, across, up) in titles.items():
        (CHARTS / f"load-{part}.svg").write_text(chart(title, across, up, lines[part]))


@contextmanager
def _fresh(name: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder, _database(name, Path(folder)) as url:
        db = Database(url)
        migrations.upgrade(db)
        yield db
        db.close()


_ROW = (
    "INSERT INTO notices (key, opaque_key, kind, refs, due_at, planned_at, state, attempts, settled_at, to_channel, "
    "urgency) SELECT 'old:' || n, 'old:' || n, 'reminder.event', '{}', "
    "CASE WHEN n % 10 = 0 THEN :later ELSE :then END, :then, "
    "CASE WHEN n % 10 = 0 THEN 'planned' ELSE 'delivered' END, 1, :then, 'C0BENCH01', 2 FROM numbers"
)
_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)",
    "postgresql": "WITH numbers AS (SELECT generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n)",
}


def _finding(db: Database, size: int) -> float:
    """Milliseconds to claim a due notice, the median of many, in a ledger of so many rows, a tenth still to come."""
    # Each ledger is looked at on another day: what was claimed before must not be a reason to wait.
    now = wall() + timedelta(days=LEDGERS.index(size))
    with db.begin() as session:
        have = session.connection().execute(text("SELECT count(*) FROM notices")).scalar_one()
        dialect = db.engine.dialect.name
        statement = f"{_NUMBERS[dialect]} {_ROW}" if dialect == "postgresql" else _sqlite_order()
        if size > have:
            given = {
                "first": have + 1,
                "last": size,
                "then": now - timedelta(days=30),
                "later": now + timedelta(days=30),
            }
            session.connection().execute(_typed(statement), given)
    if dialect == "postgresql":
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE notices"))
    times = []
    for turn in range(60):
        with db.begin() as session:
            key = f"due:{size}:{turn}"
            notices.add(session, Notice(key, answers.WORD, ToPerson(f"U0DUE{size}X{turn}"), now), now)
        with db.begin() as session:
            begun = time.perf_counter()
            # Later each time, as no more is said at once than Slack takes.
            claimed = ledger.claim_due(session=session, now=now + timedelta(seconds=5 * turn))
            times.append(1000 * (time.perf_counter() - begun))
            assert claimed, "what is due was not found"
    return median(times)


def _sqlite_order() -> str:
    """SQLite wants the list of numbers behind INSERT INTO."""
    into, found = _ROW.split(" SELECT ", 1)
    return f"{into} {_NUMBERS['sqlite']} SELECT {found}"


def _typed(statement: str) -> Any:
    return text(statement).bindparams(bindparam("then", type_=UtcDateTime()), bindparam("later", type_=UtcDateTime()))


def _digest(db: Database, participants: int) -> float:
    """Seconds for a digest over participants, two of each organization, until it can be posted."""
    since = cast.MONDAY - timedelta(days=1)
    with db.begin() as session:
        program = cast.begin(session)
        for at in range(participants):
            cast.join(session, program, f"U0LOAD{at:05}", "participant", organization=f"Organization {at // 2}")
    times = []
    for _ in range(3):
        with db.read() as session:
            begun = time.perf_counter()
            report = digest.gather(session=session, program=program, now=cast.MONDAY, since=since)
            digest_views.message(report, None)
            times.append(time.perf_counter() - begun)
    return median(times)


def _planning(db: Database, cohorts: int) -> tuple[float, int]:
    """Seconds to plan the season of so many copies of a program and its people, and how many notices that makes."""
    with db.begin() as session:
        original = session.get_one(ProgramRow, cast.begin(session).id)
        session.connection().execute(text("DELETE FROM notices"))
        for at in range(1, cohorts):
            slug = f"{original.slug}-{at}"
            body = {**original.body, "program": {**original.body["program"], "slug": slug}}
            session.add(ProgramRow(slug=slug, name=original.name, zone=original.zone, body=body, revision=1))
        session.flush()
        for statement in _COPIES:
            session.connection().execute(text(statement), {"id": original.id})
    settings = Settings(bot_token="xoxb-1", signing_secret=SECRET, api_url="http://127.0.0.1:9/api/")
    deps = Deps(settings, lambda: cast.MONDAY, db, Slack("xoxb-1", settings.api_url), Programs())
    begun = time.perf_counter()
    for plan in registry.PLANNERS:
        if getattr(plan, "__name__", "").startswith("plan"):
            plan(deps, cast.MONDAY)
    took = time.perf_counter() - begun
    with db.read() as session:
        return took, sum(notices.counts(session).values())


_ITEM = "section, key, position, body, loaded_hash"
_OTHERS = "p.id <> :id AND o.program_id = :id"
_COPIES = (
    f"INSERT INTO program_items (program_id, {_ITEM}) SELECT p.id, o.{_ITEM.replace(', ', ', o.')} "
    f"FROM programs p CROSS JOIN program_items o WHERE {_OTHERS}",
    "INSERT INTO organizations (program_id, name) SELECT p.id, o.name "
    f"FROM programs p CROSS JOIN organizations o WHERE {_OTHERS}",
    "INSERT INTO memberships (program_id, person_id, role, state, since, organization_id) "
    "SELECT p.id, o.person_id, o.role, o.state, o.since, there.id FROM programs p CROSS JOIN memberships o "
    "LEFT JOIN organizations here ON here.id = o.organization_id "
    f"LEFT JOIN organizations there ON there.name = here.name AND there.program_id = p.id WHERE {_OTHERS}",
)
"""What belongs to a program, copied to every other."""
