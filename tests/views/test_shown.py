"""What stands in Slack, shown elsewhere: without markup in a terminal, harmless on a page."""

from __future__ import annotations

import pytest

from bot.domain.messages import Message
from bot.views.blocks import actions, button, context, header, section
from bot.views.shown import lines, markup

NAMES = {"U0FAY0001": "Fay <Whitaker>", "C0COHORT1": "#cohort"}


@pytest.mark.parametrize(
    ("text", "plain", "page"),
    [
        ("*Join* at 3", "Join at 3", "<strong>Join</strong> at 3"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("_soon_ snake_case_name", "soon snake_case_name", "<em>soon</em> snake_case_name"),
        ("<@U0FAY0001> in <#C0COHORT1>", "Fay <Whitaker> in #cohort", "Fay &lt;Whitaker&gt; in #cohort"),
        ("<@U0NOBODY1>", "@U0NOBODY1", "@U0NOBODY1"),
        ("<!channel>", "@channel", "@channel"),
        (
            "<https://a.org/?x=1&amp;y=2|Join>",
            "Join (https://a.org/?x=1&y=2)",
            '<a href="https://a.org/?x=1&amp;y=2">Join</a>',
        ),
        ("<mailto:a@b.org|a@b.org>", "a@b.org", '<a href="mailto:a@b.org">a@b.org</a>'),
        ("<javascript:alert(1)|x>", "x (javascript:alert(1))", "x (javascript:alert(1))"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;", "&lt;b&gt; &amp;amp;"),
        (':warning: "mind" the gap', '"mind" the gap', "&quot;mind&quot; the gap"),
    ],
)
def test_markup_becomes_words(text: str, plain: str, page: str) -> None:
    message = Message("", [section(text)])
    assert lines(message, NAMES) == [plain]
    assert markup(message, NAMES) == [f"<p>{page}</p>"]


def test_headings_small_print_and_buttons_are_there() -> None:
    message = Message(
        "",
        [header("A & <B>"), section("x", accessory=button("Read", "a")), actions(button("Go", "b")), context("small")],
    )
    assert lines(message, {}) == ["A & <B>", "x", "small", "[Read]", "[Go]"]
    page = "".join(markup(message, {}))
    assert "<strong>A &amp; &lt;B&gt;</strong>" in page
    assert '<p class="buttons"><span>Go</span></p>' in page


def test_a_message_without_blocks_is_its_text() -> None:
    assert lines(Message("*one*\ntwo"), {}) == ["one", "two"]
    assert markup(Message("one\ntwo"), {}) == ["<p>one<br>two</p>"]
