"""Loading, reading, editing and exporting programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlmodel import Session

from bot.domain.documents import Reading
from bot.domain.moves import Dated, Move, Section, When, moved
from bot.domain.programs import MODES, PRACTICE_INS, Assignment, Event, Mode, PracticeIn, Program
from bot.services import documents, program_file
from bot.services.program_checks import Flaw, Place
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
from storage import changes, people
from storage import programs as rows
from storage.changes import ChangeRow
from storage.moves import MoveRow
from storage.programs import ProgramItem, ProgramRow

_TOUCHED = "programs touched"
CHANGE, SEVERAL = "item", "several"
"""How a change of an item is called on record, and its key where it is of several."""
SHIPPED = Path(__file__).parent.parent / "programs"


HEADER = "program"
"""Stands for the section where a part of the header is meant."""


@dataclass(frozen=True, order=True)
class Name:
    """Which item: its section and its id. The header is `program` and the slug, a part of it `program` and its name."""

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
    can be quoted from them than before. `moves` are the dates that changed; nobody has been told of them yet. `mode` is
    how the program goes on speaking where the file says otherwise.
    """

    slug: str
    revision: int
    mode: Mode | None = None
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

    `moves` are the dates that changed by it; nobody has been told of them yet. `change` is its number on record.
    """

    name: Name
    revision: int
    moves: tuple[Move, ...] = ()
    change: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class NotThere:
    """There is no such program, section or item."""

    slug: str
    name: Name | None = None


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: in which item or part of the header, the place in that, and a sentence."""

    name: Name | None
    place: Place
    says: str


@dataclass(frozen=True)
class Rejected:
    """The edit would make the program wrong: field and sentence, as for a file. Nothing was changed.

    `wrong` says the same by item.
    """

    problems: tuple[tuple[str, str], ...]
    wrong: tuple[Wrong, ...] = ()


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
    *,
    session: Session,
    sheet: Sheet,
    now: datetime,
    overwrite: bool = False,
    readings: Sequence[Reading] = (),
    mode: Mode | None = None,
) -> Loaded:
    """Bring the stored program to what the file says; what was edited in Slack stays, unless `overwrite`.

    `readings` are of its documents. Loading the same file twice changes nothing the second time. Removed items keep
    their rows. A program that was not there begins in `mode`, or as the file says; one that was keeps its own. Raises
    ProgramError when the file and what was edited in Slack do not go together, such as two answers to one question.
    """
    about = sheet.header.program
    said = sheet.header.mode
    row = rows.hold(session, about.slug, about.name, about.zone, mode or said or "live")
    stored = _stored(session, row)
    before = _dated(row.zone, stored.values())
    tally = _Tally(mode=mode_of(row) if row.body and said not in (None, row.mode) else None)
    _load_header(row, sheet.header, overwrite, tally, now)
    _load_items(row, sheet, stored, overwrite, tally, now)
    if tally.kept:
        _refuse_discord(row, stored.values())
    _load_documents(session, row, stored, readings, tally, now)
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
    return edit(session=session, slug=slug, edits={Name(section, key): body}, by=by, now=now)


def edit(
    *,
    session: Session,
    slug: str,
    edits: Mapping[Name, Body | None],
    by: str | None,
    now: datetime,
    request: str | None = None,
    on_record: bool = True,
) -> Edited | NotThere | Rejected:
    """Write several items and parts of the header as one change, or none of them; each as in `edit_item`.

    The body of a part of the header is its name with what stands there, `{"contact": {…}}`. It is put on record as one
    change, by whoever has the Slack id `by`; `request` is the form that it comes from.
    """
    row = rows.held(session, slug)
    if row is None or row.id is None or not all(_is_name(name) for name in edits):
        return NotThere(slug)
    stored = _stored(session, row)
    was = {name: _standing(row, stored, name) for name in edits}
    gone = next((name for name, body in edits.items() if body is None and was[name] is None), None)
    if gone is not None:
        return NotThere(slug, gone)
    checked = _checked(row, stored.values(), edits)
    if isinstance(checked, Rejected):
        return checked
    cleaned = {name: None if body is None else _clean(checked, name) for name, body in edits.items()}
    wanted = {name: body for name, body in cleaned.items() if body != was[name]}
    first = next(iter(edits))
    if not wanted:
        return Edited(first, row.revision)
    before = _dated(row.zone, stored.values())
    for name, body in wanted.items():
        _write(row, stored, name, body, by, now)
    _touch(session, row)
    moves = _move(session, row, before, stored, by, now)
    session.add_all((row, *(stored[name] for name in wanted if name in stored)))
    session.flush()
    change = None
    if on_record:
        change = _put_on_record(session, row.id, {name: was[name] for name in wanted}, wanted, by, now, request)
    return Edited(first, row.revision, moves, change)


