"""Homework as it is changed: when it is due, its questions, its links."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change_fields.dates import DAY, TIME
from bot.domain.change_fields.fields import (
    AUDIENCES,
    LABEL,
    LINES,
    TEXT,
    WHOSE,
    Body,
    Codec,
    Field,
    Unfit,
    each_line,
    is_url,
    sample,
)
from bot.domain.change_fields.keys import new_key
from bot.domain.programs import Event, Program

MOST_PROMPTS, SPARE_PROMPTS = 10, 2
TAKE_OUT = "Take its words away to take it out; what was handed in stays."


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields; a `program` lends its dates to choose from."""
    events = tuple((one.key, _called(one, program)) for one in program.events) if program is not None else ()
    return (
        Field("title", "Title", "line", most=LABEL),
        Field("summary", "What it is about", "text", most=TEXT),
        Field("day", "Due on", "day", ("due",), codec=DAY),
        Field("due", "Due at", "time", ("due",), codec=TIME, help=WHOSE),
        Field("event", "Prepares for", "choice", optional=True, choices=events[-100:]),
        Field("audience", "Who does it", "choice", choices=AUDIENCES, default="cohort"),
        *_prompts(body),
        Field("hours_asked", "Also ask how long it took", "yes", optional=True, codec=_NOT),
        Field(
            "links",
            "Links",
            "lines",
            optional=True,
            codec=_LINKS,
            most=LINES,
            help="One on each line: the words, then the address.",
        ),
        *sample(body),
    )


def _shown_not(field: Field, body: Body) -> str:
    return "" if field.at(body) is False else "yes"


def _put_not(field: Field, body: Body, text: str, was: Body) -> None:
    body.pop(field.name, None)
    if not text:
        body[field.name] = False


def _shown_prompt(field: Field, body: Body) -> str:
    prompt = _prompt(body, field.path[0])
    if field.kind == "choices":
        flags = (("skip", not prompt.get("required", True)), ("short", not prompt.get("long", True)))
        return "\n".join(name for name, is_so in flags if is_so and prompt)
    return str(prompt.get(field.path[1]) or "")


def _put_prompt(field: Field, body: Body, text: str, was: Body) -> None:
    """Prompts are kept by their ids: answers are kept under those. One without words is taken out."""
    key, what = field.path
    if what == "label":
        others = [one for one in body.get("prompts", ()) if one["id"] != key]
        there = [one["id"] for one in body.get("prompts", ())]
        if not text:
            body["prompts"] = others
            return
        made = {**_prompt(body, key), "id": key, "label": text}
        at = there.index(key) if key in there else len(others)
        body["prompts"] = [*others[:at], made, *others[at:]]
        return
    mine = dict(_prompt(body, key))
    if not mine:
        return
    if what == "hint":
        mine.pop("hint", None)
        mine |= {"hint": text} if text else {}
    else:
        mine = {name: value for name, value in mine.items() if name not in ("required", "long")}
        mine |= {"required": False} if "skip" in text.split("\n") else {}
        mine |= {"long": False} if "short" in text.split("\n") else {}
    body["prompts"] = [mine if one["id"] == key else one for one in body["prompts"]]


def _prompt(body: Body, key: str) -> Body:
    return next((one for one in body.get("prompts", ()) if one["id"] == key), {})


def _shown_links(field: Field, body: Body) -> str:
    return "\n".join(f"{one['label']} {one['url']}" for one in body.get("links", ()))


def _put_links(field: Field, body: Body, text: str, was: Body) -> None:
    body.pop("links", None)
    found = []
    for line in each_line(text):
        label, _, url = line.rpartition(" ")
        if not label or not is_url(url):
            raise Unfit("link", line)
        found.append({"label": label.strip(), "url": url})
    if found:
        body["links"] = found


_NOT = Codec(_shown_not, _put_not)
_PROMPT = Codec(_shown_prompt, _put_prompt)
_LINKS = Codec(_shown_links, _put_links)


def _prompts(body: Body) -> Iterator[Field]:
    there = [str(one["id"]) for one in body.get("prompts", ())]
    spare = [f"+{number}" for number in range(1, 11)][: min(SPARE_PROMPTS + (not there), MOST_PROMPTS - len(there))]
    hows = (("skip", "May be skipped"), ("short", "One line is enough"))
    for number, key in enumerate((*there, *spare), 1):
        first = not there and number == 1
        help_ = TAKE_OUT if key in there else "" if first else "Leave it empty if you need no more."
        ask, what = f"Question {number}", (key, "label")
        yield Field(f"prompt.{key}", ask, "line", what, optional=not first, codec=_PROMPT, help=help_)
        yield Field(f"hint.{key}", f"{ask}: a hint", "line", (key, "hint"), optional=True, codec=_PROMPT)
        yield Field(f"how.{key}", f"{ask} is", "choices", (key, "how"), optional=True, choices=hows, codec=_PROMPT)


def with_prompt_ids(body: Body) -> Body:
    """New questions get ids of their words, which no other has."""
    if "prompts" not in body:
        return body
    taken = {one["id"] for one in body["prompts"]}
    made = []
    for one in body["prompts"]:
        key = one["id"]
        if key.startswith("+"):
            key = new_key(one["label"], taken, "question", 40)
            taken.add(key)
        made.append({**one, "id": key})
    return {**body, "prompts": made}


def _called(event: Event, program: Program) -> str:
    """A date by its title; with its day where others are called alike."""
    if sum(one.title == event.title for one in program.events) == 1:
        return event.title[:LABEL]
    day = program.local_day(event.starts_at)
    tail = f", {day:%b} {day.day}"
    return event.title[: LABEL - len(tail)] + tail
