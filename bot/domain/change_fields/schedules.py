"""Weekdays and a time, as a cron rule says them."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.domain.change_fields.fields import Body, Codec, Field, each_line
from bot.domain.programs import parse_clock

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
WEEKDAYS = tuple((day.lower(), name) for day, name in zip(DAYS, (
    "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"), strict=True))  # fmt: skip
_CRON = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\S+)")


def days_of(cron: str) -> tuple[tuple[str, ...], str]:
    """The weekdays and the time of a schedule; nothing where it is of another kind."""
    found = _CRON.fullmatch(cron)
    days: set[int] = set()
    for part in found[3].upper().split(",") if found else ():
        first, _, last = part.partition("-")
        numbers = [_day_number(one) for one in ((first, last) if last else (first, first))]
        if part == "*":
            numbers = [0, 6]
        if None in numbers:
            return (), ""
        begin, end = (one or 0 for one in numbers)
        days |= set(range(begin, end + 1)) if begin <= end else {*range(begin, 7), *range(end + 1)}
    if not found or not days:
        return (), ""
    return tuple(DAYS[day].lower() for day in sorted(days)), f"{int(found[2]):02}:{int(found[1]):02}"


def _day_number(word: str) -> int | None:
    if word in DAYS:
        return DAYS.index(word)
    return (int(word) - 1) % 7 if word in "01234567" and len(word) == 1 else None


def _cron(days: Collection[str], time: str) -> str:
    numbers = sorted(DAYS.index(day.upper()) for day in days)
    run = len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
    names = f"{DAYS[numbers[0]]}-{DAYS[numbers[-1]]}" if run else ",".join(DAYS[one] for one in numbers)
    clock = parse_clock(time)
    return f"{clock.minute} {clock.hour} * * {names}"


def _shown_cron(field: Field, body: Body) -> str:
    days, time = days_of(str(body.get("cron") or ""))
    return "\n".join(days) if field.name == "days" else time


def _put_cron(field: Field, body: Body, text: str, was: Body) -> None:
    days, time = days_of(str(body.get("cron") or ""))
    if not text:
        return
    if field.name == "days":
        body["cron"] = body["cron"] if tuple(each_line(text)) == days else _cron(each_line(text), time or "08:00")
    elif text != time:
        body["cron"] = _cron(days or ("mon",), text)


SCHEDULE = Codec(_shown_cron, _put_cron)
