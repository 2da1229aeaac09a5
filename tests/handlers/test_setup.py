"""The whole way of a set-up through its listeners, and what each says to who may not, comes late, or presses twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.services import people, setup_begin, setup_people
from bot.services.setup_begin import Templates
from bot.views import ids
from handlers import messages, setup
from storage import people as people_rows
from storage.database import Busy
from tests import cast
from tests.cast import ALEX, FAY, MONDAY, SAM, TEAM, TOMAS
from tests.fakes import refuses
from tests.handlers.desk import Desk, filled

ONE = ids.reference(1)


class Context:
    """Stands for Bolt's context."""

    bot_user_id = "U0CONVENE"


@pytest.fixture
def bare(empty: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """No program, Alex who runs the workspace, and only what is quickly read to start from."""
    listed = tuple(one for one in Templates().listed() if one.blank)
    monkeypatch.setattr(Templates, "listed", lambda self: listed)
    monkeypatch.setattr(Templates, "make_ready", lambda self: None)
    with empty.deps.db.begin() as session:
        cast.person(session, ALEX, "Alex Romero").email = "alex@example.org"
        cast.person(session, SAM, "Sam Lee")
    return empty


def begun(desk: Desk, user: str = ALEX, number: str = "V0BEGIN", **typed: str) -> dict[str, Any]:
    """The form, opened and handed in."""
    desk.press(setup.begin, user, "0")
    form = desk.shown()
    given = {
        "setup-template": "blank",
        "setup-name": "River Robotics",
        "setup-start": "2021-01-11",
        "setup-zone": "America/Chicago",
        "setup-organizer": "River Partners",
        "setup-email": "alex@example.org",
        **typed,
    }
    return desk.submit(setup.begun, user, filled(form, number, **given))


def text(shown: Any) -> str:
    """All that a window or an answer says."""
    return json.dumps(shown, ensure_ascii=False)


def test_from_the_button_to_a_program_in_practice(bare: Desk) -> None:
    told = begun(bare)
    assert "is there, in practice" in text(told)
    again = bare.submit(setup.begun, ALEX, filled(bare.shown(), "V0BEGIN", **{"setup-name": "x"}))
    assert "is there, in practice" in text(again), "the same form twice is one program"
    with bare.deps.db.read() as session:
        (program,) = bare.deps.programs.all(session)
    assert (program.mode, program.name) == ("practice", "River Robotics")


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"setup-start": "2020-10-01"}, "setup-start", "has gone by"),
        ({"setup-email": "alex"}, "setup-email", "not an e-mail address"),
        ({"setup-name": " "}, "setup-name", "needs a name"),
        ({"setup-place": "<x>"}, "setup-place", "Springfield"),
    ],
)
def test_what_is_wrong_stands_under_its_field(bare: Desk, typed: dict[str, str], field: str, says: str) -> None:
    told = begun(bare, **typed)
    assert told["response_action"] == "errors"
    assert says in told["errors"][field]


def test_a_stranger_is_told_who_sets_up(bare: Desk) -> None:
    bare.press(setup.begin, SAM, "0")
    assert ALEX in text(bare.shown())
    assert "one-time code" in text(bare.shown())


def test_with_the_code_a_stranger_begins(bare: Desk) -> None:
    with bare.deps.db.begin() as session:
        code = setup_begin.issue_code(session=session, programs=bare.deps.programs, now=MONDAY) or ""
    bare.press(setup.code, SAM, "0")
    form = bare.shown()
    wrong = bare.submit(setup.code_typed, SAM, filled(form, "V1", **{"setup-code": "no"}))
    assert "4 tries left" in wrong["errors"]["setup-code"]
    right = bare.submit(setup.code_typed, SAM, filled(form, "V1", **{"setup-code": code}))
    assert right["view"]["callback_id"] == ids.SETUP_BEGIN_FORM


def test_another_who_begins_is_offered_to_help(bare: Desk) -> None:
    begun(bare)
    with bare.deps.db.begin() as session:
        cast.person(session, FAY, "Fay Whitaker").workspace_admin = True
    bare.press(setup.begin, FAY, "0")
    offered = bare.shown()
    assert "Somebody has begun already" in text(offered)
    bare.press(setup.join, FAY, ONE, {**offered, "id": "V2", "type": "modal"})
    assert "together now" in text(bare.shown())
    bare.press(setup.begin_another, FAY, "0", {**offered, "id": "V2", "type": "modal"})
    assert bare.shown()["callback_id"] == ids.SETUP_BEGIN_FORM


def test_each_part_is_looked_through(bare: Desk) -> None:
    begun(bare)
    for part in ("words", "dates", "homework", "answers"):
        bare.press(setup.look, ALEX, ids.reference(1, f"{part}/0"))
        page = bare.shown()
        if page["callback_id"] == ids.SETUP_WINDOW:
            continue
        told = bare.submit(setup.looked, ALEX, filled(page, f"V{part}"))
        assert "all looked at" in text(told)


