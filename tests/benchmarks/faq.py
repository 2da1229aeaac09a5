"""How well questions find their entries, how often near misses are answered, how fast that is, and what it takes.

Measured on the test file of BANKING77 (each intent is an entry, k training questions drawn with a fixed seed are its
stored phrasings, the mean of three seeds) and on the questions in tests/data/questions.jsonl about the shipped
programs; beside the matcher plain BM25 over stems, and plain MiniLM: the cosine of the best phrasing. BANKING77 is
looked for in the folder that FAQ_EVAL names, or in shared/faq-eval beside this repository.

What was tuned on what: the weights by which entries are ranked, and those of being sure, on training questions of
BANKING77 that were not drawn, on its intents with 30 % of them removed, and on tests/data/questions.jsonl with the
programs' own entries, whole and with 30 % removed. So the lines about the shipped programs are optimistic. Those that
say *unseen* are of tests/data/unseen.jsonl: written from the programs' texts by somebody who had not seen the
phrasings, each with all entries that answer it; only where the bar stands was chosen with a look at them. Those that
say *blind* are of tests/data/blind.jsonl: written in the same way after the bar was set, three in ten Spanish, one in
six mistyped; nothing was fitted to them, and no question or label was changed once it had been scored. Nor was
anything tuned on the test file of BANKING77.

*Right at 5 %*: the share of questions answered rightly when the bar is set so that at most 5 % of those that no entry
answers are answered. *Near misses answered*: 30 % of the entries are removed, everything is built anew, and the
questions of these are asked; at the matcher's own bar, which it takes from the entries alone. *Typo loss*: points of
P@1 lost when one in five words has a letter missing, wrong or too many, or two swapped.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from string import ascii_lowercase
from typing import Any

import numpy as np
from rich.console import Group
from rich.table import Table

from bot.domain import language
from bot.domain.faq import Answer, NoMatch, Suggestions
from bot.domain.programs import Entry
from bot.matching import model
from bot.matching.confidence import ANSWER_AT
from bot.matching.index import readable
from bot.matching.matcher import Matcher
from bot.matching.tokens import Encoded, Floats
from bot.services import programs
from bot.services.vectors import Vectors
from storage import migrations
from storage.database import Database
from tests.benchmarks.sandbox import ask, free_port, resident_mib, wait

ROOT = Path(__file__).parent.parent.parent
EVAL = Path(os.environ.get("FAQ_EVAL", ROOT.parent / "shared" / "faq-eval"))
OWN = ROOT / "tests" / "data" / "questions.jsonl"
UNSEEN = ROOT / "tests" / "data" / "unseen.jsonl"
BLIND = ROOT / "tests" / "data" / "blind.jsonl"
"""Written after the bar was set; nothing was fitted to it."""
SEEDS = (1, 2, 3)
REMOVED = 0.3
ASKED = 1000
"""Questions of the test file that are asked, drawn with the seed: all of them would take too long."""
SOME = 400
"""Of these, how many are asked again with slips, and with entries removed."""
MANY = 300
LONG = 80
OUTCOMES = ("answered rightly", "answered wrongly", "asked back", "asked back in vain", "not answered")

Keys = frozenset[str]
"""The entries that answer a question, any of them; none for a near miss."""
Asked = tuple[str, Keys]
Ranked = Callable[[str], tuple[Sequence[str], float]]
"""The keys of the likeliest entries, best first, and how sure that is."""
Judged = tuple[bool, float]
"""Whether the likeliest entry is the right one, and how sure that is."""


@dataclass(frozen=True)
class Set:
    """Entries, and questions with the keys of the entries that answer each."""

    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Figures:
    """Shares in percent; None where there is nothing to measure them on."""

    first: float
    among_three: float
    typo_loss: float
    right_at_5: float
    removed: tuple[float, float] | None = None
    beyond: tuple[float, float] | None = None
    """Answered rightly, and near misses answered, at the matcher's own bar."""


@dataclass(frozen=True)
class Said:
    """One of the outcomes, for a question of so many letters."""

    program: str
    language: str
    letters: int
    outcome: str


