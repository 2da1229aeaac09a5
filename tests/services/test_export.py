"""An export holds what people wrote, as files that open safely; a coach's private notes only when asked for."""

from __future__ import annotations

import csv
import json
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.services import export
from bot.services.export import InTheWayError
from storage.database import Database
from storage.tables import metadata
from tests import cast
from tests.cast import JUNE, MONDAY, PRIYA
from tests.services.test_checkins import log, organization


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def begin(session: Session) -> None:
    cast.begin(session)
    log(session, PRIYA, moved="=HYPERLINK(1)", next_step="Two lines,\nand a comma", now=MONDAY)
    bright = organization(session, cast.BRIGHT)
    log(session, JUNE, organizations=(bright,), private_note="tired today", now=MONDAY + timedelta(hours=1))


def test_names_stand_beside_the_ids(db: Database, tmp_path: Path) -> None:
    with db.begin() as session:
        begin(session)
    with db.read() as session:
        written = export.write(session=session, out=tmp_path / "out")
    counts = dict(written.files)
    assert (counts["organizations.csv"], counts["checkin_versions.csv"]) == (3, 2)
    checkin = rows(tmp_path / "out", "checkins")[0]
    assert (checkin["author_name"], checkin["program_name"], checkin["receipt"]) == ("Priya Nair", "ost-cop", "1")
    version = rows(tmp_path / "out", "checkin_versions")[0]
    assert version["coach_name"] == "June Park"
    assert version["organizations_names"] == '["Bright Labs"]'
    assert version["saved_at"] == "2020-10-12T14:00:00+00:00"
    assert version["next_step"] == "Two lines,\nand a comma"


def test_private_notes_stay_out_unless_asked_for(quick_db: Database, tmp_path: Path) -> None:
    with quick_db.begin() as session:
        begin(session)
    with quick_db.read() as session:
        without = export.write(session=session, out=tmp_path / "without")
        with_them = export.write(session=session, out=tmp_path / "with", private_notes=True)
    assert (without.notes_left_out, with_them.notes_left_out) == (1, 0)
    assert "tired today" not in "".join(path.read_text() for path in (tmp_path / "without").iterdir())
    assert rows(tmp_path / "with", "checkin_versions")[1]["private_note"] == "tired today"


def test_a_spreadsheet_calculates_nothing(quick_db: Database, tmp_path: Path) -> None:
    with quick_db.begin() as session:
        begin(session)
    with quick_db.read() as session:
        export.write(session=session, out=tmp_path)
    assert rows(tmp_path, "checkin_versions")[0]["moved"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_of_a_formula_is_made_harmless(quick_db: Database, tmp_path: Path, start: str) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        cast.organized(session, program, f"{start}1+1")
    with quick_db.read() as session:
        export.write(session=session, out=tmp_path)
    assert rows(tmp_path, "organizations")[0]["name"] == f"'{start}1+1"


def test_json_lines_keep_every_value_as_it_is(quick_db: Database, tmp_path: Path) -> None:
    with quick_db.begin() as session:
        begin(session)
    with quick_db.read() as session:
        export.write(session=session, out=tmp_path, format="jsonl")
    lines = (tmp_path / "checkin_versions.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert (first["moved"], first["organizations_names"], first["held_on"]) == (
        "=HYPERLINK(1)",
        ["Bright Labs"],
        "2020-10-12",
    )
    assert json.loads((tmp_path / "people.jsonl").read_text(encoding="utf-8").splitlines()[0])["guest"] is False


def test_an_earlier_export_is_not_overwritten(quick_db: Database, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("mine")
    with quick_db.read() as session, pytest.raises(InTheWayError, match=r"people\.csv"):
        export.write(session=session, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] == ["people.csv"]
    assert (tmp_path / "people.csv").read_text() == "mine"


def test_an_export_that_fails_leaves_nothing_behind(
    quick_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    with quick_db.begin() as session:
        begin(session)
    monkeypatch.setattr(export, "harmless", full)
    with quick_db.read() as session, pytest.raises(OSError, match="No space"):
        export.write(session=session, out=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_only_the_owner_can_read_the_files(quick_db: Database, tmp_path: Path) -> None:
    with quick_db.read() as session:
        export.write(session=session, out=tmp_path / "out")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}


def test_every_table_is_exported_or_left_out_by_name(quick_db: Database) -> None:
    with quick_db.read() as session:
        names = {sheet.name for sheet in export.tables(session=session)}
    assert names | set(export.TABLES_LEFT_OUT) == set(metadata.tables)


def test_what_is_left_out_exists() -> None:
    assert set(export.TABLES_LEFT_OUT) <= set(metadata.tables)
    for table, columns in export.COLUMNS_LEFT_OUT.items():
        if table in metadata.tables:
            assert columns <= set(metadata.tables[table].columns.keys())


def test_no_column_that_is_exported_sounds_like_a_credential(quick_db: Database) -> None:
    with quick_db.read() as session:
        columns = {f"{sheet.name}.{one}" for sheet in export.tables(session=session) for one in sheet.columns}
    assert not [one for one in columns if re.search(r"token|secret|password|response_url|lease", one)]
