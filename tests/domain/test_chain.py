"""Links hold together, say where they do not, and survive the erasing of what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain import chain
from bot.domain.chain import Broken, Kept, Link, Walk

SALT = "00" * 16


def content(text: str) -> str:
    return chain.content_hash(SALT, {"text": text})


def links(*texts: str) -> list[Link]:
    """A sound chain, a receipt number for each text."""
    head, made = chain.BEGINNING, []
    for number, text in enumerate(texts, 1):
        head = chain.link_hash(head, "reflection", number, 1, content(text))
        made.append(Link(number, "reflection", number, 1, content(text), head))
    return made


def kept(text: str) -> Kept:
    return Kept(frozenset({content(text)}))


def walked(chained: list[Link], said: list[Kept | None]) -> list[Broken]:
    walk = Walk()
    found = [one for link, there in zip(chained, said, strict=True) for one in walk.step(link, there)]
    return [*found, *walk.end(len(chained), chained[-1].link)]


def test_a_sound_chain_has_no_broken_place() -> None:
    assert walked(links("a", "b", "c"), [kept("a"), kept("b"), kept("c")]) == []


def test_an_empty_chain_is_sound() -> None:
    assert Walk().end(0, chain.BEGINNING) == ()


def test_a_changed_text_is_named_by_its_number_and_nothing_else_is() -> None:
    assert walked(links("a", "b", "c"), [kept("a"), kept("B"), kept("c")]) == [Broken("changed", 2, 2, 1)]


def test_a_version_that_was_taken_out_is_named() -> None:
    assert walked(links("a", "b"), [kept("a"), None]) == [Broken("version gone", 2, 2, 1)]


def test_a_text_changed_together_with_its_hash_breaks_the_link() -> None:
    chained = links("a", "b", "c")
    chained[1] = replace(chained[1], content=content("B"))
    assert walked(chained, [kept("a"), kept("B"), kept("c")]) == [Broken("link changed", 2, 2, 1)]


def test_a_link_made_anew_breaks_the_next() -> None:
    chained = links("a", "b", "c")
    head = chain.link_hash(chained[0].link, "reflection", 2, 1, content("B"))
    chained[1] = replace(chained[1], content=content("B"), link=head)
    assert walked(chained, [kept("a"), kept("B"), kept("c")]) == [Broken("link changed", 3, 3, 1)]


def test_a_chain_made_anew_from_a_place_on_has_another_head() -> None:
    chained, walk = links("a", "B"), Walk()
    for link, said in zip(chained, ("a", "B"), strict=True):
        assert walk.step(link, kept(said)) == ()
    assert walk.end(2, links("a", "b")[-1].link) == (Broken("head differs", 2),)


def test_links_taken_out_in_the_middle_are_missed_where_they_were() -> None:
    chained = links("a", "b", "c")
    assert walked([chained[0], chained[2]], [kept("a"), kept("c")])[0] == Broken("links missing", 3, 3, 1)


def test_links_taken_off_the_end_are_missed() -> None:
    chained, walk = links("a", "b"), Walk()
    walk.step(chained[0], kept("a"))
    assert walk.end(2, chained[1].link) == (Broken("head differs", 2),)


def test_another_receipt_number_or_version_is_another_link() -> None:
    one = chain.link_hash("", "reflection", 1, 12, content("a"))
    assert one != chain.link_hash("", "reflection", 11, 2, content("a"))
    assert one != chain.link_hash("", "checkin", 1, 12, content("a"))


def test_what_was_erased_is_not_missed() -> None:
    gone = Kept(frozenset(), erased=True, author_erased=True, empty=True)
    assert walked(links("a", "b"), [gone, kept("b")]) == []


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        (Kept(frozenset(), erased=True, author_erased=False, empty=True), "erased by hand"),
        (Kept(frozenset(), erased=True, author_erased=True, empty=False), "not quite erased"),
    ],
)
def test_what_only_looks_erased_is_named(gone: Kept, why: chain.Why) -> None:
    assert walked(links("a"), [gone]) == [Broken(why, 1, 1, 1)]


def test_the_same_words_with_another_salt_cannot_be_recognized() -> None:
    assert chain.content_hash("11" * 16, {"text": "a"}) != content("a")


def test_the_bytes_are_the_same_whatever_the_order_and_the_zone() -> None:
    noon = datetime(2020, 10, 12, 12, 0, tzinfo=UTC)
    west = noon.astimezone(timezone(timedelta(hours=-5)))
    one = chain.canonical({"at": noon, "day": date(2020, 10, 12), "text": "ñ “so”"})
    assert one == chain.canonical({"text": "ñ “so”", "day": date(2020, 10, 12), "at": west})
    assert one.isascii()


@given(some.dictionaries(some.text(), some.text() | some.integers() | some.lists(some.text())))
def test_anything_that_can_be_typed_has_bytes(said: dict[str, object]) -> None:
    assert chain.canonical(said) == chain.canonical(dict(reversed(said.items())))
