"""A bot whose Slack is a fake server and whose clock a test moves by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.config import Settings
from bot.deps import Deps
from bot.domain.messages import Message, Part
from bot.domain.notices import Notice, Target, ToChannel
from bot.domain.paces import CHANNEL
from bot.services import notices as ledger
from bot.services.programs import Programs
from bot.slack import Slack
from bot.views.blocks import section
from jobs import sender
from jobs.render import Kind, Kinds, Rendered, Renderer, Scene
from storage import notices
from storage.database import Database
from storage.notices import NoticeRow
from tests import cast
from tests.fakes import FakeSlack, serving

ROOM = "C0ROOM001"


@dataclass
class HandClock:
    """Stands still until it is moved."""

    now: datetime = cast.MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def say(scene: Scene) -> Rendered:
    """The reference `says`, as a message."""
    return Message(scene.text("says"), [section(scene.text("says"))])


def piece(scene: Scene) -> Rendered:
    """The reference `says`, as a part of a shared post, about `about`."""
    return Part(
        str(scene.notice.refs.get("about", scene.notice.key)), scene.text("says"), [section(scene.text("says"))]
    )


def send_all(deps: Deps, clock: HandClock, kinds: Kinds) -> int:
    """Send what is due, and let as much time go by as the pace of a channel asks for."""
    sent = sender.send_due(deps, clock(), kinds)
    while (due := _soon(deps, clock())) is not None:
        clock.now = max(clock.now, due)
        sent += sender.send_due(deps, clock(), kinds)
    return sent


def _soon(deps: Deps, now: datetime) -> datetime | None:
    with deps.db.read() as session:
        return ledger.next_due(session=session, now=now, until=now + CHANNEL.every)


@dataclass
class Bench:
    """What a test of the sender holds."""

    deps: Deps
    slack: FakeSlack
    clock: HandClock
    kinds: dict[str, Kind] = field(
        default_factory=lambda: {"test.say": Kind(say), "test.piece": Kind(piece, merges=True)}
    )

    def add(
        self,
        key: str,
        *,
        kind: str = "test.say",
        to: Target = ToChannel(ROOM),
        after: timedelta = timedelta(),
        program: int | None = None,
        **refs: str | int | None,
    ) -> None:
        """Put a notice in the ledger, due some time after now."""
        refs.setdefault("says", key)
        with self.deps.db.begin() as session:
            assert notices.add(session, Notice(key, kind, to, self.clock() + after, program, refs), self.clock())

    def renders(self, kind: str, render: Renderer) -> None:
        """From now on a kind is made like this."""
        self.kinds[kind] = replace(self.kinds.get(kind, Kind(render)), render=render)

    def send(self, **forward: float) -> int:
        """Let time go by, and send what is due, second by second where a channel gives one turn after the other."""
        self.clock.forward(**forward)
        return send_all(self.deps, self.clock, self.kinds)

    def send_at_once(self, **forward: float) -> int:
        """Let time go by, and send what may be sent at this very moment."""
        now = self.clock.forward(**forward)
        return sender.send_due(self.deps, now, self.kinds)

    def next_due(self, **within: float) -> datetime | None:
        """When something is to be sent next, if not later than in a while."""
        with self.deps.db.read() as session:
            return ledger.next_due(session=session, now=self.clock(), until=self.clock() + timedelta(**within))

    def row(self, key: str) -> NoticeRow:
        """What the ledger says of a notice."""
        with self.deps.db.read() as session:
            row = notices.get(session, key)
        assert row is not None
        return row

    def state(self, key: str) -> tuple[str, str | None]:
        """A notice's state and reason."""
        row = self.row(key)
        return row.state, row.reason


@pytest.fixture
def clock() -> HandClock:
    """Monday of the application week."""
    return HandClock()


@pytest.fixture
def slack(clock: HandClock) -> Iterator[FakeSlack]:
    """A Slack at a port of its own."""
    with serving(FakeSlack(clock)) as fake:
        yield fake


def bench_of(db: Database, slack: FakeSlack, clock: HandClock) -> Bench:
    """A bench over a database."""
    settings = Settings(bot_token="xoxb-test", signing_secret="s", api_url=slack.url, database_url=str(db.url))
    return Bench(Deps(settings, clock, db, Slack("xoxb-test", slack.url), Programs()), slack, clock)


@pytest.fixture
def bench(quick_db: Database, slack: FakeSlack, clock: HandClock) -> Bench:
    """A bench on SQLite."""
    return bench_of(quick_db, slack, clock)


@pytest.fixture
def either_bench(db: Database, slack: FakeSlack, clock: HandClock) -> Bench:
    """A bench on each engine."""
    return bench_of(db, slack, clock)
