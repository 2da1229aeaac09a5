"""Digests as they are changed: what each tells, to whom, and when."""

from __future__ import annotations

from bot.domain.change_fields.fields import PLAIN, WHOSE, Body, Codec, Field, Unfit
from bot.domain.change_fields.schedules import SCHEDULE, WEEKDAYS, days_of
from bot.domain.programs import Program

DIGESTS = (("what-needs-you", "What needs somebody"), ("next-week", "What I will say next week"))


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields."""
    reader = Codec(_shown_reader, _put_reader)
    to = (("facilitators", "The facilitators' channel"), ("person", "One person"))
    other = bool(body.get("cron")) and not days_of(str(body["cron"]))[0]
    rule = "It has a rule of its own now: choose days and a time to replace that." if other else ""
    return (
        Field("what", "What it tells", "choice", choices=DIGESTS, codec=Codec(_shown_what, PLAIN.put)),
        Field("to", "Who gets it", "choice", choices=to, codec=reader),
        Field("person", "Which person", "user", ("to",), optional=True, codec=reader),
        Field(
            "days", "On these days", "choices", ("cron",), choices=WEEKDAYS, codec=SCHEDULE, optional=other, help=rule
        ),
        Field("time", "At", "time", ("cron",), codec=SCHEDULE, optional=other, help=WHOSE),
    )


def _shown_reader(field: Field, body: Body) -> str:
    to = str(body.get("to") or "facilitators")
    if field.kind == "user":
        return to if to != "facilitators" and "@" not in to else ""
    return "facilitators" if to == "facilitators" else "person"


def _put_reader(field: Field, body: Body, text: str, was: Body) -> None:
    if field.kind == "choice":
        before = str(was.get("to") or "")
        body["to"] = text if text == "facilitators" else before.replace("facilitators", "")
    elif body["to"] != "facilitators":
        # Without a choice here, it goes on being the one whom a file names by their address.
        body["to"] = text or (body["to"] if "@" in body["to"] else "")
        if not body["to"]:
            raise Unfit("missing")


def _shown_what(field: Field, body: Body) -> str:
    return str(body.get("what") or "what-needs-you")
