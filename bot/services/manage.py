"""Whether somebody runs the program that they want to look after."""

from __future__ import annotations

from sqlmodel import Session

from bot.domain.manage import Managing
from bot.domain.people import NotAllowed, Viewer
from bot.services import people


def opened(*, session: Session, viewer: Viewer) -> Managing | NotAllowed:
    """Everything that those who run a program can do, for one of them."""
    if viewer.program is None or not viewer.runs_it:
        return people.not_allowed(session, viewer)
    return Managing(viewer)
