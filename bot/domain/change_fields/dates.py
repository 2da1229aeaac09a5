"""Dates as they are changed: convenings, office hours, deadlines and whatever else has a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from bot.domain.change_fields.fields import AUDIENCES, LABEL, TEXT, WHOSE, Body, Codec, Field, as_number, sample
from bot.domain.change_fields.repeats import MOST_REPEATS, REPEATS
from bot.domain.programs import Program

EVENTS = (
    ("convening", "Convening"),
    ("office_hours", "Office hours"),
    ("coaching", "Coaching"),
    ("webinar", "Webinar"),
    ("deadline", "Deadline"),
    ("selection", "News of the selection"),
    ("announcement", "Announcement"),
    ("other", "Something else"),
)


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields. What is `new` is asked how often it takes place; `program` is not looked at."""
    again = "Repeat it" if new else "Repeat it after this one"
    return (
        Field("title", "Title", "line", most=LABEL),
        Field("kind", "What it is", "choice", choices=EVENTS),
        Field("day", "Day", "day", ("starts",), codec=DAY),
        Field("starts", "Starts at", "time", ("starts",), codec=TIME, help=WHOSE),
        Field("ends", "Ends at", "time", ("ends",), codec=_END, optional=True, help="Leave it empty for a deadline."),
        Field("last", "Last day, if it is another", "day", ("ends",), codec=_END_DAY, optional=True),
        Field("audience", "Whom it concerns", "choice", choices=AUDIENCES, default="all"),
        Field("link", "Link to join", "url", optional=True),
        *sample(body, "the link", "link_sample", ("link",)),
        Field("place", "Place", "line", optional=True),
        Field("prep", "To prepare", "text", optional=True, most=TEXT),
        Field("source", "Where it stands", "line", optional=True),
        *sample(body, "the date"),
        Field("repeat", again, "choice", optional=True, choices=REPEATS, codec=NOT_KEPT),
        Field("until", "Repeat until", "day", optional=True, codec=NOT_KEPT, help="Or say below how many times."),
        Field(
            "times",
            "How many times",
            "number",
            optional=True,
            most=MOST_REPEATS,
            codec=NOT_KEPT,
            help="This one counts. Breaks are left out.",
        ),
    )


def _shown_day(field: Field, body: Body) -> str:
    return str(field.at(body) or "")[:10]


def _put_day(field: Field, body: Body, text: str, was: Body) -> None:
    body[field.path[0]] = f"{text} {str(body.get(field.path[0]) or '')[11:] or '00:00'}"


def _shown_time(field: Field, body: Body) -> str:
    return str(field.at(body) or "")[11:].rjust(5, "0") if field.at(body) else ""


def _put_time(field: Field, body: Body, text: str, was: Body) -> None:
    body[field.path[0]] = f"{str(body[field.path[0]])[:10]} {text}"


def _put_end(field: Field, body: Body, text: str, was: Body) -> None:
    body.pop("ends", None)
    if text:
        body["ends"] = f"{str(body['starts'])[:10]} {text}"


def _shown_end_day(field: Field, body: Body) -> str:
    end = str(body.get("ends") or "")[:10]
    return end if end != str(body.get("starts") or "")[:10] else ""


def _put_end_day(field: Field, body: Body, text: str, was: Body) -> None:
    """The last day of what goes on for longer; where that was not touched, it moves along with the first one."""
    if not text or "ends" not in body:
        return
    day = date.fromisoformat(text)
    if text == _shown_end_day(field, was) and was.get("starts"):
        day += date.fromisoformat(str(body["starts"])[:10]) - date.fromisoformat(str(was["starts"])[:10])
    body["ends"] = f"{day} {str(body['ends'])[11:]}"


DAY, TIME = Codec(_shown_day, _put_day), Codec(_shown_time, _put_time)
_END, _END_DAY = Codec(_shown_time, _put_end), Codec(_shown_end_day, _put_end_day)


def _nothing(field: Field, body: Body) -> str:
    return ""


def _not_kept(field: Field, body: Body, text: str, was: Body) -> None:
    """Asked for in the form, and no part of the item."""
    if field.kind == "number":
        as_number(field, text)


NOT_KEPT = Codec(_nothing, _not_kept)


def on_day(body: Body, day: date) -> Body:
    """An event as it is on another day, at the same times."""
    start, end = str(body["starts"]), str(body.get("ends") or "")
    made = {**body, "starts": f"{day} {start[11:]}"}
    if end:
        nights = date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])
        made["ends"] = f"{day + nights} {end[11:]}"
    return made


def walls(section: str, body: Body) -> Iterator[tuple[str, datetime]]:
    """The wall times of something dated, by the form's field."""
    names = {"starts": "starts", "ends": "ends"} if section == "events" else {"due": "due"}
    for name, field in names.items() if section in ("events", "assignments") else ():
        if body.get(name):
            yield field, datetime.fromisoformat(str(body[name]))
