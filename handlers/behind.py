"""What lies behind a window: the list from which it was opened is drawn again once something of it was changed.

A list says by `Listeners.behind` how it is drawn again. What is opened above it then carries, beside its own metadata,
which window that list is and how far in it was; whatever takes the place of such a window carries it on. So a form
need not know from where it was opened: it says `changed` when it is saved.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from bot.deps import Deps
from bot.domain.messages import Block
from bot.slack import SlackError
from bot.views.change_forms import METADATA
from bot.views.ids import Unreadable
from handlers.request import Body
from storage.database import Busy

log = logging.getLogger(__name__)
SECONDS = 0.5
"""For how long an answer waits for it: what was saved is said in time, whether Slack draws quickly or not."""
THREADS = 8
Draws = Callable[[Deps, Body, str], "Block | None"]
"""A list as it is now, by its own metadata; None where nothing is to be shown there any more."""
MARK = "\nbehind:"
HERE, BELOW = "convene_here", "convene_behind"
"""Under these a payload remembers the list in which something was pressed, and the one behind its window."""
CHANGED = "convene_changed"
"""Under this it remembers that what lies behind is to be drawn again."""


@dataclass(frozen=True)
class Behind:
    """A list that is open: the window's id, the list's callback id, and its metadata with what lies behind it."""

    window: str
    name: str
    about: str


def carried(body: Body, view: Block, *, above: bool = False) -> Block:
    """A window that knows what lies behind it: the same as behind the one it replaces, or, `above` that, this one."""
    behind = body.get(HERE) or body.get(BELOW) if above else body.get(BELOW)
    return _with(view, behind)


def changed(body: Body) -> None:
    """Something is saved that what lies behind may show."""
    body[CHANGED] = True


class Drawing:
    """Knows every list; draws those that lie behind, and waits for it only as long as an answer can."""

    def __init__(self, lists: Mapping[str, Draws]) -> None:
        self._lists = lists
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="behind")

    def notice(self, body: Body) -> None:
        """Take what lies behind a window out of its metadata, which is its own from then on."""
        view = body.get("view")
        if not isinstance(view, dict) or view.get("type") != "modal":
            return
        whole = str(view.get("private_metadata") or "")
        view["private_metadata"], body[BELOW] = _parted(whole)
        if view.get("callback_id") in self._lists:
            body[HERE] = Behind(str(view["id"]), str(view["callback_id"]), whole)

    def draw(self, deps: Deps, body: Body, finish: Callable[[Block], Block]) -> None:
        """Draw every list anew that lies behind, if something was changed; `finish` is what each window needs besides.

        One that was closed, or drawn anew by somebody else meanwhile, stays as it is.
        """
        behind: Behind | None = body.get(BELOW) if body.get(CHANGED) else None
        if behind is not None:
            under_way = self._threads.submit(self._draw_all, deps, body, behind, finish)
            under_way.add_done_callback(_said)
            wait((under_way,), SECONDS)

    def _draw_all(self, deps: Deps, body: Body, behind: Behind | None, finish: Callable[[Block], Block]) -> None:
        while behind is not None:
            own, below = _parted(behind.about)
            try:
                made = self._lists[behind.name](deps, body, own) if behind.name in self._lists else None
                if made is not None:
                    deps.slack.update_view(behind.window, _with(finish(made), below))
            except (SlackError, Busy, Unreadable) as error:
                log.info("a list behind a form was not drawn again: %s", type(error).__name__)
            behind = below


def _said(done: Future[None]) -> None:
    if done.exception() is not None:
        log.error("a list behind a form could not be drawn again", exc_info=done.exception())


def _with(view: Block, behind: Behind | None) -> Block:
    if behind is None or view.get("type") != "modal":
        return view
    kept = json.dumps([behind.window, behind.name, behind.about])
    metadata = f"{view.get('private_metadata') or ''}{MARK}{kept}"
    # Without room for it the list stays as it was until it is opened again.
    return {**view, "private_metadata": metadata} if len(metadata) <= METADATA else view


def _parted(whole: str) -> tuple[str, Behind | None]:
    own, _, kept = whole.partition(MARK)
    try:
        window, name, about = json.loads(kept)
    except (ValueError, TypeError):
        return own, None
    return own, Behind(str(window), str(name), str(about))