def test_who_may_not_and_who_comes_late_are_told(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.look, TOMAS, ids.reference(1, "dates/0"))
    assert "Only the facilitators" in text(bare.shown())
    bare.press(setup.add_people, ALEX, ONE)
    form = bare.shown()
    bare.press(setup.drop, ALEX, ONE)
    assert "thrown away" in text(bare.shown())
    told = bare.submit(setup.people_added, ALEX, filled(form, "V3", **{"setup-lines": "a@example.org, coach"}))
    assert "thrown away" in text(told)
    for listener in (setup.look, setup.move, setup.add_people, setup.channel, setup.preview, setup.drop):
        bare.press(listener, ALEX, ids.reference(1, "cohort"))
        assert "thrown away" in text(bare.shown())


def test_people_are_added_and_what_is_wrong_stands_under_the_lines(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.add_people, ALEX, ONE)
    form = bare.shown()
    wrong = bare.submit(setup.people_added, ALEX, filled(form, "V1", **{"setup-lines": "nobody"}))
    assert "Line 1" in wrong["errors"]["setup-lines"]
    right = bare.submit(setup.people_added, ALEX, filled(form, "V1", **{"setup-lines": "a@example.org, Bright Labs"}))
    assert "1 person added" in text(right)


def test_twenty_pasted_addresses_are_answered_without_asking_slack_about_any(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.add_people, ALEX, ONE)
    lines = "\n".join(f"person{number}@example.org, coach" for number in range(20))
    before = len(bare.slack.calls)
    said = bare.submit(setup.people_added, ALEX, filled(bare.shown(), "V1", **{"setup-lines": lines}))
    assert "20 people added" in text(said)
    assert bare.slack.calls[before:] == []


def test_a_channel_is_made_and_people_are_brought_in_and_it_serves(bare: Desk) -> None:
    begun(bare)
    with bare.deps.db.begin() as session:
        program = bare.deps.programs.all(session)[0]
        cast.join(session, program, FAY, "facilitator", name="Fay Whitaker")
    bare.press(setup.channel, ALEX, ids.reference(1, "facilitators"))
    form = bare.shown()
    told = bare.submit(setup.channel_chosen, ALEX, filled(form, "V1"))
    assert "I have made" in text(told)
    (made,) = bare.slack.asked("conversations.create")
    assert (made["name"], made["is_private"]) in (
        ("river-robotics-facilitators", True),
        ("river-robotics-facilitators", "1"),
        ("river-robotics-facilitators", 1),
    )
    assert [one["users"] for one in bare.slack.asked("conversations.invite")] == [f"{ALEX},{FAY}"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("name_taken", "is a channel called"),
        ("missing_scope", "may not make channels"),
        ("restricted_action", "does not let"),
    ],
)
def test_why_slack_makes_no_channel_stands_under_its_name(bare: Desk, code: str, says: str) -> None:
    begun(bare)
    bare.press(setup.channel, ALEX, ids.reference(1, "cohort"))
    bare.slack.next_time("conversations.create", refuses(code))
    told = bare.submit(setup.channel_chosen, ALEX, filled(bare.shown(), "V1"))
    assert says in told["errors"]["setup-make"]


def test_neither_a_channel_nor_a_name_is_said_so(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.channel, ALEX, ids.reference(1, "cohort"))
    told = bare.submit(setup.channel_chosen, ALEX, filled(bare.shown(), "V1", **{"setup-make": ""}))
    assert "Choose a channel" in told["errors"]["setup-make"]


def test_everything_moves_to_another_start(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.move, ALEX, ONE)
    form = bare.shown()
    past = bare.submit(setup.moved, ALEX, filled(form, "V1", **{"setup-start": "2020-01-01"}))
    assert "has gone by" in past["errors"]["setup-start"]
    told = bare.submit(setup.moved, ALEX, filled(form, "V1", **{"setup-start": "2021-02-01"}))
    assert "no date yet" in text(told)


def test_what_people_will_see_is_shown(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.preview, ALEX, ids.reference(1, "0"))
    assert "Nothing is posted yet" in text(bare.shown())


def test_a_program_is_copied(season: Desk) -> None:
    season.press(setup.copy, TOMAS, ONE)
    assert "Only the facilitators" in text(season.shown())
    season.press(setup.copy, FAY, ONE)
    form = season.shown()
    soon = season.submit(setup.copied, FAY, filled(form, "V1", **{"setup-name": "Next", "setup-start": "2021-01-01"}))
    assert "runs until Sep 16, 2021" in soon["errors"]["setup-start"]
    told = season.submit(setup.copied, FAY, filled(form, "V1", **{"setup-name": "Next", "setup-start": "2021-10-01"}))
    assert "is there, in practice" in text(told)


# A list dropped into the conversation

