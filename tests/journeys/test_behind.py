"""What lies behind a saved form: the list from which it was opened stands as things are now, without being asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.workspace import ADA, APPLICANTS, COHORT, FAY, Workspace, text_of


def buttons(thing: Any) -> Iterator[dict[str, Any]]:
    """Every button of a view, in its order."""
    if isinstance(thing, dict):
        if thing.get("type") == "button":
            yield thing
        for value in thing.values():
            yield from buttons(value)
    elif isinstance(thing, list):
        for one in thing:
            yield from buttons(one)


def press(workspace: Workspace, words: str, beside: str = "") -> str:
    """Press a button of Fay's open window; what the window on top says then."""
    blocks = workspace.view(FAY)["blocks"]
    found = [one for block in blocks if beside in text_of(block) for one in buttons(block) if words in text_of(one)]
    assert found, f"no button {words!r} beside {beside!r} in {text_of(blocks)}"
    workspace.press(FAY, found[0]["action_id"], view_id=workspace.view(FAY)["id"], value=found[0].get("value"))
    return shown(workspace)


def save(workspace: Workspace, **values: Any) -> str:
    """Hand in what is open; what stands there then."""
    answer = workspace.submit(FAY, values)
    assert not answer.get("errors"), answer
    return shown(workspace)


def shown(workspace: Workspace) -> str:
    return text_of(workspace.view(FAY)["blocks"])


def back(workspace: Workspace) -> str:
    """Close the window on top; what lies behind it."""
    workspace.post("close", user=FAY)
    return shown(workspace)


def opened(workspace: Workspace, words: str) -> str:
    """A line of *Manage*."""
    workspace.home(FAY)
    workspace.press(FAY, "manage.open")
    return press(workspace, "", beside=words)


def test_the_list_of_people_shows_who_has_left_and_who_was_given_back(over_http: Workspace) -> None:
    opened(over_http, "People")
    save(over_http, **{"Find somebody": "kofi"})
    press(over_http, "Change…", beside="Kofi")
    press(over_http, "Has left…")
    assert "Saved" in save(over_http)
    behind = back(over_http)
    assert "has left" in behind
    assert "Priya" not in behind, "the list is still the one that was searched for"
    press(over_http, "Change…", beside="Kofi")
    press(over_http, "Back again…")
    save(over_http)
    press(over_http, "Undo")
    assert "has left" in back(over_http)


def test_people_who_are_added_stand_in_the_list(over_http: Workspace) -> None:
    assert "maya@example.org" not in opened(over_http, "People")
    press(over_http, "Add people…")
    save(over_http, **{"personnel.emails": "maya@example.org", "people.roles": ["coach"]})
    save(over_http)
    assert "maya@example.org" in back(over_http)


def test_an_organization_has_its_new_name_in_both_lists_behind(over_http: Workspace) -> None:
    opened(over_http, "People")
    press(over_http, "Organizations…")
    press(over_http, "Change…", beside="Gateway Makers")
    save(over_http, **{"organization.name": "Gateway Workshop"})
    save(over_http)
    assert "Gateway Workshop" in back(over_http)
    assert "Gateway Workshop" in back(over_http)


def test_a_channel_says_what_it_is_for_from_now_on_and_again_once_it_is_taken_back(over_http: Workspace) -> None:
    opened(over_http, "Channels")
    press(over_http, "Change…", beside=APPLICANTS)
    save(over_http, **{"channel.answering": "mention"})
    save(over_http)
    mentioned = f"<#{APPLICANTS}>: applicants' questions · I answer when mentioned"
    assert mentioned in back(over_http)
    press(over_http, "Change…", beside=APPLICANTS)
    save(over_http, **{"channel.answering": "usual"})
    save(over_http)
    press(over_http, "Undo")
    assert mentioned in back(over_http)


def test_what_is_held_no_more_is_gone_from_the_list_of_holds(over_http: Workspace) -> None:
    opened(over_http, "Hold posts")
    save(over_http, **{"hold:reason": "Thanksgiving", "hold:until": "2020-10-20", "hold:until_time": "09:00"})
    over_http.post("close", user=FAY)
    assert "Thanksgiving" in opened(over_http, "Hold posts")
    press(over_http, "Change until when…")
    save(over_http, **{"hold:reason": "Snow"})
    assert "Snow" in back(over_http)
    press(over_http, "Hold something else…")
    save(over_http, **{"hold:channel": COHORT, "hold:reason": "Quiet"})
    assert "Quiet" in back(over_http)
    press(over_http, "Resume…")
    save(over_http)
    assert "Snow" not in back(over_http)
    press(over_http, "Resume…")
    save(over_http)
    assert "Nothing is held" in back(over_http)


def test_an_answered_question_waits_no_more_in_the_list(over_http: Workspace) -> None:
    for words in ("Is there childcare at the convenings?", "Is there parking at the library?"):
        over_http.command(ADA, f"/ask {words}", APPLICANTS)
        reply = over_http.messages(APPLICANTS, ADA)[-1]
        over_http.press(ADA, "faq.hand_over", channel=APPLICANTS, message_ts=reply["ts"])
    over_http.command(FAY, "/convene", COHORT)
    over_http.press(FAY, "question.list", channel=COHORT)
    assert "2 open questions" in shown(over_http)
    press(over_http, "Answer", beside="childcare")
    save(over_http, **{"question.text": "Yes, from nine to noon."})
    behind = back(over_http)
    assert "1 open question" in behind
    assert "childcare" not in behind


@pytest.mark.parametrize("fault", [{"kind": "ratelimited"}, {"kind": "timeout", "seconds": 5}])
def test_what_is_saved_is_said_in_time_though_the_list_behind_cannot_be_drawn(
    over_http: Workspace, fault: dict[str, Any]
) -> None:
    opened(over_http, "People")
    press(over_http, "Change…", beside="Kofi")
    press(over_http, "Has left…")
    over_http.post("fault", method="views.update", **fault)
    assert "Saved" in save(over_http)


def test_a_sample_that_was_filled_in_is_a_sample_no_more_in_the_list(over_http: Workspace) -> None:
    before = opened(over_http, "Samples")
    press(over_http, "Fill in", beside="Contact")
    save(over_http, **{"change:name": "Ines Ortega", "change:sample": "real"})
    assert "Contact" in before
    assert "Contact" not in back(over_http)


def test_an_address_is_corrected_and_given_back_above_the_list_that_shows_it(over_http: Workspace) -> None:
    opened(over_http, "People")
    press(over_http, "Add people…")
    save(over_http, **{"personnel.emails": "maia@example.org", "people.roles": ["coach"]})
    save(over_http)
    back(over_http)
    press(over_http, "Change…", beside="maia@example.org")
    press(over_http, "Correct the address…")
    save(over_http, **{"personnel.email": "sam@example.org"})
    press(over_http, "Undo")
    behind = back(over_http)
    assert "maia@example.org" in behind
    assert "Sam Lee" not in behind
