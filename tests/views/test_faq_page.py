"""The page for a website: whole without a script, readable by machines that read aloud, and harmless in every word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.programs import Contact, Entry, Program, Resource, Translation, Verified
from bot.services import programs
from bot.views import faq_page
from tests import cast
from tests.calendars import event, program, there

NOW = "2020-10-12 09:00"
DEADLINE = event("application-deadline", "2020-10-16 23:59", kind="deadline", audience="applicants")
HOUR = event("hour", "2020-10-09 15:00", "2020-10-09 16:00", kind="office_hours", link="https://example.org/h")
INSIDE = event("inside", "2020-11-19 10:00", audience="cohort", link="https://example.org/secret")
PACKET = Resource(key="packet", kind="packet", title="The packet", url="https://example.org/p?a=1&b=2", sample=True)
MINUTES = Resource(key="minutes", kind="other", title="Minutes", url="https://example.org/minutes", audience="cohort")
VOID = ("meta", "input", "br", "link", "img", "hr")


def entry(key: str = "fee", **fields: object) -> Entry:
    known = {"question": f"What about the {key}?", "answer": "Yes.", "source": "The page", "owner": "Mara"}
    return Entry(**{"key": key, "phrasings": (), **known, **fields})  # type: ignore[arg-type]


def season(*entries: Entry, **fields: Any) -> Program:
    whole = program(DEADLINE, HOUR, INSIDE, entries=entries, resources=(PACKET, MINUTES))
    return replace(whole, **{"mode": "demo", **fields})


def page(*entries: Entry, now: str = NOW, **fields: Any) -> str:
    return faq_page.page(season(*entries, **fields), there(now))


class Read(HTMLParser):
    """A page taken apart: its elements in their order, each with its attributes and the text in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[int, str] = {}
        self.open: list[tuple[str, int]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append((tag, len(self.elements) - 1))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, at in self.open:
            self.texts[at] = self.texts.get(at, "") + data

    def all(self, tag: str) -> Iterator[tuple[dict[str, str], str]]:
        """Every element of a kind: its attributes and its text."""
        for at, (name, attributes) in enumerate(self.elements):
            if name == tag:
                yield attributes, " ".join(self.texts.get(at, "").split())

    def article(self, key: str) -> str:
        """What an entry says, heading included."""
        return next(text for attributes, text in self.all("article") if attributes["id"] == key)


def test_an_entry_has_a_heading_its_answer_and_where_it_stands() -> None:
    verified = Verified("Mara", date(2020, 10, 1))
    said = Read(page(entry(verified=verified))).article("fee")
    assert said == "What about the fee? Yes. Source: The page · verified by Mara on Oct 1, 2020"


def test_what_is_for_the_cohort_alone_is_nowhere_on_the_page() -> None:
    text = page(entry(see=("inside", "minutes", "packet")), entry("inner", answer="Secret.", audience="cohort"))
    assert "Secret." not in text
    assert "inner" not in text
    assert "/secret" not in text
    assert "/minutes" not in text
    assert "The packet" in text


def test_an_answer_has_paragraphs_lists_and_links() -> None:
    answer = (
        "First.\n\nBring:\n- a [pen](https://example.org/pen)\n- paper\nSee https://example.org/a. Or a@example.org"
    )
    text = page(entry(answer=answer))
    assert "<p>First.</p>" in text
    assert '<p>Bring:</p>\n<ul>\n<li>a <a href="https://example.org/pen">pen</a></li>\n<li>paper</li>\n</ul>' in text
    assert '<a href="https://example.org/a">https://example.org/a</a>. Or' in text
    assert '<a href="mailto:a@example.org">a@example.org</a>' in text


def test_people_s_words_are_only_words() -> None:
    evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"
    text = page(
        entry(question=evil, answer=f'{evil} [x](https://e.org/"onclick=alert(1)) {evil}', source=evil),
        name=evil,
        summary=evil,
        contact=Contact(evil, "mara@example.org"),
    )
    read = Read(text)
    assert [attributes for attributes, _ in read.all("img")] == []
    assert len(list(read.all("script"))) == 1
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert evil in [text for _, text in read.all("h3")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example.org"])
def test_a_link_leads_to_a_page_or_an_address_and_nowhere_else(url: str) -> None:
    packet = replace(PACKET, url=url)
    text = faq_page.page(replace(season(entry(see=("packet",), answer=f"[x]({url})")), resources=(packet,)), there(NOW))
    assert url not in [attributes["href"] for attributes, _ in Read(text).all("a")]
    assert "The packet" in text


def test_marks_that_no_page_can_hold_are_left_out() -> None:
    text = page(entry(question="What\x00 about\x1b[31m\udc80 it?"))
    assert "What about[31m it?" in text
    text.encode()


def test_dates_are_named_with_their_year_as_of_the_day_of_writing() -> None:
    answer = "{{open:applications|Yes, until {{date:applications}}.|No, they closed on {{day:applications}}.}}"
    said = Read(page(entry(answer=answer))).article("fee")
    assert "Yes, until Fri, Oct 16, 2020, 11:59 pm (St. Louis)." in said
    assert "as of Mon, Oct 12, 2020" in said
    said = Read(page(entry(answer=answer), now="2021-01-04 09:00")).article("fee")
    assert "No, they closed on Fri, Oct 16, 2020." in said
    assert "as of Mon, Jan 4, 2021" in said


def test_what_stands_beside_says_whether_it_is_over_or_a_sample() -> None:
    said = Read(page(entry(see=("hour", "packet", "contact")))).article("fee")
    assert "Fri, Oct 9, 2020, 3:00–4:00 pm (St. Louis): Hour (over)" in said
    assert "The packet (sample)" in said
    assert "mara@example.org" in said


def test_a_sample_is_marked_and_the_page_says_what_that_means() -> None:
    note = "What is marked “sample” is made up"
    assert note in page(entry(sample=True))
    assert "What about the fee? (sample)" in Read(page(entry(sample=True))).article("fee")
    assert note in page(entry(see=("packet",)))
    assert note in page(entry(answer="See {{link:packet}}."))
    assert note in page(entry(), contact=Contact("Mara", "mara@example.org", sample=True))
    assert note not in page(entry())


def test_the_page_of_a_live_program_has_no_answer_that_is_made_up() -> None:
    assert "What about the fee?" not in page(entry(sample=True), entry("cost"), mode="live")
    assert "What about the cost?" in page(entry(sample=True), entry("cost"), mode="live")


def test_what_has_lapsed_names_whom_to_check_with() -> None:
    verified = Verified("Mara", date(2020, 1, 1), date(2020, 10, 1))
    assert "please check with Mara, mara@example.org" in Read(page(entry(verified=verified))).article("fee")


SPANISH = entry(translations=(Translation("es", "¿Cuánto cuesta?", "Nada, hasta el {{day:applications}}."),))


def test_a_translated_entry_stands_in_a_part_of_its_own_in_its_language() -> None:
    read = Read(page(SPANISH, entry("place")))
    assert [attributes["lang"] for attributes, _ in read.all("html")] == ["en"]
    assert [attributes["lang"] for attributes, _ in read.all("section")] == ["en", "es"]
    said = read.article("fee_es")
    assert said.startswith("¿Cuánto cuesta? Nada, hasta el viernes 16 de octubre de 2020. Fuente: The page")
    assert "al lunes 12 de octubre de 2020" in said
    assert [attributes["id"] for attributes, _ in read.all("article")] == ["fee", "place", "fee_es"]


def test_an_entry_and_its_translation_lead_to_each_other() -> None:
    links = [attributes for attributes, _ in Read(page(SPANISH)).all("a") if "aria-label" in attributes]
    named = [(one["href"], one["lang"], one["aria-label"]) for one in links]
    assert ("#fee_es", "es", "En español: ¿Cuánto cuesta?") in named
    assert ("#fee", "en", "In English: What about the fee?") in named


def test_what_was_kept_in_spanish_stands_in_the_spanish_part_alone() -> None:
    kept = entry("certificate", question="¿Nos dan un certificado?", answer="Sí, al final del programa.")
    read = Read(page(entry(), kept))
    assert [attributes["lang"] for attributes, _ in read.all("section")] == ["en", "es"]
    assert [attributes["id"] for attributes, _ in read.all("article")] == ["fee", "certificate_es"]


def test_a_program_in_spanish_has_a_page_in_spanish() -> None:
    text = page(entry(question="¿Cuánto cuesta?", answer="No cuesta nada."), language="es")
    assert '<html lang="es">' in text
    assert "Preguntas y respuestas" in text
    assert "Questions and answers" not in text


@pytest.mark.parametrize("slug", ["ost-cop", "stem-iq"])
def test_the_pages_of_the_programs_that_ship_hold_together(slug: str) -> None:
    shipped = programs.check(programs.find_file(slug))
    text = faq_page.page(shipped, cast.MONDAY)
    read = Read(text)
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = [attributes["href"][1:] for attributes, _ in read.all("a") if attributes["href"].startswith("#")]
    assert set(inside) <= set(ids)
    named = [
        attributes[name] for _, attributes in read.elements for name in ("aria-labelledby", "for") if name in attributes
    ]
    assert set(named) <= set(ids)
    assert {one.key for one in faq_page.public(shipped)} <= set(ids)
    assert "{{" not in re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)


def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in Read(page(SPANISH)).elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_comes_from_anywhere_else_and_nothing_may() -> None:
    text = page(SPANISH)
    read = Read(text)
    assert not [attributes for _, attributes in read.elements if "src" in attributes or "style" in attributes]
    assert not list(read.all("link"))
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [attributes["content"] for attributes, _ in read.all("meta") if "http-equiv" in attributes]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_without_a_script_there_is_no_search_box_that_does_nothing() -> None:
    ((attributes, _),) = Read(page(entry())).all("form")
    assert "hidden" in attributes


def test_an_entry_is_found_by_the_words_of_its_phrasings_in_no_order_of_theirs() -> None:
    text = page(entry(phrasings=("zebra costs at Bright Labs?", "what do I pay for the zebra")))
    ((attributes, _),) = Read(text).all("article")
    assert attributes["data-also"] == "bright costs labs pay zebra"


def test_the_same_day_gives_the_same_page() -> None:
    assert page(SPANISH, now="2020-10-12 09:00") == page(SPANISH, now="2020-10-12 22:00")
    assert page(SPANISH, now="2020-10-12 09:00") != page(SPANISH, now="2020-10-13 09:00")
