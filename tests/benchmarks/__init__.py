"""Figures, printed and never asserted by a timer: `python -m tests.benchmarks`."""

import bot.matching  # noqa: F401 - before numpy, which takes from it that it has one core, as in the bot
