"""Faults: the bot's real processes against a Slack, a clock and a database that misbehave, and what came of it."""
