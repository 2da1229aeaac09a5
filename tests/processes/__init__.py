"""Convene as a host runs it: processes of their own, with a local Slack and a real database."""
