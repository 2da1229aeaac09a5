"""People who were entered by their address: Slack is asked whether they are in the workspace."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.deps import Deps
from bot.domain.people import LOOK_AGAIN, Account
from bot.services import people as services
from bot.slack import SlackError
from storage import people
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)
AT_ONCE = 1
"""At the beat of two seconds below what Slack allows for `users.lookupByEmail`."""
AGAIN = timedelta(minutes=2)


def find(deps: Deps, now: datetime) -> None:
    """Ask Slack about somebody known by an address alone; who is not there yet is looked for again a day later."""
    with deps.db.read() as session:
        due = [(one.id or 0, one.team, one.email or "") for one in people.to_find(session, now, AT_ONCE)]
        known = people.teams(session)
    if not due:
        return
    person_id, team, email = due[0]
    found: Account | None = None
    until = now + LOOK_AGAIN
    try:
        found = deps.slack.by_email(email)
    except SlackError as error:
        log.info("Slack does not say whose an address is: %s", error.code)
        until = now + AGAIN if error.temporary else until
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        services.put_off(session=session, person_id=person_id, until=until)
        team = team or (known[0] if len(known) == 1 else "")
        if found is not None and team:
            services.learn(session=session, team=team, account=found, now=now)
