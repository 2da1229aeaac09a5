"""What lets somebody act once more: triggers for modals, and response_urls."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.interface import SlackError, StoryClock

TRIGGER_LIFE = 3.0
HOOK_LIFE = timedelta(minutes=30)
HOOK_USES = 5


@dataclass
class Trigger:
    """A pass for opening one modal."""

    user: str
    born: float
    view_id: str | None
    spent: bool = False


@dataclass
class Hook:
    """A response_url: where it speaks, to whom, and which message it may replace."""

    user: str
    channel: str
    born: datetime
    thread_ts: str | None = None
    message_ts: str | None = None
    uses: int = 0


class Passes:
    """All that were given out; triggers live on the machine's time, response_urls on story time."""

    def __init__(self, clock: StoryClock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self.monotonic = monotonic
        self._triggers: dict[str, Trigger] = {}
        self._hooks: dict[str, Hook] = {}

    def trigger(self, user: str, view_id: str | None = None) -> str:
        """A new trigger_id."""
        with self._lock:
            if len(self._triggers) > 2_000:
                for old in list(self._triggers)[:1_000]:
                    del self._triggers[old]
            made = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
            self._triggers[made] = Trigger(user, self.monotonic(), view_id)
            return made

    def spend(self, trigger_id: str) -> Trigger:
        """Use a trigger, once, within three seconds; raises SlackError."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.spent:
                raise SlackError("exchanged_trigger_id")
            if self.monotonic() - trigger.born > TRIGGER_LIFE:
                raise SlackError("expired_trigger_id")
            trigger.spent = True
            return trigger

    def hook(self, hook: Hook) -> str:
        """A new response_url's secret part."""
        with self._lock:
            if len(self._hooks) > 2_000:
                for old in list(self._hooks)[:1_000]:
                    del self._hooks[old]
            made = secrets.token_urlsafe(24)
            self._hooks[made] = hook
            return made

    def use_hook(self, secret: str) -> Hook:
        """Count one use of a response_url; raises SlackError."""
        with self._lock:
            hook = self._hooks.get(secret)
            if hook is None:
                raise SlackError("invalid_url")
            if self._clock() - hook.born > HOOK_LIFE:
                raise SlackError("expired_url")
            if hook.uses >= HOOK_USES:
                raise SlackError("used_url")
            hook.uses += 1
            return hook