def with_item(*, session: Session, program: Program, section: str, key: str, body: Body) -> Program | Rejected:
    """The program as it would be with one item written otherwise, at its present revision; nothing is changed."""
    row = rows.by_id(session, program.id)
    assert row is not None
    stored = rows.items(session, program.id)
    checked = _checked(row, stored, {Name(section, key): body})
    if isinstance(checked, Rejected):
        return checked
    after = to_program(
        checked, id=program.id, revision=program.revision, sequences=_sequences(stored), mode=program.mode
    )
    return replace(after, practice_in=program.practice_in, live_since=program.live_since)


def standing(*, session: Session, program_id: int, name: Name) -> Body | None:
    """An item or a part of the header as it stands, in the form of the file; None where there is none."""
    row = rows.by_id(session, program_id)
    if row is None:
        return None
    item = None if name.section == HEADER else rows.item(session, program_id, name.section, name.key)
    return _standing(row, {} if item is None else {name: item}, name)


def written(*, session: Session, program_id: int, name: Name) -> tuple[str | None, datetime | None]:
    """Who has written an item or a part of the header last in Slack, and when, as far as it differs from the file."""
    row = rows.by_id(session, program_id)
    if row is not None and name.section == HEADER:
        found = row.edits.get(name.key, {})
        return found.get("by"), datetime.fromisoformat(found["at"]) if found else None
    item = rows.item(session, program_id, name.section, name.key)
    return (item.edited_by, item.edited_at) if item is not None else (None, None)


def earlier(*, session: Session, program_id: int, name: Name) -> tuple[Body, ...]:
    """Everything that an item or a part of the header has said before, oldest first."""
    row = rows.by_id(session, program_id)
    if row is not None and name.section == HEADER:
        return tuple({name.key: one["body"]} for one in row.earlier if one["part"] == name.key)
    item = rows.item(session, program_id, name.section, name.key)
    return tuple(one["body"] for one in item.earlier) if item is not None else ()


def body_of(*, session: Session, program: Program, section: str, key: str) -> Body:
    """An item in the form of the file; empty where it is not there."""
    found = (one.body for one in rows.items(session, program.id) if (one.section, one.key) == (section, key))
    return dict(next(found, {}))


def mode_of(row: ProgramRow) -> Mode:
    """How a stored program speaks."""
    return next(mode for mode in MODES if mode == row.mode)


def practice_in_of(row: ProgramRow) -> PracticeIn:
    """Where a stored program speaks in practice."""
    return next(where for where in PRACTICE_INS if where == row.practice_in)


def speak(session: Session, row: ProgramRow, mode: Mode, practice_in: PracticeIn, live_since: datetime | None) -> None:
    """Let a stored program speak otherwise from now on; all that is planned is planned anew for it."""
    row.mode, row.practice_in, row.live_since = mode, practice_in, live_since
    _touch(session, row)
    session.add(row)
    session.flush()


def sheet(*, session: Session, slug: str) -> Sheet | None:
    """The stored program in the form of the file, edits included; None when there is no such program."""
    row = rows.get(session, slug)
    return None if row is None else _sheet(session, row)


