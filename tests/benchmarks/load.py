"""How many requests the bot takes, how long people wait meanwhile, and what grows with the size of a program.

All in one run. Requests come over 16 kept connections, each with words that no other has, signed, to real processes on
Granian; the same server with a Bolt app that only acknowledges stands beside, and is asked in turns with the bot, so
that a ratio is of one machine in one state. The clients share its cores with the servers. SQLite is `convene run`, a
process that listens and sends; PostgreSQL is `convene web` with a `convene worker`. PostgreSQL is looked for at
TEST_POSTGRES_URL, or on 127.0.0.1:5432; without it those lines are left out.

A request that is refused is sent again, as Slack does, and counts once, when it is taken: how many that were stands
beside each figure, and the goal is met only if there were none. Where a goal is missed, the table says what bounds it.
Each line is shown as soon as it is known, and all tables at the end.

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
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg
from rich.console import Console, Group
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
from storage.database import JOB_PATIENCE, Database, UtcDateTime
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
TRIES = 4
"""How often a request is sent before it counts as lost: Slack sends one three times more."""
CORE = "one core, on which all Python of a process runs"
ASKING = f"{CORE}: SQLAlchemy takes half of it, for four statements, matching a quarter, Bolt a twentieth"
HANDING_IN = f"{CORE}: SQLAlchemy takes half of it, for fifteen statements, Bolt a sixth, the door before it a tenth"
"""What bounds the rates, as a profile of the requests says."""

Body = tuple[bytes, dict[str, str]]
Make = Callable[[int], Body]
"""A request by its number; no two numbers ask the same."""


def run() -> Group:
    """Every table, and the chart in the README's folder."""
    rates = Table("Requests", "no-op", "Convene", "of the no-op", title="Requests a second, 16 connections")
    waits = Table("Acknowledgement", "median", "p99", title=f"While {SENT:,} notices are sent")
    for one in (rates, waits):
        one.add_column("refused at first")
    grows = Table("What", "Figure", title="What grows")
    for one in (rates, waits, grows):
        one.add_column("Goal")
        one.add_column("Bounded by")
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
        _rates(rates, f"/ask by words, {name}", _compared(noop, port, _ask), 30, ASKING)
        handed_in = _compared(noop, port, lambda one: _hand_in(form, one))
        _rates(rates, f"a reflection handed in, {name}", handed_in, 30 if name == "SQLite" else 20, HANDING_IN)
        _notices_for_everybody(url)
        sent = _sent(port, [_ask(number) for number in _numbers.take(400)], connections=2)
        half, most = _at(sent.times, 0.5), _at(sent.times, 0.99)
        _found(
            waits,
            f"/ask, {name}",
            f"{half:.0f} ms",
            f"{most:.0f} ms",
            f"{sent.refused}",
            "p99 ≤ 300 ms",
            "",
        )
        first = _memory_after(port, pid, MEMORY[0])
        then = _memory_after(port, pid, MEMORY[1] - MEMORY[0])
        _found(
            grows,
            f"memory after {MEMORY[0]:,} and {MEMORY[1]:,} requests, {name}",
            f"{first:.0f} and {then:.0f} MiB ({(then / first - 1) * 100:+.0f} %)",
            "≤ 10 % more",
            "",
        )
    with _bot(url, slack, {}) as (port, _):
        time.sleep(20)  # until the model is read and the programs' texts have their vectors
        by_meaning = _compared(noop, port, _ask)
        _rates(rates, f"/ask by meaning, {name}", by_meaning, 15, f"the model, which reads each question; else {CORE}")


def _rates(table: Table, what: str, found: _Compared, goal: int, bound: str) -> None:
    met = found.share >= goal and not found.refused
    rates = (f"{found.nothing:,.0f}", f"{found.ours:,.0f}", f"{found.share:.0f} %", f"{found.refused}")
    _found(table, what, *rates, f"≥ {goal} %", _bound(met, bound))


def _found(table: Table, *row: str) -> None:
    """A line of a table: it is shown at once, as a run takes a while, and again in its table at the end."""
    table.add_row(*row)
    alone = Table(*(str(one.header) for one in table.columns), title=table.title)
    alone.add_row(*row)
    Console(stderr=True).print(alone)


def _bound(met: bool, why: str) -> str:
    """What keeps a figure from its goal, if it does not meet it."""
    return "" if met else why


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


@dataclass(frozen=True)
class _Compared:
    """Requests a second of the server that does nothing and of the bot, and how many the bot refused at first."""

    nothing: float
    ours: float
    refused: int

    @property
    def share(self) -> float:
        """The bot's rate in percent of the other."""
        return 100 * self.ours / self.nothing


@dataclass(frozen=True)
class _Sent:
    """The milliseconds of each request until it was taken, shortest first; how many of them were refused at first."""

    times: tuple[float, ...]
    refused: int


