"""Several parts in one message: nothing is lost, nothing is too much for Slack."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Part
from bot.domain.notices import TOGETHER
from bot.sandbox import rules
from bot.views.blocks import MESSAGE_BLOCKS, actions, button, divider, section
from bot.views.notices import CATCHING_UP, CHARACTERS, bundles, characters


def _part(about: str, blocks: int = 1, length: int = 5) -> Part:
    return Part(about, f"About {about}", [section("x" * length) for _ in range(blocks)])


def test_few_small_parts_are_one_message_with_lines_between() -> None:
    (one,) = bundles([_part("a"), _part("b")])
    assert one.message.text == "About a\nAbout b"
    assert [block["type"] for block in one.message.blocks] == ["section", "divider", "section"]


def test_the_same_thing_is_said_once_and_all_its_parts_count_as_said() -> None:
    (one,) = bundles([_part("a"), _part("b"), _part("a")])
    assert one.members == [0, 1, 2]
    assert one.message.text == "About a\nAbout b"


def test_the_same_thing_joins_its_message_even_after_a_next_one_was_begun() -> None:
    made = bundles([_part("a", 30), _part("b", 30), _part("a", 30)])
    assert [one.members for one in made] == [[0, 2], [1]]


def test_buttons_of_one_kind_are_told_apart() -> None:
    parts = [Part(key, key, [actions(button("Go", "go", key))]) for key in ("a", "b", "c")]
    (one,) = bundles(parts)
    assert rules.message_blocks(list(one.message.blocks)) == []
    names = [block["elements"][0]["action_id"] for block in one.message.blocks if block["type"] == "actions"]  # type: ignore[index,call-overload]
    assert names == ["go", "go#2", "go#3"]


def test_nothing_to_say_is_no_message() -> None:
    assert bundles([]) == ()


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 20), st.integers(1, 2900)), max_size=40))
def test_every_part_is_in_exactly_one_message_and_each_message_fits(drawn: list[tuple[str, int, int]]) -> None:
    parts = [_part(about, min(blocks, 12_000 // length), length) for about, blocks, length in drawn]
    made = bundles(parts)
    assert sorted(place for one in made for place in one.members) == list(range(len(parts)))
    for one in made:
        assert len(one.message.blocks) <= MESSAGE_BLOCKS
        assert characters(one.message.blocks) <= CHARACTERS
        assert len(one.members) <= TOGETHER
        assert {parts[place].about for place in one.members} == set(one.parts)


def test_characters_are_counted_as_the_local_slack_counts_them() -> None:
    blocks = [section("abc", accessory=button("Go", "go", "value")), actions(button("Now", "now"))]
    assert characters(blocks) == rules.characters(blocks) == 8


def _late(about: str, blocks: int = 1) -> Part:
    return replace(_part(about, blocks), late=True)


def test_several_late_parts_begin_with_why_they_come_now() -> None:
    (one,) = bundles([_late("a"), _late("b"), _part("c")])
    assert one.message.text == f"{CATCHING_UP}\nAbout a\nAbout b\nAbout c"
    assert one.message.blocks[:2] == [section(f"*{CATCHING_UP}*"), divider()]
    assert rules.message_blocks(list(one.message.blocks)) == []


def test_one_late_part_is_said_without_a_word_about_it() -> None:
    for parts in ([_late("a")], [_late("a"), _part("b")], [_late("a"), _late("a")]):
        (one,) = bundles(parts)
        assert CATCHING_UP not in one.message.text


def test_a_message_that_is_nothing_but_a_text_stays_so_alone_and_gets_a_block_in_company() -> None:
    text = Part("a", "Nothing but a text.", [])
    (alone,), (both,) = bundles([text]), bundles([text, _part("b")])
    assert (alone.message.text, alone.message.blocks) == ("Nothing but a text.", [])
    assert [block["type"] for block in both.message.blocks] == ["section", "divider", "section"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=30))
def test_with_an_opening_each_message_still_fits(drawn: list[tuple[bool, int]]) -> None:
    parts = [replace(_part(str(place), blocks), late=late) for place, (late, blocks) in enumerate(drawn)]
    for one in bundles(parts):
        assert len(one.message.blocks) <= MESSAGE_BLOCKS
        assert characters(one.message.blocks) <= CHARACTERS
