"""How often one request asks the database: each statement costs more of the processor than what it finds is worth."""

from __future__ import annotations

from bot.views import ids
from handlers import reflections, registry
from tests.benchmarks.home import asked
from tests.cast import ADA, APPLICANTS, TOMAS
from tests.handlers.desk import Desk, filled


def test_a_question_takes_five_statements_whether_it_is_answered_or_not(season: Desk) -> None:
    # As Bolt is told, with the question which program is meant before it.
    ask = next(found for command, found in registry.collect().commands.items() if command.name == ids.ASK)
    season.command(ask, ADA, "When is the deadline?", APPLICANTS)
    for text in ("When is the application deadline?", "Is there a zeppelin on the roof?"):
        with asked(season.deps.db.engine) as statements:
            season.command(ask, ADA, text, APPLICANTS)
        # Begin, who asks, the channel with its program's revision, the question; once what may be quoted.
        assert len(statements) <= 5, statements


def test_a_reflection_takes_fifteen_statements_and_one_more_on_a_server(season: Desk) -> None:
    season.command(reflections.open_form, TOMAS)
    form = season.shown()
    names = [one["block_id"] for one in form["blocks"] if one.get("element", {}).get("multiline")]
    answers = {one.rsplit(":", 1)[-1]: "What we saw." for one in names}
    season.submit(reflections.submit, TOMAS, filled(form, "V0FIRST01", **answers))
    with asked(season.deps.db.engine) as statements:
        season.submit(reflections.submit, TOMAS, filled(form, "V0SECOND1", **answers))
    # A server's row is held against other writers.
    assert len(statements) <= (15 if season.deps.db.is_sqlite else 16), statements
