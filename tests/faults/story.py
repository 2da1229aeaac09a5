"""The season that is lived through: with a leap day, both changes of the clocks, and somebody in Kolkata."""

from __future__ import annotations

import re
import shutil
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import ShiftedClock
from bot.sandbox import cast
from bot.sandbox.interface import Person
from bot.services import program_file, programs
from bot.services.program_schema import Sheet

LATER = timedelta(weeks=156)
"""So much later than the program that ships: the same weekdays, in a season with a leap day."""
ZONE = ZoneInfo("America/Chicago")
KOLKATA = "Asia/Kolkata"
START = datetime(2023, 10, 9, 9, 0, tzinfo=ZONE)
END = datetime(2024, 3, 25, 12, 0, tzinfo=ZONE)
"""Everything that is hard about this calendar is over by then."""
HARD_DAYS = {
    "the night in which an hour comes twice": (datetime(2023, 11, 5, 1, 30, tzinfo=ZONE), "night"),
    "the morning after": (datetime(2023, 11, 5, 10, 0, tzinfo=ZONE), "fall"),
    "the leap day": (datetime(2024, 2, 29, 10, 0, tzinfo=ZONE), "leap"),
    "the day after it": (datetime(2024, 3, 1, 9, 0, tzinfo=ZONE), "march"),
    "the night in which an hour is missing": (datetime(2024, 3, 10, 3, 30, tzinfo=ZONE), "spring"),
}
CONVENING_RULES = ((3, time(9, 0)), timedelta(hours=1))
"""What the program says of convenings: three days before at nine, and an hour before."""


class StoryClock(ShiftedClock):
    """A clock that the bot's processes share through a file; theirs may go wrong by `skew`.

    `leaps` are from where to where the story has left out time in which nobody could have done anything.
    """

    def __init__(self, start: datetime, file: Path) -> None:
        self._file = file
        self._skew = timedelta()
        self._writing = threading.Lock()
        self.leaps: list[tuple[datetime, datetime]] = []
        super().__init__(start)

    def shift_to(self, when: datetime) -> None:
        before = self()
        super().shift_to(when)
        self._write()
        self.leaps.append((before, when.astimezone(UTC)))

    def lived(self, begun: datetime, until: datetime) -> timedelta:
        """How much of the time between two moments was lived through, at the machine's own pace."""
        passed = max(until - begun, timedelta())
        left_out = (min(until, there) - max(begun, here) for here, there in self.leaps)
        return passed - sum((one for one in left_out if one > timedelta()), timedelta())

    def on_the_machine(self) -> datetime:
        """What the bot's machines take the time for."""
        return self() + self._skew

    def go_wrong(self, skew: timedelta) -> None:
        """Let the bot's machines be so much ahead of everybody's time, or behind it."""
        self._skew = skew
        self._write()

    def _write(self) -> None:
        with self._writing:
            beside = self._file.with_suffix(".new")
            beside.write_text(repr((self.offset + self._skew).total_seconds()), encoding="ascii")
            beside.replace(self._file)


def people() -> tuple[Person, ...]:
    """The cast, with Kofi in Kolkata."""
    return tuple(replace(one, tz=KOLKATA) if one.id == "U0KOFI001" else one for one in cast.people())


def sheet(folder: Path) -> Sheet:
    """The program that ships, so much later, with a convening at every hard moment."""
    source = programs.find_file("ost-cop")
    shutil.copy(source.with_name("ost-cop-packet.txt"), folder)
    path = folder / source.name
    text = re.sub(r"\b20(?:20|21)-\d\d-\d\d\b", _later, source.read_text(encoding="utf-8"))
    more = "".join(_convening(*one) for one in HARD_DAYS.values())
    path.write_text(text.replace("\nbreaks:", f"\n{more}\nbreaks:"), encoding="utf-8")
    return program_file.read_path(path)


def expected(until: datetime) -> dict[tuple[str, str], datetime]:
    """When each hard moment is announced, by its event and rule, reckoned apart from the bot; those due by `until`."""
    found: dict[tuple[str, str], datetime] = {}
    (days, at), before = CONVENING_RULES
    for starts, key in HARD_DAYS.values():
        found[key, "3d@09:00"] = datetime.combine(starts.date() - timedelta(days=days), at, ZONE).astimezone(UTC)
        found[key, "60m"] = starts.astimezone(UTC) - before
    return {name: due for name, due in found.items() if due <= until}


def _later(found: re.Match[str]) -> str:
    return (date.fromisoformat(found[0]) + LATER).isoformat()


def _convening(starts: datetime, key: str) -> str:
    ends = starts + timedelta(hours=1)
    return (
        f"  - id: {key}\n    kind: convening\n    title: Convening at a hard moment, {key}\n"
        f"    starts: {starts:%Y-%m-%d %H:%M}\n    ends: {ends:%Y-%m-%d %H:%M}\n    audience: cohort\n"
        "    prep: Nothing.\n    place: online\n    sample: true\n"
    )
