"""Loading, reading, editing and exporting programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlmodel import Session

from bot.domain.documents import Reading
from bot.domain.moves import Dated, Move, Section, When, moved
from bot.domain.programs import Assignment, Event, Program
from bot.services import documents, program_file
from bot.services.program_checks import Flaw
from bot.services.program_file import Problem, ProgramError
from bot.services.program_schema import (
    SECTIONS,
    AssignmentItem,
    Body,
    EventItem,
    Header,
    Item,
    Sheet,
    to_assignment,
    to_event,
    to_program,
)
from storage import programs as rows
from storage.moves import MoveRow
from storage.programs import ProgramItem, ProgramRow

_TOUCHED = "programs touched"
SHIPPED = Path(__file__).parent.parent / "programs"


@dataclass(frozen=True, order=True)
class Name:
    """Which item: its section and its id. The header is `program` and the slug."""

    section: str
    key: str

    def __str__(self) -> str:
        return f"{self.section}.{self.key}"


@dataclass(frozen=True)
class Kept:
    """An item that the file has otherwise, left as it was edited in Slack.

    `why`: the file still says what it said at its last load, says something new, or no longer has the item.
    """

    name: Name
    edited_by: str | None
    edited_at: datetime
    why: Literal["same file", "file changed", "not in file"]


@dataclass(frozen=True)
class Loaded:
    """What loading a file did.

    `reordered`: items only changed places. `documents` is what became of reading each; `requoted`, that other words
    can be quoted from them than before. `moves` are the dates that changed; nobody has been told of them yet.
    """

    slug: str
    revision: int
    added: tuple[Name, ...] = ()
    changed: tuple[Name, ...] = ()
    removed: tuple[Name, ...] = ()
    kept: tuple[Kept, ...] = ()
    unchanged: int = 0
    reordered: bool = False
    documents: tuple[Reading, ...] = ()
    requoted: bool = False
    moves: tuple[Move, ...] = ()

    @property
    def anything_new(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.reordered or self.requoted)


@dataclass(frozen=True)
class Edited:
    """An item was written; `revision` is the program's new one, or its old one if that changed nothing.

    `moves` are the dates that changed by it; nobody has been told of them yet.
    """

    name: Name
    revision: int
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class NotThere:
    """There is no such program, section or item."""

    slug: str
    name: Name | None = None


@dataclass(frozen=True)
class Rejected:
    """The edit would make the program wrong: field and sentence, as for a file. Nothing was changed."""

    problems: tuple[tuple[str, str], ...]


def shipped() -> tuple[str, ...]:
    """The slugs of the programs that come with Convene."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def find_file(name: str) -> Path:
    """The file that a person means by a path or by the slug of a shipped program."""
    return SHIPPED / f"{name}.yaml" if name in shipped() else Path(name)


def check(path: Path) -> Program:
    """The program of a file, in memory. Raises ProgramError naming every problem."""
    return to_program(program_file.read_path(path))


def read_documents(path: Path, sheet: Sheet, known: Mapping[str, str] | None = None) -> tuple[Reading, ...]:
    """What the documents say that a program's file lists; see `bot.services.documents.read`. May take a while."""
    return documents.read(folder=path.parent, documents=to_program(sheet).documents, known=known)


def load(
    *, session: Session, sheet: Sheet, now: datetime, overwrite: bool = False, readings: Sequence[Reading] = ()
) -> Loaded:
    """Bring the stored program to what the file says; what was edited in Slack stays, unless `overwrite`.

    `readings` are of its documents. Loading the same file twice changes nothing the second time. Removed items keep
    their rows. Raises ProgramError when the file and what was edited in Slack do not go together, such as two answers
    to one question.
    """
    head = sheet.header
    row = rows.hold(session, head.program.slug, head.program.name, head.program.zone)
    assert row.id is not None
    tally = _Tally()
    zone = row.zone
    _load_header(row, head, tally)
    stored = {Name(item.section, item.key): item for item in rows.items(session, row.id, removed=True)}
    before = _dated(zone, stored.values())
    left = dict(stored)
    for section in SECTIONS:
        for position, item in enumerate(sheet.items.get(section, ())):
            name = Name(section, item.id)
            there = left.pop(name, None)
            if there is None:
                stored[name] = _new_item(row.id, name, position, item.body(), loaded=True)
                tally.added.append(name)
            else:
                _load_item(there, item.body(), position, overwrite, tally, now)
    for name in sorted(left):
        _drop(name, left[name], now, overwrite, tally)
    if tally.kept:
        _refuse_discord(row, stored.values())
    listed = [item.id for item in sheet.items.get("documents", ())]
    tally.documents, tally.requoted = documents.keep(
        session=session, program_id=row.id, listed=listed, readings=readings, now=now
    )
    if tally.visible:
        _touch(session, row)
        tally.moves = _move(session, row, before, stored, None, now)
    session.add_all((row, *stored.values()))
    session.flush()
    return tally.outcome(row)


