"""`python -m tests.benchmarks.servers noop|slack PORT`: what the bot is compared with, and a Slack that only says yes.

Both are processes of their own, so that neither shares its interpreter with the clients that measure.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from bot.cli.serve import THREADS

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SECRET = "a-signing-secret"
TEAM = "T0CONVENE"


def noop() -> WSGIApplication:
    """Bolt as it comes, with listeners that acknowledge and do nothing; signatures are verified as everywhere."""
    from slack_bolt import Ack, App
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from slack_bolt.authorization import AuthorizeResult

    who = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id="U1")
    bolt = App(
        signing_secret=SECRET,
        authorize=lambda: who,
        process_before_response=True,
        token_verification_enabled=False,
    )

    def acknowledge(ack: Ack) -> None:
        ack()

    bolt.command("/ask")(acknowledge)
    bolt.view("reflection.form")(acknowledge)
    return SlackRequestHandler(bolt)


def serve_noop(port: int) -> None:
    """On the same server as the bot, with as many threads."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "noop",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=64,
        websockets=False,
        log_enabled=False,
    ).serve(target_loader=noop, wrap_loader=False)


class Yes(BaseHTTPRequestHandler):
    """Every method of Slack's, as far as the bot asks for them."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        """Whatever it is: yes."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        channel = {"id": "D0BENCH01", "name": "bench"}
        answer = {
            "ok": True,
            "team_id": TEAM,
            "team": "Bench",
            "user_id": "U0CONVENE",
            "bot_id": "B0CONVENE",
            "ts": f"{time.time():.6f}",
            "channel": "C0BENCH01",
            "view": {"id": "V0BENCH01"},
        }
        if self.path.endswith("conversations.open"):
            answer["channel"] = channel
        if self.path.endswith("users.info"):
            answer["user"] = {"id": "U0BENCH01", "real_name": "Ben Bench", "tz": "America/Chicago"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Likewise."""
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def serve_slack(port: int) -> None:
    """Until the process is ended."""
    ThreadingHTTPServer(("127.0.0.1", port), Yes).serve_forever()


SERVERS: dict[str, Callable[[int], None]] = {"noop": serve_noop, "slack": serve_slack}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](int(sys.argv[2]))
