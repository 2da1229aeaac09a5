"""What both engines have to do with a backup that is put back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.backup import refuse
from bot.domain.notices import RESTORED
from storage import migrations, notices


def known(revision: str | None) -> str:
    """The shape of a backup. Raises BackupError when it has none, or one that this Convene does not know."""
    if revision is None:
        raise refuse("not a backup")
    if revision not in migrations.revisions():
        raise refuse("newer")
    return revision


def put_aside(session: Session, taken_at: datetime, now: datetime) -> int:
    """Skip every notice that is due by now or was on its way: it was said since, for all that anybody knows."""
    return notices.put_aside(session, f"{RESTORED} {taken_at:%Y-%m-%d %H:%M} UTC", now)
