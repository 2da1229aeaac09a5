"""The digest: names and counts in the order in which they matter, and the texts behind a button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.checkins import Meeting, New
from bot.domain.digest import Handed, Hours, Missing, Report
from bot.domain.messages import Block, Message
from bot.domain.people import Member
from bot.domain.programs import Assignment, Event, Program
from bot.domain.questions import OpenQuestion
from bot.views import hours, ids, refusals, rsvps, week
from bot.views.blocks import (
    BUTTON,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    divider,
    esc,
    header,
    marked,
    modal,
    section,
)
from bot.views.checkins import headline, support_words
from bot.views.entries import care_lines
from bot.views.times import ago, day_words, moment, span

MOST_QUESTIONS = 8
MOST_HOMEWORK = 6
MOST_LINES = 12
MOST_NAMES = 12
NAMES = 330
PART = 1250
"""Characters of one part: with headings, questions and homework all of them stay under what a message may have."""
MOST_TEXTS = 45


def message(report: Report, trouble: str | None = None) -> Message:
    """The digest as a message, for a channel or a person; nothing to report is one line.

    `trouble` says at its end why questions are matched by their words alone.
    """
    program = report.program
    foot = (
        [context(esc(f"I find answers by their words alone for now, and fewer of them. {trouble}"))] if trouble else []
    )
    if report.empty:
        line = f"Nothing to report from {esc(program.name)} since {_since(report)}."
        return Message(line, [section(line), *foot])
    blocks = [header(f"{program.name}: what needs you")]
    for part in (_questions, _care, _held, _missing, _new, _needs, _hours, _week):
        found = part(report)
        if found:
            blocks += [divider(), *found] if len(blocks) > 1 else found
    return Message(summary(report), distinct([*blocks, *foot]))


def summary(report: Report) -> str:
    """The digest in a sentence, for notifications and screen readers."""
    silent = len({name for one in report.missing for name in one.organizations})
    counts = (
        _count(len(report.questions), "open question"),
        _count(len(report.care.doubts) + len(report.care.lapsed), "answer to look at", "answers to look at"),
        f"{_count(len(report.held), 'post')} held" if report.held else "",
        f"nothing yet from {_count(silent, 'organization')}" if silent else "",
        _count(len(report.reflections), "new reflection"),
        _count(len(report.checkins), "new check-in"),
        _count(len(report.needs), "kind of support asked for", "kinds of support asked for"),
        _count(len(report.events) + len(report.assignments), "date in the week ahead", "dates in the week ahead"),
    )
    return f"{esc(report.program.name)}: {', '.join(one for one in counts if one)}."


def window(message: Message) -> Block:
    """The digest as a modal."""
    return modal(ids.DIGEST_PAGE, "Digest", message.blocks)


def span_value(since: datetime, until: datetime) -> str:
    """A span of time as a button's key, to the microsecond: what a digest counts is what its button opens."""
    return f"{since.isoformat()}/{until.isoformat()}"


def read_span(key: str) -> tuple[datetime, datetime] | None:
    """The span behind a button's key; None for a key that nobody here wrote."""
    first, _, last = key.partition("/")
    try:
        since, until = datetime.fromisoformat(first), datetime.fromisoformat(last)
        return (since.astimezone(UTC), until.astimezone(UTC)) if since.tzinfo and until.tzinfo else None
    except (ValueError, OverflowError):
        return None


def texts(program: Program, reflections: Sequence[Handed], meetings: Sequence[Meeting]) -> Block:
    """What came in, each with a button that opens it; support in people's own words beside the meeting it came from."""
    blocks: list[Block] = []
    if reflections:
        blocks.append(section("*Reflections*"))
        for one in reflections[:MOST_TEXTS]:
            opening = button("Read", ids.REFLECTION_READ, ids.reference(program.id, str(one.id)))
            blocks.append(section(_reflection(one), accessory=opening))
        blocks += _left_out(len(reflections) - MOST_TEXTS)
    if meetings:
        blocks.append(section("*Coaching check-ins*"))
        for meeting in meetings[:MOST_TEXTS]:
            opening = button("Read", ids.CHECKIN_READ, ids.reference(program.id, str(meeting.id)))
            blocks.append(section(f"{headline(meeting)}{_asked(meeting)}", accessory=opening))
        blocks += _left_out(len(meetings) - MOST_TEXTS)
    if not blocks:
        blocks.append(section("There is nothing here that you may read: it was changed or taken back meanwhile."))
    return modal(ids.DIGEST_PAGE, "What came in", distinct(blocks))


