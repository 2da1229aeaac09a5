"""Beginning a program from inside Slack: who may, from what, and its rows made at once, in practice."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from sqlmodel import Session

from bot.domain import setup as rules
from bot.domain.people import Member, NotAllowed, known_zone, squeezed
from bot.domain.programs import Program
from bot.domain.setup import (
    CODE_LENGTH,
    CODE_LETTERS,
    CODE_LIFE,
    MOST_WRONG,
    Begun,
    Copy,
    Draft,
    Flaw,
    Gone,
    Joined,
    NoCode,
    Opening,
    Rejected,
    Started,
    Template,
    WrongCode,
)
from bot.domain.shifting import Shift, day, landed, renamed, weeks_to
from bot.services import memberships, people, program_file
from bot.services import programs as program_service
from bot.services.program_checks import bare
from bot.services.program_schema import Body, Sheet, to_program
from bot.services.programs import SHIPPED, Programs
from storage import people as people_rows
from storage import programs as program_rows
from storage import setup as rows
from storage.people import Person
from storage.setup import SetupCode, SetupRow

BLANK = SHIPPED / "blank"
SOURCE = {"en": "From the template “{name}”", "es": "De la plantilla “{name}”"}
"""Where the words of a template stand until somebody has said that they are right."""
MENDED: Mapping[str, tuple[str, ...]] = {
    "roles": ("title", "text"),
    "expectations": ("who", "text"),
    "events": ("title", "prep", "place"),
    "resources": ("title", "note"),
    "assignments": ("title", "summary"),
}
"""The words of an item in which names of the template are replaced."""
SHORT = frozenset({"title"})
SHORT_MOST, LINE_MOST, TEXT_MOST = 75, 300, 2500


class Templates:
    """What a program can be started from: told by name at once, read whole when it is wanted, and kept."""

    def __init__(self) -> None:
        self._listed: tuple[Template, ...] = ()
        self._sheets: dict[str, Sheet] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._begun = False

    def listed(self) -> tuple[Template, ...]:
        """Every program that ships, and the blank ones."""
        if not self._listed:
            shipped = [_head(path, blank=False) for path in sorted(SHIPPED.glob("*.yaml"))]
            blank = [_head(path, blank=True) for path in sorted(BLANK.glob("*.yaml"), key=lambda one: one.stem)]
            self._listed = (*shipped, *blank)
        return self._listed

    def sheet(self, slug: str) -> Sheet:
        """One of them, whole. Reading it takes seconds the first time."""
        with self._locks[slug]:
            if slug not in self._sheets:
                path = BLANK / f"{slug}.yaml"
                self._sheets[slug] = program_file.read_path(path if path.exists() else SHIPPED / f"{slug}.yaml")
            return self._sheets[slug]

    def make_ready(self) -> None:
        """Read all of them in the background: whoever fills in a form gives it the time."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._read_all, name="templates", daemon=True).start()

    def _read_all(self) -> None:
        for one in self.listed():
            self.sheet(one.slug)


# Who may


def issue_code(*, session: Session, programs: Programs, now: datetime) -> str | None:
    """A new code for whoever sits at the terminal, in place of every earlier one; None once there is a program."""
    if programs.all(session):
        return None
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    salt = secrets.token_hex(8)
    rows.expire_codes(session, now)
    session.add(SetupCode(salt=salt, hash=_hash(code, salt), made_at=now))
    session.flush()
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def redeem(*, session: Session, team: str, user: str, typed: str, now: datetime) -> WrongCode | NoCode | None:
    """Somebody types the code: None if it is right. It is good once, for a day, and after few wrong ones for nobody."""
    person = people.meet(session=session, team=team, user=user, now=now)
    known = rows.code(session)
    if known is None or known.used_at is not None or known.wrong >= MOST_WRONG or now - known.made_at > CODE_LIFE:
        return None if known is not None and _mine(known, person, typed) else NoCode()
    if not hmac.compare_digest(_hash(rules.code_of(typed), known.salt), known.hash):
        known.wrong += 1
        session.add(known)
        return WrongCode(MOST_WRONG - known.wrong) if known.wrong < MOST_WRONG else NoCode()
    known.used_at, known.used_by = now, person.id
    session.add(known)
    session.flush()
    return None


