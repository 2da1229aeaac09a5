"""How soon the sandbox answers, how soon `/ask` is acknowledged in it, and how much memory it takes.

The process is a real one, started as a person starts it; memory is the resident set of it and all it started.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from rich.table import Table

QUESTIONS = 200
PATIENCE_SECONDS = 60


def run() -> Table:
    """Start, ask, measure, stop."""
    port = free_port()
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "bot", "sandbox", "--no-open", "--port", str(port)])
    try:
        base = f"http://127.0.0.1:{port}"
        ready = wait(base, started)
        acks = sorted(ask(base, number) for number in range(QUESTIONS))
        memory = resident_mib(process.pid)
    finally:
        process.terminate()
        process.wait(20)
    table = Table("Sandbox", "Figure", "Goal", title="convene sandbox")
    table.add_row("answers after its start", f"{ready:.2f} s", "≤ 5 s")
    table.add_row(f"/ask acknowledged, median of {QUESTIONS}", f"{statistics.median(acks):.1f} ms", "< 50 ms")
    table.add_row("/ask acknowledged, 99th percentile", f"{acks[int(len(acks) * 0.99)]:.1f} ms", "")
    table.add_row("resident memory of the process tree", f"{memory:.0f} MiB", "< 200 MiB")
    return table


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait(base: str, started: float) -> float:
    """The seconds since `started` in which a sandbox came up."""
    while time.monotonic() - started < PATIENCE_SECONDS:
        try:
            _get(f"{base}/_sandbox/workspace")
            return time.monotonic() - started
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    sys.exit(f"the sandbox did not answer within {PATIENCE_SECONDS} s")


def ask(base: str, number: int) -> float:
    """Ask a question, and say in how many milliseconds it was acknowledged."""
    question = f"is the community of practice open to organization number {number} in Illinois?"
    body = {"user": "U0ADA0001", "channel": "C0APPLY01", "command": "/ask", "text": question}
    answer = _post(f"{base}/_sandbox/command", body)
    if not answer["ok"]:
        sys.exit(f"/ask was refused: {answer}")
    return float(answer["acked_ms"])


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def _post(url: str, body: dict[str, str]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def resident_mib(pid: int) -> float:
    """From /proc, the resident memory in MiB: the pages of a process and all below it."""
    pids, total = [pid], 0.0
    while pids:
        one = pids.pop()
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) / 1024
        for task in Path(f"/proc/{one}/task").iterdir():
            pids += [int(child) for child in (task / "children").read_text().split()]
    return total
