"""Reading and writing program files: YAML with line numbers, every problem at once, each in a plain sentence.

YAML is read as version 1.2 and every plain word as it is written, so that `no`, `on` and `09:00` are words;
what they mean is decided by the field they stand in.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from bot.services.program_checks import Flaw, Parts, Place, flaws
from bot.services.program_schema import SECTIONS, Body, Header, Item, Sheet

Raw: TypeAlias = "bool | int | float | str | list[Raw] | dict[str, Raw] | None"

LARGEST = 2_000_000
"""Bytes; a program of 300 entries has a tenth of that."""
DEEPEST = 20
MODEL = TypeVar("MODEL", bound=BaseModel)

COMMENTS = {
    "program": "Who this is: its short name (slug, never changed), its name, its time zone and who runs it.",
    "mode": "`practice` where it begins without speaking to people; without this line it begins live.",
    "contact": "Whom people write to when there is no answer.",
    "answers": "When the facilitators answer what is handed to them, and how long people may answer each other first.",
    "season": "First and last day, as far as they are known; words are shown as they stand.",
    "hours": "Hours of prep work and homework that are expected; the words are shown, the numbers are compared with.",
    "coaching": "How coaching goes.",
    "home": "What each reader finds at the top of the App Home.",
    "welcome": "The one message at first contact: what I do, who reads what, how to make me quieter.",
    "support_categories": "What support can be asked for in a coaching check-in; “something else” is always added.",
    "quiet": "When I write to nobody unasked: from, to, and days (sat, sun). What falls into it waits.",
    "holidays": "Single days of the same kind, each with its name.",
    "roles": "Who takes part and what they do.",
    "expectations": "What is expected of whom, and what is promised.",
    "milestones": "What is dated only in words.",
    "events": "Dates, as 2020-10-16 23:59 on the program's clock; `sample: true` marks what is made up.",
    "breaks": "Days on which nothing is posted and nobody is missing; both days belong to the break.",
    "resources": "Things to open.",
    "documents": "PDF or text files from which passages are quoted when no entry answers; paths start at this file.",
    "assignments": "Homework: when it is due and what is asked. Answers are kept under the ids, so never change those.",
    "reminders": "When each kind of date is announced, and where.",
    "digests": "Who is told what needs them, or (next-week) what I will say; when: minute, hour, day, month, weekday.",
    "faq": "Questions, other ways to ask them, the answer, where it stands (source), and who looks after it (owner).",
}
"""One line above each part of an exported file; the order is that of the file."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file; `line` counts from 1."""

    file: str
    line: int
    field: str
    says: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return f"{where}{self.field}: {self.says}" if self.field else f"{where}{self.says}"


class ProgramError(Exception):
    """A program file that cannot be used; `problems` names every reason with its line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_path(path: Path) -> Sheet:
    """The sheet of a file. Raises ProgramError, also for a file that is not there, too large, or not text."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProgramError((Problem(str(path), 0, "", f"cannot be read ({error.strerror})"),)) from None
    if len(raw) > LARGEST:
        raise ProgramError(
            (Problem(str(path), 0, "", f"is larger than a program file may be, {LARGEST // 1_000_000} MB"),)
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ProgramError((Problem(str(path), line, "", "is not UTF-8 text; save it again as UTF-8"),)) from None
    return read_text(text, str(path))


def read_text(text: str, file: str) -> Sheet:
    """The sheet written in `text`; `file` is what problems call it. Raises ProgramError with every problem."""
    root = _compose(text, file)
    twice = list(_repeated_keys(root, ()))
    raw = _value(root)
    checked = check(raw)
    found = twice if isinstance(checked, Sheet) else [*twice, *checked]
    if not found and isinstance(checked, Sheet):
        return checked
    lines = text.split("\n")
    problems = (Problem(file, _spot(root, lines, one), _field(raw, one.place), one.says) for one in found)
    raise ProgramError(tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.field))))


