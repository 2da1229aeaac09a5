"""Long texts become several paragraphs, and nothing that belongs together is cut through."""

from __future__ import annotations

import pytest

from bot.views.blocks import BUTTON, SECTION, button, clip, context, esc, link, linked, paragraphs, section, unesc


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


def test_an_address_as_long_as_slack_takes_is_never_cut_through() -> None:
    whole = link(f"https://example.org/{'a' * 1500}", "the packet")
    for before in (SECTION - 1400, SECTION - 400, SECTION - 20, SECTION - 3):
        cut = clip(f"{'x' * before} {whole} and more", SECTION)
        assert cut == f"{'x' * before}…"


@pytest.mark.parametrize("limit", range(20, 34))
def test_an_ampersand_or_a_bracket_in_plain_words_costs_no_words(limit: int) -> None:
    said = "Is R&D welcome here, if a < b and everybody agrees?"
    assert clip(said, limit).removesuffix("…") == said[: limit - 1].rstrip()


@pytest.mark.parametrize("limit", range(40, 60))
def test_an_escaped_mark_is_there_whole_or_not_at_all(limit: int) -> None:
    cut = clip(esc("&<>" * 40), limit).removesuffix("…")
    assert len(cut) < limit
    assert unesc(cut) in "&<>" * 40
    assert esc(unesc(cut)) == cut


@pytest.mark.parametrize("who", ["@channel", "@here", "@everyone", "@fay", "#general"])
def test_a_name_that_somebody_wrote_in_words_is_not_looked_for_in_them(who: str) -> None:
    assert section(who)["text"] == {"type": "mrkdwn", "text": who, "verbatim": True}
    assert context(who)["elements"] == [{"type": "mrkdwn", "text": who, "verbatim": True}]


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("See https://example.org/a?b=1&c=2.", "See <https://example.org/a?b=1&amp;c=2>."),
        ("(https://example.org)", "(<https://example.org>)"),
        ("<https://example.org>", "&lt;https://example.org&gt;"),
        ("[here](https://example.org)", "[here](https://example.org)"),
        ("https://example.org/&", "<https://example.org/>&amp;"),
        ("https://", "https://"),
        ("https://...", "https://..."),
        ("https://example.org|https://example.net", "<https://example.org>|https://example.net"),
    ],
)
def test_a_bare_address_is_a_link_as_nothing_else_makes_it_one(said: str, made: str) -> None:
    assert linked(esc(said)) == made
    assert linked(made) == made


def test_a_link_that_is_one_stays_as_it_is() -> None:
    whole = link("https://example.org/a", "see https://example.org/a")
    assert linked(f"{whole} <@U0ADA0001> <!date^1^{{date}}|https://x.org>") == (
        f"{whole} <@U0ADA0001> <!date^1^{{date}}|https://x.org>"
    )


def test_addresses_are_no_links_where_that_would_cost_words() -> None:
    said = "https://example.org " * 149
    assert section(said)["text"]["text"] == said  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ("Change…", "Change the date: Convening 1", "Change the date: Convening 1"),
        ("Undo", "Take back: the new date", "Undo: Take back: the new date"),
        ("Look at them…", "look at them: Dates", "look at them: Dates"),
    ],
)
def test_what_stands_on_a_button_is_in_what_a_screen_reader_says(text: str, label: str, said: str) -> None:
    assert button(text, "a", label=label)["accessibility_label"] == said
    assert "accessibility_label" not in button(text, "a")


def test_what_a_screen_reader_says_fits_slacks_limit() -> None:
    assert len(str(button("Change…", "a", label="x" * 100)["accessibility_label"])) <= BUTTON
