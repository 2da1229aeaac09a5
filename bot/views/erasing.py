"""What is said about erasing a person, and where their words were."""

from __future__ import annotations

from bot.domain.erasing import NoSuchPerson, Theirs

ERASED_WORDS = "What was written here was erased, with all that was known of who wrote it."
"""Where somebody's words were, for those who could read them."""


def nobody(found: NoSuchPerson, who: str) -> tuple[str, ...]:
    """That nobody, or more than one, is known by an address or id."""
    if found.several:
        return (f"Several people are known as {who}.", "Give the Slack member id (U…) of the one you mean.")
    return (f"Nobody is known as {who}.", "Who is: convene people list")


def theirs(found: Theirs) -> tuple[str, ...]:
    """What will be erased, in figures."""
    counts = (
        _count(found.reflections, "reflection"),
        _count(found.checkins, "check-in"),
        _count(found.questions, "question"),
        _count(found.answers, "answer to others", "answers to others"),
        _count(found.drafts, "draft"),
    )
    return (
        f"{found.called}: name, e-mail address and Slack id, {', '.join(counts)}.",
        "The words go, with every earlier version. What stays: that something was handed in, met about, asked or "
        "answered, for which organization and when; minutes of meetings; entries of the program that came of them.",
    )


def erased() -> tuple[str, ...]:
    """What is done, and what only a person can do."""
    return (
        "Erased. Their posts to the cohort are withdrawn and their receipts emptied when Convene next sends.",
        "What stands in Slack otherwise is Slack's: delete there what names them, such as a digest or a thread.",
        "Backups and exports made before still hold their words: delete those, or erase again after a restore.",
        "If the program's file names them (contact, owner, verified by), change it there.",
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