class Remembering:
    """The model; each text is read only once in a run, as there are many ways of asking about the same."""

    def __init__(self) -> None:
        self._model = model.load()
        self._read: dict[str, Encoded] = {}

    @property
    def name(self) -> str:
        return self._model.name

    def encode(self, text: str) -> Encoded:
        if text not in self._read:
            self._read[text] = self._model.encode(text)
        return self._read[text]

    def knows(self, word: str) -> bool:
        return self._model.knows(word)

    def forget(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._read.pop(text, None)


def run() -> Group:
    """All tables."""
    encoder = Remembering()
    found = Table("Set", "Matcher", "P@1", "Hit@3", "right at 5 %", "typo loss", title="Finding the entry, in %")
    found.add_column("right / near misses answered, entries removed")
    found.add_column("the same, questions beyond the entries")
    for name, sets in _sets():
        for matcher, make in (("BM25", _bm25), ("MiniLM", _minilm), ("Convene", _convene)):
            figures = [_measured(one, make, encoder, seed) for seed, one in enumerate(sets, 1)]
            found.add_row(name, matcher, *_row(figures))
            sys.stderr.write(f"{name}, {matcher}: {' · '.join(_row(figures))}\n")
    return Group(found, _said_to_blind(encoder), _costs(encoder))


Make = Callable[[Sequence[Entry], Remembering], Ranked]


def _sets() -> list[tuple[str, list[Set]]]:
    own = [(slug, [_program(slug, OWN)]) for slug in programs.shipped()]
    for name, path in (("unseen", UNSEEN), ("blind", BLIND)):
        own += [(f"{slug}, {name}", [_program(slug, path)]) for slug in programs.shipped()]
    folder = EVAL / "banking77"
    if not folder.is_dir():
        return own
    return [(f"BANKING77, k = {k}", [_banking(folder, k, seed) for seed in SEEDS]) for k in (1, 5)] + own


def _banking(folder: Path, k: int, seed: int) -> Set:
    drawn: dict[str, list[str]] = defaultdict(list)
    for text, intent in _rows(folder / "train.csv"):
        drawn[intent].append(text)
    dice = random.Random(seed)
    entries = [_entry(intent, dice.sample(texts, k)) for intent, texts in sorted(drawn.items())]
    return Set(tuple(entries), _one_right(dice.sample(_rows(folder / "test.csv"), ASKED)))


def _one_right(rows: Sequence[tuple[str, str]]) -> tuple[Asked, ...]:
    return tuple((text, frozenset((key,))) for text, key in rows)


def _rows(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _entry(key: str, texts: Sequence[str]) -> Entry:
    return Entry(key=key, question=texts[0], phrasings=tuple(texts[1:]), answer="", source="", owner="")


def _program(slug: str, path: Path) -> Set:
    with path.open(encoding="utf-8") as file:
        lines = [one for one in map(json.loads, file) if one["program"] == slug]
    asked = tuple((language.clean(one["text"]), _keys(one)) for one in lines)
    return Set(programs.check(programs.find_file(slug)).entries, asked)


def _keys(line: dict[str, Any]) -> Keys:
    return frozenset(line["entries"] if "entries" in line else filter(None, (line["entry"],)))


def _measured(one: Set, make: Make, encoder: Remembering, seed: int) -> Figures:
    known = [(text, right) for text, right in one.asked if right]
    find = make(one.entries, encoder)
    ranked = [(right, *find(text)) for text, right in known]
    some = random.Random(seed).sample(known, min(SOME, len(known)))
    dice = random.Random(seed)
    clean = _percent(_judged(find, text, right)[0] for text, right in some)
    mistyped = _percent(_judged(find, _mistyped(text, dice), right)[0] for text, right in some)
    there, gone = _with_some_removed(one, make, encoder, some, seed)
    judged, beyond = there, gone
    if len(known) < len(one.asked):
        judged = [(not right.isdisjoint(keys[:1]), sure) for right, keys, sure in ranked]
        beyond = [find(text)[1] for text, right in one.asked if not right]
    own = make is _convene
    return Figures(
        first=_percent(not right.isdisjoint(keys[:1]) for right, keys, _ in ranked),
        among_three=_percent(not right.isdisjoint(keys[:3]) for right, keys, _ in ranked),
        typo_loss=clean - mistyped,
        right_at_5=_right_at(judged, beyond),
        removed=_at_its_bar(there, gone) if own else None,
        beyond=_at_its_bar(judged, beyond) if own and beyond is not gone else None,
    )


def _judged(find: Ranked, text: str, right: Keys) -> Judged:
    keys, sure = find(text)
    return not right.isdisjoint(keys[:1]), sure


def _with_some_removed(
    one: Set, make: Make, encoder: Remembering, some: Sequence[Asked], seed: int
) -> tuple[list[Judged], list[float]]:
    """Everything is built anew without some entries: what is found to questions about the others, and about these."""
    order = random.Random(seed).sample(range(len(one.entries)), len(one.entries))
    removed = {one.entries[at].key for at in order[: int(REMOVED * len(order))]}
    find = make([entry for entry in one.entries if entry.key not in removed], encoder)
    there = [_judged(find, text, right) for text, right in some if not right <= removed]
    return there, [find(text)[1] for text, right in some if right <= removed]


def _at_its_bar(there: Sequence[Judged], beyond: Sequence[float]) -> tuple[float, float]:
    return _percent(right and sure >= ANSWER_AT for right, sure in there), _percent(one >= ANSWER_AT for one in beyond)


def _right_at(there: Sequence[Judged], beyond: Sequence[float], share: float = 0.05) -> float:
    bar = sorted(beyond, reverse=True)[int(share * len(beyond))]
    return _percent(right and sure > bar for right, sure in there)


def _percent(found: object) -> float:
    return 100 * fmean(map(bool, found))  # type: ignore[call-overload]


def _row(figures: Sequence[Figures]) -> list[str]:
    single = (
        [one.first for one in figures],
        [one.among_three for one in figures],
        [one.right_at_5 for one in figures],
        [one.typo_loss for one in figures],
    )
    pairs = ([one.removed for one in figures], [one.beyond for one in figures])
    return [*(f"{fmean(values):.1f}" for values in single), *(_pair(values) for values in pairs)]


def _pair(values: Sequence[tuple[float, float] | None]) -> str:
    there = [one for one in values if one is not None]
    return " / ".join(f"{fmean(part):.1f}" for part in zip(*there, strict=True)) if there else "–"


def _convene(entries: Sequence[Entry], encoder: Remembering) -> Ranked:
    matcher = _matcher(entries, encoder)

    def find(text: str) -> tuple[Sequence[str], float]:
        ranked, sure = matcher.rank(text)
        return [one.key for one in ranked], sure

    return find


def _matcher(entries: Sequence[Entry], encoder: Remembering) -> Matcher:
    found = Vectors(load=lambda _: encoder).finder(entries)
    assert found is not None
    return found


def _minilm(entries: Sequence[Entry], encoder: Remembering) -> Ranked:
    asked = [(entry.key, text) for entry in entries for text in readable(entry)]
    phrasings = np.stack([_mean(encoder, text) for _, text in asked])

    def find(text: str) -> tuple[Sequence[str], float]:
        alike = phrasings @ _mean(encoder, text)
        order = np.argsort(-alike, kind="stable")
        return list(dict.fromkeys(asked[at][0] for at in order)), float(alike[order[0]])

    return find


def _mean(encoder: Remembering, text: str) -> Floats:
    vector: Floats = encoder.encode(text).tokens.vectors().mean(axis=0)
    return vector / np.float32(np.linalg.norm(vector))


def _bm25(entries: Sequence[Entry], _: Remembering) -> Ranked:
    """Each entry with all its phrasings is a document."""
    documents = {one.key: Counter(_stems(" ".join((one.question, *one.phrasings)))) for one in entries}
    holders = Counter(stem for document in documents.values() for stem in document)
    usual = fmean(sum(document.values()) for document in documents.values())
    rarity = {stem: math.log(1 + (len(documents) - held + 0.5) / (held + 0.5)) for stem, held in holders.items()}

    def score(document: Counter[str], stems: Sequence[str]) -> float:
        length = 1.2 * (0.25 + 0.75 * sum(document.values()) / usual)
        return sum(rarity[one] * document[one] * 2.2 / (document[one] + length) for one in stems if one in document)

    def find(text: str) -> tuple[Sequence[str], float]:
        stems = _stems(text)
        scores = {key: score(document, stems) for key, document in documents.items()}
        order = sorted(scores, key=lambda key: -scores[key])
        return order, scores[order[0]]

    return find


def _stems(text: str) -> list[str]:
    return [language.stem(word) for word in language.words(text) if not language.is_function(word)]


def _mistyped(text: str, dice: random.Random) -> str:
    return " ".join(_slip(word, dice) if dice.random() < 0.2 and len(word) > 1 else word for word in text.split())


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word) - 1)
    letter = dice.choice(ascii_lowercase)
    head, tail = word[:at], word[at:]
    return dice.choice(
        (head + tail[1:], head + letter + tail[1:], head + letter + tail, head + tail[1] + tail[0] + tail[2:])
    )


