"""A small made-up program whose dates a test sets itself."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.programs import (
    AnswerBy,
    Contact,
    Event,
    EventKind,
    Home,
    Offset,
    Program,
    Purpose,
    ReminderRule,
    Welcome,
    parse_offset,
)

CHICAGO = "America/Chicago"


def there(wall: str, zone: str = CHICAGO) -> datetime:
    """A wall time, as a moment in UTC."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def clock(moment: datetime, zone: str = CHICAGO) -> str:
    """A moment on the wall clock of a zone, with its distance to UTC."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}"


def event(key: str, starts: str, ends: str | None = None, *, kind: EventKind = "convening", **more: Any) -> Event:
    """An event by its wall times in St. Louis."""
    more.setdefault("title", key.replace("-", " ").capitalize())
    return Event(key=key, kind=kind, starts_at=there(starts), ends_at=there(ends) if ends else None, **more)


def rule(kind: EventKind, to: Purpose, *offsets: str) -> ReminderRule:
    """A reminder rule, its offsets as they stand in a file."""
    made: tuple[Offset, ...] = tuple(parse_offset(one) for one in offsets)
    return ReminderRule(key=f"{kind}-{to}", kind=kind, to=to, offsets=made)


def program(*events: Event, **more: Any) -> Program:
    """The program around some events; `more` are fields of Program."""
    return Program(
        slug="riverside",
        name="Riverside",
        summary="Ten programs learn together.",
        zone=CHICAGO,
        place="St. Louis",
        language="en",
        organizer="Riverside",
        facilitators=("Riverside",),
        contact=Contact("Mara", "mara@example.org"),
        answer_by=AnswerBy("by noon on the next working day", 1, time(12)),
        home=Home("About."),
        welcome=Welcome("I answer.", "You decide.", "Tell me to stop."),
        events=events,
        id=1,
        revision=3,
        **more,
    )
