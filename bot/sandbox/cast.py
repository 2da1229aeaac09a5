"""The people and rooms that the sandbox starts with: made up, few, and one of every kind."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Role
from bot.sandbox.interface import Person, Room

CENTRAL = "America/Chicago"


@dataclass(frozen=True)
class Part:
    """What one of the people is in the program."""

    user: str
    role: Role
    organization: str | None = None


def _person(user: str, name: str, real_name: str, role: str, tz: str = CENTRAL, **more: bool) -> Person:
    email = f"{name.lower()}@example.org"
    return Person(
        id=user,
        name=name,
        real_name=real_name,
        role=role,
        guest=more.get("guest", False),
        tz=tz,
        email=email,
        is_admin=more.get("is_admin", False),
    )


def people() -> tuple[Person, ...]:
    """Everybody in the workspace besides the bot."""
    return (
        _person("U0ADA0001", "ada", "Ada Okafor", "applicant"),
        _person("U0TOMAS01", "tomas", "Tomás Rivera", "participant"),
        _person("U0PRIYA01", "priya", "Priya Nair", "participant"),
        _person("U0LENA001", "lena", "Lena Fischer", "participant", guest=True),
        _person("U0KOFI001", "kofi", "Kofi Mensah", "participant", tz="America/New_York"),
        _person("U0JUNE001", "june", "June Park", "coach"),
        _person("U0FAY0001", "fay", "Fay Whitaker", "facilitator"),
        _person("U0ALEX001", "alex", "Alex Romero", "admin", is_admin=True),
        _person("U0SAM0001", "sam", "Sam Lee", "stranger", tz="America/Denver"),
    )


def parts() -> tuple[Part, ...]:
    """Who is what in the program; Sam is nobody yet."""
    return (
        Part("U0ADA0001", "applicant"),
        Part("U0TOMAS01", "participant", "Bright Labs"),
        Part("U0PRIYA01", "participant", "Bright Labs"),
        Part("U0LENA001", "participant", "River Robotics"),
        Part("U0KOFI001", "participant", "Gateway Makers"),
        Part("U0JUNE001", "coach"),
        Part("U0FAY0001", "facilitator"),
        Part("U0ALEX001", "admin"),
    )


def rooms() -> tuple[Room, ...]:
    """The channels; the last one is without the bot, to see what it says there."""
    staff = ("U0FAY0001", "U0JUNE001", "U0ALEX001")
    cohort = ("U0TOMAS01", "U0PRIYA01", "U0LENA001", "U0KOFI001", *staff)
    everybody = tuple(person.id for person in people() if not person.guest)
    return (
        Room("C0APPLY01", "applicants", "Questions about applying, answered here", False, ("U0ADA0001", *staff)),
        Room("C0COHORT1", "cohort", "Convenings, homework and what we learn", False, cohort),
        Room("C0FACIL01", "facilitators", "For facilitators, coaches and the admin", True, staff),
        Room(
            "C0GENERAL",
            "general",
            "For everybody; bring the bot in with /invite @Convene",
            False,
            everybody,
            bot_in=False,
        ),
    )


PURPOSES = {"C0APPLY01": "applicants", "C0COHORT1": "cohort", "C0FACIL01": "facilitators"}
"""What the bot has been told of the channels."""
