"""One dialogue at one moment: what is done with what somebody says, and how that is written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.domain import dialogues as rules
from bot.domain.dialogues import Answer, Asks, Part, Said, Script, State, Step
from bot.domain.drafts import About, Typed, form_named
from bot.domain.notices import Notice, Refs, ToPerson
from bot.domain.people import Viewer
from bot.services import drafts
from bot.services.dialogues_end import TURN, How, past, turn_key
from bot.services.dialogues_forms import Forms, Opened
from storage import dialogues as rows
from storage import notices
from storage.dialogues import Dialogue

ENDED = "dialogue.ended"


@dataclass(frozen=True)
class Taken:
    """It was for the dialogue, which has said what follows."""


@dataclass(frozen=True)
class LetGo:
    """It was held back, and was no answer: it is a message like any other, from the place `ts`."""

    ts: str
    text: str = field(repr=False)


class Desk:
    """One dialogue at one moment, and all that may be done with it."""

    def __init__(
        self, session: Session, forms: Forms, row: Dialogue, viewer: Viewer, opened: Opened, now: datetime
    ) -> None:
        self._session, self._forms, self._row = session, forms, row
        self._viewer, self._opened, self._now = viewer, opened, now
        self._script = opened.script

    def say(self, state: State) -> None:
        """The next thing the bot says, written down with what it follows from."""
        keep(self._session, self._forms, self._row, self._viewer, self._opened, state, self._now)
        speak(self._session, self._row, self._viewer, self._script, state, self._now)

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
        again = self._forms.open(self._session, self._viewer, about_of(self._row), answers, self._now)
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
        end(self._session, self._row, self._viewer, "stopped", self._now)

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
            end(self._session, row, self._viewer, "refused", self._now, outcome)
            return
        wrong = next((one for one in self._script.steps if one.key in outcome), None)
        if wrong is None:
            self.say(replace(state, said="unclear", why=next(iter(outcome.values()), "")))
            return
        self.say(replace(rules.to(state, wrong.key), said="unclear", why=outcome[wrong.key], last=wrong.key))


def reopened(
    session: Session, forms: Forms, row: Dialogue, viewer: Viewer, now: datetime
) -> tuple[Opened, State] | None:
    """The form as it opens now, and how far it is in it; None where it cannot be opened any more, which is said.

    What was typed into the form itself since the last word here counts.
    """
    state = state_of(row)
    about = about_of(row)
    opened = forms.open(session, viewer, about, state.answers, now)
    if isinstance(opened, str) or opened.about != about:
        why = opened if isinstance(opened, str) else ""
        end(session, row, viewer, "refused" if why else "ended", now, why)
        return None
    standing = drafts.standing(session=session, viewer=viewer, about=about)
    if standing is not None and standing.saved_at > row.updated_at:
        typed = {key: one for key, one in opened.given.items() if not one.empty and not one.values}
        state = replace(state, answers={**state.answers, **typed})
    return opened, rules.fitted(opened.script, state)


def keep(
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


def speak(session: Session, row: Dialogue, viewer: Viewer, script: Script, state: State, now: datetime) -> None:
    """Say what comes next, once; what was not said yet of before is not said any more."""
    past(session, row, viewer.user, "went on", now)
    row.script, row.answers = rules.as_rows(script), rules.answers_as_rows(state.answers)
    row.progress = _progress(state)
    row.turn += 1
    row.updated_at = now
    rows.save(session, row)
    refs: Refs = {"dialogue": row.id, "turn": row.turn}
    notices.add(session, Notice(turn_key(row), TURN, ToPerson(viewer.user), now, row.program_id, refs), now)


def end(session: Session, row: Dialogue, viewer: Viewer, how: How, now: datetime, why: str = "") -> None:
    """It is not written here any more; its words are a draft. The bot says so."""
    past(session, row, viewer.user, how, now)
    rows.close(session, row, "ended" if how == "ended" else "stopped")
    row.progress = {"why": why}
    rows.save(session, row)
    drafts.no_offer(session=session, viewer=viewer, about=about_of(row), now=now)
    key = f"{ENDED}:{row.id}"
    notices.add(session, Notice(key, ENDED, ToPerson(viewer.user), now, row.program_id, {"dialogue": row.id}), now)


def about_of(row: Dialogue) -> About:
    """What a dialogue is for."""
    return About(form_named(row.form) or "answer", row.program_id, row.subject)


def answers_of(row: Dialogue) -> dict[str, Answer]:
    """What was said in a dialogue so far, by step."""
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


def state_of(row: Dialogue) -> State:
    """How far a dialogue is."""
    stored = row.progress
    said: Said = stored.get("said") or ""
    asks: Asks = stored.get("asks") or ""
    return State(
        answers=answers_of(row),
        at=stored.get("at"),
        last=str(stored.get("last") or ""),
        said=said,
        why=str(stored.get("why") or ""),
        returning=bool(stored.get("returning")),
        asks=asks,
        held=tuple(Part(str(ts), str(text)) for ts, text in stored.get("held") or ()),
    )
