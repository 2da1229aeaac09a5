"""The question what a channel is for, the form, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.channels import ANSWERING, USES, Answering, Assigned, NotAllowed, Setting, Use
from bot.domain.people import Member
from bot.sandbox import rules
from bot.views import channels as views
from bot.views import ids
from tests.cast import ALEX, FAY, GENERAL
from tests.journeys.workspace import text_of

ONE = [(7, "OST Community of Practice")]
SEVERAL = [(n, f"Program {n} <!here>") for n in range(1, 6)]


@pytest.mark.parametrize("programs", [[], ONE, SEVERAL])
def test_the_question_fits(programs: list[tuple[int, str]]) -> None:
    message = views.question(GENERAL, programs, ALEX, ALEX)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.message_text(message.text) == []
    assert "<!here>" not in text_of(message.blocks)


def test_each_program_has_its_buttons_and_nothing_is_there_once() -> None:
    message = views.question(GENERAL, SEVERAL, ALEX, ALEX)
    names = [one["action_id"] for block in message.blocks if block["type"] == "actions" for one in _buttons(block)]
    assert sum(name.startswith(ids.CHANNEL_COHORT) for name in names) == 5
    assert sum(name.startswith(ids.CHANNEL_NONE) for name in names) == 1


def _buttons(block: Any) -> list[Any]:
    return list(block["elements"])


def test_the_inviter_is_thanked_and_others_are_told_who_it_was() -> None:
    assert "Thank you for inviting me" in text_of(views.question(GENERAL, ONE, ALEX, ALEX).blocks)
    assert f"I was invited to <#{GENERAL}> by <@{ALEX}>" in text_of(views.question(GENERAL, ONE, ALEX, FAY).blocks)
    assert f"I was invited to <#{GENERAL}>." in text_of(views.question(GENERAL, ONE, None, FAY).blocks)


def test_without_a_program_it_says_how_one_is_loaded() -> None:
    assert "*Set up a program*" in views.question(GENERAL, [], ALEX, ALEX).text


def test_an_inviter_who_may_not_say_is_told_who_can() -> None:
    message = views.no_say(GENERAL)
    assert rules.message_blocks(list(message.blocks)) == []
    assert "admin of this workspace" in message.text


@pytest.mark.parametrize("use", USES)
def test_every_answer_says_what_follows(use: Use) -> None:
    message = views.answered(Assigned(GENERAL, use, "R&D", instead_of=("C0OLD0001",)))
    assert rules.message_blocks(list(message.blocks)) == []
    assert "{" not in message.text
    assert ("R&amp;D" in message.text) is (use != "none")
    assert "It takes over from <#C0OLD0001>." in message.text


def test_an_open_facilitators_channel_is_warned_about() -> None:
    words = views.sentence(Assigned(GENERAL, "facilitators", "OST", ("public", "shared")))
    assert "This channel is public" in words
    assert "This channel is shared" in words
    assert "make it private" in words


def test_the_refusal_names_those_who_may() -> None:
    fay = Member(7, FAY, "Fay", "facilitator")
    assert f"Ask <@{FAY}>." in views.refusal(NotAllowed((fay,)))
    assert "admin of this workspace" in views.refusal(NotAllowed())


@pytest.mark.parametrize("programs", [[], ONE, SEVERAL])
def test_the_form_fits(programs: list[tuple[int, str]]) -> None:
    assert rules.view(views.form(Setting(GENERAL, "general"), programs), "modal") == []


def _chosen(form: Any, use: str, program: str | None = None, when: str | None = None) -> dict[str, Any]:
    values = {ids.CHANNEL_USE: {ids.CHANNEL_USE: {"selected_option": {"value": use}}}}
    if when:
        values[ids.CHANNEL_ANSWERING] = {ids.CHANNEL_ANSWERING: {"selected_option": {"value": when}}}
    if program:
        values[ids.CHANNEL_PROGRAM] = {ids.CHANNEL_PROGRAM: {"selected_option": {"value": program}}}
    return {**form, "state": {"values": values}}


def test_the_form_is_read_back() -> None:
    assert views.read(_chosen(views.form(Setting(GENERAL, "general"), ONE), "cohort")) == (GENERAL, "cohort", 7, None)
    several = views.form(Setting(GENERAL, "general", "cohort", 2), SEVERAL)
    assert views.read(_chosen(several, "facilitators", "4")) == (GENERAL, "facilitators", 4, None)
    assert views.read(_chosen(several, "nonsense"))[1] == "none"


@pytest.mark.parametrize(("when", "meant"), [("always", "always"), ("usual", "usual"), ("<!channel>", None)])
def test_the_form_says_when_to_speak(when: str, meant: str | None) -> None:
    form = views.form(Setting(GENERAL, "general"), ONE)
    assert views.read(_chosen(form, "applicants", when=when))[3] == meant


@pytest.mark.parametrize("when", [None, *ANSWERING])
def test_the_form_shows_what_was_decided_about_speaking(when: Answering | None) -> None:
    form: Any = views.form(Setting(GENERAL, "general", "applicants", 7, said=True, answering=when), ONE)
    field = next(one for one in form["blocks"] if one.get("block_id") == ids.CHANNEL_ANSWERING)
    assert field["element"]["initial_option"]["value"] == (when or "usual")


@pytest.mark.parametrize("when", ANSWERING)
@pytest.mark.parametrize("use", USES)
def test_whatever_is_set_it_is_said_when_i_speak_there(use: Use, when: Answering) -> None:
    message = views.answered(Assigned(GENERAL, use, "OST", answering=when))
    assert rules.message_blocks(list(message.blocks)) == []
    assert views.SPEAKS[when] in message.text
    assert views.SPEAKS_SHORTLY[when] in views.summary(Setting(GENERAL, "general", use, 7, answering=when))
