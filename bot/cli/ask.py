"""`convene ask`: what the bot would answer, from the terminal. It only reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.engine import make_url

from bot.cli.common import database, err, out, refuse, settings
from bot.clock import wall
from bot.domain.faq import Finder
from bot.domain.messages import Json
from bot.domain.programs import Program
from bot.domain.questions import EVERYTHING, Examples, Reply, TooLong
from bot.services import documents, programs
from bot.services import faq as services
from bot.services.documents import Shelf
from bot.services.faq import FaqIndexes, Looked
from bot.services.program_file import ProgramError
from bot.services.programs import SHIPPED, Programs
from bot.services.vectors import Vectors
from bot.views import faq as views
from storage.database import Database


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("ask")(ask)


@dataclass(frozen=True)
class Line:
    """One question of a file."""

    id: Json
    text: str


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question, in quotation marks.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help='Many questions: a file with {"id", "text"} on each line, - for standard input.'),
    ] = None,
    program: Annotated[str | None, typer.Option(help="Only this program, by its short name.")] = None,
    at: Annotated[
        str | None, typer.Option(help="As if asked then, like 2020-10-14T15:00 on the program's clock.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, and nothing else.")] = False,
) -> None:
    """Answer a question as the bot would, without logging it or handing it to anybody."""
    if (question is None) == (file is None):
        refuse('Give one question in quotation marks, or --file: convene ask "When is the deadline?"')
    lines = [] if file is None else list(_lines(file))
    meant = _programs(program)
    now = _moment(at, meant[0])
    index, shelf = _finder(meant)
    if question is not None:
        _print(services.look(meant=meant, index=index, shelf=shelf, text=question, now=now), now, {}, as_json)
    for line in lines:
        looked = services.look(meant=meant, index=index, shelf=shelf, text=line.text, now=now)
        _print(looked, now, {"id": line.id}, as_json)


def _print(looked: Looked, now: datetime, first: dict[str, Json], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(_one_line({**first, **_as_json(looked, now)}) + "\n")
        return
    if first:
        out().print(f"{first['id']}:", markup=False)
    out().print(_words(looked, now), markup=False)


def _one_line(found: dict[str, Json]) -> str:
    """JSON in letters as people read them, or, where the terminal cannot write one of them, in escapes."""
    line = json.dumps(found, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(found)
    return line


def _as_json(looked: Looked, now: datetime) -> dict[str, Json]:
    said = looked.said
    found = said if isinstance(said, Reply) else None
    passage = found.passage if found is not None else None
    more: dict[str, Json] = {"document": passage.document.key, "page": passage.page} if passage is not None else {}
    return {
        "outcome": found.outcome if found is not None else "declined",
        "entry": found.entry.key if found is not None and found.entry is not None else None,
        "score": looked.score,
        "reply": _words(looked, now),
        "suggestions": [one.key for one in found.suggestions] if found is not None else [],
        **more,
    }


def _words(looked: Looked, now: datetime) -> str:
    match looked.said:
        case Reply() as reply:
            return views.plain(reply, now)
        case Examples() as found:
            return views.examples_words(found)
        case TooLong() as found:
            return views.too_long_words(found)


def _lines(file: Path) -> Iterator[Line]:
    """The questions of a file; one that is wrong is named by its line, and then none is answered."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        refuse(f"{file} is not text in UTF-8. Save it in that encoding, and try again.")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _line(file, number, line)


def _line(file: Path, number: int, line: str) -> Line:
    try:
        found = json.loads(line, parse_constant=_no_json)
    except (ValueError, RecursionError) as error:
        refuse(f"{file}, line {number}: this is not JSON ({getattr(error, 'msg', error)}).", _SHAPE)
    if not isinstance(found, dict) or not isinstance(found.get("text"), str) or "id" not in found:
        refuse(f"{file}, line {number}: “id” and “text” are both needed, the text as a string.", _SHAPE)
    return Line(found["id"], found["text"])


def _no_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is no value")


_SHAPE = 'Each line is one question: {"id": "1", "text": "When is the deadline?"}'


def _programs(slug: str | None) -> tuple[Program, ...]:
    """The stored programs; without a database, or as long as none is loaded, those that ship with Convene."""
    every = _stored() or _shipped()
    meant = tuple(one for one in every if slug in (None, one.slug))
    if not meant:
        refuse(f"There is no program “{slug}”. There are: {', '.join(one.slug for one in every)}.")
    return meant


def _stored() -> tuple[Program, ...]:
    if not _has_database():
        return ()
    with database() as db, db.read() as session:
        return Programs().all(session)


def _shipped() -> tuple[Program, ...]:
    try:
        # To be looked at, samples included: nothing of what ships is anybody's own program.
        return tuple(replace(programs.check(programs.find_file(slug)), mode="demo") for slug in programs.shipped())
    except ProgramError as error:
        refuse(*(str(problem) for problem in error.problems))


def _finder(meant: tuple[Program, ...]) -> tuple[Finder, Shelf]:
    """What the bot would look in: the entries, and where none answers the documents.

    Vectors that it has kept are used, and none are added: this command only reads.
    """
    told = settings()
    with ExitStack() as stack:
        db = stack.enter_context(database()) if _has_database() else None
        indexes = FaqIndexes(Vectors(db, told.model_dir, keeps=False))
        found = indexes.prepare(meant)
        shelf = indexes.documents.judged(meant, EVERYTHING, _shelf(meant, db))
    if indexes.trouble is not None:
        err().print(f"Matched by words alone: {indexes.trouble}", markup=False)
    return found, shelf


def _shelf(meant: tuple[Program, ...], db: Database | None) -> Shelf:
    """What can be quoted: as it is stored, or, of programs that ship and are not stored, from their files."""
    if db is not None and all(one.id for one in meant):
        with db.read() as session:
            return documents.stored(session, meant)
    return documents.shelf(
        meant,
        (
            passage
            for one in meant
            for passage in documents.passages_in(documents.read(folder=SHIPPED, documents=one.documents), one)
        ),
    )


def _has_database() -> bool:
    url = make_url(settings().database_url)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).is_file())


def _moment(text: str | None, program: Program) -> datetime:
    """A moment as it is written, in the program's zone unless it names another."""
    if text is None:
        return wall()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is not a time. Write it like 2020-10-14T15:00.")
    return (found if found.tzinfo is not None else found.replace(tzinfo=program.tz)).astimezone(UTC)
