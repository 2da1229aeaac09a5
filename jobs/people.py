"""People by the clock: asking Slack who they are, and what the facilitators and they themselves are told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.deps import Deps
from bot.domain.notices import Later, Skipped
from bot.domain.people import LOOK_AGAIN, Account, Viewer
from bot.services import memberships
from bot.services import people as services
from bot.slack import SlackError
from bot.views import people as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene
from storage import people
from storage.database import JOB_PATIENCE
from storage.people import Membership, Person

log = logging.getLogger(__name__)

AT_ONCE = 3
"""At the beat of two seconds well below what Slack allows for `users.info`."""
AGAIN = timedelta(minutes=2)
SOON = timedelta(seconds=5)
UNKNOWN = "Slack was not asked yet who somebody is"


def look_up(deps: Deps, now: datetime) -> None:
    """Ask Slack about a few people whom it was not asked about for a day; what it does not answer is asked later."""
    with deps.db.read() as session:
        due = [(one.id or 0, one.team, one.user_id or "") for one in people.to_look_up(session, now, AT_ONCE)]
    if not due:
        return
    known: list[tuple[str, Account]] = []
    again = {person_id: now + AGAIN for person_id, _, _ in due}
    for person_id, team, user in due:
        try:
            known.append((team, deps.slack.account(user)))
            del again[person_id]
        except SlackError as error:
            log.warning("Slack does not say who somebody is: %s", error.code)
            if error.temporary:
                break
            again[person_id] = now + LOOK_AGAIN
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        for team, account in known:
            services.learn(session=session, team=team, account=account, now=now)
        for person_id, when in again.items():
            services.put_off(session=session, person_id=person_id, until=when)


def pending(scene: Scene) -> Rendered:
    """Somebody joined: the facilitators are asked what they are."""
    membership = scene.session.get(Membership, scene.number("membership"))
    if membership is None or membership.state != "pending" or membership.id is None:
        return Skipped("the question was answered before it was asked")
    person = scene.session.get(Person, membership.person_id)
    if person is None or person.gone or person.bot:
        return Skipped("not a person of this workspace")
    if person.look_after is None:
        return Later(UNKNOWN, SOON)
    name = person.name or person.user_id or ""
    return views.pending(name, person.user_id, scene.text("channel"), scene.of_program, membership.id)


def waiting(scene: Scene) -> Rendered:
    """Several were in the cohort's channel before it had that purpose."""
    listed = services.listed(scene.session, scene.of_program.id)
    left = [one for one in listed if one.state == "pending" and not one.gone]
    if not left:
        return Skipped("nobody waits any more")
    if any(_unknown(scene, one.person_id) for one in left):
        return Later(UNKNOWN, SOON)
    return views.waiting(len(left), scene.text("channel"), scene.of_program)


def settled(scene: Scene) -> Rendered:
    """The message that asked says what has become of it."""
    membership = scene.session.get_one(Membership, scene.number("membership"))
    message = views.settled(_viewer(scene, membership.person_id), membership.set_by)
    return follow.update(scene, scene.text("asked"), message)


def confirmed(scene: Scene) -> Rendered:
    """Somebody who waited takes part now."""
    viewer = _viewer(scene, scene.number("person"))
    return views.confirmed(viewer, scene.now) if viewer.roles else Skipped("the person does not take part any more")


def _unknown(scene: Scene, person_id: int) -> bool:
    person = scene.session.get(Person, person_id)
    return person is not None and person.user_id is not None and person.look_after is None


def _viewer(scene: Scene, person_id: int) -> Viewer:
    person = scene.session.get(Person, person_id)
    assert person is not None
    held = people.memberships(scene.session, person_id)
    return services.as_viewer(session=scene.session, person=person, held=held, program=scene.of_program)


KINDS: Kinds = {
    memberships.PENDING: Kind(pending, unheard="again", followed=True, voice="staff"),
    memberships.WAITING: Kind(waiting, unheard="again"),
    memberships.SETTLED: Kind(settled, voice="staff"),
    memberships.CONFIRMED: Kind(confirmed),
}