def _compared(noop: int, port: int, make: Make) -> _Compared:
    """The two are asked in turns."""
    _sent(port, [make(number) for number in _numbers.take(40)], connections=1)
    pairs = [(_rate(noop, make), _rate(port, make)) for _ in range(TURNS)]
    nothing, ours = (median(one[at][0] for one in pairs) for at in (0, 1))
    return _Compared(nothing, ours, sum(one[1][1] for one in pairs))


def _rate(port: int, make: Make) -> tuple[float, int]:
    """Requests a second, and how many were refused at first."""
    made = [make(number) for number in _numbers.take(BURST)]
    begun = time.monotonic()
    sent = _sent(port, made, CONNECTIONS)
    return len(sent.times) / (time.monotonic() - begun), sent.refused


def _sent(port: int, made: Sequence[Body], connections: int) -> _Sent:
    """Send requests over some connections; one that is refused again and again ends the benchmark."""
    found: list[float] = []
    refused: list[int] = []

    def send(mine: Sequence[Body]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body, headers in mine:
            begun = time.monotonic()
            for tried in range(TRIES):
                connection.request("POST", "/slack/events", body, headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    found.append(1000 * (time.monotonic() - begun))
                    break
                refused.extend([answer.status] if tried == 0 else [])
        connection.close()

    threads = [threading.Thread(target=send, args=(made[at::connections],)) for at in range(connections)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if len(found) != len(made):
        sys.exit(f"of {len(made)} requests {len(found)} were taken; refused at first: {Counter(refused)}")
    return _Sent(tuple(sorted(found)), len(refused))


def _memory_after(port: int, pid: int, count: int) -> float:
    for begun in range(0, count, BURST):
        _sent(port, [_ask(number) for number in _numbers.take(min(BURST, count - begun))], CONNECTIONS)
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
        _found(grows, f"finding what is due among 10³, 10⁴, 10⁵, 10⁶ rows, {name}", said, "≤ 1.5 x", "")
        lines["planning"][name] = []
        for size in COHORTS:
            with _fresh(name) as db:
                seconds, rows = _planning(db, size)
            lines["planning"][name].append((size, seconds))
        what = f"planning {COHORTS[-1]:,} cohorts of ten months, {rows:,} notices, {name}"
        plans = _bound(seconds <= 30, "reading each program's texts, and the statements that plan it, on one core")
        _found(grows, what, f"{seconds:.1f} s", "≤ 30 s", plans)
        lines["digest"][name] = []
        for size in PARTICIPANTS:
            with _fresh(name) as db:
                lines["digest"][name].append((size, _digest(db, size)))
        seconds = lines["digest"][name][-1][1]
        _found(grows, f"a digest over {PARTICIPANTS[-1]:,} participants, {name}", f"{seconds:.2f} s", "≤ 1 s", "")
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


WARMING = 20
PIECE = 20_000
"""Rows that are written at once."""
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
    """Milliseconds to claim a due notice, the median of many, in a ledger of so many rows, a tenth still to come.

    The first turns do not count: a new connection and a new process are slow at whatever size comes first.
    """
    # Each ledger is looked at on another day: what was claimed before must not be a reason to wait.
    now = wall() + timedelta(days=LEDGERS.index(size))
    _filled_up(db, size, now)
    if not db.is_sqlite:
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE notices"))
    times = []
    for turn in range(WARMING + 60):
        with db.begin() as session:
            key = f"due:{size}:{turn}"
            notices.add(session, Notice(key, answers.WORD, ToPerson(f"U0DUE{size}X{turn}"), now), now)
        with db.begin() as session:
            begun = time.perf_counter()
            # Later each time, as no more is said at once than Slack takes.
            claimed = ledger.claim_due(session=session, now=now + timedelta(seconds=5 * turn))
            times.append(1000 * (time.perf_counter() - begun))
            assert claimed, "what is due was not found"
    return median(times[WARMING:])


def _filled_up(db: Database, size: int, now: datetime) -> None:
    """As many rows as are wanted, in pieces: PostgreSQL gives a statement of the bot's so many seconds and no more."""
    statement = _sqlite_order() if db.is_sqlite else f"{_NUMBERS['postgresql']} {_ROW}"
    with db.read() as session:
        have = session.connection().execute(text("SELECT count(*) FROM notices")).scalar_one()
    for first in range(have + 1, size + 1, PIECE):
        given = {
            "first": first,
            "last": min(first + PIECE - 1, size),
            "then": now - timedelta(days=30),
            "later": now + timedelta(days=30),
        }
        with db.begin() as session:
            session.connection().execute(_typed(statement), given)


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
    with db.begin(patience=JOB_PATIENCE) as session:
        original = session.get_one(ProgramRow, cast.begin(session).id)
        session.connection().execute(text("DELETE FROM notices"))
        for at in range(1, cohorts):
            slug = f"{original.slug}-{at}"
            body = {**original.body, "program": {**original.body["program"], "slug": slug}}
            # Of the same mode: a live one would say nothing of the samples that most of the original's dates are.
            copy = ProgramRow(slug=slug, name=original.name, zone=original.zone, body=body, revision=1)
            copy.mode = original.mode
            session.add(copy)
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
