"""Writing without a form: what the bot asks in the direct message, and what becomes of what people say to it.

A dialogue is a form that the bot holds for somebody. What a form asks, what is wrong with an answer and handing it in
are the form's own affair, so each of them is asked of `Forms`: whoever calls has it. Every word of a dialogue is also
in its draft, as if it had been typed into the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain import dialogues as rules
from bot.domain import language as tongues
from bot.domain.dialogues import Answer, Answers, Part, Script, State, Step
from bot.domain.drafts import About
from bot.domain.entries import as_answer
from bot.domain.people import Viewer
from bot.services.dialogues_desk import Desk, LetGo, Taken, about_of, answers_of, end, keep, reopened, speak, state_of
from bot.services.dialogues_end import TURN, turn_key
from bot.services.dialogues_forms import Forms
from storage import dialogues as rows
from storage import drafts as draft_rows
from storage import inbound, notices, people, switchboard
from storage.dialogues import Dialogue

LONG_ENOUGH = 4
"""Words that tell in which language somebody writes."""


@dataclass(frozen=True)
class Heard:
    """A direct message; `text` as Slack delivers it, `key` what makes it count once."""

    ts: str
    thread_ts: str | None
    text: str = field(repr=False)
    key: str


@dataclass(frozen=True)
class NotWriting:
    """There is no dialogue, or the message is not for it."""


@dataclass(frozen=True)
class Stale:
    """The button is of an earlier question; `state` is that of its dialogue, None where there is none."""

    state: str | None
    latest: bool = False


@dataclass(frozen=True)
class Begun:
    """It goes on in the direct message. `already`: it was being written there."""

    already: bool = False


@dataclass(frozen=True)
class Refused:
    """It cannot be written; `why` is mrkdwn."""

    why: str


@dataclass(frozen=True)
class Turn:
    """What the bot says next: the questions, how far it is, and in which language."""

    dialogue_id: int
    turn: int
    program_id: int
    script: Script
    state: State = field(repr=False)
    language: str = "en"


@dataclass(frozen=True)
class Over:
    """A dialogue that is over: how, why it cannot go on, in mrkdwn, and the draft that it is kept as, if it is."""

    about: About
    how: str
    language: str
    why: str
    draft_id: int | None


def writing(*, session: Session, team: str, user: str, key: str) -> int | None:
    """The program of what somebody is writing in the direct message; None if nothing. A message is heard once."""
    person = people.by_user(session, team, user)
    if person is None or person.id is None:
        return None
    row = rows.open_of(session, person.id)
    if row is not None:
        return row.program_id
    return 0 if inbound.noted(session, _once(key)) else None


def begin(
    *, session: Session, forms: Forms, viewer: Viewer, about: About, given: Answers, key: str, now: datetime
) -> Begun | Refused:
    """Begin to ask, with what is typed already; whatever else was being written is kept as a draft."""
    if rows.by_key(session, key) is not None:
        return Begun(already=True)
    opened = forms.open(session, viewer, about, given, now)
    if isinstance(opened, str):
        return Refused(opened)
    said = {**opened.given, **given}
    other = rows.held(session, viewer.person_id)
    if other is not None and about_of(other) == opened.about:
        said = {**answers_of(other), **{one: answer for one, answer in given.items() if not answer.empty}}
        state = rules.begin(opened.script, said, viewer.of_program.local_day(now))
        speak(session, other, viewer, opened.script, replace(state, said=""), now)
        return Begun(already=True)
    if other is not None:
        end(session, other, viewer, "stopped", now)
    row = Dialogue(
        team=viewer.team,
        person_id=viewer.person_id,
        program_id=opened.about.program_id,
        form=opened.about.form,
        subject=opened.about.subject,
        key=key,
        language=_language(session, viewer, opened.about),
        began_at=now,
        updated_at=now,
    )
    if not rows.add(session, row):
        return Begun(already=True)
    state = rules.begin(opened.script, said, viewer.of_program.local_day(now))
    keep(session, forms, row, viewer, opened, state, now)
    speak(session, row, viewer, opened.script, state, now)
    return Begun()


def heard(*, session: Session, forms: Forms, viewer: Viewer, said: Heard, now: datetime) -> Taken | LetGo | NotWriting:
    """A message while something is being written: its answer, a word that steers it, or what is asked about first."""
    row = rows.held(session, viewer.person_id)
    if row is None:
        return Taken() if inbound.noted(session, _once(said.key)) else NotWriting()
    if said.thread_ts not in (None, said.ts) and not _is_ours(session, row, said.thread_ts or ""):
        return NotWriting()
    if not inbound.first_time(session, _once(said.key), now):
        return Taken()
    scene = reopened(session, forms, row, viewer, now)
    if scene is None:
        return Taken()
    opened, state = scene
    text = as_answer(said.text)
    silent, row.updated_at = rules.pausing(row.updated_at, now), now
    _speaks(session, row, text)
    desk = Desk(session, forms, row, viewer, opened, now)
    if state.asks:
        return desk.told(state, said.ts, text)
    steer = rules.word(text)
    if steer is not None and desk.steered(state, *steer):
        return Taken()
    step = opened.script.step(state.at)
    if step is None:
        desk.say(replace(state, said="unclear", why=""))
    elif silent:
        desk.say(replace(state, asks="pause", held=(Part(said.ts, text),), said="", why=""))
    elif _early(session, row, said.ts):
        desk.early(state, said.ts, text)
    else:
        desk.take(state, step, rules.understand(step, text, said.ts, viewer.of_program.local_day(now)))
    return Taken()


def reworded(*, session: Session, forms: Forms, viewer: Viewer, ts: str, text: str | None, now: datetime) -> bool:
    """A message was changed, or deleted (None): its answer reads as it does now. False where it is none."""
    row = rows.held(session, viewer.person_id)
    if row is None:
        return False
    state = state_of(row)
    words = as_answer(text) if text is not None else None
    if any(one.ts == ts for one in state.held):
        held = tuple(replace(one, text=words or "") if one.ts == ts else one for one in state.held)
        held = tuple(one for one in held if one.text)
        changed: State | None = replace(state, held=held, asks=state.asks if held else "")
    else:
        changed = rules.reworded(state, ts, words)
    scene = reopened(session, forms, row, viewer, now) if changed is not None else None
    if changed is None or changed == state or scene is None:
        return changed is not None
    opened, _ = scene
    if opened.script.step(changed.last) is not None and changed.said == "changed":
        wrong = forms.problems(session, viewer, opened, changed.answers, now).get(changed.last)
        if wrong is not None:
            changed = replace(changed, at=changed.last, said="unclear", why=wrong, returning=changed.at is None)
    keep(session, forms, row, viewer, opened, changed, now)
    speak(session, row, viewer, opened.script, changed, now)
    return True


def pressed(
    *,
    session: Session,
    forms: Forms,
    viewer: Viewer,
    dialogue_id: int,
    turn: int,
    what: str,
    now: datetime,
    values: tuple[str, ...] = (),
    by_place: bool = False,
) -> Taken | LetGo | Stale:
    """A button or a menu under a question; one of an earlier question does nothing any more.

    What is chosen comes as values, or, `by_place`, as places among the choices.
    """
    row = rows.held(session, viewer.person_id)
    if row is None or row.id != dialogue_id or row.turn != turn:
        return _stale(session, viewer, dialogue_id, turn)
    scene = reopened(session, forms, row, viewer, now)
    if scene is None:
        return Taken()
    opened, state = scene
    row.updated_at = now
    desk = Desk(session, forms, row, viewer, opened, now)
    if state.asks:
        return desk.told(state, "", what)
    step = opened.script.step(state.at)
    if what == "choose" and step is not None and step.kind != "words":
        desk.take(state, step, _chosen(step, values, by_place))
    elif what == "alter":
        key = rules.which(opened.script, values[0]) if values else None
        if key is not None:
            desk.say(rules.to(state, key))
    else:
        steer = rules.word(what)
        if steer is not None:
            desk.steered(state, *steer, sure=True)
    return Taken()


def current(*, session: Session, dialogue_id: int, turn: int) -> Turn | None:
    """What is to be said in a turn; None where it went on meanwhile, or is over."""
    row = rows.get(session, dialogue_id)
    if row is None or row.state != "open" or row.turn != turn:
        return None
    return Turn(dialogue_id, turn, row.program_id, rules.script_of(row.script), state_of(row), row.language)


def asked(*, session: Session, dialogue_id: int) -> tuple[Script, str] | None:
    """What was asked in a dialogue that may be over, and in which language."""
    row = rows.get(session, dialogue_id)
    return (rules.script_of(row.script), row.language) if row is not None else None


def over(*, session: Session, dialogue_id: int) -> Over | None:
    """What has become of a dialogue that is over."""
    row = rows.get(session, dialogue_id)
    if row is None:
        return None
    about = about_of(row)
    found = draft_rows.find(session, row.team, row.person_id, about.form, about.program_id, (about.subject,))
    why = str(row.progress.get("why") or "")
    return Over(about, row.state, row.language, why, found.id if found is not None else None)


def _stale(session: Session, viewer: Viewer, dialogue_id: int, turn: int) -> Stale:
    known = rows.get(session, dialogue_id)
    if known is None or known.person_id != viewer.person_id:
        return Stale(None)
    return Stale(known.state, latest=known.turn - turn <= 1)


def _chosen(step: Step, values: tuple[str, ...], by_place: bool) -> Answer | None:
    """What was chosen, as far as it can be: something of another question cannot."""
    if step.kind == "day":
        return Answer(values=values) if values and rules.is_day(values[0]) else None
    if by_place:
        values = tuple(step.choices[int(one)].value for one in values if one.isdigit() and int(one) < len(step.choices))
    offered = {one.value for one in step.choices}
    taken = tuple(one for one in values if one in offered)
    return Answer(values=taken) if taken else None


def _early(session: Session, row: Dialogue, ts: str) -> bool:
    """Whether a message was written before the question could be read."""
    asked = notices.get(session, turn_key(row))
    if asked is None or asked.state in ("skipped", "refused"):
        return False
    if asked.posted_ts is None:
        return True
    return float(ts) < float(asked.posted_ts)


def _is_ours(session: Session, row: Dialogue, thread_ts: str) -> bool:
    """Whether a thread hangs below a question of this dialogue."""
    keys = [f"{TURN}:{row.id}:{turn}" for turn in range(max(row.turn - 20, 1), row.turn + 1)]
    return any(one.posted_ts == thread_ts for one in notices.by_keys(session, keys).values())


def _language(session: Session, viewer: Viewer, about: About) -> str:
    """The language of the form, where it has one, else the person's choice, else the program's."""
    if about.form == "question" and about.subject:
        return about.subject
    chosen = switchboard.of_person(session, viewer.person_id)
    return (chosen.language if chosen is not None else None) or viewer.of_program.language


def _speaks(session: Session, row: Dialogue, text: str) -> None:
    """The bot goes on in the language in which somebody writes, unless they have chosen one."""
    chosen = switchboard.of_person(session, row.person_id)
    if (chosen is None or chosen.language is None) and len(text.split()) >= LONG_ENOUGH:
        row.language = tongues.language_of(tongues.clean(text), row.language)


def _once(key: str) -> str:
    return f"{key}:dialogue"
