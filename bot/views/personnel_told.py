"""What people are told of a change of their part: who goes, who comes, who is back, whose change was taken back."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Message
from bot.domain.people import Viewer
from bot.domain.programs import Program
from bot.views import ids, refusals
from bot.views.blocks import actions, button, context, esc, section
from bot.views.welcome import next_date, standing


def replaced(name: str, organization: str, program: Program) -> Message:
    """To somebody who goes: who takes over, and that nothing is lost."""
    for_whom = f" for {esc(organization)}" if organization else ""
    words = (
        f"Thank you for your time in {esc(program.name)}! {name} takes over from you{for_whom}, "
        "so I don't write to you about it any more."
    )
    kept = "What you handed in stays the organization's, and what you wrote stays readable to whom you wrote it."
    mistake = f"Is this a mistake? Write to {refusals.contact(program)}."
    return Message(words, [section(words), section(kept), context(mistake)])


def takes_over(viewer: Viewer, name: str, now: datetime) -> Message:
    """To somebody who comes: what they are, since whom, and what is next."""
    program = viewer.of_program
    words = f"Welcome to {esc(program.name)}! You take over from {name}. {standing(viewer)}"
    value = ids.reference(program.id)
    buttons = [button("See the dates", ids.DATES_OPEN, value, style="primary")]
    if viewer.has("participant", "coach", "facilitator", "admin"):
        buttons.append(button("See the homework", ids.HOMEWORK_OPEN, value))
    buttons.append(button("Ask a question", ids.ASK_OPEN, value))
    return Message(
        words,
        [
            section(words),
            section(f"*Who reads what*\n{esc(program.welcome.readers)}"),
            section(f"*Your next date*\n{next_date(viewer, now)}"),
            actions(*buttons),
            context("Everything I can do is also under *Home*, at the top of this conversation."),
        ],
    )


def back(viewer: Viewer, now: datetime) -> Message:
    """To somebody who takes part again."""
    program = viewer.of_program
    words = f"Good to have you back! {standing(viewer)}"
    return Message(
        words,
        [
            section(words),
            section(f"*Your next date*\n{next_date(viewer, now)}"),
            actions(button("See the dates", ids.DATES_OPEN, ids.reference(program.id))),
        ],
    )


def undone(viewer: Viewer) -> Message:
    """To somebody who was told something that was taken back since."""
    program = viewer.of_program
    now = standing(viewer) if viewer.roles else f"You do not take part in {esc(program.name)} now."
    words = f"What I wrote about your part in {esc(program.name)} was taken back. {now}"
    return Message(words, [section(words)])
