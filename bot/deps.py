"""What the edges are given: built once, by bot/app.py, and passed by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.config import Settings
from bot.services.drafts_keeper import Keeper
from bot.services.faq import FaqIndexes
from bot.services.find import FindIndexes
from bot.services.programs import Programs
from bot.services.setup_begin import Templates
from bot.slack import Slack
from bot.views.commands import Command
from storage.database import Database


@dataclass(frozen=True)
class Deps:
    """The clock of the story, the database, Slack, the programs as last read, and their questions ready to be found.

    `drafts` writes what people are typing; `templates` are what a program can be started from.
    """

    settings: Settings
    clock: Clock
    db: Database
    slack: Slack
    programs: Programs
    commands: tuple[Command, ...] = ()
    faq: FaqIndexes = field(default_factory=FaqIndexes)
    drafts: Keeper = field(default_factory=Keeper)
    find: FindIndexes = field(default_factory=FindIndexes)
    templates: Templates = field(default_factory=Templates)
