"""What is said under a form that could not be saved: in the language of the form, and nothing that is not so."""

from __future__ import annotations

import pytest

from bot.views import failures, faq
from tests.views.test_drafts import form


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Not saved yet. Your words are still here; press again. (Number ABC123)"),
        ("es", "Todavía no se guardó. Sus palabras siguen aquí; presione otra vez. (Número ABC123)"),
    ],
)
def test_a_form_that_is_not_saved_says_so_in_its_own_language(language: str, words: str) -> None:
    view = faq.form(None, 1, language)
    assert failures.language(view) == language
    assert failures.not_saved("ABC123", failures.language(view)) == words


def test_a_form_of_another_kind_is_english() -> None:
    assert failures.language(form()) == "en"
    assert failures.language({"submit": None}) == "en"
