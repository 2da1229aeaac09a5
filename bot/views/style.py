"""What the pages that the bot writes look like: the rules they share, and behind them each page's own."""

from pathlib import Path

SHARED = "pages.css"


def style(name: str) -> str:
    """The style of a page, to be put into it: a page is one file."""
    return f"{beside(SHARED)}\n{beside(name)}"


def beside(name: str) -> str:
    """A text that comes along with the views."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()
