"""Whatever is edited, restarted and waited for: what is said, and why the rest is not, is what a simple model says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.config import Settings
from bot.deps import Deps
from bot.domain.notices import NO_LONGER_PLANNED, PAST, TOO_LATE
from bot.domain.programs import Break, Event, EventKind, Offset, Program, ReminderRule, in_break
from bot.domain.reminders import EVENT, plan
from bot.services import planning
from bot.services.programs import Programs
from bot.slack import Slack
from jobs import registry
from storage import notices
from storage.database import Database
from tests import cast
from tests.cast import MONDAY
from tests.fakes import FakeSlack, serving
from tests.jobs.conftest import HandClock, send_all

OFFSETS = (
    Offset(minutes=15),
    Offset(minutes=60),
    Offset(minutes=180),
    Offset(minutes=-30),
    Offset(days=1, at=(MONDAY - timedelta(hours=5)).time()),
)
EVENTS = ("office-hours-1", "office-hours-2", "convening-1")
KINDS = {EVENT: registry.KINDS[EVENT]}


# What happens


@dataclass(frozen=True)
class Put:
    """An event is made, put back, or moved."""

    key: str
    hours: float


@dataclass(frozen=True)
class Remove:
    """An event is taken out."""

    key: str


@dataclass(frozen=True)
class Remind:
    """Other offsets for a rule."""

    rule: int
    offsets: frozenset[Offset]


@dataclass(frozen=True)
class Pause:
    """A break of some days is declared in place of the one before; None ends it."""

    first: int | None
    days: int = 1


@dataclass(frozen=True)
class Restart:
    """The process ends and another begins."""


@dataclass(frozen=True)
class Wait:
    """Time goes by, and then the bot plans, unless it is a worker that has not heard of the edit yet, and sends."""

    minutes: int
    plans: bool = True


Step = Put | Remove | Remind | Pause | Restart | Wait

HOURS = st.sampled_from([0.25, 1, 3, 3.5, 5, 24, 26, 29, 48, 53, 72])
STEPS = st.one_of(
    st.builds(Wait, st.sampled_from([1, 15, 59, 60, 61, 120])),
    st.builds(Wait, st.sampled_from([180, 240, 300, 600, 1440, 1600])),
    st.builds(Wait, st.sampled_from([60, 180, 300, 1500]), st.just(False)),
    st.builds(Put, st.sampled_from(EVENTS), HOURS),
    st.builds(Put, st.sampled_from(EVENTS[:1]), HOURS),
    st.builds(Remove, st.sampled_from(EVENTS)),
    st.builds(Remind, st.integers(0, 2), st.frozensets(st.sampled_from(OFFSETS), max_size=3)),
    st.builds(Pause, st.one_of(st.none(), st.integers(0, 3)), st.integers(1, 2)),
    st.just(Restart()),
)


def edited(program: Program, step: Step, now: datetime) -> Program:
    """The program after somebody has changed it."""
    match step:
        case Put(key, hours):
            starts = now + timedelta(hours=hours)
            kind: EventKind = "convening" if key == "convening-1" else "office_hours"
            put = Event(key=key, kind=kind, title=key, starts_at=starts, ends_at=starts + timedelta(hours=1))
            return replace(program, events=(*(one for one in program.events if one.key != key), put))
        case Remove(key):
            return replace(program, events=tuple(one for one in program.events if one.key != key))
        case Remind(number, offsets):
            rules = list(program.reminders)
            rules[number] = replace(rules[number], offsets=tuple(sorted(offsets, key=lambda one: one.key)))
            return replace(program, reminders=tuple(rules))
        case Pause(None):
            return replace(program, breaks=())
        case Pause(int(first), days):
            day = MONDAY.date() + timedelta(days=first)
            return replace(program, breaks=(Break("snow", f"Snow {first}", day, _last(day, days)),))
    return program


def _last(first: date, days: int) -> date:
    return first + timedelta(days=days - 1)


# What is right


@dataclass(frozen=True)
class Told:
    """One reminder as the model has it: `state` is planned, said, or the reason why not."""

    state: str
    due: datetime
    event: str
    starts: datetime
    channel: str

    @property
    def skipped(self) -> bool:
        return self.state not in ("planned", "said")


@dataclass
class Model:
    """What has become of every reminder: a dictionary, and time."""

    told: dict[str, Told] = field(default_factory=dict)

    def plans(self, program: Program, now: datetime) -> None:
        """Each is said of its moment, and again when that has become another one after it was said."""
        left = set(self.told)
        for key, one in _wished(program, self.told, now):
            left.discard(key)
            before = self.told.get(key)
            in_time = now < one.due + timedelta(minutes=1)
            if before is not None and (before.state == "said" or _stays(before, one, in_time)):
                continue
            self.told[key] = one if one.skipped or in_time else replace(one, state=PAST)
        for key in left:
            if self.told[key].state == "planned":
                self.told[key] = replace(self.told[key], state=NO_LONGER_PLANNED)

    def sends(self, program: Program, now: datetime) -> None:
        """What is due in a channel is said, and with it what is due there soon; the senseless is not."""
        for channel in {one.channel for one in self.told.values()}:
            planned = {key: one for key, one in self.told.items() if one.channel == channel and one.state == "planned"}
            due = {key: _sense(one, program, now) or "said" for key, one in planned.items() if one.due <= now}
            for key, state in due.items():
                self.told[key] = replace(planned[key], state=state)
            for key, one in planned.items():
                soon = now < one.due <= now + timedelta(hours=2)
                if soon and "said" in due.values() and _sense(one, program, now) is None:
                    self.told[key] = replace(one, state="said")


def _stays(before: Told, one: Told, in_time: bool) -> bool:
    """Whether nothing is new: what is planned for its moment, and what was skipped, once that moment has passed."""
    if replace(before, state=one.state) != one or before.state == NO_LONGER_PLANNED:
        return False
    return one.state == "planned" if before.state == "planned" else one.skipped or not in_time


def _wished(program: Program, told: Mapping[str, Told], now: datetime) -> Iterator[tuple[str, Told]]:
    for rule in program.reminders:
        for event in program.events:
            if event.kind != rule.kind:
                continue
            for offset in rule.offsets:
                due = offset.moment(event.starts_at, program.zone)
                pause = in_break(program, due)
                state = f"break: {pause.name}" if pause else "planned"
                key = f"reminder:{program.id}:{event.key}:{rule.to}:{offset.key}"
                before = told.get(key)
                if before is not None and before.state == "said" and before.starts != event.starts_at:
                    key = f"{key}:{event.starts_at:%Y%m%dT%H%MZ}"
                    if key not in told and now >= due + timedelta(minutes=1):
                        continue
                yield key, Told(state, due, event.key, event.starts_at, rule.to)


def _sense(one: Told, program: Program, now: datetime) -> str | None:
    """Why a reminder makes no sense at a moment."""
    event = next((event for event in program.events if event.key == one.event), None)
    pause = in_break(program, now)
    if event is None:
        return "the event is no longer in the program"
    if event.starts_at != one.starts:
        return "the event was moved meanwhile"
    if now >= event.starts_at + timedelta(hours=1):
        return "the event was over"
    if pause is not None:
        return f"break: {pause.name}"
    return TOO_LATE if now > one.due + timedelta(days=1) else None


# What is


class Held(Programs):
    """The program as it is edited here, without a file."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program

    def by_id(self, session: Session, program_id: int) -> Program:
        return self.program


