"""`/convene help` is made from what is listened to; `status` says what was not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.channels import Setting
from bot.domain.convene import WORDS, Said, Status, Unknown
from bot.domain.people import Member, NotAllowed, Viewer
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.views import convene as views
from bot.views import ids
from handlers import registry
from jobs.registry import KINDS
from tests.cast import COHORT, FAY, MONDAY
from tests.journeys.workspace import text_of

COMMANDS = tuple(registry.collect().commands)
OST: Program = replace(programs.check(programs.find_file("ost-cop")), id=7)


def viewer(*roles: Any, **other: Any) -> Viewer:
    return replace(Viewer("T", "U0SAM0001", 1, "Sam", program=OST, roles=frozenset(roles)), **other)


@pytest.mark.parametrize("roles", [(), ("applicant",), ("participant",), ("coach",), ("facilitator",), ("admin",)])
def test_help_names_every_command_that_is_listened_to(roles: tuple[str, ...]) -> None:
    message = views.help_(COMMANDS, viewer(*roles))
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(message.blocks)
    assert COMMANDS
    for command in COMMANDS:
        assert command.name in said


def test_help_puts_what_concerns_the_reader_first() -> None:
    said = text_of(views.help_(COMMANDS, viewer("applicant")).blocks)
    assert said.index("`/ask") < said.index("For those who take part") < said.index("`/reflect`")
    assert "For those who take part" not in text_of(views.help_(COMMANDS, viewer("participant", "coach")).blocks)


def test_a_guest_reads_first_what_goes_without_commands() -> None:
    guest = text_of(views.help_(COMMANDS, viewer("participant", guest=True)).blocks)
    member = text_of(views.help_(COMMANDS, viewer("participant")).blocks)
    assert guest.index("Guests often cannot") < guest.index("/ask")
    assert "Guests often cannot" not in member
    assert member.index("/ask") < member.index("Without commands")


def test_those_who_run_it_read_what_is_behind_the_word() -> None:
    assert "/convene status" in text_of(views.help_(COMMANDS, viewer("facilitator")).blocks)
    assert "/convene status" not in text_of(views.help_(COMMANDS, viewer("participant")).blocks)


def test_every_line_of_the_commands_has_its_bullet() -> None:
    said = text_of(views.help_(COMMANDS, viewer("facilitator")).blocks)
    lines = [line for line in said.splitlines() if "`/" in line and not line.startswith("For those")]
    assert len(lines) > len(WORDS)
    assert all(line.startswith("• `/") for line in lines)


def test_facilitators_are_told_how_to_read_what_came_in() -> None:
    assert "• `/reflect all`" in text_of(views.help_(COMMANDS, viewer("facilitator")).blocks)
    assert "`/reflect all`" not in text_of(views.help_(COMMANDS, viewer("applicant")).blocks)


def test_without_a_program_there_is_help_all_the_same() -> None:
    message = views.help_(COMMANDS, viewer(program=None))
    assert rules.message_blocks(list(message.blocks)) == []


@pytest.mark.parametrize("word", ["<!channel>", "x" * 10_000, "🎉"])
def test_an_unknown_word_is_harmless_and_answered(word: str) -> None:
    said = views.unknown(Unknown(word, None))
    assert rules.message_text(said) == []
    assert "<!channel>" not in said
    assert len(said) < 200
    assert "`status`" in said
    assert "Did you mean `/convene status`?" in views.unknown(Unknown("sttus", "status"))


def status(**other: Any) -> Status:
    found = Status(OST, MONDAY, "postgresql", (), {}, None, None, ())
    return replace(found, **other)


def test_a_new_bot_says_what_is_missing() -> None:
    message = views.status(status())
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(message.blocks)
    assert "PostgreSQL" in said
    assert "nothing yet" in said
    assert "none is set for the facilitators" in said
    assert message.text.endswith("all is well.")


def test_what_could_not_be_said_stands_with_its_reason() -> None:
    message = views.status(
        status(
            channels=(Setting(COHORT, "open", "facilitators"),),
            notices={"delivered": 3, "refused": 1},
            last=Said("reflection.receipt", MONDAY - timedelta(minutes=5)),
            next=Said("digest.report", MONDAY + timedelta(days=1)),
            troubles=(Said("questions.card", MONDAY - timedelta(hours=2), "channel_not_found <x>"),),
        )
    )
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(message.blocks)
    assert "3 said, 1 refused by Slack" in said
    assert "the receipt of a reflection, 5 minutes ago" in said
    assert "the digest, Tue, Oct 13, 9:00 am (St. Louis)" in said
    assert "a question for the facilitators, 2 hours ago: channel_not_found &lt;x&gt;" in said
    assert "This channel is public" in said


def test_everything_the_bot_says_by_itself_has_a_name_in_words() -> None:
    assert set(views.KINDS) == set(KINDS)


def test_who_may_not_see_it_is_told_whom_to_ask() -> None:
    fay = Member(7, FAY, "Fay", "facilitator")
    assert f"<@{FAY}>" in views.refusal(NotAllowed(OST, (fay,)))
    assert "sets one up in my *Home* tab" in views.refusal(NotAllowed(None))


def test_the_usage_names_every_word() -> None:
    assert f"[{' | '.join(WORDS)}]" == views.USAGE
    assert ids.CONVENE in [one.name for one in COMMANDS]
