"""A list of people as a spreadsheet saves it: read whole, with everything that is wrong named at once."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.people import ORGANIZATION_NAME, PERSON_NAME, ROLES, Role, is_role, same_name, squeezed

COLUMNS = ("name", "email", "slack_id", "role", "organization")
HEADER = ",".join(COLUMNS)
_ALIASES = {
    "e_mail": "email",
    "mail": "email",
    "email_address": "email",
    "slack": "slack_id",
    "slackid": "slack_id",
    "member_id": "slack_id",
    "e_mail_address": "email",
    "organisation": "organization",
    "organization_name": "organization",
    "org": "organization",
    "full_name": "name",
}
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_LONGEST_EMAIL = 254


@dataclass(frozen=True)
class Row:
    """One person in one role, and the line it stands in. At least one of `email` and `slack_id` is there."""

    line: int
    name: str
    email: str | None
    slack_id: str | None
    role: Role
    organization: str | None


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong where, and what would be right. `column` is empty for a whole line."""

    line: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.says}" if self.column else f"line {self.line}: {self.says}"


@dataclass(frozen=True)
class Roster:
    """A file as it was read: to be used only when there are no problems."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(data: bytes) -> Roster:
    """Read a CSV file: comma, semicolon or tab; UTF-8 with or without its mark, Excel's UTF-16 or Windows-1252."""
    if data.startswith(b"PK"):
        return _hopeless("this is an Excel workbook. In Excel choose Save As, then CSV UTF-8, and import that file.")
    text = _decode(data)
    if text is None or "\0" in text:
        return _hopeless("this is not text. In Excel choose Save As, then CSV UTF-8, and import that file.")
    return parse(text)


def parse(text: str) -> Roster:
    """Read the text of a file; every problem of every line is named, and a file with problems is not to be used."""
    first, offset = text.partition("\n")[0].strip().lower(), 0
    if first.startswith("sep="):
        text, offset = text.partition("\n")[2], 1
    lines, broken = _lines(text, offset)
    while lines and not any(lines[0][1]):
        lines.pop(0)
    if not lines:
        return Roster(problems=broken or (Problem(1, "", f"the file is empty. Its first line is: {HEADER}"),))
    at, header = lines.pop(0)
    columns, problems = _columns(at, header)
    if problems:
        return Roster(problems=(*problems, *broken))
    found = _Reading(columns, len(header))
    for line, cells in lines:
        found.take(line, cells)
    if not found.rows and not found.problems and not broken:
        return Roster(problems=(Problem(at, "", "nobody stands below this line. Add a line for each person."),))
    return Roster(tuple(found.rows), tuple(sorted([*found.problems, *broken])))


def single(who: str, role: str, organization: str) -> Row | tuple[Problem, ...]:
    """One person by Slack id or e-mail address in one role, checked like a line of a file."""
    column = "email" if "@" in who else "slack_id"
    found = _Reading((column, "role", "organization"))
    found.take(1, [squeezed(cell) for cell in (who, role, organization)])
    return found.rows[0] if found.rows and not found.problems else tuple(found.problems)


