"""A form filled in from a body, and a body written from a form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.change_fields.fields import (
    IS_SAMPLE,
    LINE,
    REAL,
    Body,
    Field,
    Problem,
    Unfit,
    Values,
    each_line,
    is_url,
)
from bot.domain.change_fields.homework import with_prompt_ids
from bot.domain.people import known_zone


def shown(wanted: Sequence[Field], body: Body) -> dict[str, str]:
    """The values of a form for a body. Whether what is made up is real now is not chosen for anybody."""
    return {one.name: "" if one.codec is IS_SAMPLE else one.shown(body) for one in wanted}


def written(wanted: Sequence[Field], values: Values, was: Body) -> tuple[Body, tuple[Problem, ...]]:
    """The body that a form's values make of what it `was`, and everything that is wrong with them."""
    body: Body = dict(was)
    problems: list[Problem] = []
    for field in wanted:
        text = _clean(field, values.get(field.name, ""))
        if field.codec is IS_SAMPLE:
            text = text or _still(field, wanted, values, was)
        problem = _check(field, text)
        if problem is not None:
            problems.append(problem)
            continue
        try:
            field.put(body, text, was)
        except Unfit as unfit:
            problems.append(Problem(field.name, unfit.why, unfit.words, unfit.most))
    return with_prompt_ids(body), tuple(problems)


def _still(field: Field, wanted: Sequence[Field], values: Values, was: Body) -> str:
    """Whether something is made up of which nobody says so: as before if it is untouched; else it is to be said."""
    asked_apart = {name for one in wanted for name in one.of}
    about = [
        one
        for one in wanted
        if one.codec is not IS_SAMPLE and (one.name in field.of if field.of else one.name not in asked_apart)
    ]
    now = {one.name: _clean(one, values.get(one.name, "")) for one in about}
    if all(now[one.name] == _clean(one, one.shown(was)) for one in about):
        return field.shown(was)
    return "" if any(now.values()) else REAL


def _clean(field: Field, text: str) -> str:
    if field.kind == "text":
        return "\n".join(line.rstrip() for line in text.splitlines()).strip()
    if field.kind in ("lines", "choices"):
        return "\n".join(each_line(text))
    return " ".join(text.split())


def _check(field: Field, text: str) -> Problem | None:
    if not text:
        return (
            None
            if field.codec is not IS_SAMPLE and (field.optional or field.kind == "yes")
            else Problem(field.name, "missing")
        )
    if field.kind == "url" and not is_url(text):
        return Problem(field.name, "url", text)
    if field.kind == "email" and not re.fullmatch(r"[^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+", text):
        return Problem(field.name, "email", text)
    if field.kind == "zone" and known_zone(text) is None:
        return Problem(field.name, "zone", text)
    if field.kind in ("line", "text") and len(text) > field.most:
        return Problem(field.name, "too long", str(len(text)), field.most)
    if field.kind == "lines" and (longest := max(text.split("\n"), key=len)) and len(longest) > LINE:
        return Problem(field.name, "too long", str(len(longest)), LINE)
    return None
