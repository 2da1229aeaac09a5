"""Several parts in one message: nothing is lost, nothing is too much for Slack."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Part
from bot.domain.notices import TOGETHER
from bot.sandbox import rules
from bot.views.blocks import MESSAGE_BLOCKS, actions, button, section
from bot.views.notices import CHARACTERS, bundles, characters


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
