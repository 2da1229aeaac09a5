"""A quotation as people read it, and documents that cannot be read, in a sentence each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.domain.documents import Passage, Read, Trouble, Unread
from bot.domain.pages import LONGEST
from bot.domain.programs import Document, Program
from bot.domain.questions import Reply, Where
from bot.sandbox import rules
from bot.services import programs
from bot.views import documents as views
from bot.views import faq, ids
from tests.journeys.workspace import text_of
from tests.views.test_faq import NOW, PRIVATE, THREAD, buttons, fits, handed

PING = "<!channel> & <@U0FAY0001>"
PACKET = Document(key="packet", title="Informational packet", path="papers/packet.pdf")
PARKING = "Getting there\nParking is free behind the library."


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def quoted(
    program: Program, text: str = PARKING, document: Document = PACKET, page: int | None = 1, **more: Any
) -> Reply:
    """What is said where no entry answers and a passage does."""
    plain = Reply(
        question_id=12,
        text="where do I park?",
        asker="U0ADA0001",
        where=PRIVATE,
        asked_at=NOW,
        programs=(program,),
        outcome="quoted",
        passage=Passage(document, text, page),
    )
    return replace(plain, **more)


def blocks(reply: Reply) -> list[Any]:
    return list(faq.message(reply, NOW).blocks)


def test_a_quotation_stands_as_one_with_its_page_and_the_program(ost: Program) -> None:
    message = faq.message(quoted(ost), NOW)
    fits(message)
    said = text_of(list(message.blocks))
    assert "I have no answer of my own to this. *Informational packet* says:" in said
    assert "> Getting there\n> Parking is free behind the library." in said
    assert "Source: Informational packet, p. 1 · OST Community of Practice" in said


def test_a_text_without_pages_is_named_alone(ost: Program) -> None:
    assert "Source: Informational packet · OST" in text_of(blocks(quoted(ost, page=None)))


def test_a_sample_is_marked(ost: Program) -> None:
    said = text_of(blocks(quoted(ost, document=replace(PACKET, sample=True))))
    assert "Source: Informational packet, p. 1 (sample)" in said


def test_a_person_is_one_press_away(ost: Program) -> None:
    offered = buttons(blocks(quoted(ost)))
    assert offered == {
        "Share in channel": ids.FAQ_SHARE,
        "Helpful": ids.FAQ_HELPFUL,
        "Not helpful": ids.FAQ_NOT_HELPFUL,
        "Ask a facilitator": ids.FAQ_HAND_OVER,
    }
    assert "Ask a facilitator" in buttons(blocks(quoted(ost, where=THREAD)))


def test_who_was_helped_is_not_asked_again(ost: Program) -> None:
    assert "Ask a facilitator" not in buttons(blocks(quoted(ost, helpful=True)))
    assert "Ask a facilitator" in buttons(blocks(quoted(ost, helpful=False)))


def test_once_a_person_has_it_the_quotation_stays_and_says_so(ost: Program) -> None:
    said = text_of(blocks(quoted(ost, handed=handed())))
    assert "Parking is free" in said
    assert "Fay Whitaker answers by" in said


def test_nothing_in_a_document_pings_anybody(ost: Program) -> None:
    message = faq.message(quoted(ost, PING, replace(PACKET, title=PING)), NOW)
    said = text_of(list(message.blocks)) + message.text
    assert "<!channel>" not in said
    assert "<@U0FAY0001>" not in said
    assert "&amp;lt;" not in said


def test_the_longest_quotation_fits_everywhere(ost: Program) -> None:
    for where in (PRIVATE, THREAD, Where("direct", "D0ADA0001", "1.2")):
        found = quoted(ost, "&<>\n" * (LONGEST // 4), where=where)
        fits(faq.message(found, NOW))
        fits(faq.shared(found, NOW))
        assert rules.view(faq.window(found, NOW), "modal") == []


def test_a_shared_quotation_says_who_asked_and_what(ost: Program) -> None:
    said = text_of(list(faq.shared(quoted(ost), NOW).blocks))
    assert "<@U0ADA0001> asked:" in said
    assert "> Parking is free behind the library." in said
    assert "p. 1" in said


def test_in_plain_words_it_is_the_same(ost: Program) -> None:
    assert faq.plain(quoted(ost), NOW) == (
        "I have no answer of my own to this. Informational packet says:\n"
        "Getting there\nParking is free behind the library.\nSource: Informational packet, p. 1"
    )


def test_who_asks_in_spanish_reads_the_rest_in_spanish(ost: Program) -> None:
    said = text_of(blocks(quoted(ost, language="es")))
    assert "*Informational packet* dice:" in said
    assert "Fuente: Informational packet, pág. 1" in said


def test_what_is_no_longer_there_is_not_known(ost: Program) -> None:
    assert "I don't have that." in text_of(blocks(quoted(ost, passage=None)))


@pytest.mark.parametrize("why", get_args(Trouble))
def test_every_trouble_is_said_with_the_documents_name_and_what_to_do(why: Trouble) -> None:
    said, todo = views.trouble(Unread(PACKET, why)), views.todo(Unread(PACKET, why))
    assert said.startswith("“Informational packet” could not be read: ")
    assert said.endswith(".")
    assert "{" not in said + todo
    assert "oad" in todo


def test_what_can_still_be_quoted_is_said() -> None:
    assert "can still be quoted" in views.trouble(Unread(PACKET, "missing", kept=True))
    assert "still" not in views.trouble(Unread(PACKET, "missing"))


@pytest.mark.parametrize(
    ("pages", "wordless", "says"),
    [(1, 0, "(1 page)"), (5, 0, "(5 pages)"), (5, 2, "(5 pages, 2 without words)"), (0, 0, "Informational packet")],
)
def test_what_was_read_is_counted_in_pages(pages: int, wordless: int, says: str) -> None:
    assert views.read(Read(PACKET, "1", (), pages, wordless)).endswith(says)
