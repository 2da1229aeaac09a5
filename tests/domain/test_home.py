"""The application kit."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.home import kit
from bot.services import programs
from tests.cast import MONDAY

OST = programs.check(programs.find_file("ost-cop"))


def test_the_kit_holds_what_an_applicant_needs() -> None:
    found = kit(OST, MONDAY)
    kinds = {one.kind for one in found.resources}
    assert {"webinar", "packet", "preview", "rubric", "application"} <= kinds
    assert [one.key for one in found.deadlines] == ["application-deadline"]
    assert len(found.office_hours) == 3


def test_what_is_over_is_not_offered() -> None:
    found = kit(OST, MONDAY + timedelta(days=2, hours=8))
    assert [one.key for one in found.office_hours] == ["office-hours-thursday", "office-hours-friday"]
    assert kit(OST, MONDAY + timedelta(days=7)).deadlines == ()