def export(*, session: Session, slug: str) -> str | None:
    """The stored program as YAML, edits included, so that it begins in practice if it is; None if there is none."""
    row = rows.get(session, slug)
    if row is None:
        return None
    whole = _sheet(session, row)
    if mode_of(row) == "practice":
        whole = replace(whole, header=whole.header.model_copy(update={"mode": "practice"}))
    return program_file.write(whole)


class Programs:
    """Stored programs, built once per revision: every call asks the database only for the revision.

    `on_change` is told of each that is built anew since it has changed, by whoever comes upon it first.
    """

    def __init__(self, on_change: Callable[[Program], None] | None = None) -> None:
        self._built: dict[int, Program] = {}
        self._on_change = on_change

    def get(self, session: Session, slug: str) -> Program | None:
        """The program with a slug."""
        return self.of(session, rows.get(session, slug))

    def by_id(self, session: Session, program_id: int) -> Program | None:
        """The program with an id."""
        found = rows.revised_by_id(session, program_id)
        return self.as_revised(session, found) if found is not None else None

    def all(self, session: Session) -> tuple[Program, ...]:
        """Every stored program, in the order of first loading."""
        built = (self.as_revised(session, one) for one in rows.revised(session))
        return tuple(program for program in built if program is not None)

    def ready(self, session: Session, slugs: Collection[str]) -> None:
        """Build some programs ahead of their use, where nobody waits for that."""
        for row in rows.some(session, slugs):
            self.of(session, row)

    def of(self, session: Session, row: ProgramRow | None) -> Program | None:
        """The program with a header that was read already."""
        if row is None or row.id is None or row.dropped_at is not None:
            return None
        known = self._known(session, row.id, row.slug, row.revision)
        if known is None:
            stored = rows.items(session, row.id)
            known = to_program(
                _sheet_of(row, stored),
                id=row.id,
                revision=row.revision,
                sequences=_sequences(stored),
                mode=mode_of(row),
            )
            known = replace(known, practice_in=practice_in_of(row), live_since=row.live_since)
            self._keep(session, known)
        return known

    def _keep(self, session: Session, program: Program) -> None:
        kept = self._kept(session)
        renewed = kept is self._built and program.id in kept
        kept[program.id] = program
        if renewed and self._on_change is not None:
            self._on_change(program)

    def as_revised(self, session: Session, found: rows.Revised) -> Program | None:
        """The program whose revision was read already."""
        # The whole header, texts and all, is read only by who has to build from it.
        known = self._known(session, found.id, found.slug, found.revision)
        return known or self.of(session, rows.by_id(session, found.id))

    def _known(self, session: Session, program_id: int, slug: str, revision: int) -> Program | None:
        known = self._kept(session).get(program_id)
        return known if known is not None and (known.revision, known.slug) == (revision, slug) else None

    def _kept(self, session: Session) -> dict[int, Program]:
        # What this transaction has changed itself may yet be rolled back, and its revision given out again: that is
        # kept with it alone, until it changes something more.
        kept: dict[int, Program] = session.info.get(_TOUCHED, self._built)
        return kept


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
    mode: Mode | None = None

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
            mode=self.mode,
        )


def _checked(row: ProgramRow, stored: Collection[ProgramItem], edits: Mapping[Name, Body | None]) -> Sheet | Rejected:
    """The whole program with some things written otherwise, if it holds."""
    whole = _with(_whole(row, stored), edits)
    checked = program_file.check(whole)
    return checked if isinstance(checked, Sheet) else _rejected(checked, whole)


def _stored(session: Session, row: ProgramRow) -> dict[Name, ProgramItem]:
    """All items of a program, those that were removed as well."""
    assert row.id is not None
    return {Name(item.section, item.key): item for item in rows.items(session, row.id, removed=True)}


def _load_items(
    row: ProgramRow,
    sheet: Sheet,
    stored: dict[Name, ProgramItem],
    overwrite: bool,
    tally: _Tally,
    now: datetime,
) -> None:
    """Bring the items to what the file says: those that are new to it are put into `stored`."""
    assert row.id is not None
    left = dict(stored)
    for section in SECTIONS:
        tally.reordered |= _is_reordered(section, sheet, stored.values())
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


