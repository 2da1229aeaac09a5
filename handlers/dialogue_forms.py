"""The forms that can be written without one, each asked through its own service and its own view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.deps import Deps
from bot.domain import checkins as checkin_values
from bot.domain import reflections as reflection_values
from bot.domain.dialogues import SKIPPED, Answers
from bot.domain.drafts import About, Offer, Values, changed
from bot.domain.entries import Rejected
from bot.domain.hours import Unit
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed, Viewer
from bot.domain.questions import AnsweredAlready, Empty, NotYours
from bot.domain.questions import Form as AnswerForm
from bot.domain.reflections import Readers
from bot.services import checkins, drafts, faq, questions, reflections
from bot.services.dialogues_forms import Opened
from bot.views import checkins as checkin_views
from bot.views import dialogues_steps as views
from bot.views import drafts as draft_views
from bot.views import entries_fields, ids, refusals
from bot.views import faq as faq_views
from bot.views import questions as question_views
from bot.views import reflections as reflection_views
from bot.views.blocks import esc
from handlers.request import Body
from handlers.typing import about as about_of

UNITS: Mapping[str, Unit] = {reflection_values.HOURS: "hours", f"{checkin_views.HERE}length": "minutes"}
NOT_ASKED = (reflection_views.ASSIGNMENT_BLOCK, "entry.")
"""Fields that are only there to turn a form to something else, or belong to what is kept of an answer."""
ASKED = {
    ids.QUESTION_FORM: (question_views.ANSWER, question_views.AGAIN),
    ids.QUESTION_LOG_FORM: (
        question_views.VIA,
        question_views.ASKED_BY,
        question_views.ASKED,
        question_views.ANSWER,
    ),
}
"""By the form, which of its fields alone are asked for; where it is not here, all."""


@dataclass(frozen=True)
class WrittenForms:
    """What `bot.services.dialogues_forms.Forms` asks for."""

    deps: Deps

    def open(
        self, session: Session, viewer: Viewer, about: About, answers: Answers, now: datetime
    ) -> Opened | str:  # fmt: skip
        """A form with what was said to it so far, or why it cannot be opened, in mrkdwn."""
        made = self._modal(session, viewer, about, answers, now)
        if isinstance(made, str):
            return made
        exact = about_of(made)
        offer = Offer(0, exact, now, *drafts.described(session, viewer.of_program, exact))
        script = views.script(made, draft_views.what(offer), UNITS, self._left_out(made))
        return Opened(exact, script, views.given(made), made)

    def problems(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, now: datetime
    ) -> Mapping[str, str]:
        """A sentence for each step whose answer cannot be taken, those included that were not asked yet."""
        view, row = self._filled(opened, answers), changed(opened.about.subject)
        match opened.about.form:
            case "reflection":
                draft = reflection_views.read(view).draft
                found = reflections.check(session=session, viewer=viewer, draft=draft, reflection_id=row)
                return reflection_views.errors(found, view)
            case "checkin":
                typed = checkin_views.read(view)
                wrong = checkins.check(session=session, viewer=viewer, draft=typed, now=now, checkin_id=row)
                return checkin_views.errors(wrong) if wrong is not None else {}
            case "answer":
                too_much = questions.check(question_views.read(view))
                return question_views.errors(too_much, view) if too_much is not None else {}
            case "question":
                unfit = faq.check(
                    session=session, programs=self.deps.programs, viewer=viewer, text=faq_views.read(view)
                )
                return faq_views.wrong(unfit) if unfit is not None else {}
            case "note":
                noted = questions.tidied(question_views.read_note(view))
                return entries_fields.errors(questions.check_note(noted), view)

    def hand_in(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        """Hand it in once per `key`: None when that is done, else what is wrong, by step, or why not, in mrkdwn."""
        view = self._filled(opened, answers)
        match opened.about.form:
            case "reflection":
                return self._reflection(session, viewer, view, key, now)
            case "checkin":
                return self._checkin(session, viewer, view, key, now)
            case "answer":
                return self._answer(session, viewer, view, key, now)
            case "question":
                return self._question(session, viewer, opened, answers, key, now)
            case "note":
                return self._note(session, viewer, view, key, now)

    def values(self, opened: Opened, answers: Answers) -> Values:
        """The same as it would stand in the form's fields."""
        return views.values(self._view(opened), answers)

    def _modal(
        self, session: Session, viewer: Viewer, about: About, answers: Answers, now: datetime
    ) -> Body | str:  # fmt: skip
        row = changed(about.subject)
        match about.form:
            case "reflection":
                return self._reflection_form(session, viewer, about.subject, row, _readers(answers), now)
            case "checkin":
                shape = checkins.form(session=session, viewer=viewer, now=now, checkin_id=row)
                if isinstance(shape, checkin_values.NotAllowed):
                    return checkin_views.refusal(shape)
                return dict(checkin_views.form(shape))
            case "answer":
                found = questions.form(
                    session=session,
                    programs=self.deps.programs,
                    indexes=self.deps.faq,
                    viewer=viewer,
                    question_id=ids.row(about.subject),
                    now=now,
                )
                if isinstance(found, AnswerForm):
                    return dict(question_views.form(found))
                return refusals.too_old() if isinstance(found, NotYours) else question_views.refusal(found)
            case "question":
                kept = drafts.standing(session=session, viewer=viewer, about=about)
                program = viewer.program
                if program is None:
                    return refusals.no_program()
                return dict(faq_views.form(program, program.id, about.subject, kept, viewer.zone))
            case "note":
                noting = questions.noting(session=session, indexes=self.deps.faq, viewer=viewer, now=now)
                if isinstance(noting, NotAllowed):
                    return question_views.refusal(noting)
                return dict(question_views.note_form(noting))

    def _reflection_form(
        self, session: Session, viewer: Viewer, homework: str, row: int | None, readers: Readers | None, now: datetime
    ) -> Body | str:
        if row is not None:
            found: reflection_values.Form | reflection_values.NothingOpen | reflection_values.NotAllowed
            found = reflections.change_form(session=session, viewer=viewer, reflection_id=row, readers=readers)
        else:
            found = reflections.form(
                session=session, viewer=viewer, now=now, assignment=homework, readers=readers or "facilitators"
            )
        match found:
            case reflection_values.Form():
                # The readers that were chosen here count, not those of what was kept before.
                shown = found if readers is None else replace(found, readers=readers)
                typed: dict[str, str] | None = {} if readers is not None else None
                return dict(reflection_views.form(shown, typed))
            case reflection_values.NotAllowed():
                return reflection_views.refusal(found)
            case reflection_values.NothingOpen():
                return reflection_views.nothing_open(found).text

    def _reflection(
        self, session: Session, viewer: Viewer, view: Body, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        read = reflection_views.read(view)
        if read.reflection_id is None:
            outcome = reflections.submit(session=session, viewer=viewer, draft=read.draft, key=key, now=now)
        else:
            outcome = reflections.change(
                session=session, viewer=viewer, reflection_id=read.reflection_id, draft=read.draft, key=key, now=now
            )
        match outcome:
            case reflections.Rejected(problems):
                return reflection_views.errors(problems, view)
            case reflection_values.NotAllowed():
                return reflection_views.refusal(outcome)
            case Saved() | AlreadySaved():
                return None

    def _checkin(
        self, session: Session, viewer: Viewer, view: Body, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        _, checkin_id = checkin_views.about(view)
        outcome = checkins.submit(
            session=session, viewer=viewer, draft=checkin_views.read(view), key=key, now=now, checkin_id=checkin_id
        )
        match outcome:
            case checkin_values.Rejected():
                return checkin_views.errors(outcome)
            case checkin_values.NotAllowed():
                return checkin_views.refusal(outcome)
            case Saved() | AlreadySaved():
                return None

    def _answer(
        self, session: Session, viewer: Viewer, view: Body, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        _, question, as_well = question_views.about(view)
        outcome = questions.answer(
            session=session,
            programs=self.deps.programs,
            indexes=self.deps.faq,
            viewer=viewer,
            question_id=question,
            text=question_views.read(view),
            key=key,
            now=now,
            as_well=as_well,
        )
        match outcome:
            case Empty():
                return question_views.errors(outcome, view)
            case AnsweredAlready():
                by = outcome.form.reply.answers[0].by if outcome.form.reply.answers else ""
                return f"{esc(by)} has answered it meanwhile. Open the form to send yours as well."
            case Saved() | AlreadySaved():
                return None
            case NotYours():
                return refusals.too_old()
            case Rejected(problems):
                return entries_fields.sentence(problems)
            case NotAllowed():
                return question_views.refusal(outcome)

    def _question(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, key: str, now: datetime
    ) -> Mapping[str, str] | None:
        said = answers.get(faq_views.QUESTION) or SKIPPED
        unfit = faq.check(session=session, programs=self.deps.programs, viewer=viewer, text=said.text)
        if unfit is not None:
            return faq_views.wrong(unfit)
        faq.ask_directly(
            session=session,
            programs=self.deps.programs,
            indexes=self.deps.faq,
            viewer=viewer,
            text=said.text,
            ts=next((one.ts for one in reversed(said.parts) if one.ts), None),
            language=opened.about.subject,
            key=key,
            now=now,
        )
        drafts.finish(session=session, viewer=viewer, about=opened.about, now=now)
        return None

    def _note(
        self, session: Session, viewer: Viewer, view: Body, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        outcome = questions.note(
            session=session,
            programs=self.deps.programs,
            viewer=viewer,
            draft=question_views.read_note(view),
            key=key,
            now=now,
        )
        match outcome:
            case Rejected(problems):
                return entries_fields.errors(problems, view)
            case NotAllowed():
                return question_views.refusal(outcome)
            case Saved() | AlreadySaved():
                return None

    def _left_out(self, made: Body) -> tuple[str, ...]:
        asked = ASKED.get(str(made["callback_id"]))
        if asked is None:
            return NOT_ASKED
        fields = (str(one.get("block_id") or "") for one in made["blocks"] if one["type"] == "input")
        return (*NOT_ASKED, *(one for one in fields if one not in asked))

    def _filled(self, opened: Opened, answers: Answers) -> Body:
        view = self._view(opened)
        asked = {one.key for one in opened.script.steps}
        # What is not asked is not handed in: no menu that was never turned, and nothing to keep of an answer.
        kept = [one for one in view["blocks"] if one["type"] != "input" or one["block_id"] in asked]
        return views.filled({**view, "blocks": kept}, answers)

    def _view(self, opened: Opened) -> dict[str, Any]:
        assert isinstance(opened.form, dict)
        return opened.form


def _readers(answers: Answers) -> Readers | None:
    """Who was chosen to read it; None before that was asked."""
    chosen = answers.get(reflection_views.READERS_BLOCK)
    if chosen is None:
        return None
    return "cohort" if "cohort" in chosen.values else "facilitators"