def not_for_you(program: Program, facilitators: Sequence[Member]) -> str:
    """To somebody who asks for the digest and has no part in running the program."""
    helper = refusals.named(facilitators) or refusals.contact(program)
    return (
        f"The digest is for the facilitators, coaches and admins of {esc(program.name)}. "
        f"What concerns you is in my *Home* tab; {helper} can tell you more."
    )


def not_readable(program: Program, facilitators: Sequence[Member]) -> str:
    """To somebody who reads the digest and not the texts."""
    return refusals.only_facilitators(program, facilitators, "read what people wrote")


def _questions(report: Report) -> list[Block]:
    if not report.questions:
        return []
    blocks = [section(f"*Needs you today: {_count(len(report.questions), 'open question')}*")]
    for one in report.questions[:MOST_QUESTIONS]:
        value = ids.reference(report.program.id, str(one.id))
        answer = button("Answer", ids.QUESTION_ANSWER, value, label=clip(f"Answer {one.asker_name}", BUTTON))
        blocks.append(section(_question(one, report), accessory=answer))
    return [*blocks, *_other_questions(report)]


def _question(one: OpenQuestion, report: Report) -> str:
    """Who asked, how long ago, who looks after it; what was asked is behind *Answer*."""
    name = esc(clip(one.asker_name, 80))
    owner = f"{esc(clip(one.owner, 80))} looks after it, " if one.owner else ""
    if not one.promised:
        since = moment(one.handed_at, report.program, report.zone)
        return f"{name}, asked {ago(one.asked_at, report.now)}\n{owner}waits since {since}"
    late = "for" if one.due_at < report.now else "by"
    due = moment(one.due_at, report.program, report.zone)
    return f"{name}, asked {ago(one.asked_at, report.now)}\n{owner}promised {late} {due}"


def _care(report: Report) -> list[Block]:
    """Answers that did not help or have had their time; what people asked is behind the button."""
    lines = care_lines(report.care)
    if not lines:
        return []
    look = button("Look at them", ids.ENTRY_CARE, ids.reference(report.program.id))
    return [section(_listed("*Answers to look at*", lines)), actions(look)]


def _held(report: Report) -> list[Block]:
    """What somebody holds: nothing that waits for a word is forgotten."""
    if not report.held:
        return []
    lines = week.held_lines(report.held, report.program)
    look = button("Look at it", ids.WEEK_OPEN, ids.reference(report.program.id), label="Look at it: what is held")
    return [section(_listed(f"*Held: {_count(len(report.held), 'post')}*", lines)), actions(look)]


def _missing(report: Report) -> list[Block]:
    if not report.missing:
        return []
    blocks = [section("*Nothing yet from*")]
    for one in report.missing[:MOST_HOMEWORK]:
        value = ids.reference(report.program.id, one.assignment.key)
        nudge = button("Nudge…", ids.HOMEWORK_NUDGE, value, label=clip(f"Nudge about {one.assignment.title}", BUTTON))
        blocks.append(section(_silent(one, report), accessory=nudge))
    return [*blocks, *_left_out(len(report.missing) - MOST_HOMEWORK)]


def _silent(one: Missing, report: Report) -> str:
    due = "was due" if one.assignment.overdue(report.now) else "due"
    title = marked(esc(one.assignment.title), one.assignment.sample)
    when = f"{due} {moment(one.assignment.due_at, report.program, report.zone)}"
    count = f"{len(one.organizations)} of {one.owing}"
    asked = f"\nMore time asked for: {_names(one.want_time)}" if one.want_time else ""
    return f"*{title}*, {when}\n{count}: {_names(one.organizations)}{asked}"


def _new(report: Report) -> list[Block]:
    if not (report.reflections or report.checkins):
        return []
    heads = (
        _count(len(report.reflections), "new reflection"),
        _count(len(report.checkins), "new check-in"),
    )
    title = f"*{' and '.join(one for one in heads if one).capitalize()}* since {_since(report)}"
    lines = [
        *(_reflection(one) for one in report.reflections),
        *(_checkin(one) for one in report.checkins),
    ]
    value = ids.reference(report.program.id, span_value(report.since, report.until))
    return [section(_listed(title, lines)), actions(button("Read what came in", ids.DIGEST_READ, value))]