CSV = b"name,email,role,organization\nAda,ada@example.org,participant,Bright Labs\n"


def drop(desk: Desk, user: str, name: str = "people.csv", number: str = "1", words: str = "") -> None:
    """A file in the direct message."""
    event = {
        "type": "message",
        "subtype": "file_share",
        "channel": "D1",
        "channel_type": "im",
        "user": user,
        "text": words,
        "ts": f"{number}.0",
        "files": [{"id": "F1", "name": name, "size": 60}],
    }
    body = {"event": event, "team_id": TEAM, "event_id": f"Ev{number}", "api_app_id": "A"}
    messages.heard(body=body, event=event, context=Context(), deps=desk.deps)  # type: ignore[arg-type]


def test_a_list_is_taken_once_and_what_became_of_it_is_said(bare: Desk) -> None:
    begun(bare)
    bare.slack.files["F1"] = ({"name": "people.csv"}, CSV)
    drop(bare, ALEX)
    drop(bare, ALEX)
    (said,) = bare.slack.said("D0ALEX001")
    assert "1 person added" in said
    assert "ada@example.org" in said


def test_a_list_that_could_not_be_written_is_taken_when_slack_brings_it_again(
    bare: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(bare)
    bare.slack.files["F1"] = ({"name": "people.csv"}, CSV)

    def busy(**_: object) -> None:
        raise Busy("another writer is at work")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(setup_people, "take_file", busy)
        with pytest.raises(Busy):
            drop(bare, ALEX)
    drop(bare, ALEX)
    (said,) = bare.slack.said("D0ALEX001")
    assert "1 person added" in said


def test_a_list_with_a_flaw_is_named_line_by_line(bare: Desk) -> None:
    begun(bare)
    bare.slack.files["F1"] = ({"name": "people.csv"}, b"name,email,role\nAda,ada,coach\n")
    drop(bare, ALEX)
    assert "line 2, email" in bare.slack.said("D0ALEX001")[0]


def test_a_list_that_slack_does_not_hand_over_is_said_so(bare: Desk) -> None:
    begun(bare)
    bare.slack.next_time("files.info", refuses("missing_scope"))
    drop(bare, ALEX)
    assert "reinstall the app" in bare.slack.said("D0ALEX001")[0]


def test_a_list_of_somebody_who_runs_nothing_is_not_looked_at(bare: Desk) -> None:
    begun(bare)
    drop(bare, SAM)
    assert bare.slack.asked("files.info") == []


def test_which_program_a_list_is_for_has_to_be_said(bare: Desk) -> None:
    begun(bare)
    bare.press(setup.begin_another, ALEX, "0")
    form = filled(
        bare.shown(),
        "V9",
        **{
            "setup-template": "blank",
            "setup-name": "Second",
            "setup-start": "2021-01-11",
            "setup-zone": "America/Chicago",
            "setup-organizer": "x",
        },
    )
    assert "in practice" in text(bare.submit(setup.begun, ALEX, form))
    bare.slack.files["F1"] = ({"name": "people.csv"}, CSV)
    drop(bare, ALEX)
    assert "For which program" in bare.slack.said("D0ALEX001")[0]
    drop(bare, ALEX, number="2", words="this is for Second")
    assert "1 person added" in bare.slack.said("D0ALEX001")[1]
    with bare.deps.db.read() as session:
        ada = people_rows.by_email(session, TEAM, "ada@example.org")
        assert ada is not None
        second = next(one for one in bare.deps.programs.all(session) if one.name == "Second")
        assert [one.person_id for one in people.members(session, second.id, "participant")] == [ada.id]


def test_page_after_page_is_looked_through_in_one_window_and_a_page_handed_in_twice_counts_once(season: Desk) -> None:
    begun(season, **{"setup-template": "stem-iq"})
    with season.deps.db.read() as session:
        program = next(one for one in season.deps.programs.all(session) if one.name == "River Robotics")

    def samples() -> int:
        with season.deps.db.read() as session:
            now = season.deps.programs.by_id(session, program.id)
            assert now is not None
            return sum(one.sample for one in now.entries)

    every = samples()
    season.press(setup.look, ALEX, ids.reference(program.id, "answers/0"))
    first = season.shown()
    left = " ".join(f"faq/{one.key}" for one in program.entries[:3])
    second = season.submit(setup.looked, ALEX, filled(first, "V1", **{"setup-left": left}))["view"]
    after = samples()
    assert every - after == 12
    again = season.submit(setup.looked, ALEX, filled(first, "V1", **{"setup-left": left}))
    assert samples() == after
    assert again["view"]["private_metadata"] == second["private_metadata"]
    third = season.submit(setup.looked, ALEX, filled(second, "V1"))["view"]
    assert samples() == after - 3, "three have come up from the next page, and were seen only now"
    season.submit(setup.looked, ALEX, filled(third, "V1"))
    assert samples() == after - 3 - 12
