"""Answers keep to Slack's limits, name their source, mark samples, and nothing people typed pings anybody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain import language, questions
from bot.domain.messages import Message
from bot.domain.people import Viewer
from bot.domain.programs import Entry, Program, Translation
from bot.domain.questions import Answered, Examples, Handed, Help, Nobody, Reply, TooLong, Where
from bot.sandbox import rules
from bot.services import programs
from bot.views import faq as views
from bot.views import ids
from bot.views.blocks import BUTTON, VALUE, clip
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
PING = "<!channel> & <@U0FAY0001>"
THREAD = Where("channel", "C0APPLY01", "1602511200.000100")
PRIVATE = Where("private", "C0APPLY01")


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


@pytest.fixture(scope="module")
def stem() -> Program:
    return replace(programs.check(programs.find_file("stem-iq")), id=8)


def reply(program: Program, key: str | None = None, **other: Any) -> Reply:
    """What is said to a question: an answer where `key` names an entry, else that there is none."""
    plain = Reply(
        question_id=12,
        text="when is it due?",
        asker="U0ADA0001",
        where=PRIVATE,
        asked_at=NOW,
        programs=(program,),
        outcome="declined" if key is None else "answered",
        entry=program.entry(key) if key is not None else None,
    )
    return replace(plain, **other)


def beside(program: Program, *keys: str) -> Reply:
    """An answer with some events and resources beside it."""
    found = reply(program, "deadline")
    assert found.entry is not None
    return replace(found, entry=replace(found.entry, see=keys))


def suggested(program: Program, *keys: str, **other: Any) -> Reply:
    entries = tuple(entry for key in keys if (entry := program.entry(key)) is not None)
    return reply(program, outcome="suggested", suggestions=entries, **other)


def handed(owner: str | None = "Fay Whitaker") -> Handed:
    return Handed(owner, "U0FAY0001" if owner else None, NOW + timedelta(days=1, hours=3), NOW)


def fits(message: Message) -> None:
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.characters(list(message.blocks)) <= rules.MESSAGE_CHARACTERS
    assert message.text


def buttons(blocks: Sequence[Any]) -> dict[str, str]:
    """The buttons in sight, by what they say."""
    rows = (block["elements"] for block in blocks if block["type"] == "actions")
    return {one["text"]["text"]: one["action_id"] for row in rows for one in row}


def test_an_answer_stands_under_its_question_with_its_source(ost: Program) -> None:
    message = views.message(beside(ost, "application-deadline"), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "*When is the application due?*" in said
    assert "Source: OST Community of Practice page" in said
    assert "Fri, Oct 16, 11:59 pm (St. Louis): Applications are due" in said


def test_every_shipped_answer_fits_everywhere(ost: Program, stem: Program) -> None:
    for program in (ost, stem):
        for entry in program.entries:
            for where in (PRIVATE, THREAD):
                found = reply(program, entry.key, where=where)
                fits(views.message(found, NOW))
                fits(views.shared(found, NOW))
                assert rules.view(views.window(found, NOW), "modal") == []
                assert entry.source in views.plain(found, NOW)


def test_a_list_in_an_answer_has_bullets(ost: Program) -> None:
    said = text_of(list(views.message(reply(ost, "time-commitment"), NOW).blocks))
    assert "\n• Bi-monthly virtual convenings: approximately 2 hours each.\n• Rotating" in said
    assert "\n- " not in said


def test_what_stands_alone_beside_an_answer_has_no_bullet(ost: Program) -> None:
    assert "• " not in text_of(list(views.message(reply(ost, "packet"), NOW).blocks))


def test_links_of_an_answer_are_made_and_everything_else_is_escaped(ost: Program) -> None:
    entry = Entry(
        key="e",
        question=PING,
        phrasings=(),
        answer=f"{PING} see [the page](https://example.org/?a=1&b=2) and <b>.",
        source=PING,
        owner="Adam",
    )
    message = views.message(reply(ost, outcome="answered", entry=entry, text=PING), NOW)
    said = text_of(list(message.blocks)) + message.text
    assert "<https://example.org/?a=1&amp;b=2|the page>" in said
    assert "<!channel>" not in said
    assert "<@U0FAY0001>" not in said
    assert "&amp;lt;" not in said


def test_what_is_made_up_says_so(ost: Program) -> None:
    entry = replace(ost.entries[0], sample=True, see=("packet", "convening-1"))
    found = reply(ost, outcome="answered", entry=entry)
    said = text_of(list(views.message(found, NOW).blocks))
    assert "Informational packet> (sample)" in said
    assert "Source: OST Community of Practice page, introduction (sample)" in said
    assert "(sample)" in views.plain(found, NOW)


def test_an_answer_can_show_whom_to_write_to(ost: Program) -> None:
    found = reply(ost, "contact")
    said = text_of(list(views.message(found, NOW).blocks))
    assert "<mailto:adam@example.org|adam@example.org> (sample)" in said
    assert "adam@example.org (sample)" in views.plain(found, NOW)
    assert "mailto:" not in views.plain(found, NOW)


def test_a_date_that_is_past_says_so(ost: Program) -> None:
    late = NOW + timedelta(days=30)
    found = beside(ost, "application-deadline")
    assert "(over)" in text_of(list(views.message(found, late).blocks))
    assert "(over)" in views.plain(found, late)


def test_a_reader_elsewhere_sees_their_own_time_as_well(ost: Program) -> None:
    found = reply(ost, "office-hours", zone="America/New_York")
    assert "4:00 pm your time" in text_of(list(views.message(found, NOW).blocks))


def test_the_longest_answer_fits(ost: Program) -> None:
    entry = replace(ost.entries[0], question="&" * 300, answer="<" * 2500, source="&" * 300)
    fits(views.message(reply(ost, outcome="answered", entry=entry, where=THREAD), NOW))


def test_nothing_is_cut_off_an_answer_that_grows_as_it_is_filled(ost: Program) -> None:
    days = "{{dates:convening}}\n" * 4
    entry = replace(ost.entries[0], answer=f"{days}{'word ' * 400}\n[the very end](https://example.org/end)")
    message = views.message(reply(ost, outcome="answered", entry=entry, zone="Asia/Kolkata"), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "<https://example.org/end|the very end>" in said
    assert "…" not in said


def test_only_a_private_answer_in_a_channel_can_be_shared(ost: Program) -> None:
    def offered(**other: Any) -> dict[str, str]:
        return buttons(views.message(reply(ost, "deadline", **other), NOW).blocks)

    assert offered()["Share in channel"] == ids.FAQ_SHARE
    assert "Share in channel" not in offered(where=THREAD)
    assert "Share in channel" not in offered(where=Where("private", "D0ADA0001"))
    assert "Share in channel" not in offered(where=Where("private", ""))
    assert "Share in channel" not in offered(shared=True)
    assert "Share in channel" not in offered(reserved=True)


def test_a_shared_answer_names_who_asked_and_what(ost: Program) -> None:
    message = views.shared(reply(ost, "deadline", text=PING), NOW)
    said = text_of(list(message.blocks))
    assert said.startswith("\n<@U0ADA0001> asked:\n&gt; &lt;!channel&gt;") or "&lt;!channel&gt;" in said
    assert "<!channel>" not in said
    assert buttons(message.blocks) == {}


def test_suggestions_are_buttons_with_names_of_their_own(ost: Program) -> None:
    message = views.message(suggested(ost, "deadline", "selection", "action-items"), NOW)
    fits(message)
    found = buttons(message.blocks)
    assert len(found) == 4
    assert found["When is the application due?"] == ids.FAQ_CHOOSE
    assert found["None of these"] == ids.FAQ_NONE
    assert "- When is the application due?" in message.text


def test_the_value_of_a_suggestion_says_which(ost: Program) -> None:
    message = views.message(suggested(ost, "deadline"), NOW)
    row = next(block for block in message.blocks if block["type"] == "actions")
    value = row["elements"][0]["value"]  # type: ignore[index,call-overload]
    assert ids.referred(str(value)) == (7, "12/deadline")
    assert len(str(value)) <= VALUE


def test_when_there_is_no_answer_a_person_and_an_office_hour_are_named(ost: Program) -> None:
    message = views.message(reply(ost), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "I don't have that." in said
    assert "<mailto:adam@example.org|adam@example.org> (sample)" in said
    assert "Wed, Oct 14, 3:00–4:00 pm (St. Louis)" in said
    assert buttons(message.blocks) == {"Ask a facilitator": ids.FAQ_HAND_OVER}


def test_whoever_takes_part_is_sent_to_their_facilitators_and_not_to_office_hours_for_others(ost: Program) -> None:
    theirs = Help(("cohort",), ("Fay <Whitaker>", "Mara Ode"))
    message = views.message(reply(ost, helps=(theirs,)), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "Ask your facilitators (Fay &lt;Whitaker&gt;, Mara Ode), or write to Adam" in said
    assert "office hour" not in said + message.text
    assert buttons(message.blocks) == {"Ask a facilitator": ids.FAQ_HAND_OVER}
    spanish = views.plain(reply(ost, helps=(theirs,), language="es"), NOW)
    assert "Pregunte a quienes facilitan su grupo (Fay <Whitaker>, Mara Ode), o escriba a Adam" in spanish


def test_whoever_takes_part_where_nobody_facilitates_is_sent_to_the_contact(ost: Program) -> None:
    said = views.plain(reply(ost, helps=(Help(("cohort",)),)), NOW)
    assert "Write to Adam" in said
    assert "office hour" not in said


def test_no_office_hour_is_promised_when_there_is_none(ost: Program) -> None:
    assert "office hour" not in views.plain(reply(ost), NOW + timedelta(days=30))


def test_each_program_that_may_be_meant_has_its_own_way_to_a_person(ost: Program, stem: Program) -> None:
    message = views.message(reply(ost, programs=(ost, stem)), NOW)
    fits(message)
    assert len(buttons(message.blocks)) == 2
    assert "about STEM Integration Quality (STEM IQ)" in message.text


@pytest.mark.parametrize(("where", "how"), [(THREAD, "here in this thread"), (PRIVATE, "by direct message")])
def test_a_question_passed_on_names_a_person_and_a_time(ost: Program, where: Where, how: str) -> None:
    found = reply(ost, where=where, handed=handed())
    message = views.message(found, NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert f"Fay Whitaker answers by Tue, Oct 13, 12:00 pm (St. Louis); you will read it {how}." in said
    assert buttons(message.blocks) == {}
    assert text_of(list(views.passed_on(found).blocks))


def test_without_an_owner_the_facilitators_answer(ost: Program) -> None:
    said = views.plain(reply(ost, handed=handed(None)), NOW)
    assert "The facilitators of OST Community of Practice answer by" in said


def test_what_was_answered_says_by_whom(ost: Program) -> None:
    found = reply(ost, handed=handed(), answers=(Answered("Fay & Co", "No.", NOW),))
    message = views.message(found, NOW)
    assert "Fay &amp; Co has answered this." in text_of(list(message.blocks))
    assert "&amp;amp;" not in message.text


def test_a_vote_is_seen_by_its_voter(ost: Program) -> None:
    helpful = views.message(reply(ost, "deadline", helpful=True), NOW)
    assert "You found this helpful" in text_of(list(helpful.blocks))
    not_helpful = views.message(reply(ost, "deadline", helpful=False), NOW)
    assert buttons(not_helpful.blocks) == {"Ask a facilitator": ids.FAQ_HAND_OVER}
    in_thread = views.message(reply(ost, "deadline", helpful=False, where=THREAD), NOW)
    assert set(buttons(in_thread.blocks)) == {"Helpful", "Not helpful"}
    for vote in (True, False):
        fits(views.thanks(vote, reply(ost, "deadline", where=THREAD)))


def test_examples_show_how_to_ask(ost: Program) -> None:
    found = Examples(ost, ("When is it due?", PING))
    by_command, here = views.examples(found), views.examples_here(found)
    fits(by_command)
    fits(here)
    assert "• /ask When is it due?" in by_command.text
    assert "• When is it due?" in here.text
    assert "<!channel>" not in by_command.text
    assert "For example" not in views.examples_words(Examples(ost, ()))


def test_too_many_words_get_a_number_and_a_way(ost: Program) -> None:
    said = views.too_long(TooLong(ost, 10_000))
    assert "10,000 characters" in said
    assert "up to 1,000 characters" in said
    assert "mailto:" in said
    assert "mailto:" not in views.too_long_words(TooLong(ost, 10_000))


def test_the_form_asks_one_thing_and_says_who_reads_it(ost: Program) -> None:
    view = views.form(ost, ost.id, "")
    assert rules.view(view, "modal") == []
    assert rules.view(views.form(None, 0, ""), "modal") == []
    assert "Only you see the answer" in text_of(view["blocks"][0])  # type: ignore[index]


def test_what_was_typed_into_the_form_is_read_back() -> None:
    state = {"values": {views.QUESTION: {views.QUESTION: {"value": "when?"}}}}
    assert views.read({"state": state}) == "when?"
    empty = {"values": {views.QUESTION: {views.QUESTION: {"value": None}}}}
    assert views.read({"state": empty}) == ""


def test_an_empty_form_is_marked_under_its_field(ost: Program) -> None:
    assert list(views.errors(Examples(ost, ("When is it due?",)))) == [views.QUESTION]


@pytest.mark.parametrize(
    ("wish", "action"),
    [
        ("reflection", ids.REFLECTION_OPEN),
        ("checkin", ids.CHECKIN_OPEN),
        ("dates", ids.DATES_OPEN),
        ("homework", ids.HOMEWORK_OPEN),
    ],
)
def test_a_wish_gets_the_button_that_opens_it(ost: Program, wish: str, action: str) -> None:
    message = views.opener(views.WISHES[wish], Viewer("T", "U", 1, "Lena", program=ost), "en")
    fits(message)
    assert list(buttons(message.blocks).values()) == [action]


def test_help_offers_what_concerns_its_reader(ost: Program) -> None:
    def offered(*roles: Any) -> list[str]:
        viewer = Viewer("T", "U", 1, "Lena", program=ost, roles=frozenset(roles))
        message = views.opener("help", viewer, "en")
        fits(message)
        return list(buttons(message.blocks).values())

    assert offered() == [ids.ASK_OPEN, ids.DATES_OPEN]
    assert ids.REFLECTION_OPEN in offered("participant")
    assert offered("coach") == [ids.ASK_OPEN, ids.DATES_OPEN, ids.CHECKIN_OPEN]


def test_courtesies_are_short() -> None:
    assert len(views.welcome("en").text) < 30
    assert "question" in views.wordless("en").text


def test_refusals_say_what_to_do(ost: Program) -> None:
    assert "mailto:" in views.nobody(Nobody(ost))
    assert "/invite" in views.not_in_channel("C0GENERAL", "en")
    assert "/ask" in views.not_yours()
    assert "channel" in views.cannot_share("en")
    assert "those who take part" in views.cannot_share("en", reserved=True)


def test_two_answers_each_stand_with_their_source(ost: Program) -> None:
    deadline, selection = ost.entry("deadline"), ost.entry("selection")
    assert deadline is not None
    assert selection is not None
    message = views.message(reply(ost, "deadline", also=(selection,)), NOW)
    shown = json.dumps(list(message.blocks), ensure_ascii=False)
    assert deadline.question in shown
    assert selection.question in shown
    assert message.text.count("Source: ") == 2


PARKING = ("Is there parking?", "and <b>lunch</b>?")


@pytest.mark.parametrize("where", [PRIVATE, THREAD, Where("direct", "D1")])
def test_what_is_left_of_a_question_is_said_with_the_way_to_a_person(ost: Program, where: Where) -> None:
    message = views.message(reply(ost, "deadline", unanswered=PARKING, where=where), NOW)
    fits(message)
    said = "You also asked: “Is there parking?” “and &lt;b&gt;lunch&lt;/b&gt;?” To that I have no sure answer."
    assert said in text_of(message.blocks)
    assert said in message.text
    assert buttons(message.blocks)["Ask a facilitator"] == ids.FAQ_HAND_OVER


def test_what_is_left_can_be_passed_on_by_whom_the_rest_has_helped(ost: Program) -> None:
    message = views.message(reply(ost, "deadline", unanswered=PARKING, helpful=True), NOW)
    assert list(buttons(message.blocks)) == ["Share in channel", "Ask a facilitator"]


def test_what_is_left_and_passed_on_says_to_whom(ost: Program) -> None:
    message = views.message(reply(ost, "deadline", unanswered=PARKING, where=THREAD, handed=handed()), NOW)
    assert "Passed on. Fay Whitaker answers by" in text_of(message.blocks)
    assert "Passed on. Fay Whitaker answers by" in message.text
    assert buttons(message.blocks) == {}


def test_what_is_left_is_said_in_spanish(ost: Program) -> None:
    asked = reply(ost, "deadline", unanswered=("hay estacionamiento?",), language="es")
    message = views.message(asked, NOW)
    assert "También preguntó: «hay estacionamiento?» Para eso no tengo una respuesta segura." in message.text
    assert "Preguntar a una persona" in buttons(message.blocks)


def test_what_is_left_is_said_where_an_answer_is_shared(ost: Program) -> None:
    assert "You also asked" in text_of(views.shared(reply(ost, "deadline", unanswered=PARKING), NOW).blocks)


def test_three_long_answers_and_what_is_left_fit_into_one_message(ost: Program) -> None:
    long = [replace(ost.entries[at], answer="word " * 2000) for at in range(3)]
    fits(views.message(reply(ost, "deadline", unanswered=("x" * 500,) * 4, entry=long[0], also=tuple(long[1:])), NOW))


@pytest.mark.parametrize(("language", "other"), [("en", "Something else"), ("es", "Otra cosa")])
def test_a_single_suggestion_stands_against_something_else(ost: Program, language: str, other: str) -> None:
    assert list(buttons(views.message(suggested(ost, "deadline", language=language), NOW).blocks))[1:] == [other]


def test_between_two_it_is_asked_which_is_meant(ost: Program) -> None:
    message = views.message(suggested(ost, "deadline", "selection"), NOW)
    one, other = ost.entry("deadline"), ost.entry("selection")
    assert one is not None
    assert other is not None
    assert message.text == f"Do you mean “{one.question}” or “{other.question}”?"
    spanish = views.message(suggested(ost, "deadline", "selection", language="es"), NOW)
    assert spanish.text.startswith("¿Quiere decir «")


def in_spanish(program: Program, key: str | None = None, **other: Any) -> Reply:
    """The same to a question in Spanish; what `key` names has a Spanish answer made here, and a date beside it."""
    spanish = Translation("es", "¿Hasta cuándo <hay> tiempo?", "Hasta el {{date:application-deadline}}.")
    found = reply(program, key, text="¿cuándo es?", language="es", **other)
    if found.entry is None:
        return found
    return replace(found, entry=replace(found.entry, translations=(spanish,), see=("application-deadline",)))


def test_a_question_in_spanish_is_answered_in_spanish_to_the_last_word(ost: Program) -> None:
    message = views.message(in_spanish(ost, "deadline"), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "Usted preguntó: ¿cuándo es?" in said
    assert "*¿Hasta cuándo &lt;hay&gt; tiempo?*" in said
    assert "Hasta el viernes 16 de octubre, 11:59 p. m. (St. Louis)." in said
    assert "Abrir la solicitud> (ejemplo)" in said
    assert "Fuente: OST Community of Practice page" in said
    assert set(buttons(message.blocks)) == {"Compartir en el canal", "Me sirve", "No me sirve"}
    assert "Source" not in said + message.text
    assert "Oct" not in said + message.text


def test_an_answer_that_nobody_has_translated_is_given_as_it_is_and_says_so(ost: Program) -> None:
    entry = replace(ost.entries[0], translations=())
    message = views.message(reply(ost, language="es", outcome="answered", entry=entry), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "Esta respuesta todavía no está en español; aquí la tiene en inglés." in said
    assert f"*{entry.question}*" in said
    assert "Fuente:" in said
    assert "todavía no está en español" in message.text


def test_in_a_spanish_program_it_is_the_english_question_that_is_told_of_a_missing_translation(ost: Program) -> None:
    spanish = replace(ost, language="es")
    entry = replace(ost.entries[0], answer="Es gratis para todas las organizaciones.", translations=())
    said = text_of(list(views.message(reply(spanish, outcome="answered", entry=entry), NOW).blocks))
    assert "This answer is not in English yet; here it is in Spanish." in said
    own = views.message(reply(spanish, outcome="answered", entry=entry, language="es"), NOW)
    assert "todavía no está" not in own.text


def test_an_answer_that_was_kept_in_spanish_is_not_said_to_be_english(ost: Program) -> None:
    entry = replace(ost.entries[0], question="¿Nos dan un certificado?", answer="Sí, al final.", translations=())
    kept = replace(ost, entries=(entry,))
    own = views.message(reply(kept, language="es", outcome="answered", entry=entry), NOW)
    assert "todavía no está en español" not in own.text + text_of(list(own.blocks))
    english = views.message(reply(kept, outcome="answered", entry=entry), NOW)
    assert "This answer is not in English yet; here it is in Spanish." in text_of(list(english.blocks))


def test_what_is_shared_is_told_in_the_language_of_its_question(ost: Program) -> None:
    message = views.shared(in_spanish(ost, "deadline"), NOW)
    fits(message)
    assert text_of(list(message.blocks)).lstrip().startswith("<@U0ADA0001> preguntó:")
    assert message.text.startswith("Una pregunta y su respuesta: Hasta el viernes")


def test_nobodys_own_time_goes_into_a_channel(ost: Program) -> None:
    message = views.shared(reply(ost, "office-hours", zone="America/New_York"), NOW)
    assert "your time" not in text_of(list(message.blocks)) + message.text


def test_the_window_of_a_spanish_question_is_spanish(ost: Program) -> None:
    view = views.window(in_spanish(ost, "deadline"), NOW)
    assert rules.view(view, "modal") == []
    assert [text_of(view[part]).strip() for part in ("title", "close")] == ["Su pregunta", "Cerrar"]


def test_in_spanish_it_asks_back_declines_and_hands_over(ost: Program) -> None:
    key = next(entry.key for entry in ost.entries if entry.translation("es"))
    asked = suggested(ost, key, language="es")
    spanish = ost.wording(asked.suggestions[0], "es")
    message = views.message(asked, NOW)
    fits(message)
    assert set(buttons(message.blocks)) == {clip(spanish.question, BUTTON), "Otra cosa"}
    assert "Quizás quiso preguntar:" in message.text

    declined = views.message(in_spanish(ost), NOW)
    fits(declined)
    said = text_of(list(declined.blocks))
    assert "No tengo esa información." in said
    assert "Escriba a Adam, <mailto:adam@example.org|adam@example.org> (ejemplo)." in said
    assert "O pregunte en la próxima hora de consulta: miércoles 14 de octubre, 3:00–4:00 p. m. (St. Louis)" in said
    assert "Unirse> (ejemplo)" in said
    assert list(buttons(declined.blocks)) == ["Preguntar a una persona"]

    passed = views.message(in_spanish(ost, handed=handed(), where=THREAD), NOW)
    words = "Fay Whitaker le responde a más tardar el martes 13 de octubre, 12:00 p. m. (St. Louis); lo leerá aquí"
    assert words in text_of(list(passed.blocks))
    answered = views.plain(in_spanish(ost, handed=handed(), answers=(Answered("Fay", "No.", NOW),)), NOW)
    assert answered == "Fay ya respondió a esta pregunta."


def test_which_program_is_meant_is_asked_in_spanish(ost: Program, stem: Program) -> None:
    message = views.message(reply(ost, language="es", programs=(ost, stem)), NOW)
    assert set(buttons(message.blocks)) == {f"Preguntar a {ost.name}", f"Preguntar a {stem.name}"}
    assert f"sobre {stem.name}." in message.text


def test_votes_are_thanked_for_in_spanish(ost: Program) -> None:
    assert views.thanks(True, in_spanish(ost, "deadline")).text == "Gracias, tomo nota."
    assert list(buttons(views.thanks(False, in_spanish(ost, "deadline")).blocks)) == ["Preguntar a una persona"]
    assert "Le sirvió" in text_of(list(views.message(in_spanish(ost, "deadline", helpful=True), NOW).blocks))


def test_how_to_ask_is_said_in_spanish(ost: Program) -> None:
    found = Examples(ost, questions.examples(ost, "es"), "es")
    assert len(found.questions) == 2
    assert all(language.is_spanish(one) for one in found.questions)
    assert views.examples(found).text.startswith(f"Pregúnteme lo que quiera sobre {ost.name}")
    assert "Por ejemplo: " in views.errors(found)[views.QUESTION]
    assert "10,000 caracteres" in views.too_long(TooLong(ost, 10_000, "es"))
    assert "(ejemplo)" in views.too_long_words(TooLong(ost, 10_000, "es"))
    assert "no se puede avisar a nadie" in views.nobody(Nobody(ost, "es"))
    assert "mensaje directo" in views.cannot_share("es")
    assert "quienes participan" in views.cannot_share("es", reserved=True)
    assert "<#C0GENERAL>" in views.not_in_channel("C0GENERAL", "es")


def test_where_nothing_is_translated_the_examples_are_as_they_are(ost: Program) -> None:
    plain = replace(ost, entries=tuple(replace(one, translations=()) for one in ost.entries))
    assert questions.examples(plain, "es") == questions.examples(plain, "en")


def test_the_form_that_opens_from_spanish_words_is_spanish_and_stays_so(ost: Program) -> None:
    message = views.opener("help", Viewer("T", "U", 1, "Lena", program=ost, roles=frozenset({"participant"})), "es")
    fits(message)
    row = next(block for block in message.blocks if block["type"] == "actions")
    first = row["elements"][0]  # type: ignore[index]
    assert ids.referred(str(first["value"])) == (7, "es")  # type: ignore[call-overload,index]
    assert "Entregar una reflexión" in buttons(message.blocks)
    view = views.form(ost, ost.id, "es")
    assert rules.view(view, "modal") == []
    assert ids.referred(str(view["private_metadata"])) == (7, "es")
    assert "Solo usted ve la respuesta" in text_of(view["blocks"][0])  # type: ignore[index]
    assert views.opener("dates", Viewer("T", "U", 1, "Lena", program=ost), "es").text.endswith("Ver las fechas")
    assert views.welcome("es").text == "¡De nada!"
    assert "pregunta" in views.wordless("es").text
