"""Homes that are looked at and no longer true are made anew."""

from __future__ import annotations

import logging
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
    """Publish a few Homes that something has changed on. One that Slack does not take waits until it is opened."""
    with deps.db.read() as session:
        if not people.any_home_marked(session):
            return
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        # Before they are gathered: what changes in between marks them again.
        stale = people.take_marked_homes(session, AT_ONCE)
        readers = [(one.team, one.user_id) for one in stale if one.user_id is not None and not one.gone]
    for team, user in readers:
        with deps.db.read() as session:
            page = home.gather(session=session, programs=deps.programs, team=team, user=user, now=now)
        if page is None:
            continue
        try:
            deps.slack.publish_home(user, views.page(page, now))
        except SlackError as error:
            log.warning("a Home could not be published: %s", error.code)
