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


@pytest.mark.parametrize(
    "text",
    [
        "cuando es",
        "¿hay beca?",
        "hay beca",
        "¿Cuándo es la fecha límite?",
        "cuando es la fecha limite",
        "donde aplico",
        "CUANDO ES LA REUNION",
        "que es esto",
        "costo?",
        "requisitos",
        "¿webinar?",
        "¿Puede participar una escuela de East St. Louis?",
        "cuando es el deadline",
        "¿Cuál es el deadline de la application?",
        "puedo aplicar si vivo en Illinois",
        "Hola, ¿tienen Zoom link para los office hours?",
        "necesitamos ayuda con la solicitud",
        "nos pueden mandar el packet",
        "somos dos personas en mi nonprofit, podemos entrar",
        "cuadno es la reunion",
        "gracias!",
        "hola",
        "tareas",
        "no puedo asistir a las horas de consulta",
        "es gratis?",
        "se puede en linea",
        "tengo que viajar a St. Louis?",
        "Trabajo en Bright Labs. ¿Puedo participar con The Maker Club?",
        "participación",
        "y la segunda reunión?",
    ],
)
def test_spanish_is_known_however_short_and_however_typed(text: str) -> None:
    assert language.is_spanish(text)


@pytest.mark.parametrize(
    "text",
    [
        "when is it",
        "is there a stipend?",
        "Is it in St. Louis?",
        "St. Louis",
        "Los Angeles?",
        "can programs from Los Angeles or El Paso apply",
        "Is Universidad de Puerto Rico eligible?",
        "does Tomás Rivera take part?",
        "Can María de la Cruz join us in Las Vegas?",
        "Nuestra Casa would like to apply",
        "when is the fiesta",
        "is there a siesta between the sessions?",
        "what does solicitud mean",
        "Is there a version in español?",
        "Hola! When is the deadline?",
        "Gracias! Where do I send it?",
        "deadline",
        "webinar?",
        "coaching hours",
        "our director José is on leave, can I apply?",
        "para-educators: are they welcome?",
        "SE Missouri, MI and ES teachers",
        "¿Is this on?",
        "no",
        "me too",
        "naïve question",
        "résumé needed?",
        "123",
        "",
        "👍",
        "مرحبا",
    ],
)
def test_english_stays_english_whatever_names_and_loanwords_are_in_it(text: str) -> None:
    assert not language.is_spanish(text)


@pytest.mark.parametrize("text", ["webinar", "Los Angeles", "", "42", "Tomás"])
def test_what_could_be_either_is_in_the_language_that_is_usual(text: str) -> None:
    assert language.language_of(text, "es") == "es"
    assert language.language_of(text, "en") == "en"


def test_what_is_english_is_so_wherever_another_language_is_usual() -> None:
    assert language.language_of("When is it due?", "es") == "en"