def _said_to_blind(encoder: Remembering) -> Table:
    """What becomes of the blind questions that an entry answers, at the matcher's own bars."""
    table = Table("Questions", "how many", *OUTCOMES, title="What is said to the blind questions, in %")
    said = [one for slug in programs.shipped() for one in _said(slug, encoder)]
    groups = {slug: [one for one in said if one.program == slug] for slug in programs.shipped()}
    groups |= {tongue: [one for one in said if one.language == tongue] for tongue in ("en", "es")}
    groups |= {f"over {LONG} letters": [one for one in said if one.letters > LONG], "all": said}
    for name, group in groups.items():
        shares = (_percent(one.outcome == outcome for one in group) for outcome in OUTCOMES)
        table.add_row(name, str(len(group)), *(f"{share:.1f}" for share in shares))
    return table


def _said(slug: str, encoder: Remembering) -> list[Said]:
    matcher = _matcher(programs.check(programs.find_file(slug)).entries, encoder)
    with BLIND.open(encoding="utf-8") as file:
        lines = [one for one in map(json.loads, file) if one["program"] == slug and one["entries"]]
    return [Said(slug, one["language"], len(one["text"]), _outcome(matcher, one["text"], _keys(one))) for one in lines]


def _outcome(matcher: Matcher, text: str, right: Keys) -> str:
    match matcher.decide(language.clean(text)):
        case Answer(entry=entry):
            return "answered rightly" if entry.key in right else "answered wrongly"
        case Suggestions(entries=entries):
            return "asked back" if any(entry.key in right for entry in entries) else "asked back in vain"
        case NoMatch():
            return "not answered"


