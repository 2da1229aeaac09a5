"""Setting a program up, in: who may begin, the form, and each step of the checklist."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.channels import Assigned, Room
from bot.domain.messages import Block, Download, Dropped
from bot.domain.people import NotAllowed, Viewer
from bot.domain.setup import (
    Accepted,
    Added,
    ChoosingChannel,
    Gone,
    Joined,
    Looking,
    Moved,
    NoCode,
    Opening,
    Rejected,
    Started,
    Stuck,
    Unclear,
    Unsure,
    WrongCode,
    fit_channel_name,
)
from bot.domain.setup import Dropped as ThrownAway
from bot.services import setup, setup_begin, setup_looking, setup_people
from bot.slack import SlackError, dropped
from bot.views import ids
from bot.views import setup as views
from bot.views import setup_forms as forms
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import put, replaced, show, tell, turn, value
from handlers.request import Body, Caller, caller, key
from storage import inbound

log = logging.getLogger(__name__)
T = TypeVar("T")
LISTS = (".csv", ".tsv", ".xlsx", ".xls")
"""How the names of lists end; of a workbook it is said how it becomes one."""
LARGEST_LIST = 1_000_000
"""Bytes of a list of people; one of two thousand has a tenth of that."""


# Beginning


def begin(ack: Ack, body: Body, deps: Deps) -> None:
    """*Set up a program*: what somebody else has begun is offered first."""
    found = _opening(deps, body)
    if isinstance(found, Opening) and found.known:
        show(deps, body, forms.going_on(found))
        ack()
        return
    _open(ack, deps, body, found, forms.begin_form, ids.SETUP_WINDOW)


def begin_another(ack: Ack, body: Body, deps: Deps) -> None:
    """*Set up another one*."""
    _open(ack, deps, body, _opening(deps, body), forms.begin_form, ids.SETUP_WINDOW)


def begun(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in: the program is there, in practice."""
    draft = forms.read_begin(view, key(body))
    with _unplaced(deps, body) as (session, who, now):
        outcome = setup_begin.begin(
            session=session,
            programs=deps.programs,
            templates=deps.templates,
            team=who.team,
            user=who.user,
            draft=draft,
            now=now,
        )
    _begun(ack, view, outcome)


def join(ack: Ack, body: Body, deps: Deps) -> None:
    """*Help with it*."""
    program_id, _ = ids.referred(value(body))
    with _unplaced(deps, body) as (session, who, now):
        outcome = setup_begin.help_with(
            session=session,
            programs=deps.programs,
            team=who.team,
            user=who.user,
            program_id=program_id or 0,
            now=now,
        )
    if isinstance(outcome, NotAllowed | Gone):
        tell(ack, deps, body, _words(outcome))
        return
    replaced(deps, body, forms.helping(outcome))
    ack()


def code(ack: Ack, body: Body, deps: Deps) -> None:
    """*I have a code*."""
    deps.templates.make_ready()
    show(deps, body, forms.code_form())
    ack()


