"""Who is in which channel, asked of Slack one channel at a time; counting who is not reached; and writing to them."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.deps import Deps
from bot.domain.channels import UNSEEN
from bot.domain.notices import Skipped
from bot.services import people as roles
from bot.services import reach as services
from bot.slack import SlackError
from bot.views import reach as views
from jobs.render import Kind, Kinds, Rendered, Scene
from storage import people
from storage.database import JOB_PATIENCE
from storage.people import Person

log = logging.getLogger(__name__)


def look(deps: Deps, now: datetime) -> None:
    """Ask Slack about the one channel that was looked at longest ago, if that is some hours past."""
    with deps.db.read() as session:
        due = services.due(session=session, now=now)
    if due is None:
        return
    row_id, channel = due
    try:
        room = deps.slack.room(channel)
        users = tuple(deps.slack.members(channel)) if room.member else ()
    except SlackError as error:
        log.info("Slack does not show who is in a channel: %s", error.code)
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            services.unseen(session=session, row_id=row_id, gone=error.code in UNSEEN, now=now)
        return
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        services.seen(session=session, row_id=row_id, room=room, users=users, now=now)


def count(deps: Deps, now: datetime) -> None:
    """Count for every program who is not reached, every few minutes."""
    with deps.db.read() as session:
        stale = services.stale(session=session, programs=deps.programs, now=now)
    for program in stale:
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            services.count(session=session, program=program, now=now)


def hello(scene: Scene) -> Rendered:
    """To somebody who may not know what they can do here."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.id is None or person.gone or person.erased_at is not None:
        return Skipped("the person is not there any more")
    held = people.memberships(scene.session, person.id)
    viewer = roles.as_viewer(session=scene.session, person=person, held=held, program=scene.of_program)
    if not viewer.roles and not viewer.pending:
        return Skipped("the person does not take part any more")
    return views.hello(viewer)


def ask_zone(scene: Scene) -> Rendered:
    """To somebody whose clock is not known."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.gone or person.erased_at is not None:
        return Skipped("the person is not there any more")
    if person.zone is not None:
        return Skipped("their clock is known by now")
    return views.ask_zone(scene.of_program)


KINDS: Kinds = {
    services.HELLO: Kind(hello),
    services.ZONE: Kind(ask_zone),
}