def _since(report: Report) -> str:
    """The day of the digest before: its minute says nothing to anybody."""
    return day_words(report.since.astimezone(report.program.tz))


def _reflection(one: Handed) -> str:
    who = f"{one.author}, {one.organization}" if one.organization else one.author
    return f"{esc(clip(who, 120))} · {marked(esc(one.title), one.sample)} (no. {one.number})"


def _checkin(one: New) -> str:
    there = ", ".join(one.organizations)
    what = f"{one.author}: {one.kind} with {one.coach}" + (f", {there}" if there else "")
    return f"{esc(clip(what, 150))} · {day_words(one.held_on)} (no. {one.number})"


def _needs(report: Report) -> list[Block]:
    if not report.needs:
        return []
    lines = [
        f"*{words}*: {_names(one.organizations)}"
        for one in report.needs
        for words in support_words((one.key,), report.program)
    ]
    return [section(_listed("*Support asked for*", lines))]


def _hours(report: Report) -> list[Block]:
    if not report.hours:
        return []
    program, month = report.program, f"{report.month:%B}"
    expected = [one.words for one in (program.hours, program.coaching) if one is not None]
    said = [context(clip(f"Expected: {esc(' '.join(expected))}", 500))] if expected else []
    told = [one for one in report.hours if one.homework or one.coaching]
    if not told:
        return [section(f"*Hours in {month}*\nNone reported yet."), *said]
    lines = [_reported(one) for one in told]
    silent = [one.organization for one in report.hours if not (one.homework or one.coaching)]
    if silent:
        lines.append(f"None reported yet: {_names(silent)}")
    return [section(_listed(f"*Hours in {month}*", lines)), *said]


def _reported(one: Hours) -> str:
    parts = (
        f"{hours.words(one.homework)} of prep work and homework" if one.homework else "",
        f"{hours.words(one.coaching)} of coaching" if one.coaching else "",
    )
    return f"{esc(one.organization)}: {', '.join(part for part in parts if part)}"


def _week(report: Report) -> list[Block]:
    dated = [
        *((one.starts_at, _event(one, report)) for one in report.events),
        *((one.due_at, _due(one, report)) for one in report.assignments),
    ]
    lines = [line for _, line in sorted(dated)]
    if report.pause is not None:
        name = marked(esc(report.pause.name), report.pause.sample)
        lines.insert(0, f"{name}: nothing is posted, and nobody is missing")
    return [section(_listed("*The week ahead*", lines))] if lines else []


def _event(one: Event, report: Report) -> str:
    when = span(one.starts_at, one.ends_at, report.program, report.zone)
    many = rsvps.counts(one, report.answers)
    return f"{when}: {marked(esc(one.title), one.sample)}" + (f" · {many}" if many else "")


def _due(one: Assignment, report: Report) -> str:
    return f"{moment(one.due_at, report.program, report.zone)}: {marked(esc(one.title), one.sample)} is due"


def _asked(meeting: Meeting) -> str:
    said = dict.fromkeys(one.content.support_other for one in meeting.voices if one.content.support_other)
    return f"\nSupport: {'; '.join(esc(clip(one, 300)) for one in said)}" if said else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    """A heading with as many lines as there is room for; the rest is counted."""
    shown: list[str] = []
    room = PART - len(title)
    for line in lines[:MOST_LINES]:
        room -= len(line) + 3
        if room < 0:
            break
        shown.append(f"• {line}")
    left = len(lines) - len(shown)
    more = [f"• and {left} more"] if left else []
    return "\n".join((title, *shown, *more))


def _names(names: Sequence[str]) -> str:
    """As many names as there is room for; the rest is counted."""
    shown: list[str] = []
    room = NAMES
    for name in names[:MOST_NAMES]:
        room -= len(esc(name)) + 2
        if room < 0:
            break
        shown.append(esc(name))
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def _left_out(count: int) -> list[Block]:
    return [context(f"And {count} more.")] if count > 0 else []


def _other_questions(report: Report) -> list[Block]:
    left = len(report.questions) - MOST_QUESTIONS
    see = button("See all", ids.QUESTION_LIST, ids.reference(report.program.id), label="See all open questions")
    return [section(f"And {left} more.", accessory=see)] if left > 0 else []


def _count(number: int, one: str, several: str = "") -> str:
    return counted(number, one, several) if number else ""