def code_typed(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The code handed in: the form to begin with takes its place."""
    with _unplaced(deps, body) as (session, who, now):
        outcome = setup_begin.redeem(
            session=session, team=who.team, user=who.user, typed=forms.read_code(view), now=now
        )
    if isinstance(outcome, WrongCode | NoCode):
        ack(response_action="errors", errors=forms.code_errors(outcome))
        return
    found = _opening(deps, body)
    shown = forms.begin_form(found) if isinstance(found, Opening) else sorry(views.refusal(found))
    ack(response_action="update", view=shown)


def copy(ack: Ack, body: Body, deps: Deps) -> None:
    """*Copy this program*."""
    program_id, _ = ids.referred(value(body))
    _open(ack, deps, body, _opening(deps, body, program_id or 0), forms.copy_form)


def copied(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form for a copy handed in."""
    program_id, wanted = forms.read_copy(view, key(body))
    with _unplaced(deps, body) as (session, who, now):
        outcome = setup_begin.copy(
            session=session,
            programs=deps.programs,
            team=who.team,
            user=who.user,
            program_id=program_id or 0,
            wanted=wanted,
            now=now,
        )
    _begun(ack, view, outcome)


# The steps


def look(ack: Ack, body: Body, deps: Deps) -> None:
    """*Look at them*, on the checklist."""
    program_id, about = ids.referred(value(body))
    part, start = views.part_of(about)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup_looking.look(session=session, viewer=viewer, part=part, start=start, now=now)
    _open(ack, deps, body, found, lambda looking: views.looking(looking, now))


def looked(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*These are right*: the next page takes the place of this one."""
    program_id, part, start, seen, left = views.read_look(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup_looking.accept(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            part=part,
            start=start,
            seen=seen,
            left=left,
            now=now,
        )
    match found:
        case Accepted(looking, done=False):
            ack(response_action="update", view=views.looking(looking, now))
        case Accepted():
            ack(response_action="update", view=views.looked_through(found))
        case Stuck():
            ack(response_action="errors", errors=views.stuck(found, view))
        case NotAllowed() | Gone():
            ack(response_action="update", view=sorry(_words(found)))


def all_at_once(ack: Ack, body: Body, deps: Deps) -> None:
    """*All are right*, or *Leave them all out*."""
    program_id, about = ids.referred(value(body))
    part, _ = views.part_of(about)
    out = about.endswith("/out")
    with turn(deps, body, program_id) as (session, viewer, now):
        left = setup_looking.everything_waiting(session=session, viewer=viewer, part=part, now=now) if out else ()
        found = setup_looking.accept(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            part=part,
            start=0,
            left=left,
            everything=True,
            now=now,
        )
    match found:
        case Accepted():
            replaced(deps, body, views.looked_through(found))
            ack()
        case Stuck():
            tell(ack, deps, body, views.stuck_words(found))
        case NotAllowed() | Gone():
            tell(ack, deps, body, _words(found))


def move(ack: Ack, body: Body, deps: Deps) -> None:
    """*Move everything to another start*."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup_looking.look(session=session, viewer=viewer, part="dates", start=0, now=now)
        listed = setup.checklist(session=session, program=viewer.program, now=now) if viewer.program else None
    if not isinstance(found, Looking):
        tell(ack, deps, body, _words(found))
        return
    show(deps, body, forms.move_form(found.program, listed.first if listed is not None else None))
    ack()


def moved(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The new start handed in."""
    program_id, start = forms.read_move(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup.move_all(session=session, programs=deps.programs, viewer=viewer, start=start, now=now)
    match found:
        case Moved():
            ack(response_action="update", view=forms.moved(found))
        case Rejected(flaws):
            ack(response_action="errors", errors=forms.errors(flaws, view))
        case NotAllowed() | Gone():
            ack(response_action="update", view=sorry(_words(found)))


def add_people(ack: Ack, body: Body, deps: Deps) -> None:
    """*Add people*; *Add more*, in what says who was added, puts the form back in its place."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = setup_people.adding(session=session, viewer=viewer)
    _open(ack, deps, body, found, forms.people_form, ids.SETUP_WINDOW)


def people_added(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The people handed in."""
    program_id, wanted = forms.read_people(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup_people.add_people(session=session, viewer=viewer, wanted=wanted, now=now)
    match found:
        case Added():
            ack(response_action="update", view=forms.added(found))
        case Unclear(problems):
            ack(response_action="errors", errors=forms.unclear(problems))
        case Rejected(flaws):
            ack(response_action="errors", errors=forms.errors(flaws, view))
        case NotAllowed() | Gone():
            ack(response_action="errors", errors=views.refused_errors(_words(found), view))


def channel(ack: Ack, body: Body, deps: Deps) -> None:
    """*Choose*, beside what a channel is for."""
    program_id, about = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = setup.choosing(session=session, viewer=viewer, purpose=forms.purpose_of(about))
    _open(ack, deps, body, found, forms.channel_form)


def channel_chosen(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """A channel chosen, or to be made: Slack is asked before anything is written."""
    program_id, purpose, chosen, name = forms.read_channel(view)
    with turn(deps, body, program_id) as (session, viewer, _now):
        allowed = setup.choosing(session=session, viewer=viewer, purpose=purpose)
    if not isinstance(allowed, ChoosingChannel):
        ack(response_action="update", view=sorry(_words(allowed)))
        return
    wanted = fit_channel_name(name)
    if chosen is None and not wanted:
        ack(response_action="errors", errors=forms.no_channel())
        return
    try:
        room = _join(deps, chosen) if chosen else deps.slack.make_channel(wanted, private=purpose == "facilitators")
    except SlackError as error:
        ack(response_action="errors", errors=forms.channel_error(error.code, wanted, chosen=bool(chosen)))
        return
    users = [one.user for one in allowed.invite if one.user] if chosen is None else []
    left_out = _bring(deps, room.channel, users)
    with turn(deps, body, program_id) as (session, viewer, now):
        done = setup.set_channel(
            session=session, programs=deps.programs, viewer=viewer, purpose=purpose, room=room, now=now
        )
    if not isinstance(done, Assigned):
        ack(response_action="update", view=sorry(_words(done)))
        return
    shown = forms.channel_done(done, made=chosen is None, left_out=left_out, purpose=purpose)
    ack(response_action="update", view=shown)


def preview(ack: Ack, body: Body, deps: Deps) -> None:
    """*See it*: what people will read, and when; and its pages."""
    program_id, start = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup.preview(session=session, viewer=viewer, start=ids.row(start), now=now)
    _open(ack, deps, body, found, views.preview, ids.SETUP_WINDOW)


def drop(ack: Ack, body: Body, deps: Deps) -> None:
    """*Throw it away*, after the question whether to."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = setup.drop(session=session, viewer=viewer, now=now)
    words = views.dropped(found.name) if isinstance(found, ThrownAway) else _words(found)
    tell(ack, deps, body, words)


def list_handed_in(body: Body, event: Body, text: str, deps: Deps) -> bool:
    """A list of people that somebody who runs a program drops into the conversation; False where it is none."""
    files = [one for one in dropped(event) if one.name.lower().endswith(LISTS)]
    if not files:
        return False
    with _unplaced(deps, body) as (session, who, now):
        found = setup_people.keeper(
            session=session, programs=deps.programs, team=who.team, user=who.user, text=text, now=now
        )
        if found is None:
            return False
        if inbound.noted(session, key(body)):
            return True
    lists = [] if isinstance(found, Unsure) else [_had(deps, one) for one in files]
    # It counts as handed in once it is taken: where that fails, Slack brings it again.
    with _unplaced(deps, body) as (session, who, now):
        if not inbound.first_time(session, key(body), now):
            return True
        said = [forms.whose_list(found)] if isinstance(found, Unsure) else [
            _list_taken(session, found, one, now) for one in lists
        ]  # fmt: skip
    for words in said:
        deps.slack.tell(who.user, words)
    return True


def _had(deps: Deps, file: Dropped) -> Download | str:
    """A list as Slack hands it over, or why it does not."""
    try:
        return deps.slack.download(file, LARGEST_LIST)
    except SlackError as error:
        return forms.unread(file.name, error.code)


def _list_taken(session: Session, viewer: Viewer, data: Download | str, now: datetime) -> str:
    """What became of a list."""
    if isinstance(data, str):
        return data
    found = setup_people.take_file(session=session, viewer=viewer, data=data.content, name=data.name, now=now)
    match found:
        case Added():
            return forms.added_words(found, data.name)
        case Unclear(problems):
            return forms.unclear_words(problems, data.name)
        case NotAllowed():
            return views.refusal(found)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.SETUP_OPEN, begin)
    on.action(ids.SETUP_ANOTHER, begin_another)
    on.action(ids.SETUP_JOIN, join)
    on.action(ids.SETUP_CODE, code)
    on.action(ids.SETUP_COPY, copy)
    on.action(ids.SETUP_LOOK, look)
    on.action(ids.SETUP_ALL, all_at_once)
    on.action(ids.SETUP_MOVE, move)
    on.action(ids.SETUP_PEOPLE, add_people)
    on.action(ids.SETUP_CHANNEL, channel)
    on.action(ids.SETUP_PREVIEW, preview)
    on.action(ids.SETUP_DROP, drop)
    on.view(ids.SETUP_BEGIN_FORM, begun)
    on.view(ids.SETUP_CODE_FORM, code_typed)
    on.view(ids.SETUP_COPY_FORM, copied)
    on.view(ids.SETUP_LOOK_FORM, looked)
    on.view(ids.SETUP_MOVE_FORM, moved)
    on.view(ids.SETUP_PEOPLE_FORM, people_added)
    on.view(ids.SETUP_CHANNEL_FORM, channel_chosen)


def _opening(deps: Deps, body: Body, copied: int | None = None) -> Opening | NotAllowed:
    deps.templates.make_ready()
    with _unplaced(deps, body) as (session, who, now):
        return setup_begin.opening(
            session=session,
            programs=deps.programs,
            templates=deps.templates,
            team=who.team,
            user=who.user,
            now=now,
            copied=copied,
        )


@contextmanager
def _unplaced(deps: Deps, body: Body) -> Iterator[tuple[Session, Caller, datetime]]:
    """A transaction for somebody who need not be in any program yet, with who and when it is. Raises Busy."""
    now = deps.clock()
    with deps.db.begin() as session:
        yield session, caller(body), now


def _open(
    ack: Ack, deps: Deps, body: Body, found: T | NotAllowed | Gone, window: Callable[[T], Block], *own: str
) -> None:
    """The window of what was found, in the place of one of its `own` if it was pressed there; or why there is none."""
    if isinstance(found, NotAllowed | Gone):
        tell(ack, deps, body, _words(found))
        return
    put(deps, body, window(found), *own)
    ack()


def _begun(ack: Ack, view: Body, outcome: Started | Joined | Rejected | NotAllowed) -> None:
    match outcome:
        case Started() | Joined():
            ack(response_action="update", view=forms.begun(outcome))
        case Rejected(flaws):
            ack(response_action="errors", errors=forms.errors(flaws, view))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(views.refusal(outcome), view))


def _join(deps: Deps, channel: str) -> Room:
    """A channel that is there, with the bot in it. Raises SlackError."""
    room = deps.slack.room(channel)
    if room.archived:
        raise SlackError("is_archived")
    if room.member:
        return room
    if room.private:
        raise SlackError("not_in_channel")
    return deps.slack.join(channel)


def _bring(deps: Deps, channel: str, users: Sequence[str]) -> tuple[str, ...]:
    """Bring people into a channel, at once if Slack takes all of them; returns those whom it does not."""
    if not users:
        return ()
    try:
        deps.slack.invite(channel, *users)
    except SlackError as error:
        log.info("not all could be brought into a channel at once: %s", error.code)
    else:
        return ()
    left_out = []
    for one in users:
        try:
            deps.slack.invite(channel, one)
        except SlackError:
            left_out.append(one)
    return tuple(left_out)


def _words(outcome: NotAllowed | Gone) -> str:
    return views.refusal(outcome) if isinstance(outcome, NotAllowed) else views.gone(outcome)
