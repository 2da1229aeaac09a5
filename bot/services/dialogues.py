"""Writing without a form: what the bot asks in the direct message, and what becomes of what people say to it.

A dialogue is a form that the bot holds for somebody. What a form asks, what is wrong with an answer and handing it in
are the form's own affair, so each of them is asked of `Forms`: whoever calls has it. Every word of a dialogue is also
in its draft, as if it had been typed into the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlmodel import Session

from bot.domain import dialogues as rules
from bot.domain import language as tongues
from bot.domain.dialogues import Answer, Answers, Asks, Part, Said, Script, State, Step
from bot.domain.drafts import About, Typed, Values, form_named
from bot.domain.entries import as_answer
from bot.domain.notices import Notice, Refs, ToPerson
from bot.domain.people import Viewer
from bot.services import drafts
from bot.services.dialogues_end import TURN, How, past, turn_key
from storage import dialogues as rows
from storage import drafts as draft_rows
from storage import inbound, notices, people, switchboard
from storage.dialogues import Dialogue

ENDED = "dialogue.ended"
LONG_ENOUGH = 4
"""Words that tell in which language somebody writes."""


@dataclass(frozen=True)
class Opened:
    """A form as it would open now: what it asks, what it begins with, what it is for; `form` is its own business."""

    about: About
    script: Script
    given: Answers = field(repr=False)
    form: object = field(repr=False)


class Forms(Protocol):
    """The forms that can be written without one."""

    def open(self, session: Session, viewer: Viewer, about: About, answers: Answers, now: datetime) -> Opened | str:
        """A form with what was said to it so far, or why it cannot be opened, in mrkdwn."""
        ...

    def problems(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, now: datetime
    ) -> Mapping[str, str]:
        """A sentence for each step whose answer cannot be taken, those included that were not asked yet."""
        ...

    def hand_in(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        """Hand it in once per `key`: None when that is done, else what is wrong, by step, or why not, in mrkdwn."""
        ...

    def values(self, opened: Opened, answers: Answers) -> Values:
        """The same as it would stand in the form's fields."""
        ...


@dataclass(frozen=True)
class Heard:
    """A direct message; `text` as Slack delivers it, `key` what makes it count once."""

    ts: str
    thread_ts: str | None
    text: str = field(repr=False)
    key: str


@dataclass(frozen=True)
class Taken:
    """It was for the dialogue, which has said what follows."""


@dataclass(frozen=True)
class LetGo:
    """It was held back, and was no answer: it is a message like any other, from the place `ts`."""

    ts: str
    text: str = field(repr=False)


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
    if other is not None and _about(other) == opened.about:
        said = {**_answers(other), **{one: answer for one, answer in given.items() if not answer.empty}}
        state = rules.begin(opened.script, said, viewer.of_program.local_day(now))
        _speak(session, other, viewer, opened.script, replace(state, said=""), now)
        return Begun(already=True)
    if other is not None:
        _end(session, other, viewer, "stopped", now)
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
    _keep(session, forms, row, viewer, opened, state, now)
    _speak(session, row, viewer, opened.script, state, now)
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
    scene = _opened(session, forms, row, viewer, now)
    if scene is None:
        return Taken()
    opened, state = scene
    text = as_answer(said.text)
    silent, row.updated_at = rules.pausing(row.updated_at, now), now
    _speaks(session, row, text)
    desk = _Desk(session, forms, row, viewer, opened, now)
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
    state = _state(row)
    words = as_answer(text) if text is not None else None
    if any(one.ts == ts for one in state.held):
        held = tuple(replace(one, text=words or "") if one.ts == ts else one for one in state.held)
        held = tuple(one for one in held if one.text)
        changed: State | None = replace(state, held=held, asks=state.asks if held else "")
    else:
        changed = rules.reworded(state, ts, words)
    scene = _opened(session, forms, row, viewer, now) if changed is not None else None
    if changed is None or changed == state or scene is None:
        return changed is not None
    opened, _ = scene
    if opened.script.step(changed.last) is not None and changed.said == "changed":
        wrong = forms.problems(session, viewer, opened, changed.answers, now).get(changed.last)
        if wrong is not None:
            changed = replace(changed, at=changed.last, said="unclear", why=wrong, returning=changed.at is None)
    _keep(session, forms, row, viewer, opened, changed, now)
    _speak(session, row, viewer, opened.script, changed, now)
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
        known = rows.get(session, dialogue_id)
        mine = known is not None and known.person_id == viewer.person_id
        latest = mine and known is not None and known.turn - turn <= 1
        return Stale(known.state if mine and known is not None else None, latest)
    scene = _opened(session, forms, row, viewer, now)
    if scene is None:
        return Taken()
    opened, state = scene
    row.updated_at = now
    desk = _Desk(session, forms, row, viewer, opened, now)
    step = opened.script.step(state.at)
    if state.asks:
        return desk.told(state, "", what)
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
    return Turn(dialogue_id, turn, row.program_id, rules.script_of(row.script), _state(row), row.language)


