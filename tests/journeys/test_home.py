"""The Home of everybody, the welcome, and the first steps of a workspace's admin."""

from __future__ import annotations

from sqlmodel import select

from storage.people import Membership, Person
from tests.journeys.workspace import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    GENERAL,
    JUNE,
    KOFI,
    LENA,
    SAM,
    TOMAS,
    Workspace,
    text_of,
)


def test_everybody_finds_their_own(workspace: Workspace) -> None:
    for user, words in (
        (ADA, "Application kit"),
        (TOMAS, "Homework of Bright Labs"),
        (LENA, "Homework of River Robotics"),
        (JUNE, "You have not logged a coaching check-in yet"),
        (FAY, "Open questions"),
        (ALEX, "Set-up"),
        (SAM, "Whom to ask"),
    ):
        assert words in text_of(workspace.home(user))


def test_the_first_contact_brings_one_message_and_only_one(workspace: Workspace) -> None:
    assert workspace.told(KOFI) == []
    workspace.home(KOFI)
    workspace.home(KOFI)
    workspace.command(KOFI, "/dates", COHORT)
    (welcome,) = workspace.told(KOFI)
    said = text_of(welcome["blocks"])
    for heading in ("I'm Convene", "Who reads what", "Your next date", "Less of me"):
        assert heading in said
    assert "6:00 pm your time" in said


def test_a_guest_hands_in_from_the_home(over_http: Workspace) -> None:
    over_http.home(LENA)
    over_http.press(LENA, "reflection.open")
    assert "Before we begin" in text_of(over_http.view(LENA))


def test_an_open_question_is_answered_from_the_home_which_then_says_so(over_http: Workspace) -> None:
    over_http.home(FAY)
    over_http.command(ADA, "/ask Is there childcare at the convenings?", APPLICANTS)
    reply = over_http.messages(APPLICANTS, ADA)[-1]
    over_http.press(ADA, "faq.hand_over", channel=APPLICANTS, message_ts=reply["ts"])
    shown = text_of(over_http.get("home", user=FAY))
    assert "Open questions: 1" in shown
    assert "childcare" in shown
    over_http.press(FAY, "question.answer")
    form = over_http.view(FAY)
    over_http.submit(FAY, {"Your answer": "Yes, write to Adam."}, view_id=form["id"])
    assert "Everybody has an answer" in text_of(over_http.get("home", user=FAY))


def test_somebody_who_waits_is_confirmed_from_the_home(over_http: Workspace) -> None:
    over_http.home(FAY)
    over_http.join(SAM, COHORT)
    assert "Sam Lee" in text_of(over_http.get("home", user=FAY))
    over_http.press(FAY, "people.confirm")
    over_http.submit(FAY, {"Role": "Coach"})
    assert "Sam Lee" not in text_of(over_http.get("home", user=FAY))


def test_the_workspaces_admin_who_opens_the_home_first_is_the_admin(over_http: Workspace) -> None:
    with over_http.stage.convene.deps.db.begin() as session:
        alex = session.exec(select(Person).where(Person.user_id == ALEX)).one()
        for membership in session.exec(select(Membership).where(Membership.person_id == alex.id)).all():
            session.delete(membership)
        alex.look_after, alex.workspace_admin = None, False
    assert "you look after *OST Community of Practice* from now on" in text_of(over_http.home(ALEX))
    assert "Set-up" in text_of(over_http.home(ALEX))


def test_every_word_behind_convene_is_answered(over_http: Workspace) -> None:
    for user, line, channel, says in (
        (ADA, "/convene", APPLICANTS, "What you can do"),
        (FAY, "/convene people", FACILITATORS, "Gateway Makers"),
        (FAY, "/convene status", FACILITATORS, "How I am doing"),
        (FAY, "/convene digest", FACILITATORS, "The week ahead"),
        (SAM, "/convene sttus", GENERAL, "Did you mean `/convene status`?"),
        (SAM, "/convene " + "x" * 10_000, GENERAL, "I don't know"),
    ):
        over_http.command(user, line, channel)
        assert says in text_of(over_http.messages(channel, user)[-1])
