"""Finding: other forms, beginnings, slips and Spanish find a word; what has all words comes before what has some."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.find import KINDS, MOST, Index, Kind, Thing, asked, grouped, of_program
from bot.domain.programs import Audience
from bot.services import programs

OST = replace(programs.check(programs.find_file("ost-cop")), id=7)
EVERY: dict[Kind, tuple[Audience, ...]] = dict.fromkeys(KINDS, ("all", "cohort", "applicants"))
INDEX = Index(of_program(OST))


def keys(text: str, kind: str, index: Index = INDEX) -> list[str]:
    return [one.key for name, things in grouped(index.find(text), EVERY) for one in things if name == kind]


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("convening 2", "date", "convening-2"),
        ("CONVENINGS", "date", "convening-1"),
        ("convenning", "date", "convening-1"),
        ("conv", "date", "convening-3"),
        ("january", "date", "convening-2"),
        ("enero", "date", "convening-2"),
        ("reunión enero", "date", "convening-2"),
        ("fecha límite", "date", "application-deadline"),
        ("tarea", "homework", "before-we-begin"),
        ("book club", "homework", "book-club-1"),
        ("rubrica", "resource", "rubric"),
        ("ruubric", "resource", "rubric"),
    ],
)
def test_a_thing_is_found_however_it_is_written(text: str, kind: str, key: str) -> None:
    assert key in keys(text, kind)


def test_an_answer_is_found_by_its_other_wordings_and_its_translation() -> None:
    entry = next(one for one in OST.entries if one.translations)
    assert entry.key in keys(entry.translations[0].question, "answer")
    assert entry.key in keys("OST CoP explained", "answer")


def test_what_has_all_words_hides_what_has_some() -> None:
    index = Index([Thing("answer", "both", "Lunch boxes", ""), Thing("answer", "one", "Lunch", "")])
    assert keys("lunch boxes", "answer", index) == ["both"]
    assert sorted(keys("lunch trams", "answer", index)) == ["both", "one"]


def test_a_title_counts_for_more_than_a_text() -> None:
    things = [Thing("answer", "text", "Food", "there is lunch"), Thing("answer", "title", "Lunch", "at noon")]
    assert keys("lunch", "answer", Index(things)) == ["title", "text"]


@pytest.mark.parametrize("text", ["xyzzyq", "", "!!!", "🎉", "x" * 500])
def test_what_is_nowhere_is_not_found(text: str) -> None:
    assert INDEX.find(text) == []


def test_words_that_only_hold_sentences_together_count_where_there_are_no_others() -> None:
    assert asked("where is the lunch") == ("lunch",)
    assert asked("who") == ("who",)


def test_what_somebody_does_not_see_is_not_among_what_they_find() -> None:
    things = [Thing("date", "theirs", "Lunch", "", "cohort"), Thing("date", "ours", "Lunch", "", "applicants")]
    seen: dict[Kind, tuple[Audience, ...]] = {"date": ("all", "applicants")}
    (group,) = grouped(Index(things).find("lunch"), seen)
    assert [one.key for one in group[1]] == ["ours"]


def test_what_is_hidden_does_not_keep_back_what_has_only_some_of_the_words() -> None:
    things = [Thing("date", "theirs", "Lunch boxes", "", "cohort"), Thing("date", "ours", "Lunch", "", "all")]
    seen: dict[Kind, tuple[Audience, ...]] = {"date": ("all",)}
    (group,) = grouped(Index(things).find("lunch boxes"), seen)
    assert [one.key for one in group[1]] == ["ours"]


def test_of_one_kind_no_more_are_found_than_anybody_looks_through() -> None:
    (group,) = grouped(Index(Thing("answer", str(n), "Lunch", "") for n in range(300)).find("lunch"), EVERY)
    assert len(group[1]) == MOST