def may_begin(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody may set up a program: the workspace's admins, and who typed the code not long ago."""
    if person.gone or person.bot or person.id is None:
        return False
    return person.workspace_admin or rows.code_given_by(session, person.id, now - CODE_LIFE)


# The form


def opening(
    *,
    session: Session,
    programs: Programs,
    templates: Templates,
    team: str,
    user: str,
    now: datetime,
    copied: int | None = None,
) -> Opening | NotAllowed:
    """The form, filled in as far as can be guessed; for a copy of a program, by whoever runs that."""
    person = people.meet(session=session, team=team, user=user, now=now)
    program = programs.by_id(session, copied) if copied is not None else None
    if copied is not None:
        if program is None or not _may_copy(session, person, program, now):
            return NotAllowed(program, people.facilitators(session, copied) if program else ())
    elif not may_begin(session, person, now):
        return NotAllowed(None, _admins(session, team))
    zone = known_zone(person.zone) or (program.zone if program else "UTC")
    return Opening(
        templates=templates.listed(),
        today=_today(program.zone if program else zone, now),
        zone=zone,
        name=person.name,
        email=person.email or "",
        known=begun(session, programs),
        copied=program,
    )


def begun(session: Session, programs: Programs) -> tuple[Begun, ...]:
    """Every program that is being set up."""
    found = ((row, programs.by_id(session, row.program_id)) for row in rows.unfinished(session))
    return tuple(as_begun(session, row, program) for row, program in found if program is not None)


def is_blank(source: str) -> bool:
    """Whether a template is one of nobody's facts."""
    return (BLANK / f"{source}.yaml").exists()


def source_name(session: Session, row: SetupRow) -> str:
    """What a set-up was made from, by its name."""
    if row.copied:
        copied = program_rows.get(session, row.source)
        return copied.name if copied is not None else row.source
    path = SHIPPED / f"{row.source}.yaml"
    return _head(path, blank=False).name if path.exists() else ""


def as_begun(session: Session, row: SetupRow, program: Program) -> Begun:
    """A set-up as a value."""
    by = session.get(Person, row.begun_by) if row.begun_by is not None else None
    return Begun(program.id, program.name, by.called if by is not None else "", row.begun_at)


# Making it


def begin(
    *, session: Session, programs: Programs, templates: Templates, team: str, user: str, draft: Draft, now: datetime
) -> Started | Joined | Rejected | NotAllowed:
    """Make a program of a template: its dates shifted, its people left behind, everything to be looked at.

    Handing in a form twice makes one. Whoever hands in theirs while another's set-up has come about meanwhile joins it.
    """
    rows.hold(session)
    person = people.meet(session=session, team=team, user=user, now=now)
    if not may_begin(session, person, now):
        return NotAllowed(None, _admins(session, team))
    before = _before(session, programs, draft.request)
    if before is not None:
        return before
    meanwhile = next((one for one in begun(session, programs) if one.program_id not in draft.known), None)
    if meanwhile is not None:
        return join(session=session, programs=programs, person=person, begun=meanwhile, now=now)
    zone = known_zone(draft.zone) or "UTC"
    names = [one.name for one in programs.all(session)]
    found = rules.flaws(draft, _today(zone, now), names, templates.listed())
    if found:
        return Rejected(found)
    assert draft.start is not None
    template = next(one for one in templates.listed() if one.slug == draft.template)
    made = _from_template(
        templates.sheet(draft.template), draft, draft.start, _free_slug(session, draft.name), template
    )
    return _store(session, programs, person, made, draft.request, draft.template, now, copied=False)


def copy(
    *, session: Session, programs: Programs, team: str, user: str, program_id: int, wanted: Copy, now: datetime
) -> Started | Rejected | NotAllowed:
    """Make a program of one that there is: words kept, dates shifted, people left behind."""
    rows.hold(session)
    person = people.meet(session=session, team=team, user=user, now=now)
    program = programs.by_id(session, program_id)
    if program is None or not _may_copy(session, person, program, now):
        return NotAllowed(program, people.facilitators(session, program_id) if program else ())
    before = _before(session, programs, wanted.request)
    if before is not None:
        return before
    names = [one.name for one in programs.all(session)]
    dated = bool(program.events or program.assignments or program.starts)
    found = rules.copy_flaws(wanted, program.local_day(now), names, rules.last_day(program), dated=dated)
    if found:
        return Rejected(found)
    assert wanted.start is not None
    sheet = program_service.sheet(session=session, slug=program.slug)
    assert sheet is not None
    made = _from_program(sheet, squeezed(wanted.name), wanted.start, _free_slug(session, wanted.name))
    return _store(session, programs, person, made, wanted.request, program.slug, now, copied=True)


def join(*, session: Session, programs: Programs, person: Person, begun: Begun, now: datetime) -> Joined:
    """Have somebody look after a set-up that another began."""
    memberships.hold(session, begun.program_id, person, "admin", None, now, person.user_id)
    program_rows.people_changed(session, begun.program_id)
    return Joined(begun)


def help_with(
    *, session: Session, programs: Programs, team: str, user: str, program_id: int, now: datetime
) -> Joined | NotAllowed | Gone:
    """Somebody who may set programs up goes on with what another has begun."""
    person = people.meet(session=session, team=team, user=user, now=now)
    if not may_begin(session, person, now):
        return NotAllowed(None, _admins(session, team))
    found = next((one for one in begun(session, programs) if one.program_id == program_id), None)
    if found is None:
        return Gone(programs.by_id(session, program_id))
    return join(session=session, programs=programs, person=person, begun=found, now=now)


@dataclass
class Made:
    """A program as it is to be stored, in the form of the file, with what is to be looked at."""

    raw: Body
    weeks: int = 0
    notes: list[dict[str, str]] = field(default_factory=list)


def shifted_items(raw: Mapping[str, Any], shift: Shift, notes: list[dict[str, str]]) -> dict[str, list[Body]]:
    """Everything with a date, in the form of the file, at another start; notes get what gave way."""
    return {
        "events": [_moved(one, "events", "starts", "ends", shift, notes) for one in raw.get("events", ())],
        "assignments": [_moved(one, "assignments", "due", None, shift, notes) for one in raw.get("assignments", ())],
        "breaks": [
            {**one, "from": _later(one["from"], shift.weeks), "to": _later(one["to"], shift.weeks)}
            for one in raw.get("breaks", ())
        ],
    }


def shifted_header(raw: Mapping[str, Any], weeks: int) -> Body:
    """The parts of the header with dates, at another start."""
    made: Body = {}
    if "season" in raw:
        days = {name: _later(raw["season"][name], weeks) for name in ("starts", "ends") if name in raw["season"]}
        made["season"] = {**raw["season"], **days}
    if "holidays" in raw:
        made["holidays"] = [{**one, "on": _later(one["on"], weeks)} for one in raw["holidays"]]
    return made


def first_day(program: Program) -> date | None:
    """The first day of a program: of its dates and homework, or else of its season."""
    moments = [*(one.starts_at for one in program.events), *(one.due_at for one in program.assignments)]
    return program.local_day(min(moments)) if moments else program.starts


def whole(sheet: Sheet) -> Body:
    """A sheet as plain data in the form of the file."""
    made: Body = dict(sheet.header.body())
    made.update({name: [one.body() for one in items] for name, items in sheet.items.items()})
    return made


def _from_template(sheet: Sheet, draft: Draft, start: date, slug: str, template: Template) -> Made:
    program, raw = to_program(sheet), whole(sheet)
    weeks = weeks_to(first_day(program), start)
    notes: list[dict[str, str]] = []
    about = {
        **raw["program"],
        "slug": slug,
        "name": squeezed(draft.name),
        "zone": draft.zone,
        "place": squeezed(draft.place),
        "organizer": squeezed(draft.organizer),
        "facilitators": [squeezed(one) for one in draft.facilitators],
    }
    contact = {"name": squeezed(draft.contact), "email": draft.email}
    made: Body = {**raw, "program": about, "contact": contact, **shifted_header(raw, weeks)}
    made.update(shifted_items(raw, Shift(weeks, draft.zone), notes))
    made["documents"], made["digests"] = [], _digests(raw)
    made["faq"] = [{**one, "owner": contact["name"]} for one in raw.get("faq", ())]
    if template.blank:
        return Made(made, weeks, notes)
    names = _names(program, draft)
    notes += [{"why": "name", "about": one} for one in _left_names(program, draft, names)]
    made["milestones"] = []
    _sample(made, SOURCE.get(program.language, SOURCE["en"]).format(name=program.name)[:LINE_MOST])
    return Made(_mend(made, names), weeks, notes)


def _from_program(sheet: Sheet, name: str, start: date, slug: str) -> Made:
    program, raw = to_program(sheet), whole(sheet)
    weeks = weeks_to(first_day(program), start)
    notes: list[dict[str, str]] = []
    made: Body = {**raw, "program": {**raw["program"], "slug": slug, "name": name}, **shifted_header(raw, weeks)}
    made.update(shifted_items(raw, Shift(weeks, program.zone), notes))
    made["documents"], made["digests"] = [], _digests(raw)
    made["faq"] = [{key: value for key, value in one.items() if key != "verified"} for one in raw.get("faq", ())]
    return Made(made, weeks, notes)


def _store(
    session: Session,
    programs: Programs,
    person: Person,
    made: Made,
    request: str,
    source: str,
    now: datetime,
    *,
    copied: bool,
) -> Started | Rejected:
    sheet = program_file.check(made.raw)
    if not isinstance(sheet, Sheet):
        return Rejected(tuple(Flaw("name", "other", f"{'.'.join(map(str, one.place))}: {one.says}") for one in sheet))
    loaded = program_service.load(session=session, sheet=sheet, now=now, mode="practice")
    program = programs.get(session, loaded.slug)
    assert program is not None
    row = SetupRow(
        program_id=program.id,
        begun_by=person.id,
        begun_at=now,
        source=source,
        copied=copied,
        looked=[],
        notes=made.notes,
        request=request,
    )
    session.add(row)
    session.flush()
    memberships.hold(session, program.id, person, "admin", None, now, person.user_id)
    program_rows.people_changed(session, program.id)
    people_rows.mark_home(session, person.id or 0)
    return Started(program)


def _before(session: Session, programs: Programs, request: str) -> Started | None:
    row = rows.by_request(session, request)
    program = programs.by_id(session, row.program_id) if row is not None else None
    return Started(program, again=True) if program is not None else None


def _may_copy(session: Session, person: Person, program: Program, now: datetime) -> bool:
    held = people_rows.memberships(session, person.id or 0)
    viewer = people.as_viewer(session=session, person=person, held=held, program=program)
    return viewer.has("facilitator", "admin") or may_begin(session, person, now)


def _admins(session: Session, team: str) -> tuple[Member, ...]:
    found = people_rows.workspace_admins(session, team)
    return tuple(Member(one.id or 0, one.user_id, one.called, "admin", one.zone) for one in found)


def _free_slug(session: Session, name: str) -> str:
    """A short name that no program has yet."""
    slug, number = rules.slug_of(name), 1
    while program_rows.get(session, slug if number == 1 else f"{slug}-{number}") is not None:
        number += 1
    return slug if number == 1 else f"{slug}-{number}"


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _hash(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**13, r=8, p=1).hex()


def _mine(known: SetupCode, person: Person, typed: str) -> bool:
    """Whether somebody types again what they have typed right before."""
    right = hmac.compare_digest(_hash(rules.code_of(typed), known.salt), known.hash)
    return right and known.used_by is not None and known.used_by == person.id


@cache
def _head(path: Path, *, blank: bool) -> Template:
    """What a program says of itself, from the beginning of its file: the whole takes seconds to read."""
    text = path.read_text(encoding="utf-8").partition("\ncontact:")[0]
    about = YAML(typ="safe", pure=True).load(text)["program"]
    language = str(about.get("language") or "en")
    return Template(path.stem, str(about["name"]), str(about["summary"]), blank, language)


# Shifting


def _moved(
    item: Body, section: str, starts: str, ends: str | None, shift: Shift, notes: list[dict[str, str]]
) -> Body:  # fmt: skip
    close = item.get(ends) if ends is not None else None
    found = landed(_wall(item[starts]), _wall(close) if close else None, shift)
    if found.skipped is not None:
        notes.append({"section": section, "key": item["id"], "why": "clock", "about": f"{found.skipped:%H:%M}"})
    made = {**item, starts: f"{found.starts:%Y-%m-%d %H:%M}"}
    if ends is not None and found.ends is not None:
        made[ends] = f"{found.ends:%Y-%m-%d %H:%M}"
    return made


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _later(text: str, weeks: int) -> str:
    return day(date.fromisoformat(text), weeks).isoformat()


def _digests(raw: Body) -> list[Body]:
    """The same digests, none of them to a person who is left behind."""
    made: list[Body] = []
    for one in raw.get("digests", ()):
        mine = {**one, "to": "facilitators"}
        if all((mine["cron"], mine.get("what")) != (other["cron"], other.get("what")) for other in made):
            made.append(mine)
    return made


# The template's own facts and names


def _sample(made: Body, source: str) -> None:
    """Mark everything that is a fact of the template's program, and take away what vouches for it."""
    for section in ("roles", "expectations", "events", "breaks", "resources", "assignments", "faq"):
        made[section] = [{**one, "sample": True} for one in made.get(section, ())]
    for section in ("roles", "expectations", "faq"):
        made[section] = [{**one, "source": source} for one in made[section]]
    for section in ("events", "resources"):
        made[section] = [_without(one, "source") for one in made[section]]
    made["events"] = [{**one, "link_sample": True} if "link" in one else one for one in made["events"]]
    made["faq"] = [_without(one, "verified") for one in made["faq"]]
    for part in ("hours", "coaching"):
        if part in made:
            made[part] = _without(made[part], "source")
    if "season" in made:
        made["season"] = {**made["season"], "sample": True}
    if "holidays" in made:
        made["holidays"] = [{**one, "sample": True} for one in made["holidays"]]


def _without(item: Body, name: str) -> Body:
    return {key: value for key, value in item.items() if key != name}


def _names(program: Program, draft: Draft) -> dict[str, str]:
    """What stands in the template's words, and what is to stand there instead."""
    pairs = {program.name: draft.name, program.place: draft.place, program.contact.name: draft.contact}
    pairs[program.organizer] = draft.organizer
    others = [one for one in program.facilitators if one not in pairs]
    new = [one for one in draft.facilitators if one != draft.organizer] or list(draft.facilitators)
    pairs.update(zip(others, new, strict=False))
    return {was: squeezed(now) for was, now in pairs.items() if was and squeezed(now)}


def _left_names(program: Program, draft: Draft, names: Mapping[str, str]) -> list[str]:
    """Names of the template that may still stand in its words."""
    every = (program.name, program.organizer, program.contact.name, *program.facilitators, program.place)
    new = {*names.values()}
    return [one for one in dict.fromkeys(every) if one and one not in new]


def _mend(made: Body, names: Mapping[str, str]) -> Body:
    """The same with the names replaced in its words, wherever they still fit."""
    fit = _fitter(names)
    for part in ("home", "welcome"):
        made[part] = {name: fit(text, TEXT_MOST) for name, text in made[part].items()}
    made["program"] = {**made["program"], "summary": fit(made["program"]["summary"], TEXT_MOST)}
    for part in ("hours", "coaching"):
        if part in made:
            made[part] = {**made[part], "words": fit(made[part]["words"], LINE_MOST)}
    for section, fields in MENDED.items():
        made[section] = [_mended(one, fields, fit) for one in made.get(section, ())]
    for one in made["assignments"]:
        one["prompts"] = [_mended(prompt, ("label", "hint"), fit) for prompt in one["prompts"]]
    made["faq"] = _entries(made["faq"], fit)
    return made


Fit = Callable[[str, int], str]


def _fitter(names: Mapping[str, str]) -> Fit:
    def fit(text: str, most: int) -> str:
        new = renamed(text, names)
        return new if len(new) <= most else text

    return fit


def _mended(item: Body, fields: Sequence[str], fit: Fit) -> Body:
    most = {name: SHORT_MOST if name in SHORT else LINE_MOST if name in ("who", "label", "hint", "place") else TEXT_MOST
            for name in fields}  # fmt: skip
    return {name: fit(value, most[name]) if name in most else value for name, value in item.items()}


def _entries(entries: Iterable[Body], fit: Fit) -> list[Body]:
    """Entries with other names: a way to ask that becomes the same as another's is left out, as one has one answer."""
    taken: dict[str, str] = {}
    found = [made for one in entries if (made := _worded(one, one["id"], taken, fit)) is not None]
    for one in found:
        others = one.get("translations", {}).items()
        worded = ((name, _worded(other, one["id"], taken, fit)) for name, other in others)
        if others:
            one["translations"] = {name: other for name, other in worded if other is not None}
    for one in found:
        asked = (_asked(text, one["id"], taken, fit) for text in one.get("phrasings", ()))
        one["phrasings"] = [text for text in asked if text is not None]
    return found


def _worded(one: Body, key: str, taken: dict[str, str], fit: Fit) -> Body | None:
    """A question and its answer with other names."""
    question = _asked(one["question"], key, taken, fit)
    return None if question is None else {**one, "question": question, "answer": fit(one["answer"], TEXT_MOST)}


def _asked(text: str, key: str, taken: dict[str, str], fit: Fit) -> str | None:
    """A way to ask with other names, or as it was where that is another's; None where both are."""
    for one in (fit(text, LINE_MOST), text):
        if taken.setdefault(bare(one), key) == key:
            return one
    return None
