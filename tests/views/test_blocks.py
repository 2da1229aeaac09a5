"""Long texts become several paragraphs, and nothing that belongs together is cut through."""

from __future__ import annotations

import pytest

from bot.views.blocks import SECTION, link, paragraphs


def texts(text: str) -> list[str]:
    return [str(block["text"]["text"]) for block in paragraphs(text)]  # type: ignore[index,call-overload]


def test_a_text_that_fits_is_one_paragraph_and_none_is_none() -> None:
    assert texts("x" * SECTION) == ["x" * SECTION]
    assert texts("") == []


@pytest.mark.parametrize("before", range(SECTION - 60, SECTION, 7))
def test_no_link_is_cut_through_wherever_it_stands(before: int) -> None:
    whole = link("https://example.org/a", "two or three words of it")
    found = texts(f"{'x' * before} {whole} {'y ' * 200}")
    assert any(whole in one for one in found)
    assert all(len(one) <= SECTION for one in found)


def test_no_entity_is_cut_through() -> None:
    found = texts("&amp;" * 1500)
    assert "".join(found) == "&amp;" * 1500
    assert all(one.endswith("&amp;") and one.startswith("&amp;") for one in found)