def asked(*, session: Session, dialogue_id: int) -> tuple[Script, str] | None:
    """What was asked in a dialogue that may be over, and in which language."""
    row = rows.get(session, dialogue_id)
    return (rules.script_of(row.script), row.language) if row is not None else None


def over(*, session: Session, dialogue_id: int) -> Over | None:
    """What has become of a dialogue that is over."""
    row = rows.get(session, dialogue_id)
    if row is None:
        return None
    about = _about(row)
    found = draft_rows.find(session, row.team, row.person_id, about.form, about.program_id, (about.subject,))
    why = str(row.progress.get("why") or "")
    return Over(about, row.state, row.language, why, found.id if found is not None else None)


class _Desk:
    """One dialogue at one moment, and all that may be done with it."""

    def __init__(
        self, session: Session, forms: Forms, row: Dialogue, viewer: Viewer, opened: Opened, now: datetime
    ) -> None:
        self._session, self._forms, self._row = session, forms, row
        self._viewer, self._opened, self._now = viewer, opened, now
        self._script = opened.script

    def say(self, state: State) -> None:
        """The next thing the bot says, written down with what it follows from."""
        _keep(self._session, self._forms, self._row, self._viewer, self._opened, state, self._now)
        _speak(self._session, self._row, self._viewer, self._script, state, self._now)

    def take(self, state: State, step: Step, answer: Answer | None) -> None:
        """An answer, if it can be understood and the form would take it."""
        if answer is None:
            self.say(replace(state, said="unclear", why="", last=step.key))
            return
        answers = {**state.answers, step.key: answer}
        wrong = self._forms.problems(self._session, self._viewer, self._opened, answers, self._now).get(step.key)
        if wrong is not None:
            self.say(replace(state, said="unclear", why=wrong, last=step.key))
            return
        self._go_on(state, step, answer)

    def early(self, state: State, ts: str, text: str) -> None:
        """What was written before the question could be read goes with the answer before it, if that is of words."""
        step = self._script.step(state.last)
        before = state.answers.get(state.last)
        if step is None or before is None or state.said not in ("noted", "unclear"):
            self.say(replace(state, asks="early", held=(Part(ts, text),), said="", why=""))
            return
        if step.kind != "words":
            again = rules.understand(step, text, ts, self._viewer.of_program.local_day(self._now))
            self.say(replace(state, answers={**state.answers, step.key: again}) if again is not None else state)
            return
        joined = Answer((*before.parts, Part(ts, text)))
        answers = {**state.answers, step.key: joined}
        wrong = self._forms.problems(self._session, self._viewer, self._opened, answers, self._now).get(step.key)
        self.say(state if wrong is not None else replace(state, answers=answers, said="noted"))

    def told(self, state: State, ts: str, text: str) -> Taken | LetGo:
        """What was said to a question about what is held, or about starting over; without `ts` by a button."""
        steer = rules.word(text)
        name = steer[0] if steer is not None else ""
        free = replace(state, asks="", held=(), said="", why="")
        if state.asks == "over":
            self._told_over(free, name, ts, text)
            return Taken()
        return self._told_held(state, free, name, ts, text)

    def _told_over(self, free: State, name: str, ts: str, text: str) -> None:
        if name in ("yes", "over"):
            self._start_over()
        elif name == "stop":
            self._stop()
        elif name in ("no", "go on", "back") or not ts:
            self.say(free)
        else:
            self._as_answer(free, (Part(ts, text),))

    def _told_held(self, state: State, free: State, name: str, ts: str, text: str) -> Taken | LetGo:
        match name:
            case "yes":
                self._as_answer(free, state.held)
            case "no" | "go on" | "back" | "help":
                self.say(free)
            case "skip" | "over":
                self.steered(free, name, "")
            case "stop":
                self._stop()
                return LetGo(state.held[-1].ts, "\n".join(one.text for one in state.held)) if state.held else Taken()
            case _ if ts:
                self.say(replace(state, held=(*state.held, Part(ts, text))))
        return Taken()

    def steered(self, state: State, name: str, what: str, *, sure: bool = False) -> bool:
        """Do what a word says, if it says something here; else it is an answer. `sure`: nothing is asked first."""
        step = self._script.step(state.at)
        match name:
            case "stop":
                self._stop()
            case "back":
                self.say(rules.back(self._script, state))
            case "over" if sure:
                self._start_over()
            case "over":
                self.say(replace(state, asks="over", said="", why=""))
            case "help":
                self.say(replace(state, said="help", why=""))
            case _:
                return self._at_step(state, step, name) if step is not None else self._at_whole(state, name, what)
        return True

    def _at_step(self, state: State, step: Step, name: str) -> bool:
        if name == "skip" and step.optional:
            self._go_on(state, step, rules.SKIPPED)
        elif name == "skip":
            self.say(replace(state, said="needed", why="", last=step.key))
        elif name == "keep" and (step.preset or step.key in state.answers):
            self.take(state, step, state.answers.get(step.key) or Answer(values=step.preset))
        else:
            return False
        return True

    def _at_whole(self, state: State, name: str, what: str) -> bool:
        if name in ("hand in", "yes"):
            self._hand_in(state)
        elif name == "change":
            key = rules.which(self._script, what) if what else None
            self.say(rules.to(state, key) if key else replace(state, said="unclear", why=""))
        else:
            return False
        return True

    def _go_on(self, state: State, step: Step, answer: Answer) -> None:
        """Note an answer; what the form asks may be another thing after it."""
        answers = {**state.answers, step.key: answer}
        again = self._forms.open(self._session, self._viewer, _about(self._row), answers, self._now)
        if isinstance(again, Opened):
            self._opened, self._script = again, again.script
        self.say(rules.fitted(self._script, rules.answered(self._script, state, step, answer)))

    def _as_answer(self, state: State, held: tuple[Part, ...]) -> None:
        step = self._script.step(state.at)
        if step is None or not held:
            self.say(replace(state, said="unclear" if held else ""))
        elif step.kind == "words":
            self.take(state, step, Answer(held))
        else:
            text = "\n".join(one.text for one in held)
            day = self._viewer.of_program.local_day(self._now)
            self.take(state, step, rules.understand(step, text, held[-1].ts, day))

    def _start_over(self) -> None:
        day = self._viewer.of_program.local_day(self._now)
        self.say(replace(rules.begin(self._script, {}, day), said="over"))

    def _stop(self) -> None:
        _end(self._session, self._row, self._viewer, "stopped", self._now)

    def _hand_in(self, state: State) -> None:
        row = self._row
        row.state = "handed in"
        rows.save(self._session, row)
        outcome = self._forms.hand_in(
            self._session, self._viewer, self._opened, state.answers, f"{row.key}:in", self._now
        )
        if outcome is None:
            past(self._session, row, self._viewer.user, "handed in", self._now)
            rows.close(self._session, row, "handed in")
            return
        row.state = "open"
        if isinstance(outcome, str):
            _end(self._session, row, self._viewer, "refused", self._now, outcome)
            return
        wrong = next((one for one in self._script.steps if one.key in outcome), None)
        if wrong is None:
            self.say(replace(state, said="unclear", why=next(iter(outcome.values()), "")))
            return
        self.say(replace(rules.to(state, wrong.key), said="unclear", why=outcome[wrong.key], last=wrong.key))


