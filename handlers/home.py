"""The App Home, in: somebody opens it, or the conversation beside it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from bot.deps import Deps
from bot.domain.people import Account
from bot.services import home, people
from bot.slack import SlackError
from bot.views import home as views
from handlers.listen import Listeners
from handlers.request import Body, Caller, caller

log = logging.getLogger(__name__)


def opened(body: Body, event: Body, deps: Deps) -> None:
    """A first contact, perhaps; and on the *Home* tab the Home as things stand now."""
    now, who = deps.clock(), caller(body)
    looking = event.get("tab") != "messages"
    account = _account(deps, who)
    with deps.db.begin() as session:
        if account is not None:
            people.learn(session=session, team=who.team, account=account, now=now)
        taken = home.opened(
            session=session, programs=deps.programs, team=who.team, user=who.user, now=now, looking=looking
        )
    if looking:
        _publish(deps, who, now, taken)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.event("app_home_opened", opened)


def _account(deps: Deps, who: Caller) -> Account | None:
    """Somebody whom Slack was never asked about: the workspace's admin has to be recognized at once."""
    with deps.db.read() as session:
        unknown = home.unknown(session=session, team=who.team, user=who.user)
    if not unknown:
        return None
    try:
        return deps.slack.account(who.user)
    except SlackError as error:
        log.warning("Slack does not say who opened their Home: %s", error.code)
        return None


def _publish(deps: Deps, who: Caller, now: datetime, became_admin: Sequence[str]) -> None:
    with deps.db.read() as session:
        page = home.gather(session=session, programs=deps.programs, team=who.team, user=who.user, now=now)
    if page is None:
        return
    try:
        deps.slack.publish_home(who.user, views.page(page, now, became_admin))
    except SlackError as error:
        # They see it as it was; opening it again publishes it again.
        log.warning("a Home could not be published: %s", error.code)
