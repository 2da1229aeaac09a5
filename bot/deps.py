"""What the edges are given: built once, by bot/app.py, and passed by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.config import Settings
from bot.services.drafts_keeper import Keeper
from bot.services.faq import FaqIndexes
from bot.services.programs import Programs
from bot.slack import Slack
from bot.views.commands import Command
from storage.database import Database


@dataclass(frozen=True)
class Deps:
    """The clock of the story, the database, Slack, the programs as last read, and their questions ready to be found.

    `drafts` writes what people are typing.
    """

    settings: Settings
    clock: Clock
    db: Database
    slack: Slack
    programs: Programs
    commands: tuple[Command, ...] = ()
    faq: FaqIndexes = field(default_factory=FaqIndexes)
    drafts: Keeper = field(default_factory=Keeper)
