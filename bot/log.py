"""Log lines: one format, and nothing secret in any of them."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

OURS = frozenset({"bot", "handlers", "jobs", "storage"})
"""Only the bot's own lines are shown below warnings: libraries repeat whole payloads, rows and addresses there."""
LIBRARIES = (
    "alembic",
    "apscheduler",
    "asyncio",
    "psycopg",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "websockets",
    "werkzeug",
)
SHORTEST_SECRET = 8
_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xox[a-z]\.xox[a-z]-[\w-]+|xapp-[\w-]+"
    r"|https?://hooks\.slack\.com/[^\s\"']*"
    r"|https?://[^\s\"']*/(?:services|commands|actions|response|upload)/[^\s\"']*"
    r"|(?<=/response/)[\w-]+"
    r"|wss?://[^\s\"']*"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
LONGEST_NAME = 40

log = logging.getLogger(__name__)


class Redacting(logging.Formatter):
    """Takes tokens, passwords and addresses that are secrets out of the finished line, traceback included.

    `secrets` are those that do not show what they are, as a signing secret does not.
    """

    def __init__(self, fmt: str | None = None, secrets: Iterable[str] = ()) -> None:
        super().__init__(fmt)
        known = sorted((one for one in secrets if len(one) >= SHORTEST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def format(self, record: logging.LogRecord) -> str:
        line = _SECRET.sub("[secret]", super().format(record))
        return line if self._known is None else self._known.sub("[secret]", line)

    def formatException(  # noqa: N802 - named by the standard library
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The traceback; of what errors say, without the words that they quote."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(line if line.startswith(" ") else _QUOTED.sub(_named, line) for line in lines)


def _named(quoted: re.Match[str]) -> str:
    """What an error quotes, unless it may be a sentence of somebody's: names have no spaces, and are short."""
    return quoted[0] if len(quoted[0]) <= LONGEST_NAME and not re.search(r"\s", quoted[0]) else "[…]"


class Quiet(logging.Filter):
    """Lets libraries through from warnings on, and the bot's own lines as the level says."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


def configure(level: str, secrets: Iterable[str] = ()) -> None:
    """Send log lines to standard error, whatever thread they come from; `secrets` show in none of them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s", secrets))
    handler.addFilter(Quiet())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # They need not even make the lines that nobody would see.
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # What became of a call is a value here, and whoever made it says so.
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    threading.excepthook = _thread_died


def _thread_died(died: threading.ExceptHookArgs) -> None:
    """Python itself would write the error to standard error as it is, past everything above."""
    if died.exc_value is not None and not isinstance(died.exc_value, SystemExit):
        name = died.thread.name if died.thread is not None else "?"
        log.error("the thread %s ended", name, exc_info=died.exc_value)
