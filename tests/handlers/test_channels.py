"""Channels at the door: the form opens for a channel that the bot knows, for those who may say what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.changes import Undone
from bot.domain.channels import Setting
from bot.services import changes, undoing
from bot.services import channels as services
from bot.views import channels as views
from bot.views import ids
from handlers import channels
from handlers.request import Body
from storage.database import Database
from storage.notices import NoticeRow
from tests import cast
from tests.cast import ADA, COHORT, FACILITATORS, FAY, JUNE, TEAM, TOMAS
from tests.fakes import FakeSlack, serving
from tests.handlers.desk import Desk, desk
from tests.jobs.conftest import HandClock
from tests.journeys.workspace import text_of


@pytest.fixture
def season(quick_db: Database) -> Iterator[Desk]:
    """The cast on Monday of the application week."""
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        slack.channels[COHORT] = {"name": "cohort", "is_member": True}
        found = desk(quick_db, slack, clock)
        with found.deps.db.begin() as session:
            cast.begin(session)
        yield found


@pytest.mark.parametrize(
    ("user", "value", "said"),
    [
        (FAY, f"1:{COHORT}", f"What is <#{COHORT}> for?"),
        (FAY, "1:C0NOWHERE", "What this button was for is no longer there."),
        (FAY, "1:> <!channel", "What this button was for is no longer there."),
        (TOMAS, f"1:{COHORT}", f"<@{FAY}>"),
    ],
)
def test_the_form_opens_for_a_known_channel_and_for_who_may_say(season: Desk, user: str, value: str, said: str) -> None:
    season.press(channels.open_form, user, value)
    shown = text_of(season.shown())
    assert said in shown
    assert "<!channel" not in shown


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE])
def test_nobody_else_says_when_the_bot_speaks_in_a_channel(season: Desk, user: str) -> None:
    with season.deps.db.read() as session:
        form = views.form(services.setting(session, TEAM, COHORT), [(1, "OST")])
    answer = season.submit(channels.submit, user, filled(form, "cohort", "always"))
    assert f"Ask <@{FAY}>" in text_of(answer["view"])
    with season.deps.db.read() as session:
        assert services.setting(session, TEAM, COHORT).answers == "mention"


def test_a_form_from_before_there_was_that_field_leaves_it_as_it_is(season: Desk) -> None:
    with season.deps.db.read() as session:
        form = views.form(services.setting(session, TEAM, COHORT), [(1, "OST")])
    for filled_in in (filled(form, "cohort", "always"), filled(form, "cohort")):
        save(season, season.submit(channels.submit, FAY, filled_in)["view"])
    with season.deps.db.read() as session:
        assert services.setting(session, TEAM, COHORT).answers == "always"


def filled(form: Body, use: str, when: str | None = None) -> Body:
    """The form with these choices."""
    chosen = {ids.CHANNEL_USE: use, **({ids.CHANNEL_ANSWERING: when} if when else {})}
    values = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    return {**form, "id": f"V{when}", "state": {"values": values}}


def save(desk: Desk, view: Body, user: str = FAY, number: str = "V9") -> Body:
    """The form that shows what follows handed in."""
    return desk.submit(channels.save, user, {**view, "id": number})


def set_to(desk: Desk, use: str, user: str = FAY) -> Body:
    """What follows from setting the cohort's channel otherwise."""
    with desk.deps.db.read() as session:
        form = views.form(services.setting(session, TEAM, COHORT), [(1, "OST")])
    return dict(desk.submit(channels.submit, user, filled(form, use))["view"])


def event(desk: Desk, listener: Any, name: str, **about: Any) -> None:
    """Something that Slack tells about the cohort's channel."""
    about = {"type": name, "channel": COHORT, **about}
    body = {"team_id": TEAM, "event_id": f"Ev{name}{about}", "event": about}
    listener(body=body, event=about, deps=desk.deps)


def setting(desk: Desk) -> Setting:
    with desk.deps.db.read() as session:
        return services.setting(session, TEAM, COHORT)


