"""What a person is told when something went wrong on the bot's side."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.messages import Payload


def unexpected(number: str) -> str:
    """Something nobody foresaw."""
    return (
        "Something went wrong on my side, and this was not done. Please try once more; "
        f"if it happens again, give the facilitators this number: {number}."
    )


def busy(number: str) -> str:
    """The database did not answer in time."""
    return f"Not saved yet: I am very busy. Your words are still here; please press again. (Number {number})"


def first_input(blocks: Sequence[Payload]) -> str:
    """The block id under which an error can be shown in a form."""
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), "")
