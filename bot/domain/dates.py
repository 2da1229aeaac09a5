"""Whose dates are whose: what somebody is shown of a program's calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.people import Viewer, audiences
from bot.domain.programs import Audience, Event, Milestone, Program, next_events
from bot.domain.rsvps import Answers, may_say


@dataclass(frozen=True)
class Agenda:
    """What lies ahead for somebody: dated events, soonest first, and what is dated only in words.

    `stranger`: they have no part in the program, and see what anybody who thinks of applying may know. `moves`: they
    may give a date another time. `asks`: they are asked whether they come; `names`: they see who does;
    `answers` is what was said to that.
    """

    program: Program
    events: tuple[Event, ...]
    milestones: tuple[Milestone, ...]
    audiences: tuple[Audience, ...]
    zone: str | None = None
    stranger: bool = False
    moves: bool = False
    asks: bool = False
    names: bool = False
    answers: Answers = field(default_factory=Answers)


def concern(viewer: Viewer) -> tuple[Audience, ...]:
    """Whose dates somebody sees: those of their roles; who waits to be confirmed, the cohort's; else applicants'."""
    return audiences(viewer.roles) or (("cohort",) if viewer.pending else ("applicants",))


def agenda(viewer: Viewer, program: Program, now: datetime, answers: Answers | None = None) -> Agenda:
    """What lies ahead for somebody at `now`, what is under way included.

    What is dated only in words comes along where the program has no other dates to offer, to anybody.
    """
    seen = concern(viewer)
    dated = bool(next_events(program, now))
    return Agenda(
        program=program,
        events=next_events(program, now, audiences=seen),
        milestones=() if dated else program.milestones,
        audiences=seen,
        zone=viewer.zone,
        stranger=not viewer.roles and not viewer.pending,
        moves=viewer.has("facilitator", "admin"),
        asks=may_say(viewer),
        names=viewer.has("facilitator"),
        answers=answers or Answers(),
    )
