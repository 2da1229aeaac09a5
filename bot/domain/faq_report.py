"""How answering goes: questions counted by what became of them, and those that found no answer gathered by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bot.domain import language
from bot.domain.programs import Entry

ALIKE = 0.6
"""How much two questions have to share, 0 to 1, to be counted as one."""
MOST_WORDINGS = 3
_REPAIRABLE = 5
_NEAR = 300
"""Groups that are looked at for one word: what is asked most often comes first, and a long tail costs no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as it is counted. `text` is None if it is for nobody but its asker and the bot.

    kind: what its channel is for, or how else it came. `handed_at` is when it was given to people, `person_at` when one
    of them answered it first; `person_entry` is the entry with which they did. `settled`: there is an entry for it
    now, or its asker has taken it back. `also` are entries that answered a second question in it.
    """

    asked_at: datetime
    kind: str
    language: str
    text: str | None
    outcome: str
    entry: str | None = None
    also: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    chosen: str | None = None
    none_fits: bool = False
    handed_at: datetime | None = None
    person_at: datetime | None = None
    person_entry: str | None = None
    settled: bool = False
    helpful: int = 0
    not_helpful: int = 0

    @property
    def missed(self) -> bool:
        """Whether the program's own words did not answer it."""
        return self.chosen is None and self.outcome not in ("answered", "quoted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of some questions.

    Each was `answered`, `quoted`, `suggested` or left without an answer (`declined`) at once. Of what was suggested,
    some was `clicked`, of some it was said that `none_fits`. `waiting` are those of the `handed_over` that nobody has
    answered yet; `median` is from handing over to the first answer, None if there was none.
    """

    asked: int = 0
    answered: int = 0
    quoted: int = 0
    suggested: int = 0
    clicked: int = 0
    none_fits: int = 0
    declined: int = 0
    handed_over: int = 0
    by_a_person: int = 0
    waiting: int = 0
    median: timedelta | None = None
    helpful: int = 0
    not_helpful: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEntry:
    """How often one entry answered, was suggested, clicked, or given by a person, and what people thought of it.

    `question` is empty for an entry that is no longer there.
    """

    key: str
    question: str
    answered: int = 0
    suggested: int = 0
    clicked: int = 0
    by_a_person: int = 0
    helpful: int = 0
    not_helpful: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """Questions of one kind that no entry answered: how many, some of their wordings, and when the last was asked."""

    count: int
    wordings: tuple[str, ...]
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything about a program's answering. `since` is a day of its calendar; None is from the beginning.

    `never` are the keys of entries that answered nobody. `missed` come most often first; `missed_private` is how many
    more there are that nobody else may read. `unplaced` could not be told to be about one of several programs.
    """

    program: str
    name: str
    since: date | None
    all: Counts
    kinds: Mapping[str, Counts]
    languages: Mapping[str, Counts]
    entries: tuple[OfEntry, ...]
    never: tuple[str, ...]
    missed: tuple[Missed, ...]
    missed_private: int = 0
    unplaced: int = 0


def count(questions: Sequence[Asked]) -> Counts:
    """What became of questions."""
    became = Counter(one.outcome for one in questions)
    # What a person answered without being asked to kept nobody waiting.
    waited = [
        (one.person_at - one.handed_at).total_seconds()
        for one in questions
        if one.person_at is not None and one.handed_at is not None and one.handed_at < one.person_at
    ]
    return Counts(
        asked=len(questions),
        answered=became["answered"],
        quoted=became["quoted"],
        suggested=became["suggested"],
        clicked=sum(one.chosen is not None for one in questions),
        none_fits=sum(one.none_fits for one in questions),
        declined=became["declined"],
        handed_over=sum(one.handed_at is not None for one in questions),
        by_a_person=sum(one.person_at is not None for one in questions),
        waiting=sum(one.handed_at is not None and one.person_at is None for one in questions),
        median=timedelta(seconds=median(waited)) if waited else None,
        helpful=sum(one.helpful for one in questions),
        not_helpful=sum(one.not_helpful for one in questions),
    )


def by_kind(questions: Iterable[Asked]) -> dict[str, Counts]:
    """The same for each kind of channel, those asked in most often first."""
    return _by((one.kind, one) for one in questions)


def by_language(questions: Iterable[Asked]) -> dict[str, Counts]:
    """The same for each language."""
    return _by((one.language, one) for one in questions)


def of_entries(questions: Sequence[Asked], entries: Sequence[Entry]) -> tuple[OfEntry, ...]:
    """The figures of each entry that did anything, the busiest first; then those that are no longer there."""
    answered = Counter(key for one in questions if one.outcome == "answered" for key in (one.entry, *one.also))
    clicked = Counter(one.chosen for one in questions)
    suggested = Counter(key for one in questions for key in one.suggestions)
    given = Counter(one.person_entry for one in questions)
    helpful, not_helpful = Counter[str | None](), Counter[str | None]()
    for one in questions:
        helpful[one.chosen or one.entry] += one.helpful
        not_helpful[one.chosen or one.entry] += one.not_helpful
    names = {entry.key: entry.question for entry in entries}
    did = (*answered, *clicked, *suggested, *given)
    found = [
        OfEntry(
            key=key,
            question=names.get(key, ""),
            answered=answered[key],
            suggested=suggested[key],
            clicked=clicked[key],
            by_a_person=given[key],
            helpful=helpful[key],
            not_helpful=not_helpful[key],
        )
        for key in dict.fromkeys([*names, *(key for key in did if key is not None)])
        if answered[key] or suggested[key] or clicked[key] or given[key]
    ]
    return tuple(sorted(found, key=lambda one: (not one.question, -_told(one), -one.suggested)))


def never(entries: Iterable[Entry], figures: Iterable[OfEntry]) -> tuple[str, ...]:
    """The entries that answered nobody, in the program's order."""
    told = {one.key for one in figures if _told(one)}
    return tuple(entry.key for entry in entries if entry.key not in told)


def gather(questions: Iterable[Asked]) -> tuple[Missed, ...]:
    """What was missed and may be read, gathered by likeness, most often asked first."""
    open_to_read = [one for one in questions if one.missed and not one.settled and one.text]
    groups = _Groups(one.text or "" for one in open_to_read)
    # What is asked most often in the same words names its group.
    often = Counter(_bare(one.text or "") for one in open_to_read)
    for one in sorted(open_to_read, key=lambda one: (-often[_bare(one.text or "")], one.asked_at)):
        groups.put(one)
    found = [_missed(some) for some in groups.of]
    return tuple(sorted(found, key=lambda one: (-one.count, -one.last.timestamp())))


class _Groups:
    """Questions that are alike, each like the first of its group: in their telling words, whatever form these have."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.of: list[list[Asked]] = []
        self._first: list[Mapping[str, float]] = []
        self._having: dict[str, list[int]] = defaultdict(list)
        self._same: dict[str, int] = {}
        self._meant = _repairs(Counter(word for text in texts for word in language.words(text)))

    def put(self, question: Asked) -> None:
        """Add a question to the group that it is most like, or begin one."""
        bare = _bare(question.text or "")
        at = self._same.get(bare)
        if at is None:
            at = self._same[bare] = self._place(self._telling(bare))
        self.of[at].append(question)

    def _telling(self, bare: str) -> dict[str, float]:
        words = [self._meant.get(word, word) for word in bare.split()]
        telling = [word for word in words if not language.is_function(word)] or words
        return {language.stem(word): language.weight(word) for word in telling}

    def _place(self, words: Mapping[str, float]) -> int:
        near = dict.fromkeys(at for word in words for at in self._having[word])
        best = max(near, key=lambda at: (_likeness(words, self._first[at]), -at), default=None)
        if best is not None and _likeness(words, self._first[best]) >= ALIKE:
            return best
        for word in words:
            if len(self._having[word]) < _NEAR:
                self._having[word].append(len(self.of))
        self._first.append(words)
        self.of.append([])
        return len(self.of) - 1


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    both = sum(weight for word, weight in one.items() if word in other)
    return 2 * both / (sum(one.values()) + sum(other.values()))


def _repairs(words: Mapping[str, int]) -> dict[str, str]:
    """For words that look like a slip of the finger for another that is there more often: that other."""
    holders: dict[str, str] = {}
    meant: dict[str, str] = {}
    for word in sorted(words, key=lambda word: (-words[word], word)):
        if len(word) < _REPAIRABLE:
            continue
        shortened = {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}
        other = next((holders[one] for one in sorted(shortened) if one in holders), None)
        if other is not None and other[0] == word[0]:
            meant[word] = other
            continue
        holders.update((one, word) for one in shortened if one not in holders)
    return meant


def _bare(text: str) -> str:
    return " ".join(language.words(text))


def _missed(questions: Sequence[Asked]) -> Missed:
    wordings: dict[str, str] = {}
    for one in questions:
        wordings.setdefault(_bare(one.text or ""), one.text or "")
    return Missed(len(questions), tuple(wordings.values())[:MOST_WORDINGS], max(one.asked_at for one in questions))


def _by(named: Iterable[tuple[str, Asked]]) -> dict[str, Counts]:
    gathered: dict[str, list[Asked]] = defaultdict(list)
    for name, one in named:
        gathered[name].append(one)
    return {name: count(some) for name, some in sorted(gathered.items(), key=lambda pair: (-len(pair[1]), pair[0]))}


def _told(one: OfEntry) -> int:
    return one.answered + one.clicked + one.by_a_person