@dataclass
class Bot:
    """The bot's own planner, ledger and sender, on a Slack of its own."""

    url: str
    slack: FakeSlack
    clock: HandClock
    program: Program

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin again with nothing but what is stored."""
        settings = Settings(bot_token="xoxb-test", signing_secret="s", api_url=self.slack.url, database_url=self.url)
        self.deps = Deps(
            settings, self.clock, Database(self.url), Slack("xoxb-test", self.slack.url), Held(self.program)
        )

    def does(self, step: Step, model: Model) -> None:
        """Live through a step, and let the model live through it."""
        self.program = edited(self.program, step, self.clock())
        match step:
            case Restart():
                self.deps.db.close()
                self.restart()
            case Wait(minutes, plans):
                # The seconds keep what one turn after the other takes from moving anything across a minute.
                self.clock.forward(minutes=minutes, seconds=2)
                self._ticks(model, plans)

    def _ticks(self, model: Model, plans: bool) -> None:
        now, held = self.clock(), self.deps.programs
        assert isinstance(held, Held)
        held.program = self.program
        if plans:
            with self.deps.db.begin() as session:
                planning.replan(session, self.program.id, (EVENT,), plan(self.program), now)
            model.plans(self.program, now)
        send_all(self.deps, self.clock, KINDS)
        model.sends(self.program, now)

    def told(self) -> dict[str, str]:
        """What has become of every reminder, by its key."""
        with self.deps.db.read() as session:
            rows = notices.standing(session, self.program.id, (EVENT,))
        return {row.key: _state(row.state, row.reason) for row in rows}

    def said(self) -> Counter[str]:
        """How often each notice stands in a channel, by its opaque key."""
        payloads = (one["metadata"]["event_payload"] for one in self.slack.messages)
        return Counter(key for one in payloads for key in (one["key"], *one.get("also", "").split()))


def _state(state: str, reason: str | None) -> str:
    if state == "delivered":
        return "said"
    if state != "skipped":
        return state
    return TOO_LATE if (reason or "").startswith(TOO_LATE) else str(reason)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory, _template: Path) -> tuple[Path, Program]:
    """A database with channels and nothing planned, to be copied, and the program before anything is in it."""
    path = tmp_path_factory.mktemp("beginning") / "beginning.db"
    path.write_bytes(_template.read_bytes())
    db = Database(f"sqlite:///{path}")
    with db.begin() as session:
        program = cast.load(session)
        for channel, purpose in ((cast.COHORT, "cohort"), (cast.FACILITATORS, "facilitators")):
            cast.room(session, program, channel, purpose)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    rules = (
        ReminderRule(key="a", kind="office_hours", to="cohort", offsets=OFFSETS[:2]),
        ReminderRule(key="b", kind="office_hours", to="facilitators", offsets=OFFSETS[2:3]),
        ReminderRule(key="c", kind="convening", to="cohort", offsets=OFFSETS[3:]),
    )
    return path, replace(program, events=(), reminders=rules, breaks=())


@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
@example(steps=[Wait(300), Put(EVENTS[0], 24), Wait(1), Put(EVENTS[0], 26), Wait(1500)])
@example(steps=[Wait(300), Put(EVENTS[0], 24), Put(EVENTS[0], 5), Restart(), Wait(300)])
@example(steps=[Remind(0, frozenset(OFFSETS[1:3])), Wait(1), Wait(120), Wait(120)])
@example(steps=[Put(EVENTS[0], 48), Wait(600, plans=False), Wait(1), Wait(3000)])
@example(steps=[Remove(EVENTS[2]), Wait(1500, plans=False), Wait(1), Put(EVENTS[2], 29)])
@example(steps=[Pause(0), Wait(240, plans=False), Pause(None), Wait(1)])
def test_what_is_said_and_why_the_rest_is_not_is_what_the_model_says(
    steps: list[Step], beginning: tuple[Path, Program], tmp_path: Path
) -> None:
    path, program = beginning
    for old in tmp_path.glob("now.db*"):
        old.unlink()
    (tmp_path / "now.db").write_bytes(path.read_bytes())
    clock, model = HandClock(), Model()
    with serving(FakeSlack(clock)) as slack:
        bot = Bot(f"sqlite:///{tmp_path / 'now.db'}", slack, clock, program)
        for step in (Put(EVENTS[0], 5), Put(EVENTS[2], 29), Wait(1), *steps, Wait(1), Wait(3000)):
            bot.does(step, model)
            note(f"{clock():%a %H:%M} {step}")
            assert bot.told() == {key: one.state for key, one in model.told.items()}
        with bot.deps.db.read() as session:
            rows = notices.standing(session, program.id, (EVENT,))
        assert bot.said() == Counter(row.opaque_key for row in rows if row.state == "delivered")
        bot.deps.db.close()
