"""What came of it: the record of what people were told, compared with what Slack shows and what the ledger says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot.domain.reminders import EVENT
from bot.services import checkins
from bot.services.digest import REPORT
from bot.services.programs import Programs
from bot.services.reflections import RECEIPT
from storage.checkins import Checkin, CheckinVersion
from storage.notices import NoticeRow
from storage.questions import Question
from storage.reflections import Reflection, ReflectionVersion
from tests.faults import story
from tests.faults.hands import KOFI
from tests.faults.punctual import PUT_BACK, Story, judge
from tests.faults.record import Asked, Record, Submission
from tests.faults.trouble import ALL, CLOCKS
from tests.faults.world import Post, World

Wrong = Literal["lost", "doubled", "wrong"]
SETTLED = ("delivered", "refused", "skipped")
EARLY = timedelta(hours=2, seconds=150)
"""What is due in one place within two hours shares a post, and a machine's clock may be two minutes ahead."""
DAY = r"\w{3}, (\w{3} \d{1,2})"
CLOCK = r"(\d{1,2}:\d\d [ap]m)"
BOTH_TIMES = re.compile(rf"{DAY}, {CLOCK} \(St\. Louis\) · (?:{DAY}, )?{CLOCK} your time")
RECEIPTS = re.compile(r"^(?:Check-in|Saved as) no\. (\d+)")


@dataclass(frozen=True)
class Finding:
    """Something that should not be; `part` is the part of the run it belongs to."""

    kind: Wrong
    part: str
    what: str


@dataclass(frozen=True)
class Saved:
    """A version of something handed in, as the database has it."""

    number: int
    version: int
    text: str
    receipt: str
    """The key of the notice that is its receipt."""


@dataclass(frozen=True)
class Seen:
    """All that is there when everything is at rest: in the ledger, at Slack, in the database, and what is to be."""

    rows: Sequence[NoticeRow]
    posts: Sequence[Post]
    now: datetime
    story: Story
    saved: Sequence[Saved] = ()
    questions: Sequence[tuple[str, str, bool]] = ()
    files: frozenset[str] = frozenset()
    heard: frozenset[tuple[str, str]] = frozenset()
    expected: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> Seen:
        """What a run has left behind."""
        now = world.clock()
        with world.db.read() as session:
            checkins_ = session.exec(select(Checkin, CheckinVersion).join(CheckinVersion)).all()
            written = session.exec(select(Reflection, ReflectionVersion).join(ReflectionVersion)).all()
            saved = [
                *(
                    Saved(one.receipt, said.version, said.moved, checkins.receipt_key(one.id or 0))
                    for one, said in checkins_
                ),
                *(
                    Saved(one.number, said.version, " ".join(a[-1] for a in said.answers), f"{RECEIPT}:{one.id}")
                    for one, said in written
                ),
            ]
            handed = frozenset(one.assignment for one, _ in written)
            questions = [(str(one.ts or ""), one.text, one.quiet) for one in session.exec(select(Question))]
            programs = {one.id: one for one in Programs().all(session)}
        return cls(
            rows=world.rows(),
            posts=list(world.posts),
            now=now,
            story=Story(programs, handed, world.clock.lived),
            saved=saved,
            questions=questions,
            files=frozenset(world.slack.sandbox.workspace.files),
            heard=frozenset(world.heard),
            expected=story.expected(now),
        )


@dataclass(frozen=True)
class Totals:
    """How much was looked at, so that nobody takes an idle run for a good one."""

    acknowledged: int
    given_up: int
    posts: int
    notices: int
    questions: int
    times: int
    said: int
    left_out: int
    slowest: timedelta
    """How long the latest of all was waited for, of the time that was lived through."""


