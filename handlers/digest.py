"""The digest on demand, and the texts behind its button."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.people import NotAllowed
from bot.services import digest
from bot.views import digest as views
from bot.views import ids, refusals
from handlers.listen import Listeners
from handlers.reply import answer, asking, show, tell, value
from handlers.request import Body


def on_demand(ack: Ack, body: Body, deps: Deps) -> None:
    """`/convene digest`, for the asker alone; and *Digest* on a Home, in a modal."""
    program_id, _ = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = digest.on_demand(session=session, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, _refusal(found, texts=False))
        return
    answer(ack, deps, body, views.message(found, deps.faq.trouble), views.window)


def read(ack: Ack, body: Body, deps: Deps) -> None:
    """*Read what came in*, under a digest however old: for those who may read it now."""
    program_id, key = ids.referred(value(body))
    span = views.read_span(key)
    if span is None:
        tell(ack, deps, body, refusals.too_old())
        return
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = digest.texts(session=session, viewer=viewer, since=span[0], until=span[1])
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, _refusal(found, texts=True))
        return
    show(deps, body, views.texts(found.program, found.reflections, found.meetings))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to; `/convene digest` comes from the command's own listener."""
    on.action(ids.DIGEST_OPEN, on_demand)
    on.action(ids.DIGEST_READ, read)


def _refusal(refused: NotAllowed, *, texts: bool) -> str:
    if refused.program is None:
        return refusals.no_program()
    words = views.not_readable if texts else views.not_for_you
    return words(refused.program, refused.facilitators)