def check(raw: Raw) -> Sheet | tuple[Flaw, ...]:
    """A whole program as plain data: the sheet, or everything that is wrong with it."""
    if not isinstance(raw, dict):
        return (Flaw((), "a program file is a list of named parts, beginning with `program:`"),)
    found: list[Flaw] = []
    once = {key: value for key, value in raw.items() if key not in SECTIONS}
    header = _validate(Header, once, (), found)
    items = {name: tuple(_items(name, raw.get(name), found)) for name in SECTIONS}
    identified = {name: frozenset(_ids(raw.get(name))) for name in SECTIONS}
    found.extend(flaws(Parts(header, items, identified)))
    if found or header is None:
        return tuple(found)
    return Sheet(header, {name: tuple(item for _, item in numbered) for name, numbered in items.items()})


def write(sheet: Sheet) -> str:
    """The sheet as YAML that reads back to the same sheet, ordered and commented like the files that ship."""
    whole: dict[str, Raw] = dict(sheet.header.body())
    whole.update({name: [item.body() for item in sheet.items.get(name, ())] for name in SECTIONS})
    tree = CommentedMap({name: _styled(whole[name]) for name in COMMENTS if whole.get(name)})
    for number, name in enumerate(tree):
        gap = "\n" if number else ""
        tree.yaml_set_comment_before_after_key(name, before=gap + COMMENTS[name])
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


_QUOTE = "put a text that begins with {{ into quotation marks"
_BRACES = re.compile(r"(?m)(?:: +|- +|^ *)\{\{")


def _around(text: str, line: int) -> str:
    """A line and the one before it: what is wrong is often only seen when the next one begins."""
    return "\n".join(text.splitlines()[max(line - 2, 0) : line])


def _compose(text: str, file: str) -> Node:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        why = error.problem or error.context or "cannot be read"
        hint = f"; {_QUOTE}" if line and _BRACES.search(_around(text, line)) else ""
        raise ProgramError((Problem(file, line, "", f"this is not YAML: {why}{hint}"),)) from None
    except YAMLError as error:
        raise ProgramError((Problem(file, 0, "", f"this is not YAML: {str(error).splitlines()[0]}"),)) from None
    except RecursionError:
        raise ProgramError((Problem(file, 0, "", "is nested far too deep to be a program"),)) from None
    if root is None:
        raise ProgramError((Problem(file, 1, "", "is empty"),))
    refusal = next(_unwanted(root, 0, set()), None)
    if refusal is not None:
        node, why = refusal
        raise ProgramError((Problem(file, node.start_mark.line + 1, "", why),))
    return root


def _unwanted(node: Node, depth: int, seen: set[int]) -> Iterator[tuple[Node, str]]:
    """What YAML allows and a program file has no use for: the same text in two places, and endless depth."""
    if id(node) in seen:
        yield node, "is used in two places by an alias (*); write it out in both"
        return
    seen.add(id(node))
    if depth > DEEPEST:
        yield node, "is nested far too deep to be a program"
        return
    for child in _children(node):
        yield from _unwanted(child, depth + 1, seen)


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, SequenceNode):
        yield from node.value
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from (key, value)