class Verdict:
    """Compares; everything must be at rest."""

    def __init__(self, seen: Seen, record: Record) -> None:
        self._record = record
        self._rows, self._posts, self._now = seen.rows, seen.posts, seen.now
        self._shown = {post.ts: post for post in seen.posts}
        self._files = seen.files
        self._acknowledged = seen.heard
        self._saved, self._questions, self._expected = seen.saved, seen.questions, seen.expected
        self._by_key: dict[str, list[Post]] = {}
        for post in self._posts:
            for key in post.keys:
                self._by_key.setdefault(key, []).append(post)
        self._judged = [judge(row, seen.story, self._said_at(row), self._rows, self._slack(row)) for row in self._rows]
        self._times = 0

    def findings(self) -> list[Finding]:
        """Everything that should not be."""
        return [
            *self._of_submissions(),
            *self._of_receipts(),
            *self._of_the_ledger(),
            *self._of_time(),
            *self._of_posts(),
            *self._of_questions(),
            *self._of_the_calendar(),
            *self._of_local_times(),
        ]

    def totals(self) -> Totals:
        """What was looked at, after `findings`."""
        told = sum(one.number is not None for one in self._record.submissions)
        return Totals(
            acknowledged=told,
            given_up=len(self._record.submissions) - told,
            posts=len(self._posts),
            notices=len(self._rows),
            questions=sum(self._heard(one) for one in self._record.asked),
            times=self._times,
            said=sum(row.state == "delivered" for row in self._rows),
            left_out=sum(row.state in ("refused", "skipped") for row in self._rows),
            slowest=max((one.waited for one in self._judged), default=timedelta()),
        )

    def _of_submissions(self) -> Iterator[Finding]:
        for one in self._record.submissions:
            found = [saved for saved in self._saved if one.word in saved.text]
            if not found and one.number is not None:
                yield Finding("lost", one.part, f"{_form(one)} was acknowledged as no. {one.number} and is not there")
            elif len(found) > 1:
                numbers = ", ".join(str(saved.number) for saved in found)
                yield Finding("doubled", one.part, f"{_form(one)} is there {len(found)} times: no. {numbers}")
            elif found and one.number not in (None, found[0].number):
                yield Finding(
                    "wrong", one.part, f"{_form(one)} was told no. {one.number}, and is no. {found[0].number}"
                )

    def _of_receipts(self) -> Iterator[Finding]:
        """Each thing handed in has a number of its own, and one message that says so."""
        numbers = Counter(one.number for one in self._saved if one.version == 1)
        told = Counter(int(found[1]) for post in self._posts if (found := RECEIPTS.match(post.text)))
        part = {one.number: one.part for one in self._record.submissions if one.number is not None}
        receipts = {one.number: one.receipt for one in self._saved}
        for number, times in numbers.items():
            if times > 1:
                yield Finding("doubled", part.get(number, ""), f"the number {number} was given {times} times")
            if told[number] > 1:
                yield Finding("doubled", part.get(number, ""), f"receipt no. {number} was posted {told[number]} times")
            if not told[number] and not self._excused(receipts[number]):
                yield Finding("lost", part.get(number, ""), f"receipt no. {number} was never posted")

    def _excused(self, key: str) -> bool:
        """Whether the ledger has a reason why this very notice was not said."""
        return any(row.key == key and row.state in ("refused", "skipped") and row.reason for row in self._rows)

    def _of_the_ledger(self) -> Iterator[Finding]:
        """What fell due was said once, or there is a reason for it."""
        for key, times in Counter(row.key for row in self._rows).items():
            if times > 1:
                yield Finding("doubled", self._part(key), f"notice {_short(key)} is in the ledger {times} times")
        for row in self._rows:
            part, name = self._record.part_at(row.due_at), f"notice {_short(row.key)} ({row.kind})"
            if row.state == "delivered":
                if not self._stands(row):
                    yield Finding("lost", part, f"{name} is said to be delivered, and Slack does not have it")
            elif row.state in SETTLED:
                if not row.reason:
                    yield Finding("lost", part, f"{name} was {row.state} without a reason")
                elif row.opaque_key in self._by_key:
                    yield Finding("wrong", part, f"{name} was {row.state} ({row.reason}), and Slack has it")
            elif row.due_at <= self._now:
                yield Finding("lost", part, f"{name} is still {row.state}: {row.reason}, after {row.attempts} tries")

    def _stands(self, row: NoticeRow) -> bool:
        """Whether what a notice says it posted, changed or sent was there."""
        if row.opaque_key in self._by_key:
            return True
        return row.posted_ts in self._shown or row.posted_ts in self._files

    def _said_at(self, row: NoticeRow) -> datetime | None:
        """When it was there for its readers: by Slack's clock where it is a message of its own."""
        if row.state != "delivered":
            return None
        posts = self._by_key.get(row.opaque_key)
        return _time(posts[0]) if posts else row.settled_at

    def _slack(self, row: NoticeRow) -> timedelta:
        """What a part of the run makes everybody wait for that nothing can be done about."""
        return PUT_BACK if self._record.part_at(row.due_at) in (CLOCKS, ALL) else timedelta()

    def _of_time(self) -> Iterator[Finding]:
        """What was said was said in time, and what was not had to be left out for the reason that is given."""
        for row, judged in zip(self._rows, self._judged, strict=True):
            if judged.wrong is not None:
                name = f"notice {_short(row.key)} ({row.kind})"
                yield Finding("wrong", self._record.part_at(row.due_at), f"{name} {judged.wrong}")

    def _of_posts(self) -> Iterator[Finding]:
        rows = {row.opaque_key: row for row in self._rows}
        for key, posts in self._by_key.items():
            part = self._record.part_at(_time(posts[0]))
            kind = rows[key].kind if key in rows else "no notice"
            if len(posts) > 1:
                yield Finding("doubled", part, f"posted {len(posts)} times ({kind}): {posts[0].text[:60]!r}")
            if key not in rows:
                yield Finding("wrong", part, f"posted, and in no ledger: {posts[0].text[:60]!r}")
            elif _time(posts[0]) < rows[key].due_at - EARLY:
                yield Finding("wrong", part, f"posted before its time ({kind}): {posts[0].text[:60]!r}")

    def _of_questions(self) -> Iterator[Finding]:
        replies = Counter(post.thread_ts for post in self._posts if post.thread_ts)
        reasons = {row.to_thread for row in self._rows if row.state in ("refused", "skipped") and row.reason}
        for one in self._record.asked:
            kept = [quiet for _, text, quiet in self._questions if one.word in text]
            if len(kept) > 1:
                yield Finding("doubled", one.part, f"question {one.word} is there {len(kept)} times")
            heard = self._heard(one)
            if heard and not kept:
                yield Finding("lost", one.part, f"question {one.word} was heard and is not there")
            if not one.ts or one.channel.startswith("D"):
                continue
            if replies[one.ts] > 1:
                yield Finding("doubled", one.part, f"question {one.word} has {replies[one.ts]} replies")
            if heard and not replies[one.ts] and one.ts not in reasons and not any(kept):
                yield Finding("lost", one.part, f"question {one.word} was heard and has no reply")

    def _heard(self, one: Asked) -> bool:
        """Whether the bot has said that it has a question: a message may have been on its way for long."""
        if not one.ts:
            return one.heard
        return ("message" if one.channel.startswith("D") else "app_mention", one.ts) in self._acknowledged

    def _of_the_calendar(self) -> Iterator[Finding]:
        """The hard moments are announced when a calendar says, and the digest comes at eight in the morning."""
        # A key is reminder:program:event:channel:offset.
        keys = [(row.key.split(":", 4), row) for row in self._rows if row.kind == EVENT]
        events = {(parts[2], parts[4]): row for parts, row in keys}
        for name, due in self._expected.items():
            self._times += 1
            row = events.get(name)
            if row is None:
                yield Finding("lost", self._record.part_at(due), f"{'@'.join(name)} was never planned")
            elif row.due_at != due:
                yield Finding("wrong", self._record.part_at(due), f"{'@'.join(name)} was planned for {row.due_at}")
        days: Counter[object] = Counter()
        for row in self._rows:
            if row.kind == REPORT:
                self._times += 1
                local = row.due_at.astimezone(story.ZONE)
                days[local.date()] += 1
                if (local.hour, local.minute) != (8, 0) or local.weekday() > 4:
                    yield Finding("wrong", self._record.part_at(row.due_at), f"a digest was planned for {local}")
        for day, times in days.items():
            if times > 1:
                yield Finding("doubled", self._record.parts[0][1], f"{times} digests were planned for {day}")

    def _of_local_times(self) -> Iterator[Finding]:
        """What Kofi is told in his own time is the same moment as in the program's."""
        for post in self._posts:
            if post.channel != f"D{KOFI[1:]}":
                continue
            for there_day, there, here_day, here in BOTH_TIMES.findall(post.whole):
                self._times += 1
                moment = _nearest(f"{there_day} {there}", _time(post), story.ZONE)
                if _nearest(f"{here_day or there_day} {here}", _time(post), ZoneInfo(story.KOLKATA)) != moment:
                    part = self._record.part_at(_time(post))
                    yield Finding("wrong", part, f"Kofi is told {here_day} {here} for {moment}")

    def _part(self, key: str) -> str:
        row = next(row for row in self._rows if row.key == key)
        return self._record.part_at(row.due_at)


def _form(one: Submission) -> str:
    return f"{'a change of a' if one.changes else 'a'} {one.form} ({one.word}, pressed {one.presses} times)"


def _time(post: Post) -> datetime:
    return datetime.fromtimestamp(float(post.ts), UTC)


def _nearest(words: str, to: datetime, zone: ZoneInfo) -> datetime:
    """A day and time somewhere, in the year that brings it nearest to a moment."""
    years = (to.year - 1, to.year, to.year + 1)
    found = [datetime.strptime(f"{words} {year}", "%b %d %I:%M %p %Y").replace(tzinfo=zone) for year in years]
    return min(found, key=lambda one: abs(one - to))


def _short(key: str) -> str:
    return key if len(key) < 60 else f"{key[:57]}…"