def _opened(
    session: Session, forms: Forms, row: Dialogue, viewer: Viewer, now: datetime
) -> tuple[Opened, State] | None:
    """The form as it opens now, and how far it is in it; None where it cannot be opened any more, which is said.

    What was typed into the form itself since the last word here counts.
    """
    state = _state(row)
    about = _about(row)
    opened = forms.open(session, viewer, about, state.answers, now)
    if isinstance(opened, str) or opened.about != about:
        why = opened if isinstance(opened, str) else ""
        _end(session, row, viewer, "refused" if why else "ended", now, why)
        return None
    standing = drafts.standing(session=session, viewer=viewer, about=about)
    if standing is not None and standing.saved_at > row.updated_at:
        typed = {key: one for key, one in opened.given.items() if not one.empty and not one.values}
        state = replace(state, answers={**state.answers, **typed})
    return opened, rules.fitted(opened.script, state)


def _chosen(step: Step, values: tuple[str, ...], by_place: bool) -> Answer | None:
    """What was chosen, as far as it can be: something of another question cannot."""
    if step.kind == "day":
        return Answer(values=values) if values and rules.is_day(values[0]) else None
    if by_place:
        values = tuple(step.choices[int(one)].value for one in values if one.isdigit() and int(one) < len(step.choices))
    offered = {one.value for one in step.choices}
    taken = tuple(one for one in values if one in offered)
    return Answer(values=taken) if taken else None


