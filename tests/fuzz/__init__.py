"""Payloads as nobody should send them, signed as Slack signs them, and what must hold whatever they are."""
