"""How many requests that are none of Slack's the real server refuses a second, and what a real user notices of it.

The bot is a process of its own, as it is run in earnest, and so is whoever floods it: many connections, each with
several requests under way. Meanwhile somebody types a command every twentieth of a second, signed as Slack signs it.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.table import Table

from bot.guard import LONGEST
from tests.cast import COHORT, TEAM, TOMAS
from tests.door import ask, request, signed
from tests.localslack import SECRET, LocalSlack
from tests.processes.processes import Process, Starter, furnish

SECONDS = float(os.environ.get("EDGE_SECONDS", "4"))
LINES = 16
UNDER_WAY = 8
EVERY_SECONDS = 0.05
BODY = b"token=x&text=" + b"x" * 300
OLD = {"X-Slack-Request-Timestamp": "1531420618"}
FORGED = {"X-Slack-Signature": "v0=" + "0" * 64}


def kinds() -> dict[str, bytes]:
    """What is refused, by why."""
    mine = signed(SECRET, BODY)
    return {
        "another path": request(BODY, mine, path="/wp-login.php"),
        "another method": request(BODY, mine, method="PUT"),
        "another type": request(BODY, {**mine, "Content-Type": "text/xml"}),
        "no signature": request(BODY, {}),
        "from another time": request(BODY, {**mine, **OLD}),
        "a forged signature": request(BODY, {**mine, **FORGED}),
        "a forged signature, 20 KB": request(BODY * 64, {**mine, **FORGED}),
        "a body without end": request(b"", {**mine, "Content-Length": str(LONGEST + 1)}),
    }


def run() -> Table:
    """Flood the bot with each kind for some seconds, and say what a user noticed of it."""
    table = Table(
        "Refused", "A second", "Answers", "User's p50", "User's p99", "Failed", title="The edge under a flood"
    )
    with _bot() as port:
        for name, sent in {"": b"", **kinds()}.items():
            flood = _flood(port, sent) if sent else None
            times, failed = _user(port, SECONDS)
            rate, answers = _told(flood) if flood else ("", "")
            table.add_row(name or "nothing", rate, answers, _ms(times, 0.5), _ms(times, 0.99), str(failed))
    return table


def flood(port: int, sent: bytes, seconds: float) -> tuple[float, Counter[str]]:
    """Send the same request over and over; the answers a second, and how many of each status."""
    answers: Counter[str] = Counter()
    begun = time.monotonic()
    with selectors.DefaultSelector() as waiting:
        for _ in range(LINES):
            _begin(waiting, port, sent)
        while time.monotonic() < begun + seconds:
            for key, _ in waiting.select(0.2):
                _hear(waiting, key, port, sent, answers)
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return answers.total() / (time.monotonic() - begun), answers


def _begin(waiting: selectors.BaseSelector, port: int, sent: bytes) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=5)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(sent * UNDER_WAY)
    waiting.register(line, selectors.EVENT_READ, [UNDER_WAY])


def _hear(
    waiting: selectors.BaseSelector, key: selectors.SelectorKey, port: int, sent: bytes, answers: Counter[str]
) -> None:
    line: socket.socket = key.fileobj  # type: ignore[assignment]
    try:
        heard = line.recv(1 << 18)
        for answer in heard.split(b"HTTP/1.1 ")[1:]:
            answers[answer[:3].decode("latin-1")] += 1
            key.data[0] -= 1
        if key.data[0] <= 0:
            line.sendall(sent * UNDER_WAY)
            key.data[0] = UNDER_WAY
    except OSError:
        heard = b""
    if not heard:
        # Whom it does not want to hear to the end, a server hangs up on.
        waiting.unregister(line)
        line.close()
        _begin(waiting, port, sent)


def _flood(port: int, sent: bytes) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.benchmarks.edge", str(port), str(SECONDS)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(sent)
    process.stdin.close()
    process.stdin = None
    return process


def _told(process: subprocess.Popen[bytes]) -> tuple[str, str]:
    said, _ = process.communicate(timeout=60)
    rate, _, answers = said.decode().strip().partition(" ")
    return f"{float(rate):,.0f}", answers


def _user(port: int, seconds: float) -> tuple[list[float], int]:
    """How long each of somebody's commands took, in seconds, and how many were not answered with 200."""
    times, failed = [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        try:
            failed += ask(port, _command()) != 200
        except OSError:
            failed += 1
        times.append(time.monotonic() - begun)
        time.sleep(max(0.0, EVERY_SECONDS - times[-1]))
    return sorted(times), failed


def _command() -> bytes:
    form = {"command": "/dates", "text": "", "team_id": TEAM, "user_id": TOMAS, "channel_id": COHORT}
    body = urllib.parse.urlencode({**form, "trigger_id": f"1.{time.monotonic_ns()}"}).encode()
    return request(body, signed(SECRET, body))


def _ms(times: list[float], share: float) -> str:
    return f"{times[min(len(times) - 1, int(len(times) * share))] * 1_000:.0f} ms"


@contextmanager
def _bot() -> Iterator[int]:
    """`convene run` over HTTP, with the program and its people; its port."""
    slack = LocalSlack()
    with tempfile.TemporaryDirectory(prefix="convene-edge-") as folder:
        url = f"sqlite:///{folder}/convene.db"
        furnish(url)
        process: Process = Starter(Path(folder))("run", DATABASE_URL=url, **slack.settings)
        try:
            process.wait_until_healthy()
            slack.open()
            for _ in range(20):
                ask(process.port, _command(), patience=20)
            yield process.port
        finally:
            process.tell_to_stop(signal.SIGTERM)
            process.kill()
            slack.close()


def _main(port: int, seconds: float) -> None:
    rate, answers = flood(port, sys.stdin.buffer.read(), seconds)
    sys.stdout.write(f"{rate} {' '.join(f'{status}×{times}' for status, times in sorted(answers.items()))}\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]), float(sys.argv[2]))
