"""`/convene` and its words."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.convene import Find, Unknown, understand
from bot.domain.people import NotAllowed
from bot.services import convene
from bot.views import convene as views
from bot.views import ids
from handlers import digest, find, menu, people, reach, week
from handlers.listen import Listeners
from handlers.reply import asking, say, typed
from handlers.request import Body


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """Each word has its own answer; none at all, or one that is not there, says what there is."""
    match understand(typed(body)):
        case "menu" | "find":
            menu.command(ack, body, deps)
        case Find(words):
            find.command(ack, body, deps, words)
        case "help":
            _help(ack, body, deps)
        case "digest":
            digest.on_demand(ack, body, deps)
        case "people":
            people.listing(ack, body, deps)
        case "reach":
            reach.overview(ack, body, deps)
        case "week":
            week.look(ack, body, deps)
        case "status":
            _status(ack, body, deps)
        case Unknown() as word:
            ack(text=views.unknown(word))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(
        ids.CONVENE,
        command,
        about="What you can do; finding things; for facilitators the digest, people, the week",
        usage=views.USAGE,
    )


def _help(ack: Ack, body: Body, deps: Deps) -> None:
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, deps.clock())
    say(ack, views.help_(deps.commands, viewer))


def _status(ack: Ack, body: Body, deps: Deps) -> None:
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now)
        found = convene.status(session=session, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        ack(text=views.refusal(found))
        return
    say(ack, views.status(found))