def _keep(
    session: Session, forms: Forms, row: Dialogue, viewer: Viewer, opened: Opened, state: State, now: datetime
) -> None:
    """Have the draft say the same, so that nothing is lost and the form can be opened with it."""
    words = sum(len(one.text) for one in state.answers.values())
    typed = Typed(
        team=viewer.team,
        user=viewer.user,
        about=opened.about,
        view=f"dialogue:{row.id}",
        key=f"{row.key}:in",
        order=(now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) + row.turn,
        at=now,
        length=words,
        values=forms.values(opened, state.answers),
    )
    drafts.write(session=session, what=(typed,))


def _speak(session: Session, row: Dialogue, viewer: Viewer, script: Script, state: State, now: datetime) -> None:
    """Say what comes next, once; what was not said yet of before is not said any more."""
    past(session, row, viewer.user, "went on", now)
    row.script, row.answers = rules.as_rows(script), rules.answers_as_rows(state.answers)
    row.progress = _progress(state)
    row.turn += 1
    row.updated_at = now
    rows.save(session, row)
    refs: Refs = {"dialogue": row.id, "turn": row.turn}
    notices.add(session, Notice(turn_key(row), TURN, ToPerson(viewer.user), now, row.program_id, refs), now)


def _end(session: Session, row: Dialogue, viewer: Viewer, how: How, now: datetime, why: str = "") -> None:
    """It is not written here any more; its words are a draft. The bot says so."""
    past(session, row, viewer.user, how, now)
    rows.close(session, row, "ended" if how == "ended" else "stopped")
    row.progress = {"why": why}
    rows.save(session, row)
    drafts.no_offer(session=session, viewer=viewer, about=_about(row), now=now)
    key = f"{ENDED}:{row.id}"
    notices.add(session, Notice(key, ENDED, ToPerson(viewer.user), now, row.program_id, {"dialogue": row.id}), now)


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


def _about(row: Dialogue) -> About:
    return About(form_named(row.form) or "answer", row.program_id, row.subject)


def _answers(row: Dialogue) -> dict[str, Answer]:
    return rules.answers_of(row.answers)


def _progress(state: State) -> dict[str, object]:
    return {
        "at": state.at,
        "last": state.last,
        "said": state.said,
        "why": state.why,
        "returning": state.returning,
        "asks": state.asks,
        "held": [[one.ts, one.text] for one in state.held],
    }


def _state(row: Dialogue) -> State:
    stored = row.progress
    said: Said = stored.get("said") or ""
    asks: Asks = stored.get("asks") or ""
    return State(
        answers=_answers(row),
        at=stored.get("at"),
        last=str(stored.get("last") or ""),
        said=said,
        why=str(stored.get("why") or ""),
        returning=bool(stored.get("returning")),
        asks=asks,
        held=tuple(Part(str(ts), str(text)) for ts, text in stored.get("held") or ()),
    )
