"""Whoever finds the model free reads for all that wait, and each gets what is its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from bot.matching.model import Model
from bot.matching.together import ALIKE, MOST, Together
from bot.matching.tokens import Floats, Ints

PATIENCE_SECONDS = 60


def text(*ids: int) -> Ints:
    return np.asarray(ids, np.int32)


class Reader:
    """Gives a text its own numbers as vectors; the first reading goes on until `go_on` is set."""

    def __init__(self, refused: int | None = None) -> None:
        self.read: list[list[list[int]]] = []
        self.at_work = threading.Event()
        self.go_on = threading.Event()
        self._refused = refused

    def __call__(self, texts: Sequence[Ints]) -> list[Floats]:
        self.read.append([one.tolist() for one in texts])
        if not self.at_work.is_set():
            self.at_work.set()
            assert self.go_on.wait(PATIENCE_SECONDS)
        if any(self._refused in one for one in texts):
            raise ValueError("refused")
        return [one[:, None].astype(np.float32) for one in texts]


class Crowd:
    """Threads that come while the first one's text is being read, one after the other."""

    def __init__(self, reader: Reader, places: int = 1) -> None:
        self._reader = reader
        self._together = Together(reader, places)
        self._pool = ThreadPoolExecutor(32)

    def ask(self, first: Ints, others: Sequence[Ints]) -> list[Callable[[], Floats]]:
        asked = [self._pool.submit(self._together, first)]
        assert self._reader.at_work.wait(PATIENCE_SECONDS)
        for at, one in enumerate(others, 1):
            asked.append(self._pool.submit(self._together, one))
            self._until_waiting(at)
        self._reader.go_on.set()
        return [partial(one.result, PATIENCE_SECONDS) for one in asked]

    def _until_waiting(self, count: int) -> None:
        for _ in range(100 * PATIENCE_SECONDS):
            if len(self._together._waiting) >= count:
                return
            self._reader.go_on.wait(0.01)
        pytest.fail("nobody waits")


def test_a_text_alone_is_read_at_once() -> None:
    reader = Reader()
    reader.go_on.set()
    assert Together(reader, 1)(text(1, 2)).tolist() == [[1], [2]]
    assert reader.read == [[[1, 2]]]


def test_what_comes_meanwhile_is_read_in_one_go() -> None:
    reader = Reader()
    found = Crowd(reader).ask(text(1), [text(2), text(3), text(4)])
    assert [one().tolist() for one in found] == [[[1]], [[2]], [[3]], [[4]]]
    assert reader.read == [[[1]], [[2], [3], [4]]]


def test_a_long_text_is_not_read_with_short_ones() -> None:
    reader = Reader()
    long = text(*range(10, 12 + ALIKE))
    found = Crowd(reader).ask(text(1), [text(2), long, text(3)])
    assert found[2]().shape == (ALIKE + 2, 1)
    assert found[3]().tolist() == [[3]]
    assert reader.read == [[[1]], [[2], [3]], [long.tolist()]]


def test_no_more_are_read_at_once_than_the_first_can_wait_for() -> None:
    reader = Reader()
    found = Crowd(reader).ask(text(0), [text(one) for one in range(1, 2 * MOST)])
    assert [one().tolist() for one in found] == [[[one]] for one in range(2 * MOST)]
    assert max(map(len, reader.read)) == MOST


def test_a_text_that_cannot_be_read_fails_alone() -> None:
    reader = Reader(refused=3)
    found = Crowd(reader).ask(text(1), [text(2), text(3), text(4)])
    with pytest.raises(ValueError, match="refused"):
        found[2]()
    assert found[3]().tolist() == [[4]]
    assert found[0]().tolist() == [[1]]


def test_the_model_reads_the_same_alone_and_with_others(encoder: Model) -> None:
    asked = [f"how long is course number {one}?" for one in range(40)]
    alone = [encoder._encode(one).tokens for one in asked]
    with ThreadPoolExecutor(8) as pool:
        together = [one.tokens for one in pool.map(encoder._encode, asked)]
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.ids, other.ids)
        assert np.abs(one.vectors() - other.vectors()).max() < 0.01


def test_texts_of_different_length_fill_each_other_up_without_a_trace(encoder: Model) -> None:
    short, long = (text(101, *range(2000, 2000 + size), 102) for size in (3, 6))
    alone = [encoder._run([one])[0] for one in (short, long)]
    for one, other in zip(alone, encoder._run([short, long]), strict=True):
        assert np.allclose(one, other, atol=1e-4)


def test_a_text_read_a_moment_ago_is_at_hand(encoder: Model) -> None:
    assert encoder.encode("is there rye bread today?") is encoder.encode("is there rye bread today?")