@dataclass
class _Reading:
    """The lines below the header, one after the other, and what each says about those before it.

    `width` is how many cells a line may have: spreadsheets save empty ones behind the last column.
    """

    columns: Sequence[str]
    width: int = 0
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    roles: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    slack_ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    emails: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Read one line; an empty one is passed over."""
        if not any(cells):
            return
        if len(cells) > max(self.width, len(self.columns)) or any(cells[len(self.columns) :]):
            count = f"{len(cells)} cells under {len(self.columns)} columns"
            self._add(line, "", f'{count}. A comma inside a name needs quotes around it: "Lee, Sam".')
            return
        values = dict.fromkeys(COLUMNS, "") | dict(zip(self.columns, cells, strict=False))
        before = len(self.problems)
        email, slack_id = self._email(line, values["email"]), self._slack_id(line, values["slack_id"])
        if not values["email"] and not values["slack_id"]:
            self._add(line, "email", "is empty, and so is slack_id. One of the two says who this is.")
        self._name(line, values["name"])
        # A list of organizations and their people needs no column that says participant in each line.
        role: Role | None = "participant"
        if "role" in self.columns:
            role = self._role(line, values["role"])
        organization = self._organization(line, values["organization"], role)
        if len(self.problems) == before and role is not None:
            self._alone(line, email, slack_id, role)
            self._called(line, values["name"], slack_id or email or "")
            self.rows.append(Row(line, values["name"], email, slack_id, role, organization))

    def _email(self, line: int, text: str) -> str | None:
        if text and not (_EMAIL.fullmatch(text) and len(text) <= _LONGEST_EMAIL):
            self._add(line, "email", f"{_short(text)!r} is not an e-mail address. Write it like ada@example.org.")
        return text.lower() or None

    def _slack_id(self, line: int, text: str) -> str | None:
        if text and not _SLACK_ID.fullmatch(text):
            how = "It begins with U or W; in Slack, open the person's profile, then ⋮, then Copy member ID."
            self._add(line, "slack_id", f"{_short(text)!r} is not a Slack member id. {how}")
        return text or None

    def _role(self, line: int, text: str) -> Role | None:
        word = text.lower()
        if is_role(word):
            return word
        near = difflib.get_close_matches(word, ROLES, 1)
        said = f"{_short(text)!r} is not a role" if text else "is empty"
        guess = f" Did you mean {near[0]}?" if near else ""
        self._add(line, "role", f"{said}.{guess} Roles: {', '.join(ROLES)}.")
        return None

    def _organization(self, line: int, text: str, role: Role | None) -> str | None:
        if role == "participant" and not text:
            self._add(line, "organization", "is empty. A participant takes part for an organization: write its name.")
        if len(text) > ORGANIZATION_NAME:
            self._add(
                line, "organization", f"has {len(text)} letters. Up to {ORGANIZATION_NAME} fit: write a shorter form."
            )
        return text or None

    def _name(self, line: int, text: str) -> None:
        if len(text) > PERSON_NAME:
            self._add(line, "name", f"has {len(text)} letters. Up to {PERSON_NAME} fit: write a shorter form.")

    def _called(self, line: int, name: str, who: str) -> None:
        """One person has one name: another under the same id or address is a line that was copied wrongly."""
        known, earlier = self.names.setdefault(who, (name, line)) if name else ("", line)
        if known and not same_name(known, name):
            self._add(line, "name", f"{who} is {known} in line {earlier}, and {name} here. One of the two is wrong.")

    def _alone(self, line: int, email: str | None, slack_id: str | None, role: Role) -> None:
        """A person stands under one address and one id, and has each role once."""
        if email is not None and slack_id is not None:
            self._paired(line, "slack_id", self.emails, email, slack_id)
            self._paired(line, "email", self.slack_ids, slack_id, email)
        for name in (email, slack_id):
            earlier = self.roles.setdefault((name, role), line) if name is not None else line
            if earlier != line:
                self._add(line, "role", f"line {earlier} says already that {name} is {role}. Leave one of the two out.")
                return

    def _paired(self, line: int, column: str, known: dict[str, tuple[str, int]], one: str, other: str) -> None:
        stands, earlier = known.setdefault(one, (other, line))
        if stands != other:
            self._add(
                line, column, f"{one} stands with {stands} in line {earlier}, and with {other} here. One is wrong."
            )

    def _add(self, line: int, column: str, says: str) -> None:
        self.problems.append(Problem(line, column, says))


def _short(text: str) -> str:
    return text if len(text) <= PERSON_NAME else f"{text[:PERSON_NAME]}…"


def _decode(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str, offset: int) -> tuple[list[tuple[int, list[str]]], tuple[Problem, ...]]:
    """Every line with the number at which it begins; what cannot be taken apart ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1 + offset
    try:
        for cells in reader:
            found.append((begins, [squeezed(cell) for cell in cells]))
            begins = reader.line_num + 1 + offset
    except csv.Error:
        says = 'the quotes do not match. A quote inside quotes is written twice: "the ""Lab""".'
        return found, (Problem(begins, "", says),)
    return found, ()


def _delimiter(text: str) -> str:
    """Whatever separates the names of the columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def _columns(at: int, header: Sequence[str]) -> tuple[list[str], tuple[Problem, ...]]:
    columns = [_column(cell) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    return columns, tuple(_wrong_columns(at, columns, header))


def _wrong_columns(at: int, columns: Sequence[str], header: Sequence[str]) -> Iterator[Problem]:
    for name, cell in zip(columns, header, strict=False):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, 1)
            guess = f"Did you mean {near[0]}?" if near else "Take it out of the file."
            yield Problem(
                at, cell or "(no name)", f"is not a column of this list. {guess} Columns: {', '.join(COLUMNS)}."
            )
    for name in COLUMNS:
        if columns.count(name) > 1:
            yield Problem(at, name, "is there twice. Keep one of the two columns.")
    if "role" not in columns and "organization" not in columns:
        yield Problem(at, "role", f"is missing. The first line names the columns: {HEADER}")
    if "email" not in columns and "slack_id" not in columns:
        yield Problem(at, "email", "is missing, and so is slack_id. One of the two says who somebody is.")


def _column(cell: str) -> str:
    name = cell.lower().replace(" ", "_").replace("-", "_")
    return _ALIASES.get(name, name)


def _hopeless(says: str) -> Roster:
    return Roster(problems=(Problem(1, "", says),))
