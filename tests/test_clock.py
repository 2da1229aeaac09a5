"""Clocks that are moved: by whoever holds them, or by a file that several processes read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import build
from bot.clock import FileClock, wall
from bot.config import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


def write(file: Path, seconds: str) -> None:
    """Put the file there as a whole."""
    beside = file.with_name("clock.new")
    beside.write_text(seconds)
    beside.replace(file)


def ahead(clock: FileClock) -> timedelta:
    """How far from the machine's time it is, to the second."""
    return timedelta(seconds=round((clock() - wall()).total_seconds()))


def test_a_file_moves_the_clock_forward_and_back(file: Path) -> None:
    clock = FileClock(str(file))
    for seconds in ("86400", "-120", "0.5e1"):
        write(file, seconds)
        assert ahead(clock) == timedelta(seconds=float(seconds))
    assert clock().tzinfo is UTC


def test_two_that_read_one_file_agree(file: Path) -> None:
    write(file, "3600")
    first, second = FileClock(str(file)), FileClock(str(file))
    assert abs(first() - second()) < timedelta(seconds=1)


@pytest.mark.parametrize("content", ["", "soon", "nan", "inf", "1e300", "--5"])
def test_what_is_no_number_of_seconds_changes_nothing(file: Path, content: str) -> None:
    write(file, "60")
    clock = FileClock(str(file))
    assert ahead(clock) == timedelta(seconds=60)
    write(file, content)
    assert ahead(clock) == timedelta(seconds=60)


def test_a_file_that_is_taken_away_changes_nothing(file: Path) -> None:
    write(file, "60")
    clock = FileClock(str(file))
    assert ahead(clock) == timedelta(seconds=60)
    file.unlink()
    assert ahead(clock) == timedelta(seconds=60)


def test_it_is_read_only_when_it_is_another_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, "60")
    clock = FileClock(str(file))
    clock()
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("it was read again"))
    for _ in range(100):
        clock()


def test_the_bot_follows_the_file_that_its_settings_name(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, "864000")
    convene = build(Settings(database_url=f"sqlite:///{tmp_path}/x.db", clock_file=str(file)))
    assert convene.deps.clock() - wall() > timedelta(days=9)
    assert "CONVENE_CLOCK_FILE is set" in caplog.text
    convene.stop()


def test_without_one_the_bot_has_the_machines_time(tmp_path: Path) -> None:
    convene = build(Settings(database_url=f"sqlite:///{tmp_path}/x.db"))
    assert abs(convene.deps.clock() - datetime.now(UTC)) < timedelta(seconds=5)
    convene.stop()
