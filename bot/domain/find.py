"""Finding things by words that stand in them: dates, homework, answers, what there is to open, people, documents.

A word finds its other forms, the words that begin with it, those that it is a slip of the finger away from, and its
like in the other language, each for a little less than itself. What has all of the words comes before what has some.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeGuard, get_args

from bot.domain import language
from bot.domain.documents import Passage
from bot.domain.people import Role, Viewer
from bot.domain.programs import Assignment, Audience, Entry, Event, Program, Resource

Kind = Literal["date", "homework", "answer", "resource", "document", "person"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 120
"""Characters of what is looked for."""
MOST = 100
"""Finds of one kind at most; whoever has more of them needs more words."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be found: `title` says what it is, `text` what else it says."""

    kind: Kind
    key: str
    title: str
    text: str
    audience: Audience = "all"
    sample: bool = False


@dataclass(frozen=True)
class Found:
    """Everything that somebody may see and that their words find, by kind; the kind with the best find comes first."""

    viewer: Viewer
    words: str
    groups: tuple[tuple[Kind, tuple[Thing, ...]], ...]

    @property
    def count(self) -> int:
        """How many things there are in all."""
        return sum(len(things) for _, things in self.groups)

    def of(self, kind: Kind) -> tuple[Thing, ...]:
        """Those of one kind, the best first."""
        return next((things for name, things in self.groups if name == kind), ())


@dataclass(frozen=True)
class Somebody:
    """Who takes part: their row, their Slack user id if they have one, what they are, and for which organizations."""

    person_id: int
    name: str
    user: str | None
    roles: tuple[Role, ...]
    organizations: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """One thing, opened by somebody who may see it; all but the one of its `kind` are None."""

    viewer: Viewer
    kind: Kind
    event: Event | None = None
    assignment: Assignment | None = None
    entry: Entry | None = None
    resource: Resource | None = None
    passage: Passage | None = None
    person: Somebody | None = None


@dataclass(frozen=True)
class Empty:
    """There are no words to look for."""

    program: Program


@dataclass(frozen=True)
class NoProgram:
    """It cannot be told in which program to look."""


@dataclass(frozen=True)
class Gone:
    """What was found is no longer there, or not theirs to see."""

    program: Program | None


def is_kind(name: str) -> TypeGuard[Kind]:
    """Whether a word names a kind of thing."""
    return name in KINDS


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that some words find, and how well; `whole`: it has all of them, or all but one of many."""

    thing: Thing
    score: float
    whole: bool


class Index:
    """Things, ready to be found. It does not change once built, so threads share it."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = tuple(things)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, thing in enumerate(self.things):
            title = stems(thing.title)
            for stem in title:
                self._postings[stem].append((at, _TITLE))
            for stem in stems(thing.text) - title:
                self._postings[stem].append((at, 1.0))
        self._slips: dict[str, list[str]] = defaultdict(list)
        self._begun: dict[str, list[str]] = defaultdict(list)
        self._meant: dict[str, list[str]] = defaultdict(list)
        for stem in self._postings:
            self._begun[stem[:_BEGINNING]].append(stem)
            for concept in meanings(stem):
                self._meant[concept].append(stem)
            if len(stem) >= _SLIPPING:
                for short in _shortened(stem):
                    self._slips[short].append(stem)

    def find(self, text: str) -> list[Hit]:
        """What a text finds, in no order."""
        wanted = asked(text)
        scores: dict[int, float] = defaultdict(float)
        held: Counter[int] = Counter()
        for stem in wanted:
            for at, worth in self._finds(stem).items():
                scores[at] += worth
                held[at] += 1
        whole = len(wanted) if len(wanted) < _MANY else len(wanted) - 1
        return [
            Hit(self.things[at], score, held[at] >= whole)
            for at, score in scores.items()
            if held[at] >= _SOME * len(wanted)
        ]

    def _finds(self, stem: str) -> Mapping[int, float]:
        """By thing, what it is worth that it has a word, or one like it: the rarer the word, the more."""
        found: dict[int, float] = {}
        for like, sure in self._alike(stem).items():
            for at, place in self._postings[like]:
                found[at] = max(sure * place, found.get(at, 0.0))
        rarity = math.log(1 + len(self.things) / max(len(found), 1))
        return {at: worth * rarity for at, worth in found.items()}

    def _alike(self, stem: str) -> dict[str, float]:
        """The words here that a word means, and how surely."""
        found: dict[str, float] = {}
        for concept in meanings(stem):
            for other in self._meant.get(concept, ()):
                found[other] = _MEANING
        if len(stem) >= _BEGINNING:
            for other in self._begun.get(stem[:_BEGINNING], ()):
                if other.startswith(stem):
                    found[other] = _BEGUN
        if stem in self._postings:
            found[stem] = 1.0
        elif len(stem) >= _SLIPPING:
            for other in {like for short in _shortened(stem) for like in self._slips.get(short, ())}:
                if other not in found and _one_slip(stem, other):
                    found[other] = _SLIP
        return found


