"""A run: people at work, trouble in the middle of it, a season that goes by, and then the verdict."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.table import Table

from bot.sandbox.interface import Payload
from tests.faults import story, trouble
from tests.faults.hands import EVERYBODY, Hands
from tests.faults.record import Record
from tests.faults.trouble import PARTS, Trouble
from tests.faults.verdict import Finding, Seen, Totals, Verdict
from tests.faults.world import World, world

ROUND_SECONDS = 4.0
PATIENCE_SECONDS = 20.0
"""How long what is due is waited for; as long as a bot needs that is just starting, and then does not hear of Slack."""
STEP_SECONDS = 2.5
"""How long the bot takes to say what has become due, as it looks every two seconds."""
STEPS = 0.6
"""The share of a run in which the calendar is walked through."""
LEAST_STEPS = 2
STILL_SECONDS = 40.0
"""How long is waited while nothing changes any more, in the machine's time."""
STEP = timedelta(seconds=40)
"""How the story goes on while it is waited for: leases, retries and grace periods run out."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What a run found."""

    findings: list[Finding]
    totals: Totals
    done: dict[tuple[str, str], int]
    seconds: float
    pressed_again: int

    @property
    def good(self) -> bool:
        """Nothing lost, nothing doubled, nothing wrong, and something done."""
        return not self.findings and self.totals.acknowledged > 0 and self.totals.posts > 0


def run(url: str, folder: Path, *, seconds: float, seed: int, say: Say = lambda _: None) -> Report:
    """Live through the season for about so many seconds, all kinds of trouble in turn, and compare.

    Raises AssertionError when a process cannot be started.
    """
    begun = time.monotonic()
    with world(url, folder, webs=1 if url.startswith("sqlite") else 2, workers=2, seed=seed) as stage:
        say(f"the processes are up after {time.monotonic() - begun:.0f} s: {', '.join(stage.places)}")
        record = Record()
        _Season(stage, record, seed, seconds, say).live()
        say("waiting until everything is still")
        _come_to_rest(stage)
        verdict = Verdict(Seen.of(stage), record)
        findings = verdict.findings()
        _count_faults(record, stage.slack.sandbox.faults.listed())
        return Report(findings, verdict.totals(), dict(record.done), time.monotonic() - begun, record.pressed_again)


