"""Log lines: one format, and nothing secret in any of them."""

from __future__ import annotations

import logging
import re
import sys

_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+"
    r"|https?://[^\s\"']*/(?:services|commands|actions|response|upload)/[^\s\"']*"
    r"|wss?://[^\s\"']*"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)


class Redacting(logging.Formatter):
    """Takes tokens, passwords and addresses that are secrets out of the finished line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub("[secret]", super().format(record))


def configure(level: str) -> None:
    """Send log lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "slack_sdk", "slack_bolt", "werkzeug", "websockets", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # What became of a call is a value here, and whoever made it says so.
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
