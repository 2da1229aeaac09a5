"""What became of a backup, in words for whoever runs the bot."""

from __future__ import annotations

from pathlib import Path

from bot.domain.backup import NotSound, Refused, Restored, Taken, Why
from bot.views import verify

STOP = "Stop Convene first (`convene run`, or every `web` and `worker`); then try again."
_INSTALL = "They come with PostgreSQL's client, for example: apt-get install postgresql-client"
_WHY: dict[Why, tuple[str, str]] = {
    "there already": ("{file} is there already.", "Choose another name, or replace it with --force."),
    "no folder": ("There is no folder {detail}.", "Make it, or choose another."),
    "is the database": ("{file} is the database itself.", "Choose another name, best on another disk."),
    "cannot be written": (
        "It cannot be written: {detail}.",
        "Nothing was changed. Make room, or go elsewhere.",
    ),
    "nothing in it": ("There is no Convene database yet: nothing to keep.", "To make one: convene db upgrade"),
    "not there": ("{file} is not there.", "Give the path of a file that `convene db backup` has written."),
    "cannot be read": ("{file} cannot be read: {detail}.", "Give the path of a file that you may read."),
    "not a backup": ("{file} is no backup of a Convene database.", "Give a file that `convene db backup` has written."),
    "of the other engine": (
        "{file} is a backup of a {detail} database, and DATABASE_URL names the other kind.",
        "Restore it into a database of its own kind.",
    ),
    "of another schema": (
        "{file} is a backup of the schema {detail}, and DATABASE_URL leads to another one.",
        "Restore it with an address that leads to that schema.",
    ),
    "newer": ("{file} was made by a newer Convene.", "Install that version or a later one, then restore."),
    "holds data": (
        "There is something in the database already.",
        "To put the backup in its place: convene db restore FILE --replace",
    ),
    "running": ("Convene, or another program, is at work in this database.", STOP),
    "busy": ("The database cannot be had: {detail}.", "Try again in a minute."),
    "no tool": ("{detail} is not installed here; PostgreSQL is backed up with it.", _INSTALL),
    "old tool": (
        "This is too old for the server: {detail}.",
        "Install the client of the server's version, for example: apt-get install postgresql-client-16",
    ),
    "not taken": (
        "The server does not take what is in {file} ({detail}).",
        "Nothing was changed. Try an earlier backup.",
    ),
    "tool failed": ("PostgreSQL's own program says: {detail}", "Nothing was changed."),
}
RESENT = "Nothing was put aside: what is due is said at the next start."


def refused(outcome: Refused, file: Path) -> tuple[str, ...]:
    """What is wrong, and what to do."""
    return tuple(one.format(file=file, detail=outcome.detail) for one in _WHY[outcome.why])


def not_sound(outcome: NotSound, what: str, done: str) -> tuple[str, ...]:
    """What does not hold together; `what` was looked at, and `done` says what was not done because of it."""
    found = outcome.report.faults
    return (f"{what} does not hold together:", *(f"  {one}" for one in verify.faults(found)), done)


def taken(outcome: Taken) -> tuple[str, ...]:
    """That a backup was made and looked at."""
    size = f"{max(1, round(outcome.bytes / 1024)):,} KiB"
    if not outcome.report.current:
        return (
            f"Saved as {outcome.file} ({size}).",
            f"The database has an older shape ({outcome.report.revision}): all of it is looked at when it is restored.",
        )
    return (
        f"Saved as {outcome.file} ({size}), and looked at: it holds together.",
        verify.contents(outcome.report.contents),
    )


def restored(outcome: Restored) -> tuple[str, ...]:
    """What is in place now, and what that means for people."""
    lines = [f"Restored the backup of {outcome.taken_at:%Y-%m-%d %H:%M} UTC. It holds together."]
    if outcome.upgraded_from is not None:
        lines.append(f"It had an older shape ({outcome.upgraded_from}) and was brought up to date.")
    lines.append(verify.contents(outcome.report.contents))
    if outcome.kept is not None:
        lines.append(f"What was there before is kept as {outcome.kept}.")
    lines.append(
        "What people handed in after that is not in it, and its receipt numbers will be given out again: tell them."
    )
    lines.append("Whoever was erased since the backup is in it again: erase them again.")
    return tuple(lines)


def put_aside(count: int, resend: bool) -> str:
    """What became of the notices that were due by then."""
    if resend:
        return RESENT
    if count == 0:
        return "No notice was due since then."
    notices = "1 notice was" if count == 1 else f"{count:,} notices were"
    return (
        f"{notices} due since then. They are put aside, as they have been said already if the bot was running. "
        "If it was not, restore again with --replace --resend."
    )
