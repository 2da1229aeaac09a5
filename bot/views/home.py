"""The App Home: for each program what its reader's roles ask for, the next step first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.channels import Setting
from bot.domain.dates import concern
from bot.domain.documents import Unread
from bot.domain.home import MOST_WAITING, Kit, Page, Part, Running, SetUp
from bot.domain.messages import Block
from bot.domain.people import Role
from bot.domain.programs import Event, Program, Resource, next_events
from bot.domain.questions import OpenQuestion
from bot.domain.rsvps import asked, may_say
from bot.views import (
    channels,
    documents,
    drafts,
    find,
    holds,
    ids,
    manage,
    modes,
    people,
    quiet,
    reach,
    refusals,
    rsvps,
    setup,
    switchboard,
    week,
)
from bot.views import homework as homework_views
from bot.views.blocks import (
    SECTION,
    VIEW_BLOCKS,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    divider,
    esc,
    header,
    home,
    link,
    marked,
    section,
)
from bot.views.checkins import headline
from bot.views.entries import care_blocks
from bot.views.questions import waiting
from bot.views.times import ago, moment, span
from bot.views.welcome import event_line, lead

MOST_DATES = 3
MOST_QUESTIONS = 10
MOST_CARE = 3
MOST_HOMEWORK = 4
MOST_LATER = 3
MOST_TEAMS = 20
MOST_CHANNELS = 10
MOST_RESOURCES = 10
NOTE = 300
MANY: dict[Role, str] = {
    "applicant": "applicants",
    "participant": "participants",
    "coach": "coaches",
    "facilitator": "facilitators",
    "admin": "admins",
}


def page(found: Page, now: datetime, became_admin: Sequence[str] = ()) -> Block:
    """A whole Home. `became_admin` names the programs that its reader looks after from now on."""
    blocks: list[Block] = []
    for name in became_admin:
        blocks.append(section(f"You are an admin of this workspace, so you look after *{esc(name)}* from now on."))
    blocks += _unset(found.unset)
    for part in found.parts:
        about = setup.home_blocks(part.checklist) if part.checklist is not None else _part(part, now)
        blocks += [*([divider()] if blocks else []), *about]
    if not found.parts:
        blocks += setup.nothing(may=found.may_begin)
    return home(distinct(_fitting(blocks)))


def _part(part: Part, now: datetime) -> Iterator[Block]:
    program, viewer = part.program, part.viewer
    yield header(program.name)
    yield section(esc(program.home.about or program.summary))
    yield from _banners(part)
    yield from drafts.begun(part.drafts, now)
    if not viewer.roles:
        yield from _outside(part, now)
    if part.running is not None:
        yield from _running(part, part.running, now)
    if viewer.has("participant", "coach"):
        yield from _intro(program.home.participant if viewer.has("participant") else program.home.coach)
    if viewer.has("participant", "coach") or (viewer.has("admin") and part.running is None):
        yield from _next_dates(part, now)
    if viewer.has("participant"):
        yield from _participant(part, now)
    if viewer.has("coach"):
        yield from _coach(part)
    if part.kit is not None:
        yield from _applicant(part, part.kit)
    if part.set_up is not None:
        yield from _set_up(part, part.set_up)
    yield from _resting(part, now)
    if viewer.roles:
        yield context(f"To write to a person: {refusals.contact(program)}.")


def _banners(part: Part) -> Iterator[Block]:
    """That the program is in practice, what of it is made up, and what holds posts."""
    yield from modes.home_blocks(part.program, part.viewer, part.samples)
    if part.holds is not None:
        yield from holds.home_blocks(part.holds)


def _resting(part: Part, now: datetime) -> Iterator[Block]:
    """When they are left alone."""
    if part.resting is not None:
        value = ids.reference(part.program.id)
        change = button("Change…", ids.QUIET_OPEN, value, label="Change when I may write to you")
        yield section(f"*When I may write to you*\n{quiet.words(part.resting)}", accessory=change)
        yield from switchboard.home_blocks(part.choices, part.program, part.viewer.zone, now)


def _outside(part: Part, now: datetime) -> Iterator[Block]:
    """For somebody without a role: whom to ask."""
    program = part.program
    if part.viewer.pending:
        yield section(refusals.pending(program, part.facilitators))
    elif part.left:
        yield section(refusals.left(program))
        yield actions(switchboard.record_button(program.id))
    else:
        yield section(esc(program.home.stranger) or refusals.not_in_program(program))
    names = refusals.named(part.facilitators)
    facilitators = f" or the facilitators: {names}" if names else ""
    lines = ["*Whom to ask*", f"{refusals.contact(program)}{facilitators}. Or ask me."]
    hour = next(iter(next_events(program, now, audiences=concern(part.viewer), kinds=("office_hours",))), None)
    if hour is not None:
        lines.append(f"Next: {event_line(hour, program, part.viewer.zone)}")
    yield section("\n".join(lines))
    yield _asking(program)


def _intro(text: str) -> list[Block]:
    """What the program says to a role, if it says anything."""
    return [section(esc(text))] if text else []


def _next_dates(part: Part, now: datetime) -> Iterator[Block]:
    program, viewer = part.program, part.viewer
    events = next_events(program, now, audiences=concern(viewer))[:MOST_DATES]
    lines = [_dated(one, part) for one in events] or ["Nothing is on the calendar yet."]
    about = next((one for one in events if asked(one)), None) if may_say(viewer) else None
    if about is None:
        yield section(_lines("Next", lines))
    else:
        for number, (one, line) in enumerate(zip(events, lines, strict=True)):
            yield section(line if number else f"*Next*\n{line}")
            yield from [actions(*rsvps.buttons(one, program))] if asked(one) else []
        yield from rsvps.readers(about, program)
    yield actions(button("See all dates", ids.DATES_OPEN, ids.reference(program.id)))


def _dated(event: Event, part: Part) -> str:
    """A date on a line, with what its reader has said of it, and how many come for those who run the program."""
    program, viewer = part.program, part.viewer
    line = event_line(event, program, viewer.zone)
    mine = rsvps.mine(event, part.answers, program) if may_say(viewer) else ""
    counts = rsvps.counts(event, part.answers) if viewer.has("facilitator", "admin") else ""
    return " · ".join(filter(None, (line, counts, mine)))


# For those who apply


def _applicant(part: Part, found: Kit) -> Iterator[Block]:
    program, zone = part.program, part.viewer.zone
    yield section(esc(program.home.applicant) or "*Your application kit*")
    for one in found.deadlines[:1]:
        yield section(
            f"*{marked(esc(one.title), one.sample)}*\n{moment(one.starts_at, program, zone)}{lead(one, program)}"
        )
    if found.office_hours:
        lines = [_when(one, program, zone) for one in found.office_hours]
        yield section(_lines(esc(found.office_hours[0].title), lines[:MOST_DATES]))
    if found.resources:
        lines = [_resource(one, program) for one in found.resources[:MOST_RESOURCES]]
        yield section(_lines("Application kit", lines))
    yield _asking(program)


def _when(event: Event, program: Program, zone: str | None) -> str:
    return span(event.starts_at, event.ends_at, program, zone) + lead(event, program)


def _resource(one: Resource, program: Program) -> str:
    note = f": {clip(esc(one.note), NOTE)}" if one.note else ""
    if one.url:
        return f"{marked(link(one.url, one.title), one.sample)}{note}"
    return f"{marked(esc(one.title), one.sample)}{note} · ask {refusals.contact(program)}"


# For those who take part


def _participant(part: Part, now: datetime) -> Iterator[Block]:
    program, viewer = part.program, part.viewer
    if part.homework is not None:
        for_whom = f" of {esc(viewer.organization.name)}" if viewer.organization else ""
        yield section(f"*Homework{for_whom}*")
        yield from homework_views.overview(part.homework, now, MOST_LATER).blocks[: 2 * MOST_HOMEWORK]
    if part.reflections:
        lines = [
            f"{marked(esc(one.title), one.sample)} (no. {one.number}), {moment(one.saved_at, program, viewer.zone)}"
            for one in part.reflections
        ]
        yield section(_lines("My reflections", lines))
    yield actions(
        button("Hand in a reflection", ids.REFLECTION_OPEN, ids.reference(program.id)),
        button("My reflections", ids.REFLECTION_MINE, ids.reference(program.id)),
        button("Log a coaching check-in", ids.CHECKIN_OPEN, ids.reference(program.id)),
        button("Ask a question", ids.ASK_OPEN, ids.reference(program.id)),
        find.opener(program.id),
    )


def _coach(part: Part) -> Iterator[Block]:
    program = part.program
    if part.viewer.has("participant"):
        yield from _intro(program.home.coach)
    for meeting in part.checkins:
        value = ids.reference(program.id, str(meeting.id))
        yield section(headline(meeting), accessory=button("Read", ids.CHECKIN_READ, value))
    if not part.checkins:
        yield section("You have not logged a coaching check-in yet.")
    yield actions(
        button("Log a coaching check-in", ids.CHECKIN_OPEN, ids.reference(program.id), style="primary"),
        button("My check-ins", ids.CHECKIN_MINE, ids.reference(program.id)),
        button("See the homework", ids.HOMEWORK_OPEN, ids.reference(program.id)),
        *_ask(part),
        *_find(part),
    )
    if part.teams:
        lines = [
            f"*{esc(one.organization.name)}*: {', '.join(esc(member.name) for member in one.people)}"
            for one in part.teams[:MOST_TEAMS]
        ]
        yield section(_lines("Organizations", lines, more=len(part.teams) - MOST_TEAMS))


# For those who run it


def _running(part: Part, found: Running, now: datetime) -> Iterator[Block]:
    program, report = part.program, found.report
    yield from _intro(program.home.facilitator)
    yield from _questions(part, report.questions, now)
    yield from care_blocks(program, report.care, MOST_CARE)
    for who in found.waiting[:MOST_WAITING]:
        yield people.waiting_line(who, program)
    yield from _more(len(found.waiting[MOST_WAITING:]) + found.more_waiting)
    yield from _missing(part, found, now)
    yield from _week(part, found)
    if found.week is not None:
        yield from week.home_blocks(found.week)
    yield from reach.home_blocks(part.unreached, program)
    yield from switchboard.pausing_blocks(part.pausing, program)
    yield from _unread(part.unread)
    yield actions(
        manage.opener(program.id),
        find.opener(program.id),
        button("Note a question", ids.QUESTION_LOG, ids.reference(program.id)),
        button("Digest now", ids.DIGEST_OPEN, ids.reference(program.id)),
        button("See the homework", ids.HOMEWORK_OPEN, ids.reference(program.id)),
        button("See all dates", ids.DATES_OPEN, ids.reference(program.id)),
    )


def _questions(part: Part, found: Sequence[OpenQuestion], now: datetime) -> Iterator[Block]:
    """The newest of what waits; how long the others have waited stands above, and they are behind a button."""
    program = part.program
    if not found:
        yield section("*Open questions*\nNone. Everybody has an answer.")
        return
    late = sum(one.due_at < now for one in found)
    said = f"\nThe oldest was asked {ago(found[0].asked_at, now)}." if len(found) > 1 else ""
    said += f" {counted(late, 'was', 'were')} to be answered by now." if late and said else ""
    see = button("See all", ids.QUESTION_LIST, ids.reference(program.id), label="See all open questions")
    more = len(found) > MOST_QUESTIONS
    yield section(f"*Open questions: {len(found)}*{said}", accessory=see if more else None)
    for one in reversed(found[-MOST_QUESTIONS:]):
        yield waiting(one, program, part.viewer.zone, now)
    if more:
        yield context(f"These are the {MOST_QUESTIONS} newest.")


def _missing(part: Part, found: Running, now: datetime) -> Iterator[Block]:
    program, zone = part.program, part.viewer.zone
    for one in found.report.missing[:MOST_HOMEWORK]:
        due = "was due" if one.assignment.overdue(now) else "is due"
        title = marked(esc(one.assignment.title), one.assignment.sample)
        head = f"*{title}* {due} {moment(one.assignment.due_at, program, zone)}"
        names = clip(", ".join(map(esc, one.organizations)), NOTE * 3)
        value = ids.reference(program.id, one.assignment.key)
        nudge = button("Nudge…", ids.HOMEWORK_NUDGE, value, label=f"Nudge about {one.assignment.title}")
        yield section(f"{head}\nNothing yet from {len(one.organizations)} of {one.owing}: {names}", accessory=nudge)


def _week(part: Part, found: Running) -> Iterator[Block]:
    report, program, zone = found.report, part.program, part.viewer.zone
    dated = [(one.starts_at, _dated(one, part)) for one in report.events]
    for one in report.assignments:
        title = marked(esc(one.title), one.sample)
        dated.append((one.due_at, f"{moment(one.due_at, program, zone)}: {title} is due"))
    lines = [line for _, line in sorted(dated)]
    if report.pause is not None:
        lines.insert(0, f"{marked(esc(report.pause.name), report.pause.sample)}: nothing is posted, nobody is missing")
    yield section(_lines("The week ahead", lines or ["Nothing is on the calendar."]))


def _unread(found: Sequence[Unread]) -> list[Block]:
    """What could not be read, by name and with what helps: nobody who asks would notice it."""
    lines = [f"{esc(documents.trouble(one))} {esc(documents.todo(one))}" for one in found]
    return [section(_lines("Documents that I could not read", lines))] if lines else []


def _set_up(part: Part, found: SetUp) -> Iterator[Block]:
    program = part.program
    counts = [counted(number, role, MANY[role]) for role, number in found.counts.items() if number]
    counts.append(counted(found.organizations, "organization"))
    if found.waiting:
        counts.append(f"{found.waiting} waiting to be confirmed")
    yield section(f"*Set-up*\n{', '.join(counts)}")
    for one in found.channels[:MOST_CHANNELS]:
        yield _channel(one, program)
    for use in ("cohort", "facilitators"):
        if all(one.use != use for one in found.channels):
            yield section(f":warning: No channel is set for the {use}. Invite me to it: `/invite @Convene`.")
    refused = found.notices.get("refused", 0)
    if refused:
        yield section(f":warning: Slack did not take {counted(refused, 'message')}: `/convene status` says more.")
    if part.running is None:
        yield from reach.home_blocks(part.unreached, program)
        yield from _unread(part.unread)
        ask = [] if part.viewer.has("coach") else _ask(part)
        yield actions(manage.opener(program.id), find.opener(program.id), *ask)


def _channel(one: Setting, program: Program) -> Block:
    words = "\n".join([channels.summary(one), *channels.warnings(one.exposed), *channels.shut(one)])
    return section(words, accessory=_change(one, program.id))


def _unset(unset: Sequence[Setting]) -> list[Block]:
    """Channels that wait to be told what they are for."""
    return [
        section(
            f"*What is <#{one.channel}> for?* Until I know, I keep quiet there.", accessory=_change(one, 0, "Say it…")
        )
        for one in unset[:MOST_CHANNELS]
    ]


def _change(one: Setting, program_id: int, words: str = "Change…") -> Block:
    return button(words, ids.CHANNEL_CHANGE, ids.reference(program_id, one.channel), label=f"what #{one.name} is for")


# What all of them are made of


def _asking(program: Program) -> Block:
    return actions(
        button("Ask a question", ids.ASK_OPEN, ids.reference(program.id), style="primary"),
        button("See the dates", ids.DATES_OPEN, ids.reference(program.id)),
        find.opener(program.id),
    )


def _find(part: Part) -> list[Block]:
    """The field to look with, unless another of one's roles has it already."""
    return [] if part.viewer.has("participant", "facilitator", "admin") else [find.opener(part.program.id)]


def _ask(part: Part) -> list[Block]:
    """The button to ask with, unless another of one's roles has it already."""
    if part.viewer.has("applicant", "participant") or not part.viewer.roles:
        return []
    return [button("Ask a question", ids.ASK_OPEN, ids.reference(part.program.id))]


def _lines(title: str, lines: Sequence[str], more: int = 0) -> str:
    """A heading with as many lines as one block holds; the rest is counted."""
    shown, room = [], SECTION - len(title) - 40
    for line in lines:
        room -= len(line) + 3
        if room < 0:
            break
        shown.append(f"• {line}" if len(lines) > 1 else line)
    left = len(lines) - len(shown) + max(more, 0)
    return "\n".join([f"*{title}*", *shown, *([f"and {left} more"] if left else [])])


def _more(left: int) -> list[Block]:
    return [context(f"and {left} more")] if left > 0 else []


def _fitting(blocks: list[Block]) -> list[Block]:
    """At most as many blocks as Slack takes, and a word about the rest."""
    if len(blocks) <= VIEW_BLOCKS:
        return blocks
    return [*blocks[: VIEW_BLOCKS - 1], context("There is more: `/convene help` says how to see it.")]
