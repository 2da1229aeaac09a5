"""Deliveries: what the bot is told, how long it took to say that it heard, and what is tried again.

Events are retried at once, after one minute and after five, on story time; commands and interactions are never retried.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.sandbox import payloads
from bot.sandbox.faults import DELIVERY, Fault, Faults
from bot.sandbox.interface import Payload
from bot.sandbox.journal import Journal
from bot.sandbox.transport import Answer, Parcel, Transport
from bot.sandbox.workspace import Workspace

# Before the second and the third retry; the first is made at once.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class _Retry:
    """What is delivered at a later time; `shuffled` waits only for whatever else is delivered."""

    due: datetime
    parcel: Parcel
    shuffled: bool = False


class Delivery:
    """Everything that goes to the bot goes through here."""

    def __init__(self, workspace: Workspace, journal: Journal, faults: Faults) -> None:
        self._workspace = workspace
        self._journal = journal
        self._faults = faults
        self._transport: Transport | None = None
        self._changed = threading.Condition()
        self._in_flight = 0
        self._retries: list[_Retry] = []
        self._later: queue.SimpleQueue[Payload | None] = queue.SimpleQueue()
        self._stopped = False
        self._threads: list[threading.Thread] = []

    def start(self, transport: Transport) -> None:
        """From now on there is a bot."""
        self._transport = transport
        for name, work in (("sandbox-events", self._send_later), ("sandbox-retries", self._watch_retries)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._later.put(None)
        for thread in self._threads:
            thread.join(timeout=10)

    @property
    def connected(self) -> bool:
        return self._transport is not None

    @property
    def busy(self) -> bool:
        """Whether something is on its way, in either direction."""
        with self._changed:
            now = self._workspace.clock()
            return self._in_flight > 0 or any(one.due <= now for one in self._retries)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Counts as something on its way."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def send(self, parcel: Parcel) -> Answer:
        """Hand something over; returns when it is acknowledged or given up."""
        fault = self._faults.take(DELIVERY)
        if fault is None:
            return self._hand_over(parcel)
        if fault.kind in ("late", "shuffled"):
            return self._put_off(parcel, fault)
        answer = self._hand_over(parcel)
        if fault.kind == "lost_answer":
            return Answer(answer.ms, failure="http_timeout")
        self._hand_over(parcel)
        return answer

    def events(self, events: Sequence[Payload]) -> Answer | None:
        """Deliver events that the manifest subscribes to; the slowest answer, a failed one first, None without any."""
        answers = [self._event(payloads.envelope(self._workspace, event)) for event in self._wanted(events)]
        return max(answers, key=lambda one: (not one.ok, one.ms), default=None)

    def events_later(self, events: Sequence[Payload]) -> None:
        """Deliver events without keeping whoever caused them waiting."""
        for event in self._wanted(events):
            self._count(1)
            self._later.put(payloads.envelope(self._workspace, event))

    def next_retry(self) -> datetime | None:
        """When the next retry falls due, in story time."""
        with self._changed:
            return min((one.due for one in self._retries), default=None)

    def retry_due(self) -> None:
        """Make the retries that are due by now."""
        while True:
            with self._changed:
                now = self._workspace.clock()
                due = next((one for one in self._retries if one.due <= now), None)
                if due is None:
                    return
                self._retries.remove(due)
                self._in_flight += 1
            try:
                self._arrive(due.parcel)
            finally:
                self._count(-1)

    def _wanted(self, events: Sequence[Payload]) -> list[Payload]:
        if self._transport is None:
            return []
        return [event for event in events if payloads.delivered(self._workspace, event)]

    def _event(self, envelope: Payload) -> Answer:
        event = envelope["event"]
        what = " ".join(filter(None, (event["type"], event.get("subtype"))))
        return self._attempt(Parcel("events_api", what, envelope))

    def _attempt(self, parcel: Parcel) -> Answer:
        """Try once; the first failure is followed by a second try at once, later ones are put off."""
        return self._judged(parcel, self.send(parcel))

    def _arrive(self, parcel: Parcel) -> None:
        """What was on its way for long; only events are ever tried again."""
        answer = self._hand_over(parcel)
        if parcel.kind == "events_api":
            self._judged(parcel, answer)

    def _hand_over(self, parcel: Parcel) -> Answer:
        if self._transport is None:
            return Answer(0.0, failure="connection_failed")
        with self.under_way():
            answer = self._transport.deliver(parcel)
        self._note(parcel, answer)
        self._let_follow()
        return answer

    def _put_off(self, parcel: Parcel, fault: Fault) -> Answer:
        """Keep something back: nobody waits for an event, everything else looks as if the bot did not answer."""
        due = self._workspace.clock() + timedelta(seconds=fault.seconds)
        with self._changed:
            self._retries.append(_Retry(due, parcel, shuffled=fault.kind == "shuffled"))
            self._changed.notify_all()
        self._note(parcel, Answer(0.0, failure=fault.kind))
        return Answer(0.0, failure=None if parcel.kind == "events_api" else "http_timeout")

    def _let_follow(self) -> None:
        """What was shuffled arrives behind whatever has been delivered."""
        with self._changed:
            now = self._workspace.clock()
            self._retries = [replace(one, due=now, shuffled=False) if one.shuffled else one for one in self._retries]
            self._changed.notify_all()

    def _judged(self, parcel: Parcel, answer: Answer) -> Answer:
        if answer.ok or answer.no_retry or parcel.retry > len(RETRY_AFTER):
            return answer
        again = Parcel(parcel.kind, parcel.what, parcel.payload, parcel.retry + 1, answer.failure or "unknown_error")
        if again.retry == 1:
            return self._attempt(again)
        with self._changed:
            self._retries.append(_Retry(self._workspace.clock() + RETRY_AFTER[again.retry - 2], again))
            self._changed.notify_all()
        return answer

    def _note(self, parcel: Parcel, answer: Answer) -> None:
        self._journal.write(
            {
                "at": self._workspace.clock().isoformat(),
                "direction": "to_bot",
                "kind": parcel.kind,
                "what": parcel.what,
                "status": answer.status,
                "ok": answer.ok,
                "error": answer.failure,
                "ms": answer.ms,
                "retry": parcel.retry,
                "request": parcel.payload,
                "response": answer.body,
            }
        )
        self._workspace.changed("log")

    def _count(self, change: int) -> None:
        with self._changed:
            self._in_flight += change
            self._changed.notify_all()

    def _send_later(self) -> None:
        while (envelope := self._later.get()) is not None:
            try:
                self._event(envelope)
            finally:
                self._count(-1)

    def _watch_retries(self) -> None:
        """Story time runs on by itself, so a retry may fall due while nobody moves the clock."""
        while not self._stopped:
            self.retry_due()
            with self._changed:
                due = min((one.due for one in self._retries), default=None)
                wait = None if due is None else min(1.0, max(0.01, (due - self._workspace.clock()).total_seconds()))
                if not self._stopped:
                    self._changed.wait(wait)
