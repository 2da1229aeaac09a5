"""Whatever people write into questions, entries, documents and answers: nobody is pinged, and no markup is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.documents import Passage
from bot.domain.messages import Message
from bot.domain.programs import Contact, Document, Entry, Program, Resource, Translation, Verified
from bot.domain.questions import Answered, Examples, Handed, Nobody, Reply, TooLong, Where
from bot.sandbox import rules
from bot.views import documents, entries, faq, questions
from tests.calendars import event, program, there
from tests.journeys.workspace import text_of

NOW = there("2020-10-12 09:00")
ASKER = "U0ADA0001"
THREAD = Where("channel", "C0APPLY01", "1602511200.000100")
EVIL = [
    "<!channel> <!here|here> <!everyone> <@U0FAY0001> <#C0GENERAL> <!subteam^S0TEAM01|@team>",
    "&lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!channel&#62;",
    "@channel @here @everyone @fay #general",
    "<https://evil.example.org|the packet> <javascript:alert(1)|x> [x](javascript:alert(1))",
    "*bold _it ~st `co ```block > quote\n> quoted\n- list\n• list",
    "<" * 300,
    "&" * 300,
    ">|<|&|<a|b>",
    "w" * 300,
    "\u202e\u2066evil\u2069 هل هذا مجاني؟",
    "{question} {0} %s {{date:nothing}} {{ }}",
    "🙂" * 140,
    "e\u0301\u0302\u0303" * 70,
]
TAG = re.compile(r"<([^<>]*)>")
OURS = re.compile(r"@U0ADA0001|@U0OWNER01|#C0APPLY01|mailto:\S+|https://(?!evil)\S+.*", re.DOTALL)


def evil_program(evil: str) -> Program:
    found = program(
        event("hour", "2020-10-14 15:00", "2020-10-14 16:00", kind="office_hours", title=evil[:75], sample=True),
        resources=(Resource(key="packet", kind="packet", title=evil[:75], url="https://example.org/p", sample=True),),
    )
    return replace(found, name=evil[:75], contact=Contact(evil[:75], "mara@example.org", sample=True))


def evil_entry(evil: str, key: str = "fee") -> Entry:
    return Entry(
        key=key,
        question=evil[:300],
        phrasings=(evil[:300],),
        answer=f"{evil} [{evil.splitlines()[0][:50]}](https://example.org/x) {evil}",
        source=evil[:300],
        owner=evil[:75],
        see=("packet", "hour", "contact"),
        verified=Verified(evil[:75], date(2020, 9, 1), date(2020, 10, 1)),
        translations=(Translation("es", evil[:300], evil),),
    )


def reply(evil: str, **more: Any) -> Reply:
    """A question of evil words about an evil program; more says what became of it."""
    known: dict[str, Any] = {"outcome": "declined", **more}
    return Reply(12, evil, ASKER, THREAD, NOW, (evil_program(evil),), **known)


def answered(evil: str) -> Reply:
    return reply(evil, outcome="answered", entry=evil_entry(evil), also=(evil_entry(evil, "other"),))


def suggested(evil: str) -> Reply:
    some = (evil_entry(evil), evil_entry(evil, "other"))
    return reply(evil, outcome="suggested", suggestions=some)


def quoted(evil: str) -> Reply:
    passage = Passage(Document(key="packet", title=evil[:75], path="p.pdf"), evil, 1, program="riverside")
    return reply(evil, outcome="quoted", passage=passage)


def handed(evil: str, **more: Any) -> Reply:
    return reply(evil, handed=Handed(evil[:80], "U0OWNER01", NOW, NOW), **more)


def told(evil: str) -> Message:
    return questions.told(handed(evil, answers=(Answered(evil[:80], evil, NOW, evil_entry(evil)),)), 0, NOW)


def private(found: Reply) -> Reply:
    return replace(found, where=Where("private", "C0APPLY01"))


MESSAGES: dict[str, Callable[[str], Message]] = {
    "answered": lambda evil: faq.message(answered(evil), NOW),
    "answered in Spanish": lambda evil: faq.message(replace(answered(evil), language="es"), NOW),
    "answered privately": lambda evil: faq.message(private(answered(evil)), NOW),
    "shared": lambda evil: faq.shared(private(answered(evil)), NOW),
    "suggested": lambda evil: faq.message(suggested(evil), NOW),
    "quoted": lambda evil: faq.message(quoted(evil), NOW),
    "shared quotation": lambda evil: faq.shared(private(quoted(evil)), NOW),
    "declined": lambda evil: faq.message(reply(evil), NOW),
    "handed over": lambda evil: faq.message(handed(evil), NOW),
    "passed on": lambda evil: faq.passed_on(handed(evil)),
    "examples": lambda evil: faq.examples(Examples(evil_program(evil), (evil[:80], evil[:80]))),
    "too long": lambda evil: Message(faq.too_long(TooLong(evil_program(evil), 10_000))),
    "nobody": lambda evil: Message(faq.nobody(Nobody(evil_program(evil)))),
    "card": lambda evil: questions.card(handed(evil)),
    "answered card": lambda evil: questions.card(handed(evil, answers=(Answered(evil[:80], evil, NOW),))),
    "told": told,
    "lapsed": lambda evil: entries.lapsed(evil_entry(evil), evil_program(evil), NOW),
}


@pytest.mark.parametrize("evil", EVIL, ids=lambda text: text[:16])
@pytest.mark.parametrize("name", MESSAGES)
def test_no_words_ping_anybody_or_break_a_message(name: str, evil: str) -> None:
    message = MESSAGES[name](evil)
    blocks = list(message.blocks)
    assert rules.message_text(message.text) == []
    assert not blocks or rules.message_blocks(blocks) == []
    assert message.text
    for text in (message.text, text_of([part for part in blocks if part["type"] != "actions"])):
        tags = [tag for tag in TAG.findall(text) if not OURS.fullmatch(tag)]
        assert tags == []


@pytest.mark.parametrize("length", [1_000, 2_500])
@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_is_longer_than_slack_lets_one_be_changed_to(name: str, length: int) -> None:
    assert len(MESSAGES[name]("&" * length).text) <= 4_000


@pytest.mark.parametrize("words", ["&" * 2_500, "<b> & " * 400, "word " * 500, "w" * 2_500])
def test_what_a_person_answers_is_told_to_its_last_word(words: str) -> None:
    message = questions.told(handed("why?", answers=(Answered("Fay", words.strip(), NOW),)), 0, NOW)
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(list(message.blocks))
    kept = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "".join(words.split()) in "".join(kept.split())


@pytest.mark.parametrize("evil", EVIL, ids=lambda text: text[:16])
def test_where_a_quotation_stands_is_said_in_words(evil: str) -> None:
    found = quoted(evil)
    assert found.passage is not None
    assert documents.source(found.passage).endswith("p. 1")
