"""However odd a block or view is, the rules answer: they never raise, and what passes can be drawn and filled in."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import rules
from bot.sandbox.fields import complaint, fields, initial_values
from bot.sandbox.ids import fill_ids
from tests.sandbox.blocks import modal
from tests.sandbox.test_rules import GOOD

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    {
        name
        for shape in (*rules.BLOCKS.values(), *rules.ELEMENTS.values())
        for name in (*shape.required, *shape.optional)
    }
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A good block with something inside it replaced, taken out or put in."""
    block = copy.deepcopy(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = block
        while isinstance(place, dict | list) and place:
            key: Any = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[key], dict | list) or draw(st.booleans()):
                break
            place = place[key]
        if not place:
            continue
        if isinstance(place, dict) and draw(st.booleans()):
            place[draw(st.sampled_from(NAMES))] = draw(JSON)
        elif draw(st.booleans()):
            del place[key]
        else:
            place[key] = draw(JSON)
    return block


@settings(max_examples=150, deadline=None)
@given(st.lists(damaged(), max_size=3))
def test_damaged_blocks_are_judged_and_what_passes_can_be_filled_in(blocks: list[Any]) -> None:
    if rules.view(modal(*blocks), "modal"):
        return
    for number, block in enumerate(blocks):
        fill_ids(block, number)
    values = initial_values(blocks)
    for field in fields(blocks):
        complaint(field, values[field.block_id][field.action_id])


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_json_is_judged(value: Any) -> None:
    rules.message_blocks(value)
    rules.message_blocks([value])
    rules.view(value, "modal")
    rules.view(value, "home")
    rules.metadata(value)
