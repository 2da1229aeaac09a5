"""Starting Convene as a process, and a way to a server that can be cut."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.clock import wall
from bot.sandbox import season
from bot.services import programs
from storage import migrations
from storage.database import Database
from tests.cast import sheet
from tests.localslack import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
TO_END = 20.0
"""What is under way is finished first: a sender has ten seconds for it, and so has what a sandbox delivers."""


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first true answer, asked for again and again; fails when there is none in time."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return found


def furnish(url: str) -> None:
    """A database with the program, its people and its channels."""
    db = Database(url)
    migrations.upgrade(db)
    with db.begin() as session:
        season.begin(session=session, sheet=sheet(programs.find_file("ost-cop")), now=wall())
    db.close()


@dataclass
class Process:
    """A command that was started; what it says is in a file."""

    inner: subprocess.Popen[bytes]
    said_to: Path
    port: int

    @property
    def said(self) -> str:
        return self.said_to.read_text(errors="replace")

    def health(self) -> tuple[int, str]:
        """What /healthz answers: status and text; 0 when nobody does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_healthy(self) -> None:
        """Until it answers; fails at once when it has ended instead."""
        until(lambda: self.inner.poll() is not None or self.health()[0] == 200)
        assert self.inner.poll() is None, self.said

    def wait_until_said(self, words: str) -> None:
        until(lambda: self.inner.poll() is not None or words in self.said)
        assert words in self.said

    def tell_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.inner.send_signal(number)

    def wait(self) -> int:
        """Its exit status; where each of its threads stood, if it does not end."""
        try:
            return self.inner.wait(TO_END)
        except subprocess.TimeoutExpired:
            self.inner.send_signal(signal.SIGABRT)
            self.inner.wait(PATIENCE)
            raise AssertionError(f"it did not end: {self.said}") from None

    def stop(self) -> int:
        """Told to stop as a host does; its exit status."""
        self.tell_to_stop()
        return self.wait()

    def kill(self) -> None:
        """The end of it and of all that it started, however they are."""
        if self.inner.poll() is None:
            os.killpg(self.inner.pid, signal.SIGKILL)
            self.inner.wait(PATIENCE)


@dataclass
class Starter:
    """Starts commands in an empty folder of their own, with nothing of this process's environment but the path."""

    folder: Path
    started: list[Process] = field(default_factory=list)

    def __call__(self, *words: str, **environment: str) -> Process:
        given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(self.folder), "LANG": "C.UTF-8"}
        given["PYTHONFAULTHANDLER"] = "1"
        port = environment.setdefault("PORT", str(free_port()))
        said_to = self.folder / f"said-{len(self.started)}.txt"
        with said_to.open("wb") as out:
            inner = subprocess.Popen(
                [sys.executable, "-m", "bot", *words],
                cwd=self.folder,
                env={**given, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = Process(inner, said_to, int(port))
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            process.kill()


class Pipe:
    """A way to a TCP server that can be cut, and opened again."""

    def __init__(self, host: str, port: int) -> None:
        self.port = free_port()
        self._there = (host, port)
        self._listener: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()

    def open(self) -> None:
        """Carry bytes from now on."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # Closing alone does not wake who waits in accept().
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            _break(end)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._there)
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        return
    finally:
        _break(target)


def _break(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
