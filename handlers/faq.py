"""Answers in: `/ask`, the form, and the buttons under an answer."""

from __future__ import annotations

import logging

from slack_bolt import Ack, Respond

from bot.deps import Deps
from bot.domain.drafts import About
from bot.domain.messages import Block, Message
from bot.domain.once import with_other_words
from bot.domain.questions import Examples, Nobody, NoProgram, NotYours, Reply, TooLong, Where
from bot.services import drafts, entries, faq, questions
from bot.services.faq import Asking, CannotShare, Shared
from bot.slack import SlackError
from bot.views import faq as views
from bot.views import ids
from bot.views.refusals import no_program, sorry
from handlers.listen import Listeners
from handlers.reply import in_language, in_modal, in_mode_too, replaced, say, show, tell, turn, value
from handlers.request import Body, caller, key

log = logging.getLogger(__name__)


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """`/ask QUESTION`: the answer for the asker's eyes."""
    where, text = Where("private", caller(body).channel or ""), str(body.get("text") or "")
    deps.faq.read_ahead(text)
    with turn(deps, body) as (session, viewer, now):
        question = Asking(viewer, where, text, key(body))
        outcome = faq.ask(session=session, programs=deps.programs, indexes=deps.faq, asking=question, now=now)
    match outcome:
        case Reply():
            message = views.message(outcome, now)
            in_language(body, outcome.language)
            say(ack, in_mode_too(body, message))
        case Examples():
            say(ack, views.examples(outcome))
        case TooLong():
            ack(text=views.too_long(outcome))
        case NoProgram():
            ack(text=no_program())


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Ask a question*, on whatever surface."""
    program_id, language = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        program = deps.programs.by_id(session, program_id) if program_id else None
        what = About("question", program.id, views.spoken(language)) if program is not None else None
        kept = drafts.standing(session=session, viewer=viewer, about=what) if what is not None else None
    in_language(body, language)
    show(deps, body, views.form(program, program_id or 0, language, kept, viewer.zone))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in: the answer takes its place."""
    text = views.read(view)
    program_id, language = ids.referred(str(view.get("private_metadata") or ""))
    deps.faq.read_ahead(text)
    with turn(deps, body, program_id) as (session, viewer, now):
        # The form stays open when its answer is lost: other words in it are another question.
        once = with_other_words(key(body), text)
        question = Asking(viewer, Where("private", ""), text, once, language)
        outcome = faq.ask(session=session, programs=deps.programs, indexes=deps.faq, asking=question, now=now)
        if isinstance(outcome, Reply) and program_id:
            drafts.finish(session=session, viewer=viewer, about=About("question", program_id, language), now=now)
    match outcome:
        case Reply():
            in_language(body, outcome.language)
            ack(response_action="update", view=views.window(outcome, now))
        case Examples():
            ack(response_action="errors", errors=views.errors(outcome))
        case TooLong():
            ack(response_action="update", view=sorry(views.too_long(outcome)))
        case NoProgram():
            ack(response_action="update", view=sorry(no_program()))


