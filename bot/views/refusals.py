"""What is said when something cannot be done: always with who can do it, or what to do instead.

All of it is mrkdwn but for the last paragraph, which stands under the fields of forms, where there is no markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.messages import Block
from bot.domain.people import Member, NotAllowed
from bot.domain.programs import Program
from bot.views.blocks import esc, link, marked, mention, modal, section
from bot.views.failures import first_input
from bot.views.words import ENGLISH, Words

SORRY = "refusal"


def sorry(words: str) -> Block:
    """A sentence as a modal: the one answer that a button can give on every surface."""
    return modal(SORRY, "Convene", [section(words)])


def contact(program: Program, words: Words = ENGLISH) -> str:
    """The program's contact, with the address to click, if there is one."""
    who = program.contact
    if not who.email:
        return esc(who.name)
    address = link(f"mailto:{who.email}", who.email)
    return f"{esc(who.name)}, {marked(address, who.sample, words.sample)}"


def contact_plainly(program: Program, words: Words = ENGLISH) -> str:
    """The same as plain words."""
    if not program.contact.email:
        return program.contact.name
    return f"{program.contact.name}, {marked(program.contact.email, program.contact.sample, words.sample)}"


def named(who: Sequence[Member]) -> str:
    """People by their mentions, or by name as long as Slack does not know them; empty for nobody."""
    words = [mention(one.user) if one.user else esc(one.name) for one in who]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" or {words[-1]}" if words else ""


def not_allowed(refused: NotAllowed, doing: str) -> str:
    """Something that those who run a program do; `doing` as below."""
    return no_program() if refused.program is None else only_facilitators(refused.program, refused.facilitators, doing)


def only_facilitators(program: Program, facilitators: Sequence[Member], doing: str = "do this") -> str:
    """Something that facilitators do; `doing` completes "Only the facilitators can …"."""
    names = named(facilitators)
    ask = f"Ask {names}" if names else f"Write to {contact(program)}"
    return f"Only the facilitators of {esc(program.name)} can {doing}. {ask}; it takes them a minute."


def only_cohort(program: Program, facilitators: Sequence[Member], doing: str = "do this") -> str:
    """Something that participants and coaches do."""
    names = named(facilitators)
    who = f"{names} can add you to the list" if names else f"Write to {contact(program)} to be added to the list"
    return f"The participants and coaches of {esc(program.name)} can {doing}. {who}."


def not_in_program(program: Program) -> str:
    """For a stranger."""
    return (
        f"You are not in {esc(program.name)} yet, as far as I know. "
        f"Write to {contact(program)}; asking me a question works for everybody."
    )


def pending(program: Program, facilitators: Sequence[Member]) -> str:
    """For somebody whom the facilitators have not confirmed yet."""
    names = named(facilitators) or contact(program)
    return f"You are on the list of {esc(program.name)}, and not confirmed yet. {names} can do that in a minute."


def left(program: Program) -> str:
    """For somebody who took part once."""
    return (
        f"You have left {esc(program.name)}, so I keep what you wrote and take nothing new. "
        f"If that is a mistake, write to {contact(program)}."
    )


def no_program() -> str:
    """When no program is there, or when it cannot be told which one is meant."""
    return (
        "I cannot tell which program you mean. Ask again in that program's channel; "
        "if there is no program yet, an admin of this workspace sets one up in my *Home* tab."
    )


def too_old() -> str:
    """For a button whose matter is gone."""
    return "What this button was for is no longer there. Open my *Home* tab to see how things stand now."


def under_first_field(words: str | None, view: Mapping[str, Any]) -> dict[str, str]:
    """A refusal where the words that were typed stay in view; None when the form's program is gone."""
    words = words or "The program of this form is no longer there."
    return {first_input(view["blocks"]): f"{words} Your words are still here: copy them before you close this."}


def helper(program: Program, facilitators: Sequence[Member]) -> str:
    """Who can help, by name."""
    email = program.contact.email
    contact = f"{program.contact.name} ({email})" if email else program.contact.name
    return ", ".join(one.name for one in facilitators) or contact


def pending_plainly(program: Program, who: str) -> str:
    """For somebody whom the facilitators have not confirmed yet."""
    return f"You are not confirmed in {program.name} yet. {who} can do that."


def left_plainly(program: Program, who: str) -> str:
    """For somebody who took part once."""
    return f"You have left {program.name}, so nothing new is taken. If that is a mistake, ask {who}."
