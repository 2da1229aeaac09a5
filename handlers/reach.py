"""Who the bot does not reach, in: the overview, the lists, and what helps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.messages import Block
from bot.domain.people import NotAllowed, Viewer
from bot.domain.reach import Done, Invitation, Listing, NotThere, Several
from bot.services import reach
from bot.slack import SlackError
from bot.views import ids
from bot.views import reach as views
from bot.views.refusals import no_program, sorry
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import answer, in_modal, put, redrawn, tell, turn, value
from handlers.request import Body

log = logging.getLogger(__name__)


def overview(ack: Ack, body: Body, deps: Deps) -> None:
    """`/convene reach`; and *See who* on the Home."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.look(session=session, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    answer(ack, deps, body, views.overview(found), lambda _: views.window(found))


def see(ack: Ack, body: Body, deps: Deps) -> None:
    """*See who*, behind one reason; and another page of it."""
    program_id, why, start = views.read_page(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.listing(session=session, viewer=viewer, why=why, start=start, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    put(deps, body, views.listing(found), ids.REACH_PAGE)
    ack()


def hello(ack: Ack, body: Body, deps: Deps) -> None:
    """*Send a hello*."""
    _write(ack, body, deps, lambda session, viewer, person, now: reach.hello(
        session=session, viewer=viewer, person_id=person, now=now
    ))  # fmt: skip


def ask_zone(ack: Ack, body: Body, deps: Deps) -> None:
    """*Ask them*, about somebody's clock."""
    _write(ack, body, deps, lambda session, viewer, person, now: reach.ask_zone(
        session=session, viewer=viewer, person_id=person, now=now
    ))  # fmt: skip


def invite(ack: Ack, body: Body, deps: Deps) -> None:
    """*Invite to #…*. Slack is asked outside any transaction; whoever is there already counts as invited."""
    program_id, person, why, start = views.read_person(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.invitation(session=session, viewer=viewer, person_id=person, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
            return
        case NotThere():
            _again(ack, body, deps, program_id, why, start, "That is settled already.")
            return
        case Invitation(somebody, room):
            pass
    try:
        deps.slack.invite(room.channel, somebody.user or "")
    except SlackError as error:
        log.info("Slack did not let somebody be invited: %s", error.code)
        tell(ack, deps, body, views.not_invited(found, error.code))
        return
    with deps.db.begin() as session:
        done = reach.invited(session=session, invitation=found)
    _again(ack, body, deps, program_id, why, start, views.came(done, found))


def several(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The same help for several people who were chosen."""
    program_id, why, start, chosen, zone = views.read_several(view)
    if not chosen:
        ack(response_action="errors", errors=views.nobody_chosen(view))
        return
    note = _invite_all(deps, body, program_id, chosen) if why == "channel" else (
        _write_all(deps, body, program_id, why, chosen, zone)
    )  # fmt: skip
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.listing(session=session, viewer=viewer, why=why, start=start, now=now)
    if isinstance(found, NotAllowed):
        ack(response_action="update", view=sorry(views.refusal(found)))
        return
    changed(body)
    ack(response_action="update", view=views.listing(found, note))


def look_again(ack: Ack, body: Body, deps: Deps) -> None:
    """*Look again*."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        refused = reach.look_again(session=session, viewer=viewer, now=now)
    tell(ack, deps, body, views.looking() if refused is None else views.refusal(refused))


def zone(ack: Ack, body: Body, deps: Deps) -> None:
    """Somebody says which clock they live by."""
    chosen: Body = (body.get("actions") or [{}])[0].get("selected_option") or {}
    program_id, name = ids.referred(str(chosen.get("value") or ""))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = reach.set_zone(session=session, viewer=viewer, zone=name) if viewer.program is not None else None
    tell(ack, deps, body, no_program() if viewer.program is None else views.zone_kept(found))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.REACH_OPEN, overview)
    on.action(ids.REACH_SEE, see)
    on.action(ids.REACH_HELLO, hello)
    on.action(ids.REACH_ZONE, ask_zone)
    on.action(ids.REACH_INVITE, invite)
    on.action(ids.REACH_LOOK, look_again)
    on.action(ids.REACH_ZONE_PICK, zone)
    on.behind(ids.REACH_WINDOW, _overview_again)
    on.behind(ids.REACH_PAGE, _list_again)
    on.view(ids.REACH_PAGE, several)


def _overview_again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, _ = ids.referred(about)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.look(session=session, viewer=viewer, now=now)
    return None if isinstance(found, NotAllowed) else views.window(found)


def _list_again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, why, start = views.read_page(about)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.listing(session=session, viewer=viewer, why=why, start=start, now=now)
    return None if isinstance(found, NotAllowed) else views.listing(found)


Writes = Callable[[Session, Viewer, int, datetime], Done | NotAllowed | NotThere]


def _write(ack: Ack, body: Body, deps: Deps, write: Writes) -> None:
    program_id, person, why, start = views.read_person(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = write(session, viewer, person, now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case NotThere():
            _again(ack, body, deps, program_id, why, start, "That is settled already.")
        case Done():
            _again(ack, body, deps, program_id, why, start, views.written(found))


def _write_all(deps: Deps, body: Body, program_id: int | None, why: str, chosen: tuple[int, ...], zone: str) -> str:
    with turn(deps, body, program_id) as (session, viewer, now):
        if why == "zone" and zone:
            given = reach.give_zone(session=session, viewer=viewer, chosen=chosen, zone=zone, now=now)
            if given is None:
                return views.zone_kept(None)
            return views.all_given(given, zone) if isinstance(given, Several) else ""
        write = reach.ask_zones if why == "zone" else reach.hello_all
        found = write(session=session, viewer=viewer, chosen=chosen, now=now)
    return views.all_written(found) if isinstance(found, Several) else ""


def _invite_all(deps: Deps, body: Body, program_id: int | None, chosen: tuple[int, ...]) -> str:
    """Slack is asked outside any transaction: for all of a channel at once, and, where it will not, for each alone."""
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.invitations(session=session, viewer=viewer, chosen=chosen, now=now)
    if isinstance(found, NotAllowed):
        return ""
    came: list[Invitation] = []
    refused: list[tuple[Invitation, str]] = []
    for channel in dict.fromkeys(one.room.channel for one in found):
        together = [one for one in found if one.room.channel == channel]
        if _invited(deps, channel, *together) is None:
            came += together
            continue
        for one in together:
            code = _invited(deps, channel, one)
            if code is None:
                came.append(one)
            else:
                refused.append((one, code))
    with deps.db.begin() as session:
        for one in came:
            reach.invited(session=session, invitation=one)
    return views.all_came(came, refused, len(set(chosen)) - len(found))


def _invited(deps: Deps, channel: str, *some: Invitation) -> str | None:
    """Why Slack did not let people be invited; None where it did."""
    try:
        deps.slack.invite(channel, *(one.somebody.user or "" for one in some))
    except SlackError as error:
        log.info("Slack did not let somebody be invited: %s", error.code)
        return error.code
    return None


def _again(ack: Ack, body: Body, deps: Deps, program_id: int | None, why: str, start: int, note: str) -> None:
    """The list as it stands now, with what was just done above it."""
    changed(body)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = reach.listing(session=session, viewer=viewer, why=why, start=start, now=now)
    if isinstance(found, Listing) and in_modal(body):
        redrawn(deps, body, views.listing(found, note))
        ack()
        return
    tell(ack, deps, body, note)