def _value(node: Node) -> Raw:
    if isinstance(node, MappingNode):
        return {_name(key): _value(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_value(one) for one in node.value]
    if str(node.tag) == "tag:yaml.org,2002:null":
        return None
    return str(node.value)


def _name(key: Node) -> str:
    return str(key.value) if isinstance(key, ScalarNode) else "?"


def _repeated_keys(node: Node, place: Place) -> Iterator[Flaw]:
    if isinstance(node, SequenceNode):
        for number, one in enumerate(node.value):
            yield from _repeated_keys(one, (*place, number))
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = _name(key)
            if name in seen:
                yield Flaw((*place, name), "stands there twice; keep one of them")
            seen.add(name)
            yield from _repeated_keys(value, (*place, name))


def _line(root: Node, place: Place) -> int:
    """The line, from 1, of a place, or of the nearest thing around it that is there.

    Of a name that stands there twice it is the last: that is where the person stopped typing.
    """
    node, line = root, root.start_mark.line
    for step in place:
        if isinstance(node, MappingNode):
            pair = next((pair for pair in reversed(node.value) if _name(pair[0]) == step), None)
            if pair is None:
                break
            node, line = pair[1], pair[0].start_mark.line
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _spot(root: Node, lines: list[str], flaw: Flaw) -> int:
    """The line of a flaw; inside a longer text, the one on which its words begin."""
    line = _line(root, flaw.place)
    if not flaw.near:
        return line
    begins = flaw.near.split()[0]
    return next((number for number, words in enumerate(lines[line - 1 :], line) if begins in words), line)


def _field(raw: Raw, place: Place) -> str:
    """A place in words: `events.application-deadline.starts`, items by their id, else by their number from 1."""
    words: list[str] = []
    value: Raw = raw
    for step in place:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            key = value.get("id") if isinstance(value, dict) else None
            words.append(key if isinstance(key, str) and key else str(step + 1))
        else:
            value = value.get(step) if isinstance(value, dict) else None
            words.append(step)
    return ".".join(words)


def _items(name: str, raw: Raw, found: list[Flaw]) -> Iterator[tuple[int, Item]]:
    if raw is None:
        return
    if not isinstance(raw, list):
        found.append(Flaw((name,), "is a list: write its items below it, each beginning with a dash"))
        return
    seen: set[str] = set()
    for number, one in enumerate(raw):
        item = _validate(SECTIONS[name], one, (name, number), found)
        key = one.get("id") if isinstance(one, dict) else None
        if isinstance(key, str) and key in seen:
            found.append(Flaw((name, number, "id"), f"{key!r} is used twice; each id belongs to one item"))
        if isinstance(key, str):
            seen.add(key)
        if item is not None:
            yield number, item


def _ids(raw: Raw) -> Iterator[str]:
    for one in raw if isinstance(raw, list) else ():
        key = one.get("id") if isinstance(one, dict) else None
        if isinstance(key, str):
            yield key


def _validate(model: type[MODEL], raw: Raw, place: Place, found: list[Flaw]) -> MODEL | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            where = (*place, *detail["loc"])
            found.append(Flaw(where, _says(detail, _fields_at(model, detail["loc"]))))
        return None


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The fields that could stand where an unknown one was found."""
    here: type[BaseModel] | None = model
    for step in loc[:-1]:
        if isinstance(step, int) or here is None:
            continue
        info = next((info for name, info in here.model_fields.items() if step in (name, info.alias)), None)
        here = _model_in(info.annotation) if info else None
    names = [info.alias or name for name, info in here.model_fields.items()] if here else []
    return [*names, *SECTIONS] if here is Header else names


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(one) for one in getattr(annotation, "__args__", ()))
    return next((one for one in inner if one is not None), None)


_SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_type": "should be text",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_pattern_mismatch": "may have only small letters, digits and single dashes, like application-deadline",
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_parsing": "should be a number",
    "float_type": "should be a number",
    "finite_number": "should be a number",
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "literal_error": "should be one of {expected}",
    "greater_than": "should be more than {gt}",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "too_short": "is empty: name at least one",
    "too_long": "has too many: at most {max_length}",
    "tuple_type": "is a list: write its items below it, each beginning with a dash",
    "model_type": "has fields of its own: write them below it, each as `name: value`",
    "model_attributes_type": "has fields of its own: write them below it, each as `name: value`",
}


def _says(detail: ErrorDetails, fields: list[str]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), fields, n=1)
        return (
            f"is not a field here; did you mean `{near[0]}`?" if near else f"is not a field here ({', '.join(fields)})"
        )
    if kind == "value_error":
        return str(context.get("error"))
    if detail["input"] is None:
        return "is empty"
    if kind == "string_type" and isinstance(detail["input"], dict) and "?" in detail["input"]:
        return f"should be text; {_QUOTE}"
    sentence = _SENTENCES.get(kind)
    return sentence.format(**context) if sentence else detail["msg"]


def _styled(value: Raw | Body) -> object:
    """Data as YAML likes it best for reading: dates bare, long texts in blocks, whole numbers without a point."""
    if isinstance(value, dict):
        return CommentedMap({key: _styled(one) for key, one in value.items()})
    if isinstance(value, list):
        return CommentedSeq([_styled(one) for one in value])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return _styled_text(value)
    return value


def _styled_text(text: str) -> object:
    if "\n" in text:
        return LiteralScalarString(text)
    if len(text) > 80:
        return FoldedScalarString(text)
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
