"""Homes that are looked at and no longer true are made anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from bot.deps import Deps
from bot.services import home
from bot.slack import SlackError
from bot.views import home as views
from storage import people
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)
AT_ONCE = 10


def publish(deps: Deps, now: datetime) -> None:
    """Publish a few Homes that something has changed on. One that Slack does not take waits until it is opened.

    While Slack cannot be heard the others wait for the next turn.
    """
    with deps.db.read() as session:
        if not people.any_home_marked(session):
            return
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        # Before they are gathered: what changes in between marks them again.
        stale = people.take_marked_homes(session, AT_ONCE)
        readers = [(one.id or 0, one.team, one.user_id) for one in stale if one.user_id is not None and not one.gone]
    for at, (_, team, user) in enumerate(readers, start=1):
        with deps.db.read() as session:
            page = home.gather(session=session, programs=deps.programs, team=team, user=user, now=now)
        if page is None:
            continue
        try:
            deps.slack.publish_home(user, views.page(page, now))
        except SlackError as error:
            log.warning("a Home could not be published: %s", error.code)
            if error.temporary:
                # Each might take as long until Slack is given up on, and what is due is not sent meanwhile.
                _mark_again(deps, [person for person, *_ in readers[at:]])
                return


def _mark_again(deps: Deps, left: Sequence[int]) -> None:
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        for person in left:
            people.mark_home(session, person)