def edit_item(
    *, session: Session, slug: str, section: str, key: str, body: Body | None, by: str, now: datetime
) -> Edited | NotThere | Rejected:
    """Write one item as somebody in Slack wants it: changed, new, or, with `body` None, removed.

    `body` is in the form of the file. The whole program is checked with it first; `by` is a Slack user id.
    """
    name = Name(section, key)
    row = rows.held(session, slug)
    if row is None or row.id is None or section not in SECTIONS:
        return NotThere(slug)
    stored = {Name(item.section, item.key): item for item in rows.items(session, row.id, removed=True)}
    there = stored.get(name)
    standing = there is not None and there.removed_at is None
    if body is None and not standing:
        return NotThere(slug, name)
    checked = program_file.check(_with(_whole(row, stored.values()), name, body))
    if not isinstance(checked, Sheet):
        return Rejected(tuple((_path(flaw), flaw.says) for flaw in checked))
    if there is not None and standing and body is not None and there.body == _clean(checked, name):
        return Edited(name, row.revision)
    if there is None:
        last = max((item.position for item in stored.values() if item.section == section), default=-1)
        there = _new_item(row.id, name, last + 1, {}, loaded=False)
    before = _dated(row.zone, stored.values())
    stored[name] = there
    if body is not None:
        rows.write(there, _clean(checked, name), now)
    there.edited_at, there.edited_by = now, by
    there.removed_at = now if body is None else None
    _touch(session, row)
    moves = _move(session, row, before, stored, by, now)
    session.add_all((row, there))
    session.flush()
    return Edited(name, row.revision, moves)


def with_item(*, session: Session, program: Program, section: str, key: str, body: Body) -> Program | Rejected:
    """The program as it would be with one item written otherwise, at its present revision; nothing is changed."""
    row = rows.by_id(session, program.id)
    assert row is not None
    name = Name(section, key)
    stored = rows.items(session, program.id)
    checked = program_file.check(_with(_whole(row, stored), name, body))
    if not isinstance(checked, Sheet):
        return Rejected(tuple((_path(flaw), flaw.says) for flaw in checked))
    return to_program(checked, id=program.id, revision=program.revision, sequences=_sequences(stored))


def body_of(*, session: Session, program: Program, section: str, key: str) -> Body:
    """An item in the form of the file; empty where it is not there."""
    found = (one.body for one in rows.items(session, program.id) if (one.section, one.key) == (section, key))
    return dict(next(found, {}))


def export(*, session: Session, slug: str) -> str | None:
    """The stored program as YAML, edits included; None when there is no such program."""
    row = rows.get(session, slug)
    return None if row is None else program_file.write(_sheet(session, row))


class Programs:
    """Stored programs, built once per revision: every call asks the database only for the revision."""

    def __init__(self) -> None:
        self._built: dict[int, Program] = {}

    def get(self, session: Session, slug: str) -> Program | None:
        """The program with a slug."""
        return self._current(session, rows.get(session, slug))

    def by_id(self, session: Session, program_id: int) -> Program | None:
        """The program with an id."""
        return self._current(session, rows.by_id(session, program_id))

    def all(self, session: Session) -> tuple[Program, ...]:
        """Every stored program, in the order of first loading."""
        built = (self._current(session, row) for row in rows.every(session))
        return tuple(program for program in built if program is not None)

    def _current(self, session: Session, row: ProgramRow | None) -> Program | None:
        if row is None or row.id is None:
            return None
        known = None if session.info.get(_TOUCHED) else self._built.get(row.id)
        if known is None or known.revision != row.revision or known.slug != row.slug:
            stored = rows.items(session, row.id)
            known = to_program(_sheet_of(row, stored), id=row.id, revision=row.revision, sequences=_sequences(stored))
            # What this transaction has changed itself may yet be rolled back, and its revision given out again.
            if not session.info.get(_TOUCHED):
                self._built[row.id] = known
        return known


