"""Slack in: parse, one service, render."""
