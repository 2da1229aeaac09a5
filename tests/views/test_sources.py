"""Every answer ends with where it stands, and with who has verified it, as far as somebody has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.programs import Contact, Entry, Program, Verified
from bot.views import sources
from bot.views.words import ENGLISH, SPANISH, Words
from tests.calendars import program, there

RIVERSIDE = program()
SEPTEMBER = date(2020, 9, 1)


def entry(verified: Verified | None = None, source: str = "The page <1>", *, sample: bool = False) -> Entry:
    return Entry(
        key="what",
        question="What?",
        phrasings=(),
        answer="This.",
        source=source,
        owner="Mara",
        verified=verified,
        sample=sample,
    )


def line(one: Entry, now: str = "2020-10-12 09:00", words: Words = ENGLISH, of: Program = RIVERSIDE) -> str:
    return sources.line(one, of, there(now), words)


def plain(one: Entry, now: str = "2020-10-12 09:00", words: Words = ENGLISH) -> str:
    return sources.plain(one, RIVERSIDE, there(now), words)


def test_an_answer_ends_with_its_source_and_its_program() -> None:
    assert line(entry()) == "Source: The page &lt;1&gt; · Riverside"
    assert plain(entry()) == "Source: The page <1>"


def test_a_source_that_names_the_program_names_it_once() -> None:
    assert line(entry(source="Riverside page")) == "Source: Riverside page"


def test_what_somebody_has_verified_says_who_and_when() -> None:
    one = entry(Verified("Fay <F>", SEPTEMBER), "Riverside page")
    assert line(one) == "Source: Riverside page · verified by Fay &lt;F&gt; on Sep 1, 2020"
    assert plain(one) == "Source: Riverside page · verified by Fay <F> on Sep 1, 2020"


def test_what_has_lapsed_says_so_kindly_and_whom_to_check_with() -> None:
    one = entry(Verified("Fay", SEPTEMBER, date(2020, 10, 11)), "Riverside page")
    assert line(one) == (
        "Source: Riverside page · last verified by Fay on Sep 1, 2020; "
        "please check with Mara, <mailto:mara@example.org|mara@example.org>"
    )
    assert plain(one).endswith("last verified by Fay on Sep 1, 2020; please check with Mara, mara@example.org")


@pytest.mark.parametrize(("now", "lapsed"), [("2020-10-11 23:59", False), ("2020-10-12 00:00", True)])
def test_it_lapses_when_its_last_day_is_over_where_the_program_is(now: str, lapsed: bool) -> None:
    assert ("last verified" in line(entry(Verified("Fay", SEPTEMBER, date(2020, 10, 11))), now)) is lapsed


def test_a_made_up_source_and_a_made_up_address_say_so() -> None:
    made_up = replace(RIVERSIDE, contact=Contact("Mara", "mara@example.org", sample=True))
    said = line(entry(Verified("Fay", SEPTEMBER, SEPTEMBER), sample=True), of=made_up)
    assert said.startswith("Source: The page &lt;1&gt; (sample) · ")
    assert said.endswith("mara@example.org> (sample)")


def test_the_same_in_spanish() -> None:
    one = entry(Verified("Fay", SEPTEMBER), "Riverside page", sample=True)
    assert line(one, words=SPANISH) == (
        "Fuente: Riverside page (ejemplo) · verificado por Fay el 1 de septiembre de 2020"
    )
    lapsed = entry(Verified("Fay", SEPTEMBER, SEPTEMBER), "Riverside page")
    assert "verificado por última vez por Fay el 1 de septiembre de 2020; por favor, confírmelo con Mara" in plain(
        lapsed, words=SPANISH
    )
