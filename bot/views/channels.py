"""What a channel is for: the question, the form, and what follows from the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bot.domain.changes import Change
from bot.domain.channels import (
    USES,
    Answering,
    Assigned,
    Channels,
    Exposure,
    Foreseen,
    NotAllowed,
    Setting,
    Shut,
    Use,
    is_use,
)
from bot.domain.messages import Block, Message
from bot.domain.programs import Program
from bot.views import ids, refusals
from bot.views.blocks import (
    actions,
    button,
    context,
    counted,
    distinct,
    esc,
    field_block,
    mention,
    modal,
    option,
    radios,
    section,
    select,
)
from bot.views.forms import Typed
from bot.views.lines import Line
from bot.views.times import moment

USE_OF: dict[str, Use] = {
    ids.CHANNEL_COHORT: "cohort",
    ids.CHANNEL_APPLICANTS: "applicants",
    ids.CHANNEL_FACILITATORS: "facilitators",
    ids.CHANNEL_NONE: "none",
}
LABELS: dict[Use, str] = {
    "cohort": "The cohort",
    "applicants": "Applicants' questions",
    "facilitators": "The facilitators",
    "none": "Nothing",
}
MEANS: dict[Use, str] = {
    "cohort": "Reminders and shared reflections; who joins is confirmed",
    "applicants": "Questions about applying; who joins is an applicant",
    "facilitators": "Open questions, the digest, who waits",
    "none": "I post nothing there by myself",
}
DONE: dict[Use, str] = {
    "cohort": "is the cohort's channel of {program} now. Reminders and shared reflections go there, and the "
    "facilitators confirm whoever joins.",
    "applicants": "is for applicants' questions about {program} now. Who joins is an applicant.",
    "facilitators": "is the facilitators' channel of {program} now. Open questions, the digest and who waits go there.",
    "none": "has no purpose for me.",
}
SHUT: dict[Shut, str] = {
    "archived": "It is archived. Take it out of the archive in Slack, or let another channel take its place.",
    "out": "I am not in it any more. Open it, type `/invite @Convene`, or let another channel take its place.",
}
HAPPENED: dict[Shut, str] = {"archived": "is archived now", "out": "is closed to me: I am not in it any more"}
REMEDY: dict[Shut, str] = {
    "archived": "take it out of the archive (in Slack: the channel's name, then *Settings*, then *Unarchive*). "
    "Or let another channel take its place: open that one, type `/invite @Convene`, and say what it is for.",
    "out": "open it and type `/invite @Convene`; what it is for is kept. "
    "Or invite me to another channel, and say what that is for.",
}
PLACES: dict[Use, str] = {
    "cohort": "the cohort's channel",
    "applicants": "a channel for applicants",
    "facilitators": "the facilitators' channel",
    "none": "a channel",
}
STANDS = {
    "channel taken": "Another channel serves for that now. Change what that one is for under *Channels* first.",
    "channel of another": "It was another program's before. Who runs that one as well can say what it is for, under "
    "*Channels*.",
}
INVITE = "Open it in Slack and type `/invite @Convene`."
MOST_LISTED = 40
Speaking = Answering | Literal["usual"]
SPEAKING: dict[Speaking, tuple[str, str]] = {
    "usual": ("As usual", "Questions where applicants ask, mentions everywhere else"),
    "always": ("Whatever is asked", "I answer, suggest, or pass it on at once"),
    "questions": ("Questions I am sure about", "The others wait for people, then for a facilitator"),
    "mention": ("When I am mentioned", "I answer who mentions me, and nobody else"),
}
SPEAKS: dict[Answering, str] = {
    "always": "I answer whatever is asked there; what I don't know I pass on at once.",
    "questions": "I answer the questions there that I am sure about; the others wait for a person.",
    "mention": "I keep quiet there, and answer when I am mentioned.",
}
"""What follows from it."""
SPEAKS_SHORTLY: dict[Answering, str] = {
    "always": "I answer whatever is asked",
    "questions": "I answer what I am sure about",
    "mention": "I answer when mentioned",
}
WARNINGS: dict[Exposure, str] = {
    "public": "everybody in the workspace can read it. In Slack, open the channel's settings and make it private.",
    "shared": "people of another organization can read it. Use a channel that is not shared.",
}
TITLES: dict[Exposure, str] = {"public": "This channel is public", "shared": "This channel is shared"}


def question(channel: str, programs: Sequence[tuple[int, str]], inviter: str | None, reader: str) -> Message:
    """To the inviter, or to those who run a program: what is this channel for? Programs by id and name."""
    where = f"<#{channel}>"
    came = f"Thank you for inviting me to {where}." if inviter == reader else f"I was invited to {where}{_by(inviter)}."
    if not programs:
        words = f"{came} There is no program yet, so I keep quiet. {_load()}"
        return Message(words, [section(words)])
    blocks = [section(f"{came} *What is that channel for?* Until you say so, I keep quiet there.")]
    for program_id, name in programs:
        value = ids.reference(program_id, channel)
        if len(programs) > 1:
            blocks.append(section(f"*{esc(name)}*"))
        blocks.append(
            actions(
                button(LABELS["cohort"], ids.CHANNEL_COHORT, value),
                button(LABELS["applicants"], ids.CHANNEL_APPLICANTS, value),
                button(LABELS["facilitators"], ids.CHANNEL_FACILITATORS, value),
            )
        )
    blocks.append(actions(button(LABELS["none"], ids.CHANNEL_NONE, ids.reference(0, channel))))
    blocks.append(context("A facilitators' channel should be private. You can change this later in my *Home* tab."))
    return Message(f"What is {where} for?", distinct(blocks))


def no_say(channel: str) -> Message:
    """To an inviter who may not say, while nobody is known who may."""
    words = (
        f"Thank you for inviting me to <#{channel}>. An admin of this workspace tells me what it is for: "
        "they open my *Home* tab and find it under *Set-up*. Until then I keep quiet there."
    )
    return Message(words, [section(words)])


def answered(done: Assigned) -> Message:
    """What follows from the answer."""
    words = sentence(done)
    change = button("Change…", ids.CHANNEL_CHANGE, ids.reference(0, done.channel))
    return Message(words, [section(words, accessory=change)])


def sentence(done: Assigned) -> str:
    """The channel, what it is for now, and everything to know about that."""
    said = f"<#{done.channel}> {DONE[done.use].format(program=esc(done.program or ''))} {SPEAKS[done.answering]}"
    if done.instead_of:
        said += f" It takes over from {', '.join(f'<#{one}>' for one in done.instead_of)}."
    return "\n".join([said, *warnings(done.exposed)])


def summary(setting: Setting) -> str:
    """A channel in a list of them: what it is for, and when I speak there."""
    return f"<#{setting.channel}>: {LABELS[setting.use].lower()} · {SPEAKS_SHORTLY[setting.answers]}"


def warnings(exposed: Sequence[Exposure]) -> list[str]:
    """Why a channel is unfit for the facilitators."""
    return [f":warning: *{TITLES[one]}:* {WARNINGS[one]}" for one in exposed]


def shut(setting: Setting) -> list[str]:
    """Why nothing can be said there, and what helps."""
    return [f":warning: {SHUT[setting.shut]}"] if setting.shut is not None else []


def refusal(refused: NotAllowed) -> str:
    """Who can say what a channel is for."""
    names = refusals.named(refused.ask) or "an admin of this workspace, who opens my *Home* tab"
    return f"Facilitators and admins say what a channel is for. Ask {names}."


def nothing_there() -> str:
    """The program of the button is gone."""
    return f"That program is not there any more. {_load()}"


def not_in(channel: str) -> str:
    """The bot cannot see the channel."""
    return f"I am not in <#{channel}>. Open it, type `/invite @Convene`, and choose again."


def form(setting: Setting, programs: Sequence[tuple[int, str]]) -> Block:
    """The form in which what a channel is for is changed; programs by id and name."""
    uses = [option(LABELS[one], one, MEANS[one]) for one in USES if programs or one == "none"]
    blocks = [
        section(f"What is <#{setting.channel}> for? A facilitators' channel should be private."),
        field_block(ids.CHANNEL_USE, "This channel is for", radios(ids.CHANNEL_USE, uses, initial=setting.use)),
    ]
    if len(programs) > 1:
        choices = [option(name, str(one)) for one, name in programs]
        menu = select(ids.CHANNEL_PROGRAM, choices, initial=str(setting.program_id or programs[0][0]))
        blocks.append(field_block(ids.CHANNEL_PROGRAM, "Program", menu))
    modes = [option(label, one, means) for one, (label, means) in SPEAKING.items()]
    menu = radios(ids.CHANNEL_ANSWERING, modes, initial=setting.answering or "usual")
    blocks.append(field_block(ids.CHANNEL_ANSWERING, "When I speak there", menu))
    blocks.append(context("Nothing is changed yet: you see next what follows."))
    only = programs[0][0] if len(programs) == 1 else setting.program_id or 0
    metadata = ids.reference(only, setting.channel)
    return modal(ids.CHANNEL_FORM, "Channel", blocks, submit="See what follows", close="Not now", metadata=metadata)


@ids.reading()
def read(view: Mapping[str, Any]) -> tuple[str, Use, int | None, Speaking | None]:
    """The channel of a form, the use and the program that were chosen, and when to speak, if the form asked for it."""
    program_id, key = ids.referred(str(view.get("private_metadata") or ""))
    channel, typed = ids.channel(key), Typed(view)
    if not channel:
        raise ids.Unreadable
    use, chosen = typed.choice(ids.CHANNEL_USE) or "", typed.choice(ids.CHANNEL_PROGRAM) or ""
    speaking = typed.choice(ids.CHANNEL_ANSWERING) if ids.CHANNEL_ANSWERING in typed else None
    when = next((one for one in SPEAKING if one == speaking), None)
    return channel, use if is_use(use) else "none", ids.row(chosen) or program_id, when


def preview(found: Foreseen, speaking: Speaking | None, note: str = "") -> Block:
    """What follows from the form, before it is saved; `note` (mrkdwn) stands above."""
    done, before = found.done, found.before
    lines = []
    if done.use == before.use and done.answering == before.answers and found.program_id in (before.program_id, None):
        lines.append("It is set like that already.")
    lines.append(sentence(done))
    if found.posts:
        lines.append(f"{counted(found.posts, 'planned post goes', 'planned posts go')} there from now on.")
    if found.missing:
        lines.append(f"No channel is set for {LABELS[before.use].lower()} then: what is meant for it is not said.")
    if done.use == "cohort" and before.use != done.use:
        lines.append("I ask you about everybody in it whom I don't know yet.")
    if done.use == "applicants" and before.use != done.use:
        lines.append("Everybody in it whom I don't know yet counts as an applicant from now on.")
    metadata = {
        "c": done.channel,
        "u": done.use,
        "p": found.program_id,
        "a": speaking,
        "s": before.seen,
    }
    return modal(
        ids.CHANNEL_SAVE_FORM,
        "What follows",
        [
            *([section(note)] if note else []),
            section("\n".join(f"• {one}" for one in lines)),
            context("You can undo this for a day."),
        ],
        submit="Save",
        close="Not now",
        metadata=json.dumps(metadata),
    )


@ids.reading()
def read_save(view: Mapping[str, Any]) -> tuple[str, Use, int | None, Speaking | None, str]:
    """The same from the form that shows what follows, and how the channel was set when it was seen."""
    about = json.loads(str(view["private_metadata"]))
    channel, use, said = ids.channel(str(about["c"])), str(about["u"]), about["a"]
    if not channel or not is_use(use):
        raise ids.Unreadable
    speaking = next((one for one in SPEAKING if one == said), None)
    return channel, use, int(about["p"]) if about["p"] is not None else None, speaking, str(about["s"])


def meanwhile(now: Setting) -> str:
    """Somebody else has set it since the form was opened."""
    return (
        f"Somebody has set this channel meanwhile. Now it is: {LABELS[now.use].lower()} · "
        f"{SPEAKS_SHORTLY[now.answers]}. Below is what follows from yours."
    )


def thanks(done: Assigned) -> Block:
    """What the form turns into."""
    blocks = [section(f"Saved. {sentence(done)}")]
    if done.number is not None:
        # The program stands on record with the change; the button names none.
        undo = button("Undo", ids.CHANGE_UNDO, ids.reference(done.program_id or 0, str(done.number)))
        blocks += [actions(undo), context("You can undo this for a day, here or under *Recent changes*.")]
    return modal(ids.CHANNEL_DONE, "Saved", blocks, close="Back")


def listing(found: Channels) -> Block:
    """Every channel of a program, with what it is for and who is in it."""
    blocks = [_line(one, found) for one in found.settings[:MOST_LISTED]]
    blocks += [
        section(
            f"*What is <#{one.channel}> for?* Until I know, I keep quiet there.",
            accessory=_change(one, found.program, "Say it…"),
        )
        for one in found.unset[:MOST_LISTED]
    ]
    for use in USES[:-1]:
        if all(one.use != use for one in found.settings):
            blocks.append(section(f":warning: No channel is set for {LABELS[use].lower()}. {INVITE}"))
    blocks.append(context("For another channel: open it in Slack and type `/invite @Convene`; I ask what it is for."))
    return modal(ids.CHANNEL_WINDOW, "Channels", distinct(blocks), metadata=ids.reference(found.program.id))


def _line(one: Setting, found: Channels) -> Block:
    words = [summary(one)]
    if one.channel in found.people:
        number, at = found.people[one.channel]
        words.append(f"{counted(number, 'person', 'people')} I know in it, as of {moment(at, found.program)}")
    return section("\n".join([*words, *shut(one), *warnings(one.exposed)]), accessory=_change(one, found.program))


def _change(one: Setting, program: Program, words: str = "Change…") -> Block:
    return button(words, ids.CHANNEL_CHANGE, ids.reference(program.id, one.channel), label=f"what #{one.name} is for")


def trouble(setting: Setting, program: Program, posts: int) -> Message:
    """To the facilitators, once: nothing can be said in a channel any more, and what helps."""
    assert setting.shut is not None
    where = f"<#{setting.channel}>"
    what = f"{where}, {PLACES[setting.use]} of {esc(program.name)}, {HAPPENED[setting.shut]}"
    waits = (
        f" {counted(posts, 'planned post waits', 'planned posts wait')} for it; each is refused when its time comes."
    )
    words = f"{what}, so I can post nothing there.{waits if posts else ''}"
    value = ids.reference(program.id, setting.channel)
    return Message(
        words,
        [
            section(words),
            section(f"*What helps:* {REMEDY[setting.shut]}"),
            actions(
                button("Change what it is for…", ids.CHANNEL_CHANGE, value),
                button("See all channels", ids.CHANNEL_LIST, ids.reference(program.id)),
            ),
        ],
    )


def line(change: Change, program: Program) -> Line:
    """A change of a channel, in the list of recent changes."""
    before, after = change.before or {}, change.after or {}
    name = str(after.get("name") or "")
    return Line(
        f"#{name}" if name else f"Channel {change.key}", "changed", _setting_words(before), _setting_words(after)
    )


def _setting_words(body: Mapping[str, Any]) -> str:
    use = str(body.get("use") or "none")
    return LABELS[use].lower() if is_use(use) else use


def _by(inviter: str | None) -> str:
    return f" by {mention(inviter)}" if inviter else ""


def _load() -> str:
    return "An admin of this workspace sets one up in my *Home* tab: *Set up a program*."