@dataclass
class _Tally:
    """What one load has done so far."""

    added: list[Name] = field(default_factory=list)
    changed: list[Name] = field(default_factory=list)
    removed: list[Name] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    unchanged: int = 0
    reordered: bool = False
    documents: tuple[Reading, ...] = ()
    requoted: bool = False
    moves: tuple[Move, ...] = ()

    @property
    def visible(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.reordered or self.requoted)

    def outcome(self, row: ProgramRow) -> Loaded:
        return Loaded(
            slug=row.slug,
            revision=row.revision,
            added=tuple(self.added),
            changed=tuple(self.changed),
            removed=tuple(self.removed),
            kept=tuple(self.kept),
            unchanged=self.unchanged,
            reordered=self.reordered,
            documents=self.documents,
            requoted=self.requoted,
            moves=self.moves,
        )


def _load_header(row: ProgramRow, head: Header, tally: _Tally) -> None:
    name, body = Name("program", head.program.slug), head.body()
    if row.body == body:
        tally.unchanged += 1
        return
    (tally.changed if row.body else tally.added).append(name)
    row.name, row.zone, row.body = head.program.name, head.program.zone, body


def _load_item(
    there: ProgramItem, body: Body, position: int, overwrite: bool, tally: _Tally, now: datetime
) -> None:  # fmt: skip
    name = Name(there.section, there.key)
    same = there.body == body and there.removed_at is None
    if there.edited_at is not None and not same and not overwrite:
        why: Literal["same file", "file changed"] = "same file" if there.loaded_hash == _hash(body) else "file changed"
        tally.kept.append(Kept(name, there.edited_by, there.edited_at, why))
        return
    if there.position != position:
        there.position, tally.reordered = position, True
    if same:
        tally.unchanged += 1
    else:
        (tally.changed if there.removed_at is None else tally.added).append(name)
    rows.write(there, body, now)
    there.loaded_hash = _hash(body)
    there.edited_at = there.edited_by = there.removed_at = None


def _drop(name: Name, left: ProgramItem, now: datetime, overwrite: bool, tally: _Tally) -> None:
    if left.removed_at is not None:
        return
    if left.edited_at is not None and not overwrite:
        tally.kept.append(Kept(name, left.edited_by, left.edited_at, "not in file"))
        return
    left.removed_at, left.edited_at, left.edited_by = now, None, None
    tally.removed.append(name)


def _dated(zone: str, stored: Iterable[ProgramItem]) -> dict[tuple[Section, str], Dated]:
    """Everything that has a time, as it stands."""
    found: list[Dated] = []
    for row in stored:
        if row.removed_at is None and row.section in ("events", "assignments"):
            found.append(dated_of(row.section, row.body, zone))
    return {(one.section, one.key): one for one in found}


def dated_of(section: str, body: Body, zone: str) -> Dated:
    """An event or a homework in the form of the file, with its time."""
    if section == "events":
        return as_dated(to_event(EventItem.model_validate(body), zone))
    return as_dated(to_assignment(AssignmentItem.model_validate(body), zone))


def as_dated(found: Event | Assignment) -> Dated:
    """An event or a homework, with its time."""
    if isinstance(found, Event):
        when = When(found.starts_at, found.ends_at)
        return Dated("events", found.key, found.title, when, found.sample, found.audience)
    return Dated("assignments", found.key, found.title, When(found.due_at), found.sample, found.audience)


def former_event(*, session: Session, program: Program, key: str) -> Event | None:
    """An event that was taken out of the program, as it was."""
    row = _former(session, program, "events", key)
    return to_event(EventItem.model_validate(row.body), program.zone, row.sequence) if row is not None else None


