"""`python -m tests.fuzz [--examples N] [--seed S]`: the long run, and a table of what came of it."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from typing import Annotated, Any

import typer
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from tests.fuzz.payloads import KINDS, Corpus, collected, payload
from tests.fuzz.stage import Broken, Stage, staged

FRESH = 5_000
"""A bot gets so many payloads, then comes the next: what one database holds stays within bounds."""


def main(
    examples: Annotated[int, typer.Option(help="How many payloads.", min=1)] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed sends the same payloads.")] = 1,
) -> None:
    """Send payloads of all kinds, and end with 1 if anything that must hold did not."""
    logging.getLogger().addHandler(logging.NullHandler())
    begun, wrong = time.monotonic(), Counter[str]()
    sent: dict[str, Counter[int]] = {kind: Counter() for kind in KINDS}
    samples: dict[str, str] = {}
    for number, start in enumerate(range(0, examples, FRESH)):
        with staged() as stage:
            corpus = collected(stage)
            share = min(FRESH, examples - start)
            for place, kind in enumerate(KINDS):
                mine = share // len(KINDS) + (place < share % len(KINDS))
                _run(stage, corpus, kind, mine, seed * 1_000 + number, sent[kind], wrong, samples)
    _print(sent, wrong, samples, seed, time.monotonic() - begun)
    sys.exit(1 if wrong else 0)


def _run(
    stage: Stage,
    corpus: Corpus,
    kind: str,
    examples: int,
    number: int,
    sent: Counter[int],
    wrong: Counter[str],
    samples: dict[str, str],
) -> None:
    if examples == 0:
        return
    before = Counter(stage.statuses)

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        made: dict[str, Any] = payload(data.draw, corpus, kind)
        try:
            stage.send(made)
            if stage.sent % 20 == 0:
                stage.beat()
        except Broken as error:
            about = f"{kind}: {str(error)[-600:]}"
            wrong[about] += 1
            samples.setdefault(about, json.dumps(made))

    run()
    sent.update(Counter(stage.statuses) - before)


def _print(
    sent: dict[str, Counter[int]], wrong: Counter[str], samples: dict[str, str], seed: int, seconds: float
) -> None:
    console = Console()
    table = Table("Kind", "Sent", "200", "400", "Other", title=f"Payloads nobody should send, seed {seed}")
    for kind, statuses in sent.items():
        total, good, refused = sum(statuses.values()), statuses[200], statuses[400]
        table.add_row(kind, str(total), str(good), str(refused), str(total - good - refused))
    console.print(table)
    for about, times in wrong.most_common():
        console.print(f"{times} × {about}\n    {samples[about]}", markup=False, highlight=False)
    total = sum(sum(one.values()) for one in sent.values())
    console.print(f"{total} payloads in {seconds:.0f} s; {sum(wrong.values())} times something did not hold")


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
