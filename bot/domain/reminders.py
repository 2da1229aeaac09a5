"""When a program's events are announced, and where: every reminder that its rules and its events make together."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.notices import Notice, Planned, ToPurpose
from bot.domain.programs import HOMEWORK, Event, Offset, Program, ReminderRule, in_break

EVENT = "reminder.event"


def plan(program: Program) -> tuple[Planned, ...]:
    """Every reminder of every event, past ones included; what falls into a break is to be skipped, saying so.

    A key names program, event, channel and offset, never a time: an event that moves takes its reminders along. What
    was said already, of the time that it had then, is said again at its distance to the new one.
    """
    return tuple(_planned(program, *one) for one in _wanted(program))


def suits(event: Event, rule: ReminderRule) -> bool:
    """Whether an event is announced by a rule: its kind is meant, and its audience reads that channel.

    Facilitators read about everything; the others only about what is for them or for all.
    """
    return event.kind == rule.kind and (rule.to == "facilitators" or event.audience in ("all", rule.to))


def _wanted(program: Program) -> Iterator[tuple[Event, ReminderRule, Offset]]:
    for rule in program.reminders:
        if rule.kind == HOMEWORK:
            continue
        for event in program.events:
            if suits(event, rule):
                yield from ((event, rule, offset) for offset in rule.offsets)


def _planned(program: Program, event: Event, rule: ReminderRule, offset: Offset) -> Planned:
    due_at = offset.moment(event.starts_at, program.zone)
    notice = Notice(
        key=f"reminder:{program.id}:{event.key}:{rule.to}:{offset.key}",
        kind=EVENT,
        target=ToPurpose(rule.to),
        due_at=due_at,
        program_id=program.id,
        refs={"event": event.key, "starts": event.starts_at.isoformat()},
    )
    pause = in_break(program, due_at)
    return Planned(
        notice,
        f"break: {pause.name}" if pause else None,
        before=event.starts_at,
        again=f"{notice.key}:{event.starts_at:%Y%m%dT%H%MZ}",
    )
