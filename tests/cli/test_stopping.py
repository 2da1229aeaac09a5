"""Being told to stop, whichever thread of the process is told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from bot.cli.common import until_told_to_stop
from tests.processes.processes import ROOT

ANOTHER_THREAD_IS_TOLD = """
import signal, threading, time
from bot.cli.common import until_told_to_stop

def told():
    time.sleep(0.3)
    signal.pthread_kill(threading.get_ident(), signal.{name})
    time.sleep(30)

with until_told_to_stop() as stopping:
    threading.Thread(target=told, daemon=True).start()
    began = time.monotonic()
    assert stopping.wait({timeout})
    assert time.monotonic() - began < 5
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("timeout", ["", "20"])
def test_a_signal_that_another_thread_gets_is_heard_all_the_same(name: str, timeout: str) -> None:
    script = ANOTHER_THREAD_IS_TOLD.format(name=name, timeout=timeout)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=30)


def test_whoever_waits_without_being_told_waits_as_long_as_asked() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with until_told_to_stop() as stopping:
        began = time.monotonic()
        assert not stopping.wait(0.7)
        assert 0.6 < time.monotonic() - began < 5
        assert not stopping.is_set()
    assert signal.getsignal(signal.SIGTERM) is before
