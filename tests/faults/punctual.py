"""Whether each notice was said in time, and whether what was left out had to be for the reason that is given.

Only time that was lived through counts: what the story leapt over is as if every machine had been asleep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.homework import POST
from bot.domain.moves import FILE
from bot.domain.notices import LEASE, PAST, TOO_LATE, UNHEARD, back_off
from bot.domain.programs import Program, in_break
from bot.domain.reminders import EVENT
from bot.services import checkins, dates, reflections
from bot.services.digest import REPORT
from jobs.registry import KINDS
from storage.notices import NoticeRow

SKEW = timedelta(minutes=2, seconds=30)
"""A machine's clock is two minutes wrong at most, and then takes a moment."""
SOON = timedelta(minutes=2)
"""How long what is due may wait where nothing was tried in vain: processes come up again, others go first."""
PUT_BACK = timedelta(minutes=4)
"""From two minutes ahead to two minutes behind: what was due at once by the one clock waits so long by the other."""
REST = timedelta(seconds=30)
"""The longest that Slack asks to be left alone."""

Lived = Callable[[datetime, datetime], timedelta]
Reason = re.Match[str]


@dataclass(frozen=True)
class Story:
    """What is true of the story: its programs by id, the homework that was handed in, and the time lived through."""

    programs: Mapping[int, Program]
    handed: Collection[str]
    lived: Lived

    def of(self, row: NoticeRow) -> Program:
        return self.programs[row.program_id or 0]


@dataclass(frozen=True)
class Judged:
    """What is wrong about when a notice was said or why it was not; `waited` is how long it was late."""

    wrong: str | None = None
    waited: timedelta = timedelta()


def judge(
    row: NoticeRow, story: Story, said_at: datetime | None, rows: Sequence[NoticeRow], slack: timedelta = timedelta()
) -> Judged:
    """Judge a row of the ledger; `said_at` is when it was said, if it was.

    `slack` is what the trouble at that time makes anybody wait for besides.
    """
    if row.state == "delivered" and said_at is not None:
        return _said(row, story, said_at, slack)
    if row.state == "skipped" and row.reason:
        return Judged(_left_out(row, story, rows))
    if row.state == "refused" and row.reason:
        return Judged(_refused(row))
    return Judged()


def patience(row: NoticeRow) -> timedelta:
    """How long a notice may wait: for each try in vain as long as its back-off, or the lease of a sender that died."""
    tries = (max(back_off(row.key, number), LEASE, REST) for number in range(1, max(row.attempts, 1)))
    return SOON + sum(tries, timedelta())


def _said(row: NoticeRow, story: Story, said_at: datetime, slack: timedelta) -> Judged:
    waited = story.lived(row.due_at, said_at)
    late = KINDS[row.kind].late
    if late is not None and said_at > row.due_at + late + SKEW:
        return Judged(f"was said {said_at - row.due_at} after its time, and makes sense for {late}", waited)
    over = _over(row, story)
    if over is not None and said_at > over + SKEW:
        return Judged(f"was said at {said_at}, and what it is about was over at {over}", waited)
    if waited > patience(row) + slack:
        return Judged(f"waited for {waited} with {row.attempts} tries", waited)
    return Judged(None, waited)


def _over(row: NoticeRow, story: Story) -> datetime | None:
    """When an event is over of which it speaks, or homework is due that it gives out."""
    if row.kind == EVENT:
        event = story.of(row).event(str(row.refs["event"]))
        return None if event is None else event.ends_at or event.starts_at + timedelta(minutes=1)
    if row.kind == POST:
        assignment = story.of(row).assignment(str(row.refs["homework"]))
        return None if assignment is None else assignment.due_at + timedelta(minutes=1)
    return None


def _refused(row: NoticeRow) -> str | None:
    """Slack refuses nothing for good in this story; a file alone cannot be looked for."""
    if row.kind in (dates.CALENDAR, FILE) and str(row.reason).startswith(UNHEARD):
        return None
    return f"was given up: {row.reason}"


def _left_out(row: NoticeRow, story: Story, rows: Sequence[NoticeRow]) -> str | None:
    assert row.reason is not None
    for known, holds in _REASONS.items():
        found = re.match(known, row.reason)
        if found is not None:
            return None if holds(row, story, rows, found) else f"was left out, and not for this: {row.reason}"
    return f"was left out for what nobody can look into: {row.reason}"


def _had_to(row: NoticeRow, story: Story, until: datetime) -> bool:
    """Whether a moment had come by which it was too late, and hardly any of the time before was lived through."""
    settled = row.settled_at or row.planned_at
    return until <= settled + SKEW and story.lived(row.due_at, until) <= patience(row)


# Whether a reason holds, by its words


def _past(row: NoticeRow, story: Story, _: Sequence[NoticeRow], __: Reason) -> bool:
    return row.due_at <= row.planned_at + SKEW and _had_to(row, story, row.planned_at)


def _too_late(row: NoticeRow, story: Story, _: Sequence[NoticeRow], __: Reason) -> bool:
    late = KINDS[row.kind].late
    return late is not None and _had_to(row, story, row.due_at + late)


def _was_over(row: NoticeRow, story: Story, _: Sequence[NoticeRow], __: Reason) -> bool:
    over = _over(row, story)
    return over is not None and _had_to(row, story, over)


def _was_due(row: NoticeRow, story: Story, _: Sequence[NoticeRow], __: Reason) -> bool:
    assignment = story.of(row).assignment(str(row.refs["homework"]))
    return assignment is not None and _had_to(row, story, assignment.due_at)


def _break(row: NoticeRow, story: Story, _: Sequence[NoticeRow], found: Reason) -> bool:
    moments = (row.due_at, row.settled_at or row.due_at)
    pauses = [in_break(story.of(row), moment + skew) for moment in moments for skew in (-SKEW, SKEW)]
    return any(one is not None and one.name == found[1] for one in pauses)


def _later_one(row: NoticeRow, story: Story, rows: Sequence[NoticeRow], _: Reason) -> bool:
    later = [one.due_at for one in rows if one.kind == REPORT and one.refs["rule"] == row.refs["rule"]]
    return any(row.due_at < due and _had_to(row, story, due) for due in later)


def _said_anew(row: NoticeRow, _: Story, rows: Sequence[NoticeRow], __: Reason) -> bool:
    """What it would have changed had not been said yet, and was said afterwards."""
    keys = {
        checkins.receipt_key(int(row.refs.get("checkin") or 0)),
        f"{reflections.RECEIPT}:{row.refs.get('reflection')}",
    }
    settled = row.settled_at or row.due_at
    first = [one for one in rows if one.key in keys or one.key == row.refs.get("post")]
    return any(one.state == "delivered" and (one.settled_at or settled) >= settled - SKEW for one in first)


def _handed_in(row: NoticeRow, story: Story, _: Sequence[NoticeRow], __: Reason) -> bool:
    return row.refs["homework"] in story.handed


_REASONS: Mapping[str, Callable[[NoticeRow, Story, Sequence[NoticeRow], Reason], bool]] = {
    re.escape(PAST): _past,
    re.escape(TOO_LATE): _too_late,
    "the event was over": _was_over,
    "it was due already": _was_due,
    r"break: (.+)": _break,
    "a later one is due already": _later_one,
    "it will be said as it is now": _said_anew,
    "handed in by ": _handed_in,
}