def asked(text: str) -> tuple[str, ...]:
    """The words that are looked for; those that only hold a sentence together count where there are no others."""
    plain = language.words(text)
    telling = [one for one in plain if not language.is_function(one)]
    return tuple(dict.fromkeys(language.stem(one) for one in telling or plain))


@lru_cache(maxsize=32_768)
def stems(text: str) -> frozenset[str]:
    """What a text's words share with their other forms; remembered, as most texts of a program stay as they are."""
    return frozenset(language.stem(one) for one in language.words(text) if not language.is_function(one))


def meanings(stem: str) -> frozenset[str]:
    """What a word is another word for, in either language."""
    return language.concepts(stem) | _BOTH.get(stem, frozenset())


def of_program(program: Program) -> list[Thing]:
    """Everything of a program's own that can be found, without its documents and its people."""
    things = [
        Thing(
            "date",
            one.key,
            one.title,
            _joined(one.place, one.prep, one.kind.replace("_", " "), f"{one.local(program.zone):date %A %B %Y}"),
            one.audience,
            one.sample,
        )
        for one in program.events
    ]
    things += [
        Thing(
            "homework",
            one.key,
            one.title,
            _joined(one.summary, *(at.label for at in one.prompts), f"{one.local(program.zone):homework %A %B %Y}"),
            one.audience,
            one.sample,
        )
        for one in program.assignments
    ]
    things += [
        Thing(
            "answer", one.key, one.question, _joined(*one.phrasings, one.answer, *_told(one)), one.audience, one.sample
        )
        for one in program.entries
    ]
    things += [
        Thing("resource", one.key, one.title, _joined(one.note, one.kind.replace("_", " ")), one.audience, one.sample)
        for one in program.resources
    ]
    return things


def grouped(
    found: Iterable[Hit], seen: Mapping[Kind, Collection[Audience]]
) -> tuple[tuple[Kind, tuple[Thing, ...]], ...]:
    """Finds by kind, as far as they may be seen: `seen` has whose things of each kind somebody sees.

    What has only some of the words is a find where nothing has all of them.
    """
    theirs = [one for one in found if one.thing.audience in seen.get(one.thing.kind, ())]
    whole = [one for one in theirs if one.whole] or theirs
    groups: dict[Kind, list[Thing]] = {}
    for one in sorted(whole, key=lambda one: -one.score):
        groups.setdefault(one.thing.kind, []).append(one.thing)
    return tuple((kind, tuple(things[:MOST])) for kind, things in groups.items())


_TITLE = 2.5
_BEGUN = 0.85
_MEANING = 0.7
_SLIP = 0.6
_SOME = 0.5
_MANY = 3
"""Of so many words one may be missing."""
_BEGINNING = 3
_SLIPPING = 4

_BOTH: dict[str, frozenset[str]] = {}
for _line in """
    date fecha dia calendario cita
    homework tarea deber assignment
    meeting reunion encuentro convening sesion session
    apply solicitud postulacion solicitar aplicar application
    deadline plazo limite vence vencimiento due
    organization organizacion entidad
    hour hora horario schedule
    coach asesor mentor coaching
    person persona gente participante participant
    child nino nina children
    food comida almuerzo lunch
    parking estacionamiento aparcamiento
    school escuela colegio
    money dinero fondos beca grant fund
    pay pago pagar
    cost costo costar precio
    link enlace vinculo
    place lugar sitio sede location
    rubric rubrica
    webinar seminario
    break vacaciones descanso holiday
    language idioma lengua
    spanish espanol castellano
    english ingles
    help ayuda
    question pregunta
    answer respuesta
    group grupo team equipo
    reflection reflexion
    requirement requisito
    eligible elegible
    childcare guarderia
    travel viaje transporte transportation
    selection seleccion
    start comienzo inicio empezar
    end fin final terminar
    book libro
    tool herramienta
    youth joven jovenes
    family familia
    january enero
    february febrero
    march marzo
    april abril
    may mayo
    june junio
    july julio
    august agosto
    september septiembre setiembre
    october octubre
    november noviembre
    december diciembre
    monday lunes
    tuesday martes
    wednesday miercoles
    thursday jueves
    friday viernes
    saturday sabado
    sunday domingo
""".strip().splitlines():
    for _word in _line.split():
        _both = language.stem(_word)
        _BOTH[_both] = _BOTH.get(_both, frozenset()) | {f"={_line.split()[0]}"}


def _told(entry: Entry) -> Iterable[str]:
    for one in entry.translations:
        yield one.question
        yield one.answer


def _joined(*parts: str | None) -> str:
    return " \n".join(one for one in parts if one)


def _shortened(word: str) -> set[str]:
    """A word, and the word without each of its letters: two that share one of these may be a slip apart."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter too many, too few, another, or two that changed places make one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, left = one[at:], other[at:]
    return (
        rest[1:] == left
        or rest == left[1:]
        or rest[1:] == left[1:]
        or (rest[:2] == left[:2][::-1] and rest[2:] == left[2:])
    )