def told(desk: Desk) -> list[NoticeRow]:
    with desk.deps.db.read() as session:
        return list(session.exec(select(NoticeRow).where(NoticeRow.kind == services.TROUBLE)).all())


def test_what_follows_is_shown_before_it_is_saved_and_it_can_be_undone(season: Desk) -> None:
    shown = set_to(season, "applicants")
    assert setting(season).use == "cohort"
    assert "No channel is set for the cohort then" in text_of(shown)
    saved = save(season, shown)["view"]
    assert setting(season).use == "applicants"
    pressed = next(one for block in saved["blocks"] for one in block.get("elements", ()) if one.get("action_id"))
    program, _, number = pressed["value"].partition(":")
    assert (pressed["action_id"], program) == (ids.CHANGE_UNDO, "1")
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        viewer = cast.who(session, FAY)
        outcome = changes.undo(
            session=session, programs=season.deps.programs, viewer=viewer, number=int(number),
            kinds=undoing.KINDS, now=season.clock(),
        )  # fmt: skip
    assert isinstance(outcome, Undone)
    assert setting(season).use == "cohort"


def test_the_second_to_save_sees_what_the_first_has_set(season: Desk) -> None:
    first, second = set_to(season, "none"), set_to(season, "applicants")
    save(season, first)
    shown = save(season, second, number="V8")["view"]
    assert "Somebody has set this channel meanwhile" in text_of(shown)
    assert setting(season).use == "none"
    save(season, shown, number="V8")
    assert setting(season).use == "applicants"


def test_all_channels_are_listed_for_those_who_run_it(season: Desk) -> None:
    season.press(channels.listing, FAY, "1:")
    shown = text_of(season.shown())
    assert f"<#{COHORT}>: the cohort" in shown
    season.press(channels.listing, TOMAS, "1:")
    assert f"<@{FAY}>" in text_of(season.shown())


def test_an_archived_channel_is_told_of_once_and_shown(season: Desk) -> None:
    event(season, channels.archived, "channel_archive")
    event(season, channels.archived, "channel_archive", user="U0OTHER01")
    assert setting(season).shut == "archived"
    assert len(told(season)) == 1
    season.press(channels.listing, FAY, "1:")
    assert "Take it out of the archive" in text_of(season.shown())
    event(season, channels.unarchived, "channel_unarchive")
    assert setting(season).shut is None


def test_a_bot_that_was_taken_out_says_so_and_comes_back(season: Desk) -> None:
    event(season, channels.out, "channel_left")
    assert setting(season).shut == "out"
    assert len(told(season)) == 1
    with season.deps.db.begin() as session:
        services.invited(
            session=session, programs=season.deps.programs, team=TEAM, channel=COHORT, inviter=FAY, room=None,
            delivery="x", now=season.clock(),
        )  # fmt: skip
    assert setting(season).shut is None


def test_the_facilitators_hear_of_their_own_channel_directly(season: Desk) -> None:
    event(season, channels.archived, "group_archive", channel=FACILITATORS)
    assert [one.to_person for one in told(season)] == [FAY]


def test_a_renamed_channel_is_called_by_its_new_name(season: Desk) -> None:
    about = {"id": COHORT, "name": "cohort-2021"}
    channels.renamed(body={"team_id": TEAM}, event={"channel": about}, deps=season.deps)
    assert setting(season).name == "cohort-2021"


def test_a_channel_that_nobody_knows_makes_no_trouble(season: Desk) -> None:
    event(season, channels.archived, "channel_archive", channel="C0NOWHERE")
    assert told(season) == []


def test_the_record_calls_a_channel_by_its_name_and_a_second_for_applicants_takes_no_posts(season: Desk) -> None:
    shown = set_to(season, "applicants")
    assert "planned post" not in text_of(shown)
    save(season, shown)
    with season.deps.db.read() as session:
        program = season.deps.programs.by_id(session, 1)
        change = changes.get(session, 1)
    assert program is not None
    assert change is not None
    said = views.line(change, program)
    assert (said.what, said.before, said.after) == ("#cohort", "the cohort", "applicants' questions")
