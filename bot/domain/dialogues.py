"""Writing without a form: what is asked one at a time, what steers it, and how an answer in plain words is understood.

A script is a form in another shape: one step for each of its fields. Whatever is said while a step is asked is its
answer, except the few words that steer. Days are days of the program's calendar, moments are aware.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from bot.domain import hours, language
from bot.domain.hours import Unit
from bot.domain.written import clean

Kind = Literal["words", "day", "one", "several"]
Word = Literal["skip", "back", "stop", "over", "hand in", "change", "go on", "yes", "no", "keep", "help"]
Said = Literal["begun", "noted", "unclear", "needed", "skipped", "back", "first", "over", "changed", "gone", "help", ""]
"""What the bot says before it asks: what became of what it was told last."""
Asks = Literal["", "pause", "early", "over"]
"""What it asks instead: whether what came after a pause, or too early, is the answer; whether to start over."""

PAUSE = timedelta(hours=1)
"""After so long a silence nothing is taken for an answer unasked."""


@dataclass(frozen=True)
class Choice:
    """One of the things to choose from."""

    value: str
    label: str


@dataclass(frozen=True)
class Step:
    """One field of the form. `lead` is what stands above it, in mrkdwn; `unit` that of a length of time.

    `key` and `action` are the field's names in the form; `preset` is what it begins with, by value or as a date.
    """

    key: str
    label: str
    kind: Kind = "words"
    hint: str = ""
    lead: str = ""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    action: str = ""
    preset: tuple[str, ...] = ()
    unit: Unit | None = None

    @property
    def settled(self) -> bool:
        """Whether there is nothing to ask, as there is nothing to choose."""
        return self.kind in ("one", "several") and len(self.choices) == 1 and not self.optional


@dataclass(frozen=True)
class Script:
    """All that is asked, in order. `title` names what is written, in mrkdwn; `button` is what hands it in."""

    title: str
    steps: tuple[Step, ...]
    button: str = "Hand in"

    def step(self, key: str | None) -> Step | None:
        """A step by its key."""
        return next((one for one in self.steps if one.key == key), None)


@dataclass(frozen=True)
class Part:
    """One message of an answer: its place in Slack, empty for what came otherwise, and its words."""

    ts: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What was said to one step: words in one or several messages, or what was chosen; neither where it was skipped."""

    parts: tuple[Part, ...] = field(default=(), repr=False)
    values: tuple[str, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """All its words."""
        return "\n".join(one.text for one in self.parts)

    @property
    def empty(self) -> bool:
        return not self.values and not any(one.text for one in self.parts)


Answers = Mapping[str, Answer]
SKIPPED = Answer()


@dataclass(frozen=True)
class State:
    """How far it is. `at` is the step that is asked, None once the whole is shown.

    `last` is the step that `said` is about, `why` a sentence about it; `returning` goes back to the whole after this
    step. `held` is what waits to be called an answer while the bot `asks`.
    """

    answers: Answers = field(default_factory=dict, repr=False)
    at: str | None = None
    last: str = ""
    said: Said = ""
    why: str = ""
    returning: bool = False
    asks: Asks = ""
    held: tuple[Part, ...] = field(default=(), repr=False)


# Steering

_SAID: tuple[tuple[Word, str], ...] = (
    (
        "skip",
        """skip, skip it, skip this, skip this one, skip that, pass, saltar, saltarla, saltalo, salta, omitir,
            saltar esta, saltar esto, siguiente""",
    ),
    (
        "back",
        """back, go back, one back, previous, atras, volver, volver atras, regresar, regresa, vuelve, ir atras,
            anterior""",
    ),
    (
        "stop",
        """stop, stop it, stop here, stop for now, pause, cancel, quit, later, not now, parar, para, detener, alto,
            cancelar, pausa, basta, parar por ahora, mas tarde, ahora no""",
    ),
    (
        "over",
        """start over, start again, start anew, restart, begin again, from the beginning, empezar de nuevo,
            volver a empezar, empezar otra vez, comenzar de nuevo, desde el principio, reiniciar""",
    ),
    (
        "hand in",
        """hand in, hand it in, hand this in, submit, submit it, send, send it, send the answer, done, save,
            save the change, ask, ask it, ask this, note it, note this, preguntar, preguntalo, anotar,
            anotarlo, entregar, entregarla, entregarlo, entrega, enviar, enviarla, enviarlo, listo, lista""",
    ),
    (
        "go on",
        """go on, continue, carry on, resume, ask me again, ask again, seguir, continuar, sigue, adelante, sigamos,
            pregunta otra vez, preguntar otra vez""",
    ),
    (
        "yes",
        """yes, yes it is, yes that is my answer, that is my answer, yep, yeah, sure, ok, okay, si, claro,
            esa es mi respuesta, es mi respuesta, si es mi respuesta, take it""",
    ),
    ("no", "no, nope, no it is not, it is not"),
    ("keep", "keep, keep it, keep that, same, as it is, dejar, dejarlo, dejarlo asi, asi, igual"),
    ("help", "help, ayuda"),
)
_WORDS = {name: frozenset(re.split(r",\s+", forms.strip())) for name, forms in _SAID}
_POLITE = re.compile(r"\b(?:please|pls|por favor|thanks|thank you|gracias)\b")
_CHANGE = re.compile(
    r"(?:change|fix|correct|edit|cambiar|corregir|cambia|corrige|cambio)"
    r"(?: (?:an|answer|number|no|question|una|respuesta|numero|la|el|my|the|mi))*(?: (?P<what>.+))?"
)


def word(text: str) -> tuple[Word, str] | None:
    """The word that steers, if a message is nothing but one, with what stands behind *change*; marks do not count."""
    said = _bare(text)
    if not said or len(said) > 60:
        return None
    for name, forms in _WORDS.items():
        if said in forms:
            return name, ""
    change = _CHANGE.fullmatch(said)
    return ("change", change["what"] or "") if change is not None else None


def _bare(text: str) -> str:
    """Small letters without accents and marks, without words of courtesy, if anything else is left."""
    said = " ".join(language.words(text))
    return " ".join(_POLITE.sub(" ", said).split()) or said


# Going on


def begin(script: Script, given: Answers, today: date) -> State:
    """The first question; what was typed before is not asked again, nor, then, what was chosen before it."""
    typed = {key: one for key, one in given.items() if not one.empty and script.step(key) is not None}
    answers = _settled(script, typed)
    if typed:
        last = max(number for number, one in enumerate(script.steps) if one.key in typed)
        answers |= {
            one.key: Answer(values=one.preset) for one in script.steps[:last] if one.key not in answers and one.preset
        }
    return State(answers, open_step(script, answers), said="begun")


def _settled(script: Script, answers: Answers) -> dict[str, Answer]:
    """With what there is no choice about."""
    alone = {one.key: Answer(values=(one.choices[0].value,)) for one in script.steps if one.settled}
    return {**alone, **answers}


def open_step(script: Script, answers: Answers) -> str | None:
    """The first step to which nothing was said yet; None when all are answered."""
    return next((one.key for one in script.steps if one.key not in answers and not one.settled), None)


def answered(script: Script, state: State, step: Step, answer: Answer) -> State:
    """An answer is noted, and the next question comes; after a change, the whole again."""
    answers = _settled(script, {**state.answers, step.key: answer})
    at = None if state.returning and not _needed(script, answers) else open_step(script, answers)
    said: Said = "skipped" if answer.empty else "noted"
    return State(answers, at, step.key, said, returning=state.returning and at is not None)


def _needed(script: Script, answers: Answers) -> bool:
    return any(one.key not in answers and not one.optional and not one.settled for one in script.steps)


def back(script: Script, state: State) -> State:
    """One question back; what was said to it stays until something else is."""
    asked = [one.key for one in script.steps if not one.settled]
    place = asked.index(state.at) if state.at in asked else len(asked)
    if place == 0 or not asked:
        return State(state.answers, state.at, said="first", returning=state.returning)
    return State(state.answers, asked[place - 1], said="back", returning=state.returning)


def to(state: State, key: str) -> State:
    """One answer is to be changed, and then the whole is shown again."""
    return State(state.answers, key, said="back", returning=True)


def fitted(script: Script, state: State) -> State:
    """The same where the form asks other things by now: answers to what is gone go, and so does a question."""
    keys = {one.key for one in script.steps}
    answers = {key: one for key, one in state.answers.items() if key in keys}
    at = state.at if state.at in keys or state.at is None else open_step(script, answers)
    return replace(state, answers=answers, at=at, last=state.last if state.last in keys else "")


def reworded(state: State, ts: str, text: str | None) -> State | None:
    """A message that is in an answer reads differently, or is gone (None): an empty answer is asked for again.

    None where it is in none.
    """
    for key, answer in state.answers.items():
        if any(one.ts == ts for one in answer.parts):
            parts = tuple(replace(one, text=text or "") if one.ts == ts else one for one in answer.parts)
            parts = tuple(one for one in parts if one.text)
            if parts:
                kept = {**state.answers, key: Answer(parts)}
                return State(kept, state.at, key, "changed", returning=state.returning)
            left = {name: one for name, one in state.answers.items() if name != key}
            return State(left, key, key, "gone", returning=state.returning or state.at is None)
    return None


def which(script: Script, what: str) -> str | None:
    """The step that somebody means by its number in the whole, or by words of its label."""
    asked = script.steps
    number = _number(what)
    if number is not None:
        return asked[number - 1].key if 0 < number <= len(asked) else None
    found = _meant(what, [one.label for one in asked])
    return asked[found].key if found is not None else None


def pausing(last: datetime, now: datetime) -> bool:
    """Whether so much time has gone by that a message may be about something else."""
    return now - last > PAUSE


# Understanding


def understand(step: Step, text: str, ts: str, today: date) -> Answer | None:
    """The answer that a message is, or None where it cannot be told which; words are always an answer."""
    words = clean(text)
    if step.kind == "words":
        return Answer((Part(ts, words),)) if words else None
    if step.kind == "day":
        day = day_of(words, today)
        return Answer(values=(day.isoformat(),)) if day is not None else None
    if step.kind == "one":
        place = place_of(words, [one.label for one in step.choices])
        return Answer(values=(step.choices[place].value,)) if place is not None else None
    places = places_of(words, [one.label for one in step.choices])
    return Answer(values=tuple(step.choices[one].value for one in places)) if places else None


def minutes(step: Step, answer: Answer) -> int | None:
    """The length of time that an answer says, None for any other answer."""
    if step.unit is None or answer.empty:
        return None
    try:
        return hours.parse(answer.text, bare=step.unit)
    except hours.Unclear:
        return None


def place_of(text: str, labels: Sequence[str]) -> int | None:
    """Which of some labels a message means: by its number, or by words that only one of them has."""
    names = [_bare(re.sub(r"^\d+:\s*", "", one)) for one in labels]
    whole = next((at for at, one in enumerate(names) if one == _bare(text)), None)
    if whole is not None:
        return whole
    number = _number(text)
    if number is not None:
        return number - 1 if 0 < number <= len(labels) else None
    return _meant(text, labels)


def places_of(text: str, labels: Sequence[str]) -> tuple[int, ...]:
    """Which several are meant; empty where that of any part of the message cannot be told."""
    if _bare(text) in ("all", "all of them", "everybody", "everyone", "todas", "todos"):
        return tuple(range(len(labels)))
    alone = place_of(text, labels)
    if alone is not None:
        return (alone,)
    parts = [one for one in re.split(r"[,;\n+&]|\band\b|\by\b|\be\b|(?<=\d)\s+(?=\d)", text) if one.strip(" .")]
    found = [place_of(one, labels) for one in parts]
    if not found or None in found:
        return ()
    return tuple(dict.fromkeys(one for one in found if one is not None))


_ORDINALS = (
    ("one", "first", "uno", "una", "primero", "primera"),
    ("two", "second", "dos", "segundo", "segunda", "to", "too"),
    ("three", "third", "tres", "tercero", "tercera"),
    ("four", "fourth", "cuatro", "cuarto", "cuarta", "for"),
    ("five", "fifth", "cinco", "quinto", "quinta"),
    ("six", "sixth", "seis", "sexto", "sexta"),
    ("seven", "seventh", "siete"),
    ("eight", "eighth", "ocho"),
    ("nine", "ninth", "nueve"),
    ("ten", "tenth", "diez"),
    ("eleven", "once"),
    ("twelve", "doce"),
)
_NUMBERING = re.compile(r"^(?:number|no|option|answer|question|numero|opcion|respuesta|pregunta|the|el|la|#)\s+")
_FILLING = frozenset(
    (
        "the",
        "a",
        "an",
        "of",
        "it",
        "is",
        "was",
        "one",
        "with",
        "number",
        "only",
        "just",
        "please",
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "es",
        "fue",
        "con",
    )
)


def _number(text: str) -> int | None:
    """A number from 1 on, in digits or in words."""
    said = _bare(text)
    while (shorter := _NUMBERING.sub("", said)) != said:
        said = shorter
    said = said.removesuffix(" one").strip() or said
    if said.isascii() and said.isdigit() and len(said) < 4:
        return int(said)
    return next((at for at, names in enumerate(_ORDINALS, 1) if said in names), None)


def _meant(text: str, labels: Sequence[str]) -> int | None:
    """The one label that shares most of its words with a text; None where none does, or several do."""
    said = {one for one in _bare(text).split() if one not in _FILLING}
    if not said:
        return None
    scores = [len(said & set(_bare(one).split())) / len(said) for one in labels]
    best = max(scores, default=0.0)
    if best < 0.5 or scores.count(best) != 1:
        return None
    return scores.index(best)


# Days

_TODAY = {"today": 0, "hoy": 0, "this morning": 0, "this afternoon": 0, "esta manana": 0, "esta tarde": 0}
_TODAY |= {"yesterday": 1, "ayer": 1, "last night": 1, "anoche": 1, "the day before yesterday": 2, "anteayer": 2}
_TODAY |= {"day before yesterday": 2, "antier": 2, "antes de ayer": 2, "a week ago": 7, "hace una semana": 7}
_DAYS = (
    ("monday", "mon", "lunes"),
    ("tuesday", "tue", "tues", "martes"),
    ("wednesday", "wed", "miercoles"),
    ("thursday", "thu", "thurs", "jueves"),
    ("friday", "fri", "viernes"),
    ("saturday", "sat", "sabado"),
    ("sunday", "sun", "domingo"),
)
_MONTHS = (
    ("january", "jan", "enero"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto"),
    ("september", "sep", "sept", "septiembre", "setiembre"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?")
_AGO = re.compile(r"(?:hace )?(\w+) (day|days|dia|dias|week|weeks|semana|semanas)(?: ago)?")
_SUFFIX = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")


def day_of(text: str, today: date) -> date | None:
    """A day of the past or near it, in plain words: yesterday, last Tuesday, October 12, 10/12, hace dos días.

    Without a year it is the one nearest to `today`; a weekday is the latest that was.
    """
    typed = text.strip().strip(".").strip()
    if found := _ISO.fullmatch(typed):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(typed):
        year = None if found[3] is None else int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _nearest(int(found[1]), int(found[2]), year, today)
    said = re.sub(r"^(?:it was |we met |on |el |the |fue |nos vimos )+", "", _bare(text))
    for form in (said, _bare(text)):
        if form in _TODAY:
            return today - timedelta(days=_TODAY[form])
    if (found := _AGO.fullmatch(said)) and ("ago" in said or said.startswith("hace ")):
        many = 1 if found[1] in ("a", "an", "un", "una") else _number(found[1])
        return today - timedelta(days=(7 if found[2].startswith(("week", "semana")) else 1) * many) if many else None
    return _weekday(said, today) or _written(said, today)


def is_day(text: str) -> bool:
    """Whether a text is a day as a calendar gives it."""
    return _ISO.fullmatch(text) is not None and day_of(text, date.min) is not None


def _weekday(said: str, today: date) -> date | None:
    name = re.sub(r"^(?:last|this|past|el|este) |(?: (?:pasado|pasada))$", "", said)
    if name not in _WEEKDAY:
        return None
    back_by = (today.weekday() - _WEEKDAY[name]) % 7
    last = re.search(r"\b(?:last|pasado)\b", said) is not None
    return today - timedelta(days=back_by or (7 if last else 0))


def _written(said: str, today: date) -> date | None:
    """October 12, the 12th of October, 12 de octubre de 2020, also behind a weekday."""
    words = [_SUFFIX.sub("", one) for one in said.split() if one not in ("of", "de", "del", "the", "el")]
    if words and words[0] in _WEEKDAY:
        words = words[1:]
    months = [one for one in words if one in _MONTH]
    numbers = [one for one in words if one.isascii() and one.isdigit()]
    if len(months) != 1 or not 1 <= len(numbers) <= 2 or len(words) != 1 + len(numbers):
        return None
    years = [one for one in numbers if len(one) == 4]
    days = [one for one in numbers if len(one) <= 2]
    if len(days) != 1 or len(days) + len(years) != len(numbers):
        return None
    return _nearest(_MONTH[months[0]], int(days[0]), int(years[0]) if years else None, today)


def _nearest(month: int, day: int, year: int | None, today: date) -> date | None:
    if year is not None:
        return _day(year, month, day)
    found = (_day(one, month, day) for one in (today.year - 1, today.year, today.year + 1))
    return min((one for one in found if one is not None), key=lambda one: abs(one - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Kept as rows


def as_rows(script: Script) -> dict[str, object]:
    """A script as it is stored."""
    return {
        "title": script.title,
        "button": script.button,
        "steps": [
            [
                *(one.key, one.label, one.kind, one.hint, one.lead, one.optional),
                [[choice.value, choice.label] for choice in one.choices],
                *(one.action, list(one.preset), one.unit),
            ]
            for one in script.steps
        ],
    }


def script_of(stored: Mapping[str, object]) -> Script:
    """A stored script; an empty one where nothing is stored any more."""
    rows = stored.get("steps")
    steps: list[Step] = []
    for key, label, kind, hint, lead, optional, choices, action, preset, unit in rows if isinstance(rows, list) else ():
        offered = tuple(Choice(value, words) for value, words in choices)
        known: Kind = kind if kind in get_args(Kind) else "words"
        steps.append(Step(key, label, known, hint, lead, optional, offered, action, tuple(preset), unit))
    return Script(str(stored.get("title") or ""), tuple(steps), str(stored.get("button") or "Hand in"))


def answers_as_rows(answers: Answers) -> dict[str, object]:
    """Answers as they are stored."""
    return {key: [[[part.ts, part.text] for part in one.parts], list(one.values)] for key, one in answers.items()}


def answers_of(stored: Mapping[str, list[list[object]]]) -> dict[str, Answer]:
    """Stored answers."""
    found: dict[str, Answer] = {}
    for key, (parts, values) in stored.items():
        said = tuple(Part(str(part[0]), str(part[1])) for part in parts if isinstance(part, list))
        found[key] = Answer(said, tuple(str(one) for one in values))
    return found
