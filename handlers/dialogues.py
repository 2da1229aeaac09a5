"""Writing without a form, in: the buttons that begin it, and those under each question; see `handlers.messages`."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.dialogues import Answer
from bot.domain.drafts import About, form_named
from bot.domain.questions import Where
from bot.services import dialogues
from bot.services.dialogues import Refused, Stale
from bot.services.dialogues_desk import LetGo, Taken
from bot.views import dialogues as views
from bot.views import dialogues_steps, ids
from bot.views import drafts as draft_views
from handlers.dialogue_forms import WrittenForms
from handlers.listen import Listeners
from handlers.messages import Said, answer
from handlers.reply import in_language, in_modal, redrawn, tell, turn, value
from handlers.request import Body, caller, form_of, key
from handlers.typing import about as about_of
from handlers.typing import forget, settle


def begin(ack: Ack, body: Body, deps: Deps) -> None:
    """*Write it here instead*: in a form with what stands in it, elsewhere with what is kept of it."""
    program_id, what = ids.referred(value(body))
    inside = in_modal(body) and not what
    settle(deps, body)
    given: dict[str, Answer] = {}
    if inside:
        view = form_of(body)
        about: About | None = about_of(view)
        given = dialogues_steps.typed(view, draft_views.values(view))
    else:
        about = _meant(program_id, what)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome: dialogues.Begun | Refused = Refused(views.stale(None))
        if about is not None and viewer.program is not None and viewer.program.id == about.program_id:
            outcome = dialogues.begin(
                session=session,
                forms=WrittenForms(deps),
                viewer=viewer,
                about=about,
                given=given,
                key=key(body),
                now=now,
            )
    if isinstance(outcome, Refused):
        tell(ack, deps, body, outcome.why)
        return
    if inside:
        forget(deps, body)
        in_language(body, about.subject if about is not None and about.form == "question" else "")
        redrawn(deps, body, views.gone_over(_language(about)))
    ack()


def say(ack: Ack, body: Body, deps: Deps) -> None:
    """*Skip*, *Back*, *Stop for now*, *Hand in*, and their kin."""
    program_id, place = ids.referred(value(body))
    number, at, what = _place(place)
    _press(ack, body, deps, program_id, number, at, what)


def pick(ack: Ack, body: Body, deps: Deps) -> None:
    """One of the choices, as a button or in a menu."""
    program_id, place = ids.referred(_picked(body))
    number, at, which = _place(place)
    _press(ack, body, deps, program_id, number, at, "choose", (which,), by_place=True)


def day(ack: Ack, body: Body, deps: Deps) -> None:
    """A day from the calendar."""
    action: Body = body["actions"][0]
    _, _, named = str(action.get("block_id") or "").partition("dialogue.day:")
    program_id, place = ids.referred(named)
    number, at, _ = _place(place)
    chosen = action.get("selected_date")
    _press(ack, body, deps, program_id, number, at, "choose", (str(chosen),) if chosen else ())


def tick(ack: Ack) -> None:
    """One of several was chosen: it counts with the button below."""
    ack()


def take(ack: Ack, body: Body, deps: Deps) -> None:
    """*Take these*: what is chosen above."""
    program_id, place = ids.referred(value(body))
    number, at, _ = _place(place)
    ticked = ((body.get("state") or {}).get("values") or {}).get("dialogue.tick") or {}
    chosen = next(iter(ticked.values()), None)
    if chosen is None:
        _press(ack, body, deps, program_id, number, at, "keep")
        return
    places = tuple(_place(ids.referred(str(one["value"]))[1])[2] for one in chosen.get("selected_options") or ())
    _press(ack, body, deps, program_id, number, at, "choose", places, by_place=True)


def alter(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change an answer…*, under the whole."""
    program_id, place = ids.referred(_picked(body))
    number, at, which = _place(place)
    _press(ack, body, deps, program_id, number, at, "alter", (which,))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.DIALOGUE_BEGIN, begin)
    on.action(ids.DIALOGUE_SAY, say)
    on.action(ids.DIALOGUE_PICK, pick)
    on.action(ids.DIALOGUE_CHOOSE, pick)
    on.action(ids.DIALOGUE_DAY, day)
    on.action(ids.DIALOGUE_TICK, tick)
    on.action(ids.DIALOGUE_TAKE, take)
    on.action(ids.DIALOGUE_ALTER, alter)


def _press(
    ack: Ack,
    body: Body,
    deps: Deps,
    program_id: int | None,
    number: int,
    at: int,
    what: str,
    values: tuple[str, ...] = (),
    *,
    by_place: bool = False,
) -> None:
    outcome: Taken | LetGo | Stale = Stale(None)
    with turn(deps, body, program_id) as (session, viewer, now):
        if viewer.program is not None:
            outcome = dialogues.pressed(
                session=session,
                forms=WrittenForms(deps),
                viewer=viewer,
                dialogue_id=number,
                turn=at,
                what=what,
                values=values,
                by_place=by_place,
                now=now,
            )
    if isinstance(outcome, Stale) and not outcome.latest:
        tell(ack, deps, body, views.stale(outcome.state))
        return
    if isinstance(outcome, LetGo):
        who = caller(body)
        where = Where("direct", who.channel or "", outcome.ts, None)
        answer(Said(who.team, who.user, where, outcome.text, called=True), deps)
    ack()


def _meant(program_id: int | None, what: str) -> About | None:
    name, _, subject = what.partition("/")
    form = form_named(name)
    return About(form, program_id, subject) if program_id is not None and form is not None else None


def _language(about: About | None) -> str:
    """The language of the form: that of a question has one of its own."""
    return about.subject if about is not None and about.form == "question" else "en"


def _picked(body: Body) -> str:
    chosen: Body = (body.get("actions") or [{}])[0].get("selected_option") or {}
    return str(chosen.get("value") or value(body))


def _place(place: str) -> tuple[int, int, str]:
    """The dialogue, its turn, and what was said by a button; zeros for what nobody here wrote."""
    number, _, rest = place.partition("/")
    at, _, what = rest.partition("/")
    return ids.row(number), ids.row(at), what
