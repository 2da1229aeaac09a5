"""What a person is told when something went wrong on the bot's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.messages import Payload
from bot.views.words import ENGLISH, LANGUAGES, of


def unexpected(number: str) -> str:
    """Something nobody foresaw."""
    return (
        "Something went wrong on my side, and this was not done. Please try once more; "
        f"if it happens again, give the facilitators this number: {number}."
    )


def busy(number: str) -> str:
    """The database did not answer in time."""
    return f"I am very busy, so this was not done. Please try again in a minute. (Number {number})"


def not_saved(number: str, language: str = "en") -> str:
    """The same for a form, which still has what was typed into it: nothing claims to be saved that is not."""
    return of(language).not_saved.format(number=number)


def language(view: Mapping[str, Any]) -> str:
    """The language (`en`, `es`) of a form, by its button."""
    button = (view.get("submit") or {}).get("text")
    return next((one.language for one in LANGUAGES.values() if one.form_button == button), ENGLISH.language)


def slack_away(number: str) -> str:
    """Slack itself could not be reached from here."""
    return f"I could not reach Slack just now, so this was not done. Please try again in a minute. (Number {number})"


def too_late(number: str) -> str:
    """A form can be opened for three seconds after a click, and they had passed."""
    return f"That took me too long, and Slack no longer let me open it. Please press once more. (Number {number})"


def unknown() -> str:
    """A button or a form of a message that is older than what the bot knows today."""
    return "I no longer know this one: it is from an earlier version of me. What I can do now: /convene help"


def unreadable() -> str:
    """A form that was open while the bot was renewed, and is not the one it knows today."""
    return (
        "I cannot read this form any more: it is from an earlier version of me. "
        "Copy your words, close it, and open it once more."
    )


def elsewhere() -> str:
    """The app was put into a second workspace, and nobody set it up there."""
    return (
        "Convene is not set up in this workspace; it serves another one. "
        "Whoever added it here can remove it, or run a Convene of their own."
    )


def first_input(blocks: Sequence[Payload]) -> str:
    """The block id under which an error can be shown in a form; empty where nothing is filled in."""
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), "")
