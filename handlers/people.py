"""Who takes part, in: somebody joins, is confirmed or not, is looked up, is changed."""

from __future__ import annotations

from slack_bolt import Ack, BoltContext

from bot.deps import Deps
from bot.domain.memberships import Card, NotThere, Placed, Rejected, Settled
from bot.domain.people import NotAllowed, Viewer
from bot.services import memberships, people, reach
from bot.slack import as_account
from bot.views import ids, refusals
from bot.views import people as views
from handlers import channels, personnel
from handlers.behind import changed as has_changed
from handlers.listen import Listeners
from handlers.reply import asking, say, show, tell, value
from handlers.request import Body, caller, key, team_of
from storage import inbound
from storage import people as rows


def joined(body: Body, event: Body, context: BoltContext, deps: Deps) -> None:
    """Somebody is in a channel that the bot is in; perhaps the bot itself."""
    if event["user"] == context.bot_user_id:
        channels.invited(body, event, deps)
        return
    now, who = deps.clock(), caller(body)
    with deps.db.begin() as session:
        if inbound.first_time(session, key(body), now):
            channel = str(event["channel"])
            memberships.joined(
                session=session,
                programs=deps.programs,
                team=who.team,
                user=who.user,
                channel=channel,
                now=now,
            )
            reach.moved(session=session, team=who.team, user=who.user, channel=channel, inside=True)


def changed(body: Body, event: Body, deps: Deps) -> None:
    """Slack says something new about somebody; of those whom the bot has not met it keeps nothing."""
    account, team = as_account(event["user"]), team_of(body)
    with deps.db.read() as session:
        known = rows.by_user(session, team, account.user) is not None
    if known:
        with deps.db.begin() as session:
            people.learn(session=session, team=team, account=account, now=deps.clock())


def open_confirm(ack: Ack, body: Body, deps: Deps) -> None:
    """*Confirm…*, beside somebody who waits."""
    program_id, membership = ids.referred(value(body))
    with deps.db.begin() as session:
        by = asking(session, deps, body, deps.clock(), program_id)
        found = memberships.waiting_card(session=session, by=by, membership_id=ids.row(membership))
    if isinstance(found, Card):
        show(deps, body, views.confirm_form(found, by.of_program))
        ack()
        return
    tell(ack, deps, body, _words(found, by))


def confirm(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form behind *Confirm…* handed in."""
    program_id, membership = views.about(view)
    now = deps.clock()
    with deps.db.begin() as session:
        by = asking(session, deps, body, now, program_id)
        outcome = memberships.confirm(
            session=session, by=by, membership_id=ids.row(membership), place=views.read(view), now=now
        )
    if isinstance(outcome, Placed):
        has_changed(body)
    _answer(ack, outcome, view, by)


def dismiss(ack: Ack, body: Body, deps: Deps) -> None:
    """*Not a participant*; the message that asked says so from then on."""
    program_id, membership = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        by = asking(session, deps, body, now, program_id)
        outcome = memberships.dismiss(session=session, by=by, membership_id=ids.row(membership), now=now)
    if isinstance(outcome, Placed):
        ack()
        return
    tell(ack, deps, body, _words(outcome, by))


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """`/convene people`; and *People*, on a Home or a message, where it is the list to search in."""
    if "command" not in body:
        personnel.listing(ack, body, deps)
        return
    program_id, _ = ids.referred(value(body))
    with deps.db.begin() as session:
        by = asking(session, deps, body, deps.clock(), program_id)
        found = memberships.everybody(session=session, by=by)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, _words(found, by))
        return
    say(ack, views.listing(found, by.of_program))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.event("member_joined_channel", joined)
    on.event("user_change", changed)
    on.action(ids.PEOPLE_CONFIRM, open_confirm)
    on.action(ids.PEOPLE_DISMISS, dismiss)
    on.action(ids.PEOPLE_LIST, listing)
    on.view(ids.PEOPLE_CONFIRM_FORM, confirm)


def _answer(ack: Ack, outcome: Placed | Settled | NotAllowed | NotThere | Rejected, view: Body, by: Viewer) -> None:
    match outcome:
        case Rejected(flaws):
            ack(response_action="errors", errors=views.errors(flaws, view))
        case Placed():
            ack(response_action="update", view=views.thanks(outcome))
        case _:
            ack(response_action="update", view=refusals.sorry(_words(outcome, by)))


def _words(outcome: Settled | NotAllowed | NotThere, by: Viewer) -> str:
    match outcome:
        case Settled():
            return views.already(outcome)
        case NotThere():
            return refusals.too_old()
        case NotAllowed():
            return views.refusal(outcome)
