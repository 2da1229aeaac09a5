"""The fixed sentences stand in every language, with the same things to be filled in, and fit where they go."""

from __future__ import annotations

import string
from dataclasses import fields

import pytest

from bot.domain import language
from bot.views import words
from bot.views.blocks import BUTTON, TITLE
from bot.views.words import ENGLISH, LANGUAGES, SPANISH, Opening, Words

OTHERS = [one for one in LANGUAGES.values() if one is not ENGLISH]
BUTTONS = ("helpful", "not_helpful", "share", "none_fits", "ask_person", "ask", "join", "open_application", "open_page")
TITLES = ("window", "ask", "form_button", "close")


def sentences(of: Words) -> dict[str, str]:
    """Every sentence of a language by its name, those of menus and lists included."""
    found: dict[str, str] = {}
    for field in fields(of):
        value = getattr(of, field.name)
        if isinstance(value, str):
            found[field.name] = value
        elif isinstance(value, tuple):
            found.update({f"{field.name}.{number}": one for number, one in enumerate(value)})
        else:
            found.update({f"{field.name}.{name}": str(one) for name, one in value.items()})
            openings = {name: one for name, one in value.items() if isinstance(one, Opening)}
            found.update({f"{field.name}.{name}.button": one.button for name, one in openings.items()})
    return found


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: one.language)
def test_every_sentence_stands_in_both_languages_with_the_same_things_to_fill_in(other: Words) -> None:
    english, theirs = sentences(ENGLISH), sentences(other)
    assert set(english) == set(theirs)
    assert [name for name, text in theirs.items() if not text.strip()] == []
    moments = {"day", "day_of_year", "date"}
    different = {name for name in english if filled_in(english[name]) != filled_in(theirs[name])}
    assert different - moments == set()


@pytest.mark.parametrize("said", LANGUAGES.values(), ids=LANGUAGES)
def test_what_stands_on_buttons_and_windows_fits_there(said: Words) -> None:
    labels = [getattr(said, name) for name in BUTTONS] + [one.button for one in said.openings.values()]
    assert [one for one in labels if len(one) > BUTTON] == []
    assert [one for one in (getattr(said, name) for name in TITLES) if len(one) > TITLE] == []


def test_a_week_has_seven_days_and_a_year_twelve_months_everywhere() -> None:
    assert {(len(one.weekdays), len(one.months)) for one in LANGUAGES.values()} == {(7, 12)}


def test_sentences_in_spanish_are_known_to_be_spanish() -> None:
    long = [text for text in sentences(SPANISH).values() if len(text) > 40 and "Opening(" not in text]
    assert len(long) > 10
    assert [text for text in long if not language.is_spanish(text)] == []


def test_a_language_that_is_not_there_is_english() -> None:
    assert words.of("fr") is ENGLISH
    assert words.of("") is ENGLISH
    assert words.of("es") is SPANISH
