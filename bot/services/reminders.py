"""Event reminders in the ledger: planned again whenever the program changes."""

from __future__ import annotations

from bot.domain.reminders import EVENT, plan
from bot.services.planning import Feature

FEATURE = Feature("reminders", (EVENT,), lambda _, program: plan(program))
