"""The menu as a message: the next step, and a button for everything else that somebody can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.domain.menu import Menu
from bot.domain.messages import Block, Message
from bot.views import find, ids, manage
from bot.views import words as said
from bot.views.blocks import actions, button, clip, context, distinct, esc, marked, section
from bot.views.times import moment, span
from bot.views.welcome import standing
from bot.views.words import Words

Text = Literal[
    "title",
    "alone",
    "questions",
    "question",
    "waiting",
    "due",
    "event",
    "hand in",
    "see questions",
    "people",
    "ask",
    "dates",
    "homework",
    "reflect",
    "mine",
    "checkin",
    "checkins",
    "note",
    "digest",
    "week",
    "quiet",
    "find",
    "more",
]
ENGLISH: Mapping[Text, str] = {
    "title": "What you can do in {program}",
    "alone": "What you can do here",
    "questions": "{count} questions wait for an answer.",
    "question": "1 question waits for an answer.",
    "waiting": "{count} wait to be confirmed.",
    "due": "Due {when}: {title}",
    "event": "Next: {title}, {when}",
    "hand in": "Hand in a reflection",
    "see questions": "See the open questions",
    "people": "People",
    "ask": "Ask a question",
    "dates": "See the dates",
    "homework": "See the homework",
    "reflect": "Hand in a reflection",
    "mine": "My reflections",
    "checkin": "Log a coaching check-in",
    "checkins": "My check-ins",
    "note": "Note a question",
    "digest": "Digest now",
    "week": "What I say next week",
    "quiet": "When I may write to you",
    "find": "Find…",
    "more": "`/convene find WORDS` looks for something, `/convene help` says more. My *Home* tab has all of this, too.",
}
SPANISH: Mapping[Text, str] = {
    "title": "Lo que puede hacer en {program}",
    "alone": "Lo que puede hacer aquí",
    "questions": "{count} preguntas esperan respuesta.",
    "question": "1 pregunta espera respuesta.",
    "waiting": "Por confirmar: {count}.",
    "due": "Para {when}: {title}",
    "event": "Lo próximo: {title}, {when}",
    "hand in": "Entregar una reflexión",
    "see questions": "Ver las preguntas abiertas",
    "people": "Personas",
    "ask": "Hacer una pregunta",
    "dates": "Ver las fechas",
    "homework": "Ver las tareas",
    "reflect": "Entregar una reflexión",
    "mine": "Mis reflexiones",
    "checkin": "Anotar una sesión",
    "checkins": "Mis sesiones",
    "note": "Anotar una pregunta",
    "digest": "Resumen ahora",
    "week": "Lo que diré la próxima semana",
    "quiet": "Cuándo puedo escribirle",
    "find": "Buscar…",
    "more": "`/convene find PALABRAS` busca algo, `/convene help` dice más. Todo está también en mi pestaña *Home*.",
}
TITLE = 150


def message(found: Menu, now: datetime, language: str = "en") -> Message:
    """The menu, for the eyes of whoever asked for it."""
    texts = SPANISH if language == "es" else ENGLISH
    viewer, program = found.viewer, found.viewer.program
    title = texts["title"].format(program=esc(program.name)) if program is not None else texts["alone"]
    head = f"*{title}*"
    if program is not None and (viewer.roles or viewer.pending) and language != "es":
        head += f"\n{standing(viewer)}"
    first = _next(found, texts, said.of(language))
    blocks = [section(head), *first, actions(*_buttons(found, texts, _pressed(first)))]
    return Message(title, distinct([*blocks, context(texts["more"])]))


def _next(found: Menu, texts: Mapping[Text, str], words: Words) -> list[Block]:
    """The next step, with its button."""
    program, zone = found.viewer.program, found.viewer.zone
    if program is None:
        return []
    value = ids.reference(program.id)
    if found.questions:
        words_of = texts["question"] if found.questions == 1 else texts["questions"].format(count=found.questions)
        return [section(words_of, accessory=_primary(texts["see questions"], ids.QUESTION_LIST, value))]
    if found.waiting:
        press = _primary(texts["people"], ids.PEOPLE_LIST, value)
        return [section(texts["waiting"].format(count=found.waiting), accessory=press)]
    if found.due is not None:
        one = found.due
        when, name = (
            moment(one.due_at, program, zone, words),
            marked(esc(clip(one.title, TITLE)), one.sample, words.sample),
        )
        press = _primary(texts["hand in"], ids.REFLECTION_OPEN, ids.reference(program.id, one.key))
        return [section(texts["due"].format(when=when, title=name), accessory=press)]
    if found.event is not None:
        event = found.event
        when = span(event.starts_at, event.ends_at, program, zone, words)
        name = marked(esc(clip(event.title, TITLE)), event.sample, words.sample)
        press = _primary(texts["dates"], ids.DATES_OPEN, value)
        return [section(texts["event"].format(when=when, title=name), accessory=press)]
    return []


def _pressed(blocks: list[Block]) -> set[str]:
    """What the next step's button does."""
    elements = (one.get("accessory") for one in blocks)
    return {str(one.get("action_id")) for one in elements if isinstance(one, dict)}


def _buttons(found: Menu, texts: Mapping[Text, str], taken: set[str]) -> list[Block]:
    """Everything else: what the next step does is not offered twice."""
    viewer = found.viewer
    value = ids.reference(viewer.program.id) if viewer.program is not None else ""
    wanted: list[tuple[Text, str]] = []
    if viewer.has("participant"):
        wanted += [("reflect", ids.REFLECTION_OPEN), ("mine", ids.REFLECTION_MINE)]
    if viewer.has("participant", "coach"):
        wanted += [("checkin", ids.CHECKIN_OPEN), ("checkins", ids.CHECKIN_MINE)]
    if viewer.has("facilitator", "admin"):
        wanted.append(("note", ids.QUESTION_LOG))
    if viewer.has("facilitator"):
        wanted += [("digest", ids.DIGEST_OPEN), ("week", ids.WEEK_OPEN)]
    wanted += [("ask", ids.ASK_OPEN), ("dates", ids.DATES_OPEN)]
    if viewer.has("participant", "coach", "facilitator", "admin"):
        wanted.append(("homework", ids.HOMEWORK_OPEN))
    if viewer.roles:
        wanted.append(("quiet", ids.QUIET_OPEN))
    made = [button(texts[name], action, value) for name, action in wanted if action not in taken]
    if viewer.program is not None:
        made.insert(0, find.opener(viewer.program.id, texts["find"]))
        if viewer.runs_it:
            made.insert(0, manage.opener(viewer.program.id))
    return made


def _primary(text: str, action: str, value: str) -> Block:
    return button(text, action, value, style="primary")