def choose(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """A suggestion is pressed."""
    program_id, pressed = ids.referred(value(body))
    question, _, entry = pressed.partition("/")
    _chosen(ack, body, deps, respond, program_id, question, entry)


def none_fits(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*None of these*."""
    program_id, question = ids.referred(value(body))
    _chosen(ack, body, deps, respond, program_id, question, None)


def helpful(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Helpful*."""
    _vote(ack, body, deps, respond, helpful=True)


def not_helpful(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Not helpful*."""
    _vote(ack, body, deps, respond, helpful=False)


def share(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Share in channel*, if the bot can post there."""
    program_id, question = ids.referred(value(body))
    channel = caller(body).channel or ""
    if not _may_post(deps, channel):
        with deps.db.read() as session:
            language = faq.spoken(session, ids.row(question))
        tell(ack, deps, body, views.not_in_channel(channel, language))
        return
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = faq.share(
            session=session, programs=deps.programs, viewer=viewer, question_id=ids.row(question), now=now
        )
    if isinstance(outcome, CannotShare):
        tell(ack, deps, body, views.cannot_share(outcome.language, outcome.reserved))
        return
    _after(ack, body, deps, respond, outcome.reply if isinstance(outcome, Shared) else outcome)


def hand_over(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Ask a facilitator*."""
    program_id, question = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = questions.hand_over(
            session=session, programs=deps.programs, viewer=viewer, question_id=ids.row(question), now=now
        )
    if isinstance(outcome, Nobody):
        tell(ack, deps, body, views.nobody(outcome))
        return
    _after(ack, body, deps, respond, outcome)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(ids.ASK, command, about="Ask the program a question", usage="QUESTION")
    on.action(ids.ASK_OPEN, open_form)
    on.action(ids.FAQ_CHOOSE, choose)
    on.action(ids.FAQ_NONE, none_fits)
    on.action(ids.FAQ_HELPFUL, helpful)
    on.action(ids.FAQ_NOT_HELPFUL, not_helpful)
    on.action(ids.FAQ_SHARE, share)
    on.action(ids.FAQ_HAND_OVER, hand_over)
    on.view(ids.FAQ_FORM, submit)


def draft_form(deps: Deps, body: Body, about: About, anew: int = 0) -> Block | str:
    """The form in which a question was begun, with what is kept of it; or why it cannot be opened, in mrkdwn."""
    with turn(deps, body, about.program_id) as (session, viewer, _):
        program = deps.programs.by_id(session, about.program_id)
        kept = drafts.standing(session=session, viewer=viewer, about=about)
    if program is None:
        return no_program()
    return views.form(program, program.id, about.subject, kept, viewer.zone, anew)


def _chosen(
    ack: Ack, body: Body, deps: Deps, respond: Respond, program_id: int | None, question: str, entry: str | None
) -> None:
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = faq.choose(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            question_id=ids.row(question),
            entry=entry,
            now=now,
        )
    _after(ack, body, deps, respond, outcome)


def _vote(ack: Ack, body: Body, deps: Deps, respond: Respond, *, helpful: bool) -> None:
    program_id, question = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries.vote(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            question_id=ids.row(question),
            helpful=helpful,
            now=now,
        )
    if isinstance(outcome, Reply) and outcome.where.place == "channel":
        ack()
        _whisper(body, respond, views.thanks(helpful, outcome))
        return
    _after(ack, body, deps, respond, outcome)


def _after(ack: Ack, body: Body, deps: Deps, respond: Respond, outcome: Reply | NotYours) -> None:
    """The reply under which something was pressed, as it stands now."""
    if isinstance(outcome, NotYours):
        tell(ack, deps, body, views.not_yours())
        return
    ack()
    _show_again(deps, body, respond, outcome)


def _may_post(deps: Deps, channel: str) -> bool:
    """Whether the bot is in a channel; it cannot be told from the payload. Direct messages are the service's matter."""
    if not channel.startswith(("C", "G")):
        return True
    try:
        return deps.slack.room(channel).member
    except SlackError as error:
        if error.code in ("channel_not_found", "not_in_channel", "missing_scope"):
            return error.code == "missing_scope"
        raise


def _show_again(deps: Deps, body: Body, respond: Respond, reply: Reply) -> None:
    """Show a private reply as it stands now; what stands in a conversation is brought up to date by its own notice."""
    try:
        if in_modal(body):
            replaced(deps, body, views.window(reply, deps.clock()))
        elif body["container"].get("is_ephemeral") and body.get("response_url"):
            message = views.message(reply, deps.clock()) if reply.where.place != "channel" else views.passed_on(reply)
            respond(text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=True)
    except (SlackError, OSError) as error:
        # What was pressed is kept all the same: only the words about it could not be shown.
        log.warning("the answer to a pressed button could not be shown: %s", error)


def _whisper(body: Body, respond: Respond, message: Message) -> None:
    """Say something to the presser alone, beside a message that everybody sees, if Slack says where."""
    if not body.get("response_url"):
        return
    try:
        respond(
            text=message.text,
            blocks=list(message.blocks),
            response_type="ephemeral",
            replace_original=False,
            thread_ts=body["container"].get("thread_ts"),
        )
    except OSError as error:
        log.warning("the answer to a pressed button could not be shown: %s", error)
