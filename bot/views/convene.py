"""`/convene`: help made from what is listened to, how the bot is doing, and a word about words it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.convene import WORDS, Said, Status, Unknown, Word
from bot.domain.messages import Block, Message
from bot.domain.people import NotAllowed, Role, Viewer
from bot.views import channels, ids, refusals
from bot.views.blocks import actions, button, clip, context, distinct, esc, header, section
from bot.views.commands import Command
from bot.views.times import ago, moment
from bot.views.welcome import first_steps, standing

USAGE = f"[{' | '.join(WORDS)}]"
ABOUT: dict[Word, str] = {
    "menu": "What you can do, the next step first",
    "find": "Look for a date, homework, an answer, a person, a document: `find lunch`",
    "help": "What I can do, and how",
    "digest": "What needs you, now instead of on its day",
    "people": "Who takes part, and changing it",
    "reach": "Whom I may not reach, and what helps",
    "week": "What I will say in the week to come, to be changed, skipped or held",
    "status": "How I am doing: channels, and what I said and could not say",
}
FOR: dict[str, tuple[Role, ...]] = {
    ids.REFLECT: ("participant",),
    ids.CHECKIN: ("participant", "coach", "facilitator"),
    ids.HOMEWORK: ("participant", "coach", "facilitator", "admin"),
}
"""Commands that not everybody has a use for."""
MOST_CHANNELS = 15
ENGINES = {"sqlite": "SQLite, for one process", "postgresql": "PostgreSQL"}
KINDS = {
    "channel.assigned": "what a channel is for",
    "channel.purpose": "a question about a channel",
    "channel.trouble": "word of a channel in which I can say nothing",
    "checkin.receipt": "the receipt of a check-in",
    "checkin.receipt_change": "the receipt of a changed check-in",
    "dates.calendar": "a calendar file",
    "dialogue.ended": "that nothing more is asked",
    "dialogue.past": "a question as it was answered",
    "dialogue.turn": "the next question of what is written here",
    "digest.report": "the digest",
    "digest.report_change": "the digest, brought up to date",
    "drafts.gone": "what became of a draft",
    "drafts.kept": "a draft that was left",
    "drops.offer": "a question about a file",
    "drops.outcome": "what came of reading a document",
    "drops.word": "a word about a file",
    "entries.doubted": "an answer that did not help",
    "entries.lapsed": "an answer whose time is up",
    "entries.settled": "what became of an answer to look at",
    "faq.reply": "an answer",
    "faq.reply_change": "an answer, brought up to date",
    "faq.shared": "an answer shared in its channel",
    "faq.word": "a short answer",
    "hold.over": "a question about a hold that is over",
    "hold.over_change": "what became of a hold",
    "homework.more_time": "a wish for more time",
    "homework.nudge": "a reminder of homework",
    "homework.nudge_now": "a facilitator's nudge",
    "homework.post": "homework for the cohort",
    "moves.correction": "word of a date that has moved",
    "moves.edit": "a message that named an old date",
    "moves.file": "a newer calendar file",
    "people.confirmed": "word to somebody who was confirmed",
    "people.pending": "a question about somebody who joined",
    "people.settled": "what became of somebody who joined",
    "people.waiting": "who waits to be confirmed",
    "personnel.back": "word to somebody who is back",
    "personnel.replaced": "thanks to somebody who was replaced",
    "personnel.takes_over": "a welcome to somebody who takes over",
    "personnel.undone": "word that something was taken back",
    "questions.card": "a question for the facilitators",
    "questions.card_change": "a question that was answered",
    "questions.told": "an answer by a facilitator",
    "quiet.again": "a reminder that was put off",
    "quiet.put_off": "until when a reminder is put off",
    "reach.hello": "a hello to somebody whom I may not reach",
    "reach.zone": "a question for somebody's clock",
    "reflection.cohort_change": "a changed reflection for the cohort",
    "reflection.cohort_post": "a reflection for the cohort",
    "reflection.cohort_withdrawal": "a reflection taken back",
    "reflection.receipt": "the receipt of a reflection",
    "reflection.receipt_change": "the receipt of a changed reflection",
    "reminder.event": "a reminder of a date",
    "rsvps.told": "word of a date that somebody comes to",
    "switchboard.back": "that a pause is over",
    "switchboard.goodbye": "how to come back",
    "switchboard.left": "that somebody has left",
    "switchboard.record": "somebody's own record",
    "week.word": "what is to be said next week",
    "week.word_change": "what is to be said next week, brought up to date",
    "welcome.hello": "a welcome",
    "which.ask": "a question which program is meant",
}
"""What the bot says by itself, by the kind of its notice."""
STATES = {
    "delivered": "said",
    "planned": "planned",
    "held": "held back by a facilitator",
    "sending": "being sent",
    "unknown": "being looked up",
    "refused": "refused by Slack",
    "skipped": "left out on purpose",
}


def help_(commands: Sequence[Command], viewer: Viewer) -> Message:
    """What there is, for this person: commands, and the ways without them, which come first for guests."""
    program = viewer.program
    about = f"{standing(viewer)}" if program is not None and (viewer.roles or viewer.pending) else ""
    ways = [section(_commands(commands, viewer)), section(_without(guest=viewer.guest))]
    blocks = [header("What I can do"), *(reversed(ways) if viewer.guest else ways)]
    value = ids.reference(program.id) if program is not None else ""
    blocks.append(actions(*_buttons(viewer, value)))
    if program is not None:
        blocks.append(context(f"{about} To write to a person: {refusals.contact(program)}.".strip()))
    return Message("What I can do: " + ", ".join(f"`{one.name}`" for one in commands), blocks)


def unknown(found: Unknown) -> str:
    """A word that there is not, with what there is."""
    near = f" Did you mean `/convene {found.near}`?" if found.near else ""
    there = ", ".join(f"`{word}`" for word in WORDS)
    return f"I don't know “{esc(clip(found.word, 40))}”.{near} Behind `/convene` there is: {there}."


def refusal(refused: NotAllowed) -> str:
    """Who can see how the bot is doing."""
    return refusals.not_allowed(refused, "see how I am doing")


def status(found: Status) -> Message:
    """How the bot is doing."""
    program = found.program
    counts = [f"{found.notices[state]} {words}" for state, words in STATES.items() if found.notices.get(state)]
    lines = [
        f"*Database:* {ENGINES.get(found.database, found.database)}; it answers",
        f"*Program:* {esc(program.name)}, revision {program.revision}: {len(program.entries)} answers, "
        f"{len(program.events)} dates, {len(program.assignments)} pieces of homework",
        f"*Messages of mine:* {', '.join(counts) or 'none yet'}",
        f"*Last said:* {_said(found.last, found) if found.last else 'nothing yet'}",
        f"*Next:* {_said(found.next, found) if found.next else 'nothing is planned'}",
    ]
    blocks = [header("How I am doing"), section("\n".join(lines)), *_channels(found)]
    if found.troubles:
        troubles = [
            f"• {_said(one, found)}: {esc(clip(one.reason or 'no reason given', 200))}" for one in found.troubles
        ]
        blocks.append(section("\n".join(["*Could not say*", *troubles])))
        blocks.append(context("`convene doctor`, where I run, looks into each and says what to do."))
    trouble = f"{len(found.troubles)} things I could not say" if found.troubles else "all is well"
    return Message(f"{esc(program.name)}: {trouble}.", distinct(blocks))


def _commands(commands: Sequence[Command], viewer: Viewer) -> str:
    mine = [one for one in commands if _concerns(one, viewer)]
    others = [one for one in commands if one not in mine]
    lines = ["*Type*"]
    for one in mine:
        lines += _behind(one) if one.name == ids.CONVENE and viewer.runs_it else [_command(one)]
    if viewer.has("facilitator") and not viewer.has("participant"):
        lines.append(f"• `{ids.REFLECT} all`  Read the reflections that came in")
    if others:
        lines.append("For those who take part: " + ", ".join(f"`{one.name}`" for one in others))
    return "\n".join(lines)


def _concerns(command: Command, viewer: Viewer) -> bool:
    return command.name not in FOR or viewer.has(*FOR[command.name])


def _command(command: Command) -> str:
    usage = f" {command.usage}" if command.usage else ""
    return f"• `{esc(command.name + usage)}`  {esc(command.about)}"


def _behind(command: Command) -> list[str]:
    return [f"• `{command.name} {word}`  {ABOUT[word]}" for word in WORDS]


def _without(*, guest: bool) -> str:
    lead = "Guests often cannot use commands. Everything goes without:" if guest else "*Without commands*"
    return "\n".join(
        (
            lead,
            "• write your question to me directly, or mention me in a channel",
            "• write “reflect”, “check-in”, “dates” or “homework” to me, and I bring the button",
            "• open my *Home* tab: everything has a button there",
            "• choose there when I may write to you, and put a reminder off under it",
        )
    )


def _buttons(viewer: Viewer, value: str) -> list[Block]:
    buttons = first_steps(viewer, value)
    if viewer.has("facilitator", "admin"):
        buttons.append(button("Note a question", ids.QUESTION_LOG, value))
        buttons.append(button("Change a date", ids.MOVE_OPEN, value))
    if viewer.has("facilitator"):
        buttons.append(button("Digest now", ids.DIGEST_OPEN, value))
    if viewer.roles:
        buttons.append(button("When I may write to you", ids.QUIET_OPEN, value))
    return buttons


def _channels(found: Status) -> Iterator[Block]:
    """Each channel with the button to change it, and what no channel is set for."""
    yield section("*Channels*" if found.channels else "*Channels*\nNone is set yet.")
    for one in found.channels[:MOST_CHANNELS]:
        words = "\n".join([channels.summary(one), *channels.warnings(one.exposed)])
        value = ids.reference(found.program.id, one.channel)
        yield section(
            words, accessory=button("Change…", ids.CHANNEL_CHANGE, value, label=f"Change what #{one.name} is for")
        )
    lines = [f"• {channels.summary(one)}" for one in found.channels[MOST_CHANNELS:]]
    for use in ("cohort", "applicants", "facilitators"):
        if all(one.use != use for one in found.channels):
            lines.append(f"• none is set for the {use}: invite me to one with `/invite @Convene`")
    if lines:
        yield section("\n".join(lines))


def _said(one: Said, found: Status) -> str:
    when = ago(one.at, found.now) if one.at <= found.now else moment(one.at, found.program)
    return f"{KINDS.get(one.kind, one.kind)}, {when}"
