"""Channels by the clock: the question what one is for, and meeting those who were in it before."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.deps import Deps
from bot.domain.channels import Assigned
from bot.domain.notices import Skipped, ToPerson
from bot.services import channels as services
from bot.slack import SlackError
from bot.views import channels as views
from jobs.render import Kind, Kinds, Rendered, Scene, Update
from storage import channels, notices, people, programs
from storage.channels import Channel
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)


def meet_members(deps: Deps, now: datetime) -> None:
    """Meet everybody who was in a channel before it was the cohort's or the applicants', once for each channel."""
    with deps.db.read() as session:
        unread = [(one.id or 0, one.team, one.channel_id) for one in channels.members_unread(session)]
    for row_id, team, channel in unread:
        try:
            own = deps.slack.identity()
            users = tuple(user for user in deps.slack.members(channel) if user != own.user)
        except SlackError as error:
            log.warning("the people of a channel could not be read: %s", error.code)
            if error.temporary:
                return
            users = ()
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            services.meet_members(session=session, team=team, channel_id=row_id, users=users, now=now)


def question(scene: Scene) -> Rendered:
    """What is this channel for?"""
    row = scene.session.get(Channel, scene.number("channel"))
    if row is None or services.as_setting(row).said:
        return Skipped("somebody has said already what the channel is for")
    reader = scene.notice.target
    assert isinstance(reader, ToPerson)
    person = people.anybody(scene.session, reader.user)
    if person is None or not services.may_set(scene.session, person):
        return views.no_say(row.channel_id)
    inviter = scene.notice.refs.get("inviter")
    every = [(one.id or 0, one.name) for one in programs.every(scene.session)]
    names = [one for one in every if services.may_set(scene.session, person, one[0])]
    return views.question(row.channel_id, names, str(inviter) if inviter else None, reader.user)


def answered(scene: Scene) -> Rendered:
    """The message that asked says what was decided, as it stands now."""
    row = scene.session.get(Channel, scene.number("channel"))
    if row is None:
        return Skipped("the channel is not known any more")
    setting = services.as_setting(row)
    program = programs.by_id(scene.session, row.program_id) if row.program_id is not None else None
    done = Assigned(
        channel=setting.channel,
        use=setting.use,
        program=program.name if program else None,
        exposed=setting.exposed,
        instead_of=tuple(str(scene.notice.refs.get("instead_of") or "").split()),
        answering=setting.answers,
    )
    return Update(scene.text("at"), scene.text("ts"), views.answered(done))


def trouble(scene: Scene) -> Rendered:
    """Nothing can be said in a channel any more."""
    row = scene.session.get(Channel, scene.number("channel"))
    if row is None or row.program_id != scene.of_program.id or services.shut(row) != scene.text("why"):
        return Skipped("something can be said in the channel again")
    planned = notices.planned_for(scene.session, scene.of_program.id, row.purpose)
    return views.trouble(services.as_setting(row), scene.of_program, planned)


KINDS: Kinds = {
    services.PURPOSE: Kind(question, followed=True, voice="always"),
    services.ASSIGNED: Kind(answered, voice="always"),
    services.TROUBLE: Kind(trouble, voice="staff"),
}