def _load_documents(
    session: Session,
    row: ProgramRow,
    stored: Mapping[Name, ProgramItem],
    readings: Sequence[Reading],
    tally: _Tally,
    now: datetime,
) -> None:
    """Keep what was read of the documents that the program has now."""
    assert row.id is not None
    here = {name.key: item for name, item in stored.items() if name.section == "documents"}
    listed = {key: item.body for key, item in here.items() if item.removed_at is None}
    held = {one.name.key for one in tally.kept if one.name.section == "documents"}
    # What was dropped in Slack in the place of a file, or taken out there, is not read from that file again.
    dropped = {key for key in held & listed.keys() if listed[key].get("dropped")}
    fresh = [one for one in readings if one.document.key in listed.keys() - dropped]
    tally.documents, tally.requoted = documents.keep(
        session=session, program_id=row.id, listed=listed, readings=fresh, now=now
    )


def _load_header(row: ProgramRow, head: Header, overwrite: bool, tally: _Tally, now: datetime) -> None:
    name, wanted = Name(HEADER, head.program.slug), head.body()
    wanted.pop("mode", None)
    edits = {} if overwrite else {part: row.edits[part] for part in row.edits if wanted.get(part) != row.body.get(part)}
    for part, edit in sorted(edits.items()):
        theirs = wanted.pop(part, None)
        if part in row.body:
            wanted[part] = row.body[part]
        tally.kept.append(
            Kept(Name(HEADER, part), edit["by"], datetime.fromisoformat(edit["at"]), _why_kept(edit["loaded"], theirs))
        )
    if row.body == wanted:
        tally.unchanged += 1
    else:
        (tally.changed if row.body else tally.added).append(name)
    for part in (*row.body, *wanted):
        rows.write_part(row, part, wanted.get(part), now)
    row.edits = edits
    _name_it(row)


def _why_kept(loaded: str, body: object) -> Literal["same file", "file changed", "not in file"]:
    if body is None:
        return "not in file"
    return "same file" if loaded == _hash(body) else "file changed"


def _name_it(row: ProgramRow) -> None:
    row.name, row.zone = row.body["program"]["name"], row.body["program"]["zone"]


def _is_reordered(section: str, sheet: Sheet, stored: Iterable[ProgramItem]) -> bool:
    """Whether what stands in both comes in another order in the file; places that nobody has any more do not count."""
    listed = [item.id for item in sheet.items.get(section, ())]
    mine = (one for one in stored if one.section == section and one.removed_at is None and one.key in listed)
    order = [one.key for one in sorted(mine, key=lambda one: (one.position, one.id or 0))]
    return order != [key for key in listed if key in order]


def _load_item(
    there: ProgramItem, body: Body, position: int, overwrite: bool, tally: _Tally, now: datetime
) -> None:  # fmt: skip
    name = Name(there.section, there.key)
    same = there.body == body and there.removed_at is None
    if there.edited_at is not None and not same and not overwrite:
        why: Literal["same file", "file changed"] = "same file" if there.loaded_hash == _hash(body) else "file changed"
        tally.kept.append(Kept(name, there.edited_by, there.edited_at, why))
        return
    there.position = position
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
    # What was there once has been counted up when it was taken out.
    former = [name for name in after if name not in before and stored[Name(*name)].sequence]
    found = tuple(replace(one, sequence=row.revision) for one in moved(before, after, former))
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
        before_start=move.before.starts_at if move.before else None,
        before_end=move.before.ends_at if move.before else None,
        after_start=move.after.starts_at if move.after else None,
        after_end=move.after.ends_at if move.after else None,
        moved_at=now,
        moved_by=by,
    )


def _sequences(stored: Iterable[ProgramItem]) -> dict[str, int]:
    return {item.key: item.sequence for item in stored if item.section == "events"}


def _touch(session: Session, row: ProgramRow) -> None:
    row.revision += 1
    session.info[_TOUCHED] = {}


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


