"""What typed text becomes, and which text of the bot is broken."""

from __future__ import annotations

import pytest

from bot.sandbox import markup
from bot.sandbox.markup import Names

NAMES = Names(
    users={"ada": "U1", "ada okafor": "U1", "convene": "UBOT"},
    channels={"questions": "C1", "staff": "C2"},
    labels={"C1": "questions", "C2": "", "U1": "", "UBOT": ""},
)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!channel> wake up", "&lt;!channel&gt; wake up"),
        ("@channel wake up", "<!channel> wake up"),
        ("hi @ada.", "hi <@U1>."),
        ("hi @Ada Okafor!", "hi <@U1>!"),
        ("hi @adamant", "hi @adamant"),
        ("<@U1> and <@U9>", "<@U1> and &lt;@U9&gt;"),
        ("see #questions", "see <#C1|questions>"),
        ("see #staff", "see <#C2|>"),
        ("see #nowhere", "see #nowhere"),
        ("see https://x.org/a?b=1&c=2.", "see <https://x.org/a?b=1&amp;c=2>."),
        ("write to ada@x.org", "write to <mailto:ada@x.org|ada@x.org>"),
        ("", ""),
        ("🎉", "🎉"),
    ],
)
def test_typed_text_becomes_slacks_markup(text: str, becomes: str) -> None:
    assert markup.typed(text, NAMES) == becomes


@pytest.mark.parametrize(
    "text",
    [
        "a &lt; b",
        "<@U1> <@U1|ada> <#C1> <#C1|questions> <!here> <!channel> <!subteam^S1|team>",
        "<https://x.org|a link> <mailto:a@b.org|mail> <https://x.org/a?b=1&amp;c=2>",
        "<!date^1602511200^{date_long} at {time}|Monday> <!date^1602511200^{date}^https://x.org|Monday>",
        "> a quote\nand 3 > 2",
    ],
)
def test_slacks_own_markup_is_not_broken(text: str) -> None:
    assert markup.broken(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a < b", "< b"),
        ("<b>bold</b>", "<b>"),
        ("<!date^1602511200^{date}>", "<!date^1602511200^{date}>"),
        ("<https://x org|a>", "<https://x org|a>"),
        ("fine <@U1> then <oops", "<oops"),
    ],
)
def test_text_that_was_not_escaped_is_found(text: str, at: str) -> None:
    assert markup.broken(text) == at


def test_unescaping_undoes_escaping() -> None:
    assert markup.unescape(markup.escape("a <b> &amp; c")) == "a <b> &amp; c"


def test_the_rich_text_of_a_typed_message_has_its_parts() -> None:
    block = markup.rich_text("hi <@U1> &amp; <https://x.org|x> <!here> <#C1|q>", "b")

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " & "},
        {"type": "link", "url": "https://x.org", "text": "x"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " "},
        {"type": "channel", "channel_id": "C1"},
    ]


def test_mentions_are_found_with_and_without_a_label() -> None:
    assert markup.mentions("<@U1> <@U2|pat> @U3 &lt;@U4&gt;") == {"U1", "U2"}
