"""The README's charts: well-formed, readable without colour, and told to whoever hears them."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.benchmarks.charts import RIGHT, WIDTH, chart

LETTER = 8
"""Points that a digit of the charts' size takes, at most."""
LINES = {"SQLite": [(10, 1.0), (100, 1.2), (1_000, 1.1)], "PostgreSQL": [(10, 2.0), (100, 2.5), (1_000, 7.3)]}


def test_a_chart_is_well_formed_and_has_its_title_as_a_label() -> None:
    drawn = ElementTree.fromstring(chart("Planning <ten> months & more", "cohorts", "seconds", LINES))
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "Planning <ten> months & more")


def test_each_line_is_named_and_drawn_in_its_own_way() -> None:
    drawn = chart("Planning", "cohorts", "seconds", LINES)
    assert [drawn.count(name) for name in LINES] == [1, 1]
    assert 'stroke-dasharray="none"' in drawn
    assert 'stroke-dasharray="7 5"' in drawn


def test_the_upward_axis_begins_at_nothing_and_ends_above_the_highest_point() -> None:
    drawn = chart("Planning", "cohorts", "seconds", LINES)
    assert ">0<" in drawn
    assert ">10<" in drawn


def test_what_is_counted_stands_in_the_title_and_nothing_is_cut_off() -> None:
    drawn = chart("Finding", "rows", "milliseconds", {"SQLite": [(1_000, 2.0), (1_000_000, 2.1)]})
    assert ">Finding, milliseconds<" in drawn
    half = len("1,000,000") * LETTER / 2
    assert WIDTH - RIGHT + half <= WIDTH
