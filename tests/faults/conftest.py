"""Starters of processes, databases with the cohort in them, and a local Slack: those of tests/processes."""

from __future__ import annotations

from tests.processes.conftest import file_url, server_url, slack_over_http, start

__all__ = ["file_url", "server_url", "slack_over_http", "start"]
