"""Organizations through the listeners: one is found, renamed, taken up by another."""

from __future__ import annotations

from sqlmodel import select

from bot.sandbox import rules
from bot.views import ids
from handlers import organizations
from storage.people import Organization
from tests.cast import BRIGHT, FAY, GATEWAY, RIVER, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of


def number(desk: Desk, name: str) -> int:
    with desk.deps.db.read() as session:
        return session.exec(select(Organization.id).where(Organization.name == name)).one() or 0


def named(desk: Desk) -> dict[str, bool]:
    with desk.deps.db.read() as session:
        return {one.name: one.left_at is None for one in session.exec(select(Organization)).all()}


def typed(view: dict[str, object], block: str, **state: object) -> dict[str, object]:
    return {**view, "id": "V1", "state": {"values": {block: {block: state}}}}


def test_one_is_found_and_renamed(season: Desk) -> None:
    season.press(organizations.listing, FAY, "1:")
    found = season.submit(organizations.find, FAY, typed(season.shown(), ids.LIST_WORDS, value="bright"))["view"]
    assert rules.view(found, "modal") == []
    assert BRIGHT in text_of(found)
    assert RIVER not in text_of(found)
    season.press(organizations.look, FAY, f"1:{number(season, BRIGHT)}", view={**found, "id": "V1"})
    form = season.shown()
    assert rules.view(form, "modal") == []
    wrong = season.submit(organizations.renamed, FAY, typed(form, ids.ORGANIZATION_NAME, value=RIVER))
    assert "Same as another" in wrong["errors"][ids.ORGANIZATION_NAME]
    shown = season.submit(organizations.renamed, FAY, typed(form, ids.ORGANIZATION_NAME, value="Bright <!channel>"))
    assert rules.view(shown["view"], "modal") == []
    assert "<!channel>" not in text_of(shown["view"])
    saved = season.submit(organizations.save, FAY, {**shown["view"], "id": "V1"})["view"]
    assert "Undo" in text_of(saved)
    assert named(season)["Bright <!channel>"]


def test_one_is_taken_up_by_another_and_another_leaves(season: Desk) -> None:
    window = {"id": "V1", "type": "modal", "callback_id": ids.ORGANIZATION_RENAME_FORM}
    season.press(organizations.merge, FAY, f"1:{number(season, GATEWAY)}", view=window)
    form = season.shown()
    assert rules.view(form, "modal") == []
    chosen = typed(form, ids.ORGANIZATION_INTO, selected_option={"value": str(number(season, RIVER))})
    shown = season.submit(organizations.merged, FAY, chosen)["view"]
    assert "Kofi Mensah takes part for River Robotics" in text_of(shown)
    season.submit(organizations.save, FAY, {**shown, "id": "V1"})
    season.press(organizations.leave, FAY, f"1:{number(season, BRIGHT)}", view=window)
    season.submit(organizations.save, FAY, {**season.shown(), "id": "V2"})
    assert named(season) == {BRIGHT: False, GATEWAY: False, RIVER: True}
    season.press(organizations.back, FAY, f"1:{number(season, BRIGHT)}", view=window)
    season.submit(organizations.save, FAY, {**season.shown(), "id": "V3"})
    assert named(season)[BRIGHT]


def test_others_are_told_whom_to_ask(season: Desk) -> None:
    season.press(organizations.listing, TOMAS, "1:")
    assert f"<@{FAY}>" in text_of(season.shown())
    season.press(organizations.leave, TOMAS, f"1:{number(season, BRIGHT)}")
    assert f"<@{FAY}>" in text_of(season.shown())
    assert named(season)[BRIGHT]
