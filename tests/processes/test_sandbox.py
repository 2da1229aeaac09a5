"""`convene sandbox` as a person starts it, on whatever machine that is."""

from __future__ import annotations

import json
import signal
import urllib.request
from typing import Any

import pytest

from tests.localslack import COHORT, PRIYA, TOMAS, free_port
from tests.processes.processes import Process, Starter, until

pytestmark = pytest.mark.long

GARBAGE = {
    "SLACK_BOT_TOKEN": "garbage",
    "SLACK_APP_TOKEN": "garbage",
    "SLACK_SIGNING_SECRET": "garbage",
    "SLACK_API_URL": "garbage",
    "SLACK_CLIENT_ID": "garbage",
    "SLACK_CLIENT_SECRET": "garbage",
    "DATABASE_URL": "garbage",
    "LOG_LEVEL": "garbage",
}
DEAD_PROXY = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), "http://127.0.0.1:9")


def sandbox(start: Starter, *words: str, **environment: str) -> Process:
    """Started on a port of its own, and open."""
    port = str(free_port())
    process = start("sandbox", "--no-open", "--port", port, *words, **{**environment, "PORT": port})
    process.wait_until_said("Ctrl-C")
    return process


def ask(process: Process, what: str, **body: Any) -> Any:
    """A request to the control API, past any proxy."""
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"http://127.0.0.1:{process.port}/_sandbox/{what}", data)
    request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def dates(process: Process) -> Any:
    return ask(process, "command", user=TOMAS, channel=COHORT, command="/dates", text="")


@pytest.mark.parametrize("words", [(), ("--socket",)])
def test_nothing_of_the_environment_counts(start: Starter, words: tuple[str, ...]) -> None:
    (start.folder / ".env").write_text("".join(f"{name}=garbage\n" for name in GARBAGE))
    process = sandbox(start, *words, **GARBAGE, **DEAD_PROXY)
    assert dates(process)["ok"]
    assert process.stop() == 0
    assert process.said == f"Open http://127.0.0.1:{process.port} in a browser. To end: Ctrl-C.\nStopped.\n"
    assert [one.name for one in start.folder.iterdir() if one.suffix == ".db"] == []


@pytest.mark.parametrize("words", [(), ("--socket",)])
def test_ctrl_c_ends_it(start: Starter, words: tuple[str, ...]) -> None:
    process = sandbox(start, *words)
    process.tell_to_stop(signal.SIGINT)
    assert process.wait() == 0
    assert "Traceback" not in process.said


def test_being_told_again_and_again_ends_it_all_the_same(start: Starter) -> None:
    process = sandbox(start)
    for _ in range(50):
        process.tell_to_stop()
    assert process.wait() == 0


def test_a_database_of_its_own_is_kept(start: Starter) -> None:
    first = sandbox(start, "--db", "sqlite:///kept.db")
    ask(first, "command", user=PRIYA, channel=COHORT, command="/checkin", text="")
    until(lambda: ask(first, "idle?timeout=10")["ok"])
    assert first.stop() == 0
    second = sandbox(start, "--db", "sqlite:///kept.db")
    assert dates(second)["ok"]
    assert second.stop() == 0
    assert (start.folder / "kept.db").exists()


def test_another_program_and_another_day_are_taken(start: Starter) -> None:
    process = sandbox(start, "--program", "stem-iq", "--at", "2021-03-01T10:30")
    assert ask(process, "workspace")["now"].startswith("2021-03-01")
    assert process.stop() == 0