class _Season:
    """Rounds of work and trouble; between two of them time leaps to the next thing that is due, or a bit."""

    def __init__(self, stage: World, record: Record, seed: int, seconds: float, say: Say) -> None:
        self._stage = stage
        self._record = record
        self._random = random.Random(f"{seed} season")
        self._seconds = seconds
        self._say = say
        self._trouble = Trouble(stage, record, seed, hangs=max(1, int(seconds // 60)))
        self._went_on = 0.0
        self._hands = [Hands(user, stage, record, seed) for user in EVERYBODY]

    def live(self) -> None:
        """All parts, as long as each other."""
        share = self._seconds / len(PARTS)
        begun = time.monotonic()
        for number, part in enumerate(PARTS, start=1):
            self._record.begin(part, self._stage.clock())
            self._say(part)
            first = True
            while first or time.monotonic() < begun + share * number:
                self._round(time.monotonic() - begun)
                first = False
            self._trouble.clear()
            self._stage.wait_until_calm()

    def _round(self, gone: float) -> None:
        over = threading.Event()
        with ThreadPoolExecutor(len(self._hands)) as pool:
            at_work: list[Future[None]] = [pool.submit(self._work, hands, over) for hands in self._hands]
            end = time.monotonic() + ROUND_SECONDS
            while time.monotonic() < end:
                self._trouble.make()
                time.sleep(self._random.uniform(0.1, 0.6))
            over.set()
        for one in at_work:
            one.result()
        self._go_on(gone)

    @staticmethod
    def _work(hands: Hands, over: threading.Event) -> None:
        while not over.is_set():
            hands.do_something()
            over.wait(hands.rest())

    def _go_on(self, gone: float) -> None:
        """To where the season should be by now, one due thing at a time; a run that is too short for that leaves out
        days on its way, as if everybody's machines had been asleep, but none of the hard moments.
        """
        # Whoever was killed comes up first, however slow the machine is: it is not to be killed again before that.
        self._stage.start_all()
        self._stage.wait_until_said(PATIENCE_SECONDS)
        share = min(1.0, gone / self._seconds)
        target = story.START + (story.END - story.START) * share
        steps = 0
        hard = set(story.expected(target).values())
        most = LEAST_STEPS + int(STEPS * (gone - self._went_on) / STEP_SECONDS)
        while (now := self._stage.clock()) < target:
            coming = self._stage.to_come(target)
            if steps >= most:
                coming = [one for one in coming if one in hard]
            first = coming[0] if coming else target
            # A machine whose clock is behind comes to it later.
            behind = max(now - self._stage.clock.on_the_machine(), timedelta())
            self._stage.clock.shift_to(max(now, first + behind))
            self._stage.wait_until_said(PATIENCE_SECONDS)
            steps += 1
        self._went_on = gone


def _come_to_rest(stage: World) -> None:
    """Until nothing is left over: the story goes on meanwhile, in steps shorter than a lease."""
    before, since = -1, time.monotonic()
    while time.monotonic() < since + STILL_SECONDS:
        stage.wait_until_said(5.0)
        left = [row for row in stage.rows() if row.state not in ("delivered", "refused", "skipped")]
        due = [row for row in left if row.due_at <= stage.clock() or row.state != "planned"]
        if not due and not stage.slack.sandbox.delivery.busy and stage.slack.sandbox.delivery.next_retry() is None:
            return
        if len(due) != before:
            before, since = len(due), time.monotonic()
        stage.leap(STEP)
        time.sleep(0.3)


def _count_faults(record: Record, listed: Payload) -> None:
    """What the sandbox did wrong, beside what was done to the processes; it does not know of parts."""
    for one in listed["done"]:
        part = trouble.DELIVERIES if one["method"] == "delivery" else trouble.SLACK
        record.done[part, f"{one['method']}: {one['kind']}"] += one["count"]


def table(report: Report) -> Table:
    """A row for each fault, a sum for each part, and the totals last."""
    made = Table("Fault", "How often", "Lost", "Doubled", "Wrong", title="What went wrong, and what came of it")
    for column in made.columns[1:]:
        column.justify = "right"
    for part in PARTS:
        found = [one for one in report.findings if one.part == part]
        done = {what: times for (where, what), times in report.done.items() if where == part}
        made.add_row(part, str(sum(done.values())), *_counts(found), style="bold")
        for what, times in sorted(done.items()):
            made.add_row(f"  {what}", str(times), "", "", "")
    elsewhere = [one for one in report.findings if one.part not in PARTS]
    if elsewhere:
        made.add_row("elsewhere", "", *_counts(elsewhere), style="bold")
    return made


def last_line(report: Report) -> str:
    """The totals, in one line."""
    lost, doubled, wrong = _counts(report.findings)
    totals = report.totals
    return (
        f"{totals.acknowledged} submissions acknowledged, {totals.posts} messages posted for {totals.notices} notices "
        f"({totals.said} said, {totals.left_out} left out, the latest {totals.slowest.total_seconds():.0f} s late), "
        f"{totals.questions} questions heard, {totals.times} times checked, "
        f"pressed again {report.pressed_again} times, in {report.seconds:.0f} s: "
        f"{lost} lost, {doubled} doubled, {wrong} wrong"
    )


def _counts(findings: list[Finding]) -> tuple[str, str, str]:
    lost, doubled, wrong = (sum(one.kind == kind for one in findings) for kind in ("lost", "doubled", "wrong"))
    return str(lost), str(doubled), str(wrong)