def _costs(encoder: Remembering) -> Table:
    table = Table("What it takes", "Figure", "Goal", title="Answering")
    times = sorted(_times(encoder))
    table.add_row(f"a question among {MANY} entries, median", f"{median(times):.1f} ms", "≤ 8 ms")
    table.add_row("the same, 99th percentile", f"{times[int(0.99 * len(times))]:.1f} ms", "≤ 16 ms")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'kept.db'}"
        db = Database(url)
        migrations.upgrade(db)
        for slug in programs.shipped():
            Vectors(db).finder(programs.check(programs.find_file(slug)).entries)
        db.close()
        table.add_row("ready with kept vectors", f"{_cold_start(url):.2f} s", "≤ 1.5 s")
        table.add_row("resident memory of the process tree", f"{_memory(folder):.0f} MiB", "≤ 360 MiB")
    return table


def _times(encoder: Remembering) -> list[float]:
    """Milliseconds from a question to what is said to it. The model reads each, as nobody has asked it before."""
    texts = [text for text, _ in _set_of_many().asked[:300]]
    matcher = _matcher(_set_of_many().entries, encoder)
    encoder.forget(texts)
    found = []
    for text in texts:
        started = time.perf_counter()
        matcher.decide(text)
        found.append(1000 * (time.perf_counter() - started))
    return found


def _set_of_many() -> Set:
    """Entries with five phrasings each; where BANKING77 is not there, the programs' own again and again."""
    folder = EVAL / "banking77"
    if folder.is_dir():
        texts = [text for text, _ in _rows(folder / "train.csv")]
        random.Random(1).shuffle(texts)
        entries = [_entry(f"e{at}", texts[5 * at : 5 * at + 5]) for at in range(MANY)]
        return Set(tuple(entries), _one_right(_rows(folder / "test.csv")))
    own = [_program(slug, OWN) for slug in programs.shipped()]
    every = [entry for one in own for entry in one.entries]
    entries = [_entry(f"e{at}", [every[at % len(every)].question, f"number {at}"]) for at in range(MANY)]
    return Set(tuple(entries), tuple(asked for one in own for asked in one.asked))


_READY = """
import sys, time
started = time.perf_counter()
from bot.services import programs
from bot.services.faq import FaqIndexes
from bot.services.vectors import Vectors
from storage.database import Database
program = programs.check(programs.find_file(programs.shipped()[0]))
begun = time.perf_counter()
FaqIndexes(Vectors(Database(sys.argv[1]))).prepare((program,)).decide("is it online?")
print(time.perf_counter() - begun)
"""


def _cold_start(url: str) -> float:
    """Seconds from nothing but the entries to the first answer, the model loaded on the way; the best of three."""
    runs = [subprocess.run([sys.executable, "-c", _READY, url], capture_output=True, check=True) for _ in range(3)]
    return min(float(one.stdout) for one in runs)


def _memory(folder: str) -> float:
    """Of a sandbox that has made everything ready and answered."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "bot",
        "sandbox",
        "--no-open",
        "--port",
        str(port),
        "--db",
        f"sqlite:///{folder}/s.db",
    ]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait(base, started)
        _until_still(process.pid)
        for number in range(40):
            ask(base, number)
        return resident_mib(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _until_still(pid: int) -> None:
    """Wait until it takes hardly any time of a processor: what is made ready at the start is ready."""
    for _ in range(60):
        before = _ticks(pid)
        time.sleep(2)
        if _ticks(pid) - before < 10:
            return
    sys.exit("the sandbox is still busy after two minutes")


def _ticks(pid: int) -> int:
    """The hundredths of a second that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
