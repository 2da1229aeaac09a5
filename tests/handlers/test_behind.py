"""What a window carries of the list behind it: read back as it was, left out without room, and never trusted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.messages import Block
from bot.views.blocks import modal
from bot.views.change_forms import METADATA
from handlers import behind
from handlers.behind import Drawing
from tests.handlers.desk import Desk

LIST, FORM, OTHER = "a.list", "a.form", "another.list"


def window(callback_id: str, metadata: str = "1:", number: str = "V1") -> Block:
    return {**modal(callback_id, "Window", [], metadata=metadata), "id": number}


def drawing(drawn: list[str]) -> Drawing:
    """Two lists, of which it is noted by their metadata when they are drawn."""

    def draw(_deps: object, _body: object, about: str) -> Block:
        drawn.append(about)
        return modal(LIST, "List", [], metadata=about)

    return Drawing({LIST: draw, OTHER: draw})


def noticed(lists: Drawing, view: Block) -> dict[str, Any]:
    body = {"view": dict(view)}
    lists.notice(body)
    return body


def above(lists: Drawing, view: Block, form: Block) -> Block:
    """A window as it is opened above another."""
    return behind.carried(noticed(lists, view), form, above=True)


def test_a_window_has_its_own_metadata_and_both_lists_behind_it_are_drawn(season: Desk) -> None:
    drawn: list[str] = []
    lists = drawing(drawn)
    second = above(lists, window(LIST, "1:12/fay"), window(OTHER, "1:0/", "V2"))
    form = above(lists, second, window(FORM, '{"p": 1}', "V3"))
    body = noticed(lists, form)
    assert body["view"]["private_metadata"] == '{"p": 1}'
    lists.draw(season.deps, body, lambda made: made)
    assert drawn == []
    behind.changed(body)
    lists.draw(season.deps, body, lambda made: made)
    assert drawn == ["1:0/", "1:12/fay"]
    shown = [call for call in season.slack.calls if call[0] == "views.update"]
    assert [given["view_id"] for _, given in shown] == ["V2", "V1"]


def test_what_takes_a_window_s_place_carries_the_same(season: Desk) -> None:
    drawn: list[str] = []
    lists = drawing(drawn)
    body = noticed(lists, above(lists, window(LIST, "1:0/"), window(FORM)))
    saved = noticed(lists, behind.carried(body, window("done", "")))
    behind.changed(saved)
    lists.draw(season.deps, saved, lambda made: made)
    assert drawn == ["1:0/"]


def test_without_room_for_it_a_window_keeps_its_own_metadata() -> None:
    full = "x" * (METADATA - 20)
    assert above(drawing([]), window(LIST), window(FORM, full))["private_metadata"] == full


@pytest.mark.parametrize("kept", ["", "nothing", "5", "[1, 2]", '["V1", "no.list", "1:"]', '{"window": "V1"}'])
def test_what_nobody_here_has_written_is_drawn_nowhere(season: Desk, kept: str) -> None:
    drawn: list[str] = []
    lists = drawing(drawn)
    body = noticed(lists, window(FORM, f"1:{behind.MARK}{kept}"))
    behind.changed(body)
    lists.draw(season.deps, body, lambda made: made)
    assert (body["view"]["private_metadata"], drawn) == ("1:", [])