def former_homework(*, session: Session, program: Program, key: str) -> Assignment | None:
    """A homework that was taken out of the program, as it was."""
    row = _former(session, program, "assignments", key)
    return to_assignment(AssignmentItem.model_validate(row.body), program.zone) if row is not None else None


def _former(session: Session, program: Program, section: str, key: str) -> ProgramItem | None:
    gone = (one for one in rows.items(session, program.id, removed=True) if one.removed_at is not None)
    return next((one for one in gone if (one.section, one.key) == (section, key)), None)


def _move(
    session: Session,
    row: ProgramRow,
    before: Mapping[tuple[Section, str], Dated],
    stored: Mapping[Name, ProgramItem],
    by: str | None,
    now: datetime,
) -> tuple[Move, ...]:
    """Put on record which dates have changed, and count each of them up to the revision that brought it."""
    after = _dated(row.zone, stored.values())
    found = tuple(replace(one, sequence=row.revision) for one in moved(before, after))
    for section, key in {(one.was.section, one.was.key) for one in found} | (after.keys() - before.keys()):
        item = stored[Name(section, key)]
        # What comes back after it was taken out is newer than the file that cancelled it.
        item.sequence = row.revision if item.sequence or (section, key) in before else 0
    session.add_all(_record(row, one, by, now) for one in found)
    return found


def _record(row: ProgramRow, move: Move, by: str | None, now: datetime) -> MoveRow:
    assert row.id is not None
    return MoveRow(
        program_id=row.id,
        section=move.was.section,
        key=move.was.key,
        sequence=move.sequence,
        before_start=move.before.starts_at,
        before_end=move.before.ends_at,
        after_start=move.after.starts_at if move.after else None,
        after_end=move.after.ends_at if move.after else None,
        moved_at=now,
        moved_by=by,
    )


def _sequences(stored: Iterable[ProgramItem]) -> dict[str, int]:
    return {item.key: item.sequence for item in stored if item.section == "events"}


def _touch(session: Session, row: ProgramRow) -> None:
    row.revision += 1
    session.info[_TOUCHED] = True


def _refuse_discord(row: ProgramRow, stored: Iterable[ProgramItem]) -> None:
    checked = program_file.check(_whole(row, stored))
    if isinstance(checked, Sheet):
        return
    says = (f"{one.says} (in the file together with what was edited in Slack)" for one in checked)
    raise ProgramError(tuple(Problem(row.slug, 0, _path(one), why) for one, why in zip(checked, says, strict=True)))


def _new_item(program_id: int, name: Name, position: int, body: Body, *, loaded: bool) -> ProgramItem:
    return ProgramItem(
        program_id=program_id,
        section=name.section,
        key=name.key,
        position=position,
        body=body,
        loaded_hash=_hash(body) if loaded else None,
    )


def _sheet(session: Session, row: ProgramRow) -> Sheet:
    assert row.id is not None
    return _sheet_of(row, rows.items(session, row.id))


def _sheet_of(row: ProgramRow, stored: Iterable[ProgramItem]) -> Sheet:
    found: dict[str, list[Item]] = {section: [] for section in SECTIONS}
    for item in stored:
        found[item.section].append(SECTIONS[item.section].model_validate(item.body))
    return Sheet(Header.model_validate(row.body), found)


def _whole(row: ProgramRow, stored: Iterable[ProgramItem]) -> dict[str, Any]:
    """The stored program as plain data in the form of the file."""
    whole: dict[str, Any] = dict(row.body)
    for item in stored:
        if item.removed_at is None:
            whole.setdefault(item.section, []).append(item.body)
    return whole


def _with(whole: dict[str, Any], name: Name, body: Body | None) -> dict[str, Any]:
    others = [one for one in whole.get(name.section, ()) if one["id"] != name.key]
    mine = [] if body is None else [{**body, "id": name.key}]
    return {**whole, name.section: [*others, *mine]}


def _clean(sheet: Sheet, name: Name) -> Body:
    return next(item.body() for item in sheet.items[name.section] if item.id == name.key)


def _path(flaw: Flaw) -> str:
    return ".".join(map(str, flaw.place))


def _hash(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
