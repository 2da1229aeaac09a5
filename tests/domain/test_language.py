"""What is left of a text when it is compared: words without markup, accents, endings and typing errors."""

from __future__ import annotations

import pytest

from bot.domain import language


@pytest.mark.parametrize(
    ("delivered", "typed"),
    [
        ("when is it due?", "when is it due?"),
        ("<@U0CONVENE> when is it due", "when is it due"),
        ("<!channel> <!here|here> office hours", "office hours"),
        ("ask in <#C0APPLY01|applicants> please", "ask in applicants please"),
        ("see <https://example.org/a?b=1> for it", "see for it"),
        ("see <https://example.org|the packet> for it", "see the packet for it"),
        ("fish &amp; chips &lt;3", "fish & chips <3"),
        ("&amp;lt; stays one entity", "&lt; stays one entity"),
        ("great :tada: :+1:", "great"),
        ("run `rm -rf` and ```a\nb``` then", "run and then"),
        ("dead\u200bline\u2060 \u202ereversed", "deadline reversed"),
        ("  two \n lines ", "two lines"),
        ("🎉", "🎉"),
        ("", ""),
    ],
)
def test_clean_gives_what_a_person_typed(delivered: str, typed: str) -> None:
    assert language.clean(delivered) == typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's the deadline?", ["what", "the", "deadline"]),
        ("I can't e-mail", ["i", "can", "not", "email"]),
        ("¿Cuándo es la fecha límite?", ["cuando", "es", "la", "fecha", "limite"]),
        ("one-on-one, 3-5 hours", ["one", "on", "one", "3", "5", "hours"]),
        ("whats up", ["what", "up"]),
        ("🎉 !!", []),
        ("ما هو الموعد", ["ما", "هو", "الموعد"]),
    ],
)
def test_words_are_plain_and_in_order(text: str, expected: list[str]) -> None:
    assert language.words(text) == expected


@pytest.mark.parametrize(
    "forms",
    [
        ("apply", "application", "applying", "applicants"),
        ("organization", "orgs", "organisations"),
        ("convening", "convenings"),
        ("require", "requirements"),
        ("session", "sessions"),
        ("score", "scored", "scoring"),
        ("study", "studies", "studied"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({language.stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("deadline", "due"), ("often", "frequency"), ("online", "virtual")])
def test_other_words_for_one_thing_share_a_concept(one: str, other: str) -> None:
    assert language.concepts(language.stem(one)) & language.concepts(language.stem(other))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how many programs", "?count"),
        ("when is it due", "?when"),
        ("Where do I apply?", "?where"),
        ("who runs it", "?who"),
        ("is there a fee", "?money"),
        ("how often do we meet", "?often"),
        ("¿Cuánto dura?", "?length"),
    ],
)
def test_a_question_tells_what_kind_of_thing_it_asks_for(text: str, kind: str) -> None:
    assert kind in language.kinds(text)


def test_hours_that_something_costs_are_not_money() -> None:
    assert "?money" not in language.kinds("how many hours will this cost us")