def _with(whole: dict[str, Any], edits: Mapping[Name, Body | None]) -> dict[str, Any]:
    """The same with some items and parts written otherwise: each behind the others of its section."""
    made = dict(whole)
    for name, body in edits.items():
        if name.section == HEADER:
            made.pop(name.key, None)
            made.update(body or {})
            continue
        others = [one for one in made.get(name.section, ()) if one["id"] != name.key]
        made[name.section] = [*others, *([] if body is None else [{**body, "id": name.key}])]
    return made


def _is_name(name: Name) -> bool:
    return name.section in SECTIONS or (name.section == HEADER and name.key in Header.model_fields)


def _standing(row: ProgramRow, stored: Mapping[Name, ProgramItem], name: Name) -> Body | None:
    if name.section == HEADER:
        return {name.key: row.body[name.key]} if name.key in row.body else None
    item = stored.get(name)
    return item.body if item is not None and item.removed_at is None else None


def _write(
    row: ProgramRow, stored: dict[Name, ProgramItem], name: Name, body: Body | None, by: str | None, now: datetime
) -> None:
    """Let one item or part of the header read otherwise; what reads as in the file again counts as not edited."""
    if name.section == HEADER:
        value, was = (body or {}).get(name.key), row.body.get(name.key)
        loaded = row.edits[name.key]["loaded"] if name.key in row.edits else _hash(was)
        rows.write_part(row, name.key, value, now)
        others = {part: edit for part, edit in row.edits.items() if part != name.key}
        mine = {name.key: {"by": by, "at": now.isoformat(), "loaded": loaded}}
        row.edits = others if _hash(value) == loaded else others | mine
        _name_it(row)
        return
    there = stored.get(name)
    if there is None:
        assert row.id is not None
        last = max((item.position for item in stored.values() if item.section == name.section), default=-1)
        there = stored[name] = _new_item(row.id, name, last + 1, {}, loaded=False)
    if body is not None:
        rows.write(there, body, now)
    there.removed_at = now if body is None else None
    as_loaded = body is not None and there.loaded_hash == _hash(body)
    there.edited_at, there.edited_by = (None, None) if as_loaded else (now, by)


def _put_on_record(
    session: Session,
    program_id: int,
    before: Mapping[Name, Body | None],
    after: Mapping[Name, Body | None],
    by: str | None,
    now: datetime,
    request: str | None,
) -> int:
    """Note a change of items, so that it can be taken back; of several, each under its name."""
    only = next(iter(after)) if len(after) == 1 else None
    person = people.anybody(session, by) if by is not None else None
    change = ChangeRow(
        program_id=program_id,
        kind=CHANGE,
        key=_key(only) if only else SEVERAL,
        before=before[only] if only else {_key(name): body for name, body in before.items()},
        after=after[only] if only else {_key(name): body for name, body in after.items()},
        by=person.id if person is not None else None,
        changed_at=now,
        request=request,
    )
    return changes.add(session, change)


def _key(name: Name) -> str:
    return f"{name.section}/{name.key}"


def named(key: str) -> Name:
    """The item or part of the header that a change is of, by its key."""
    section, _, name = key.partition("/")
    return Name(section, name)


def _rejected(flaws: Iterable[Flaw], whole: Mapping[str, Any]) -> Rejected:
    found = tuple(flaws)
    return Rejected(tuple((_path(one), one.says) for one in found), tuple(_wrong(one, whole) for one in found))


def _wrong(flaw: Flaw, whole: Mapping[str, Any]) -> Wrong:
    section, *rest = flaw.place or ("",)
    if section in SECTIONS and rest and isinstance(rest[0], int):
        return Wrong(Name(str(section), str(whole[str(section)][rest[0]].get("id"))), tuple(rest[1:]), flaw.says)
    return Wrong(Name(HEADER, str(section)) if section else None, tuple(rest), flaw.says)


def _clean(sheet: Sheet, name: Name) -> Body | None:
    if name.section == HEADER:
        found = sheet.header.body()
        return {name.key: found[name.key]} if name.key in found else None
    return next(item.body() for item in sheet.items[name.section] if item.id == name.key)


def _path(flaw: Flaw) -> str:
    return ".".join(map(str, flaw.place))


def _hash(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
