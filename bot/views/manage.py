"""*Manage*: everything that those who run a program can do there, a line and a button each.

Each feature adds its line to `ENTRIES`, below the others of its group. What a button opens takes the place of this
menu, so that three windows stay for it: Slack holds no more of them above each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from bot.domain.manage import Managing
from bot.domain.messages import Block
from bot.domain.people import NotAllowed, Role, Viewer
from bot.views import ids, refusals
from bot.views.blocks import button, context, distinct, esc, modal, section

Group = Literal["Dates and homework", "Answers", "People", "Channels and messages", "The program"]
RUN_IT: tuple[Role, ...] = ("facilitator", "admin")


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `label` stands on the button, `about` says what it does; its value names the program.

    It is there for those who hold one of `roles`, and, where `workspace` says so, for the workspace's own admin, who
    may hold none.
    """

    group: Group
    label: str
    about: str
    action_id: str
    roles: tuple[Role, ...] = RUN_IT
    workspace: bool = False


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "Channels and messages",
        "Hold posts",
        "Keep everything back for a while, or one channel, and let it go out again",
        ids.HOLD_OPEN,
    ),
    Entry("The program", "Practice and live", "Whether people are spoken to", ids.MODE_OPEN, workspace=True),
    Entry("The program", "Samples", "What is made up, each with Fill in", ids.SAMPLE_LIST, workspace=True),
    Entry("The program", "Change…", "Anything: dates, homework, answers, reminders, words", ids.CHANGE_OPEN),
    Entry("The program", "Recent changes", "Who has changed what, with Undo for a day", ids.CHANGE_RECENT),
    Entry("Dates and homework", "Change a date", "Another time for a date or for homework", ids.MOVE_OPEN),
    Entry("Dates and homework", "See all dates", "What is on the calendar, with files for it", ids.DATES_OPEN),
    Entry("Dates and homework", "See the homework", "Who has handed in, and reminding the others", ids.HOMEWORK_OPEN),
    Entry("Answers", "Change an answer", "Its words, its source, until when it holds", ids.ENTRY_PICK),
    Entry(
        "Answers",
        "Note a question",
        "One that somebody asked you elsewhere",
        ids.QUESTION_LOG,
    ),
    Entry("Answers", "Documents", "What I quote from besides the answers, and removing it", ids.DROP_LIST),
    Entry("The program", "Copy this program", "Another year: its words, its dates at another start", ids.SETUP_COPY),
    Entry("The program", "Set up another one", "A further program here", ids.SETUP_OPEN, (), workspace=True),
    Entry("People", "People", "Who takes part, for whom, and changing it", ids.PEOPLE_LIST, workspace=True),
    Entry("People", "Organizations", "Their names, and those that have left", ids.ORGANIZATION_LIST, workspace=True),
    Entry("People", "Who I may not reach", "Who reads nothing of mine, and what helps", ids.REACH_OPEN, workspace=True),
    Entry("People", "View as…", "The Home as somebody else sees it", ids.VIEW_AS_OPEN, workspace=True),
    Entry(
        "Channels and messages",
        "Channels",
        "What each is for, and when I speak there",
        ids.CHANNEL_LIST,
        workspace=True,
    ),
)


def window(found: Managing) -> Block:
    """The menu, by groups."""
    program = found.viewer.of_program
    blocks = [context(f"{esc(program.name)}: what you can look after here.")]
    for group in get_args(Group):
        blocks += _group(group, found.viewer)
    return modal(ids.MANAGE_WINDOW, "Manage", distinct(blocks))


def seen_by(viewer: Viewer) -> tuple[Entry, ...]:
    """The lines that concern somebody."""
    return tuple(one for one in ENTRIES if viewer.has(*one.roles) or (one.workspace and viewer.workspace_admin))


def opener(program_id: int) -> Block:
    """The button to the menu."""
    return button(
        "Manage…", ids.MANAGE_OPEN, ids.reference(program_id), label="Manage dates, answers, people, channels"
    )


def refusal(refused: NotAllowed) -> str:
    """Who can."""
    return refusals.not_allowed(refused, "change things here")


def _group(group: Group, viewer: Viewer) -> Iterator[Block]:
    lines = [one for one in seen_by(viewer) if one.group == group]
    if lines:
        yield section(f"*{group}*")
    for one in lines:
        value = ids.reference(viewer.of_program.id)
        yield section(one.about, accessory=button(one.label, one.action_id, value, label=f"{one.label}: {one.about}"))
