"""Passages judged by what they mean: a question in other words finds its passage, a near one does not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.domain import pages
from bot.domain.documents import Index, Likely, Passage
from bot.domain.programs import Document
from bot.matching import passages
from bot.matching.model import Unusable
from bot.matching.passages import Judge, Whole
from bot.matching.tokens import WIDTH, Encoded, Tokens
from bot.services.vectors import Vectors

DATA = Path(__file__).parent.parent / "data"
PACKET = Document(key="packet", title="Informational packet", path="packet.pdf")


class Letters:
    """An encoder to which texts are as alike as the letters in them."""

    name = "letters"

    def encode(self, text: str) -> Encoded:
        rows = np.zeros((max(1, len(text)), WIDTH), np.float32)
        for at, letter in enumerate(text):
            rows[at, ord(letter) % WIDTH] = 1
        return Encoded(Tokens.of(np.arange(len(rows), dtype=np.int32), rows), ((0, 0),) * len(rows))

    def knows(self, word: str) -> bool:
        return True


def judge(*found: Passage) -> Judge:
    whole = Whole(Letters())
    held = {text: whole.encode(text).tokens for text in passages.texts(found)}
    return Judge(whole, held.__getitem__)


def likely(passage: Passage, *, share: float = 1.0, few: bool = False, other_kind: bool = False) -> Likely:
    return Likely(passage, share, few, other_kind)


def test_a_text_has_one_vector() -> None:
    assert Whole(Letters()).encode("parking").tokens.rounded.shape == (1, WIDTH)
    assert Whole(Letters()).name != Letters.name


def test_one_sentence_that_is_like_the_question_is_enough() -> None:
    passage = Passage(PACKET, "Snacks are served. Parking is free. Bring a pen and nothing else.")
    (sure,) = judge(passage)("Parking is free.", [likely(passage)])
    assert sure > 0.9


def test_what_speaks_against_a_passage_counts() -> None:
    passage = Passage(PACKET, "Parking is free.")
    every = [
        likely(passage),
        likely(passage, share=0.5),
        likely(passage, few=True, share=0.5),
        likely(passage, few=True, share=0.5, other_kind=True),
    ]
    scores = judge(passage)("Is parking there?", every)
    assert list(scores) == sorted(scores, reverse=True)
    assert len(set(scores)) == len(every)


def test_without_a_likely_passage_nothing_is_read() -> None:
    assert judge()("Is parking free?", []) == ()


@pytest.mark.long
def test_the_packet_is_quoted_as_measured() -> None:
    """The figures in `Judge`, whose weights were fitted to these very questions: they hold it where it is."""
    try:
        vectors = Vectors()
        text = (DATA / "packet.txt").read_text(encoding="utf-8")
        found = (Passage(PACKET, one.quoted, one.page, one.heading) for one in pages.cut([text]))
        index = Index(found, ["Riverside Learners"])
        by_meaning = vectors.judge(index.passages)
    except Unusable as error:
        pytest.skip(str(error))
    assert by_meaning is not None
    rows = [json.loads(line) for line in (DATA / "packet.jsonl").read_text(encoding="utf-8").splitlines()]
    said = [(row["says"], index.find(row["text"], by_meaning)) for row in rows]
    inside = [(needle, one.passage.text if one else "") for needle, one in said if needle is not None]
    outside = [one for needle, one in said if needle is None]
    assert sum(needle in text for needle, text in inside) >= 0.62 * len(inside)
    assert not [text for needle, text in inside if text and needle not in text]
    assert sum(one is not None for one in outside) <= 0.06 * len(outside)
