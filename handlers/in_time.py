"""Forms are answered in time: what is not saved within two seconds is said to be not saved yet, and may be sent again.

Slack waits three seconds, then tells people of trouble and not whether their words are safe. A transaction can be
slow where nothing bounds it from within: a disk that does not write, a server that has stopped to answer at commit.
"""

from __future__ import annotations

import inspect
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from slack_bolt import Ack

from bot.deps import Deps
from bot.views import failures
from handlers.reply import labelled
from handlers.request import Body

log = logging.getLogger(__name__)
SECONDS = 2.0
THREADS = 32
"""More than any server of ours lets in at once, with room for those that are still at it after their answer."""

ViewListener = Callable[..., None]


class _Said:
    """Stands in for Bolt's ack: what a listener says too late must not reach an answer that is under way."""

    def __init__(self) -> None:
        self.given: dict[str, Any] | None = None

    def __call__(self, **given: Any) -> None:
        self.given = given


class InTime:
    """Runs the listeners of forms, and answers for those that take too long."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="form")

    def __call__(self, listener: ViewListener) -> ViewListener:
        """The same listener, which may name any of these four, with its answer in time. Raises what it raises."""

        named = inspect.signature(listener).parameters.keys()

        def answer(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
            said = _Said()
            given = {"ack": said, "body": body, "view": view, "deps": deps}
            under_way = self._threads.submit(listener, **{name: given[name] for name in named})
            wait((under_way,), SECONDS)
            if not under_way.done() and failures.first_input(view["blocks"]):
                _not_yet(ack, view, under_way)
                return
            under_way.result()
            if said.given is not None:
                ack(**_labelled(body, said.given))

        return answer


def _labelled(body: Body, given: dict[str, Any]) -> dict[str, Any]:
    """What comes in a form's place says, as the form did, that its program is in practice."""
    return {**given, "view": labelled(body, given["view"])} if "view" in given else given


def _not_yet(ack: Ack, view: Body, under_way: Future[None]) -> None:
    """It may still be saved after this: then the same form, sent again, is told the same number."""
    number = secrets.token_hex(3).upper()
    log.warning("%s: %s was not saved in %.0f s", number, view.get("callback_id"), SECONDS)
    if not under_way.cancel():
        under_way.add_done_callback(lambda done: _came_of_it(done, number))
    words = failures.not_saved(number, failures.language(view))
    ack(response_action="errors", errors={failures.first_input(view["blocks"]): words})


def _came_of_it(done: Future[None], number: str) -> None:
    error = done.exception()
    if error is None:
        log.info("%s: it was done after all", number)
    else:
        log.warning("%s: nothing came of it: %s", number, type(error).__name__)
