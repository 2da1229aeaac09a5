"""What a channel is for: the question, the form, and what follows from the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bot.domain.channels import USES, Answering, Assigned, Exposure, NotAllowed, Setting, Use, is_use
from bot.domain.messages import Block, Message
from bot.views import ids, refusals
from bot.views.blocks import (
    actions,
    button,
    context,
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
    only = programs[0][0] if len(programs) == 1 else setting.program_id or 0
    metadata = ids.reference(only, setting.channel)
    return modal(ids.CHANNEL_FORM, "Channel", blocks, submit="Save", close="Not now", metadata=metadata)


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


def thanks(done: Assigned) -> Block:
    """What the form turns into."""
    return modal(ids.CHANNEL_DONE, "Saved", [section(sentence(done))])


def _by(inviter: str | None) -> str:
    return f" by {mention(inviter)}" if inviter else ""


def _load() -> str:
    return "The administrator loads one with `convene program load FILE`, then opens my *Home* tab."
