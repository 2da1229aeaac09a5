"""Two thousand payloads of every kind, from anybody, many of them damaged: what must hold, holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.payloads import KINDS, Corpus, collected, payload
from tests.fuzz.stage import Stage, staged

EXAMPLES = 2_000
SEED = 4


@pytest.fixture(scope="module")
def furnished() -> Iterator[tuple[Stage, Corpus]]:
    """The bot, and everything that it shows to people who behave."""
    with staged() as stage:
        yield stage, collected(stage)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_sent_is_answered_and_nobody_gets_what_is_not_theirs(
    furnished: tuple[Stage, Corpus], kind: str
) -> None:
    stage, corpus = furnished

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES // len(KINDS),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        stage.send(payload(data.draw, corpus, kind))
        if stage.sent % 20 == 0:
            stage.beat()

    run()
    stage.beat()
