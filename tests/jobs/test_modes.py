"""A season in practice, and live: who hears what, that nothing made up is said, and that going live is no flood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.homework import NUDGE, NUDGE_NOW, POST
from bot.domain.messages import Message
from bot.domain.modes import DUE_IN_PRACTICE, LABELLED, NOWHERE, PRACTISED, Changed
from bot.domain.moves import CORRECTION, FILE
from bot.domain.notices import NO_CHANNEL, NO_LONGER_PLANNED, Notice, Target, ToChannel, ToPerson, ToPurpose
from bot.domain.programs import PracticeIn
from bot.domain.reminders import EVENT
from bot.domain.rsvps import TOLD
from bot.services import memberships, modes, personnel, programs, reach, reflections
from bot.services.program_schema import Body
from jobs import registry, sender
from jobs.render import Kind, Update
from storage import channels, notices
from storage.notices import NoticeRow
from tests import cast
from tests.cast import ALEX, APPLICANTS, COHORT, FACILITATORS, FAY, TOMAS
from tests.jobs.conftest import Bench, say, send_all

UNASKED = {
    EVENT,
    POST,
    NUDGE,
    NUDGE_NOW,
    CORRECTION,
    FILE,
    memberships.WAITING,
    memberships.CONFIRMED,
    reflections.COHORT_POST,
    personnel.LEAVER,
    personnel.TAKES_OVER,
    personnel.BACK,
    personnel.UNDONE,
    reach.HELLO,
    reach.ZONE,
    TOLD,
}
"""Whatever is not among these says of itself to whom it belongs: see `bot.domain.notices.Voice`."""


def said(bench: Bench, channel: str) -> list[str]:
    return [str(one["text"]) for one in bench.slack.asked("chat.postMessage") if one["channel"] == channel]


def go(bench: Bench, where: PracticeIn | None, user: str = FAY) -> Changed:
    """Live, or in practice somewhere."""
    with bench.deps.db.begin() as session:
        there, viewer, now = bench.deps.programs, cast.asks(session, user, now=bench.clock()), bench.clock()
        key = f"{where} {now}"
        if where is None:
            found = modes.go_live(session=session, programs=there, viewer=viewer, request=key, now=now)
        else:
            found = modes.back_to_practice(
                session=session, programs=there, viewer=viewer, practice_in=where, request=key, now=now
            )
    assert isinstance(found, Changed)
    for plan in registry.PLANNERS:
        if plan.__name__ in ("plan_reminders", "plan_homework"):
            plan(bench.deps, bench.clock())
    return found


def put(bench: Bench, key: str, target: Target, kind: str = "test.say", **more: str) -> None:
    with bench.deps.db.begin() as session:
        notices.add(session, Notice(key, kind, target, bench.clock(), 1, {"says": key, **more}), bench.clock())


def row(bench: Bench, key: str) -> NoticeRow:
    with bench.deps.db.read() as session:
        found = notices.get(session, key)
        assert found is not None
        session.expunge(found)
        return found


@pytest.fixture
def season(bench: Bench) -> Bench:
    """The cast in practice, on Monday."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    go(bench, "facilitators")
    bench.kinds.update(
        {
            "test.asker": Kind(say, voice="asker"),
            "test.staff": Kind(say, voice="staff"),
        }
    )
    return bench


def test_who_hears_what_in_practice_is_said_by_every_kind_of_notice() -> None:
    assert {name for name, kind in registry.KINDS.items() if kind.voice == "anybody"} == UNASKED


def test_what_a_channel_would_read_goes_to_the_facilitators_with_a_label(season: Bench) -> None:
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    assert said(season, COHORT) == []
    (post,) = said(season, FACILITATORS)
    assert post == "*Practice:* this would be in <#C0COHORT1> on Mon, Oct 12, 9:00 am (St. Louis).\na"
    assert (row(season, "a").state, row(season, "a").reason) == ("delivered", PRACTISED)


def test_what_a_person_would_read_unasked_goes_to_the_facilitators_by_name(season: Bench) -> None:
    put(season, "a", ToPerson(TOMAS))
    send_all(season.deps, season.clock, season.kinds)
    (post,) = said(season, FACILITATORS)
    assert post.startswith("*Practice:* this would go to Tomás Rivera alone on Mon, Oct 12")
    assert season.slack.asked("conversations.open") == []


def test_what_somebody_has_asked_for_reaches_them_with_a_label(season: Bench) -> None:
    put(season, "receipt", ToPerson(TOMAS), "test.asker")
    put(season, "reply", ToChannel(APPLICANTS, "1.0"), "test.asker")
    send_all(season.deps, season.clock, season.kinds)
    assert said(season, APPLICANTS) == []
    mine = [one for one in season.slack.asked("chat.postMessage") if one["channel"] not in (FACILITATORS,)]
    assert [one["text"] for one in mine] == ["*Practice:* this program is not live yet.\nreceipt"]
    assert row(season, "receipt").reason == LABELLED
    assert "in a thread in <#C0APPLY01>" in said(season, FACILITATORS)[0]


def test_what_is_for_the_facilitators_reaches_them_with_a_label(season: Bench) -> None:
    put(season, "digest", ToPurpose("facilitators"), "test.staff")
    send_all(season.deps, season.clock, season.kinds)
    assert said(season, FACILITATORS) == ["*Practice:* this program is not live yet.\ndigest"]


def test_different_readers_share_no_message_in_practice(season: Bench) -> None:
    """Both are overdue for one person, but one of them goes to the facilitators."""
    season.kinds["test.asker"] = replace(season.kinds["test.asker"], urgency=season.kinds["test.say"].urgency)
    put(season, "unasked", ToPerson(TOMAS))
    put(season, "asked", ToPerson(TOMAS), "test.asker")
    season.clock.forward(minutes=30)
    send_all(season.deps, season.clock, season.kinds)
    texts = {str(one["channel"]): str(one["text"]) for one in season.slack.asked("chat.postMessage")}
    assert "unasked" in texts.pop(FACILITATORS)
    assert [text.endswith("asked") and "unasked" not in text for text in texts.values()] == [True]


def test_nowhere_means_nowhere_with_the_reason_on_record(season: Bench) -> None:
    go(season, "nowhere")
    put(season, "a", ToPurpose("cohort"))
    put(season, "b", ToPerson(TOMAS), "test.asker")
    send_all(season.deps, season.clock, season.kinds)
    assert (row(season, "a").state, row(season, "a").reason) == ("skipped", NOWHERE)
    assert row(season, "b").state == "delivered"


def test_without_a_facilitators_channel_nothing_is_said_and_the_record_tells_why(season: Bench) -> None:
    with season.deps.db.begin() as session:
        session.delete(channels.for_purpose(session, 1, "facilitators")[0])
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    assert row(season, "a").reason == f"{NO_CHANNEL} facilitators"


def test_a_message_that_was_labelled_keeps_its_label_when_it_changes(season: Bench) -> None:
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    post = row(season, "a")
    changed = Update(post.posted_channel or "", post.posted_ts or "", Message("again"))
    season.kinds["test.mend"] = Kind(lambda scene: changed, voice="mends")
    go(season, None)
    put(season, "mend", ToPurpose("cohort"), "test.mend")
    send_all(season.deps, season.clock, season.kinds)
    (update,) = season.slack.asked("chat.update")
    assert update["text"].startswith("*Practice:* this would be in <#C0COHORT1>")
    assert update["channel"] == FACILITATORS


def test_what_was_said_before_is_not_changed_in_practice(season: Bench) -> None:
    go(season, None)
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    post = row(season, "a")
    season.clock.forward(minutes=5)
    go(season, "facilitators")
    changed = Update(post.posted_channel or "", post.posted_ts or "", Message("again"))
    season.kinds["test.mend"] = Kind(lambda scene: changed, voice="mends")
    put(season, "mend", ToPurpose("cohort"), "test.mend")
    send_all(season.deps, season.clock, season.kinds)
    assert season.slack.asked("chat.update") == []
    assert row(season, "mend").state == "skipped"


def test_going_live_says_nothing_again_and_nothing_late(season: Bench) -> None:
    put(season, "before", ToPurpose("cohort"))
    season.clock.forward(minutes=5)
    go(season, None)
    season.clock.forward(seconds=1)
    put(season, "after", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    assert said(season, COHORT) == ["after"]
    assert row(season, "before").reason == DUE_IN_PRACTICE


def test_a_live_season_posts_no_sample_and_what_is_filled_in_is_posted(season: Bench) -> None:
    go(season, None)
    now = season.clock()

    def planned() -> set[str]:
        with season.deps.db.read() as session:
            rows = notices.standing(session, 1, (EVENT, POST, NUDGE))
            return {str(one.refs.get("event") or one.refs.get("homework")) for one in rows if one.state == "planned"}

    assert {one for one in planned() if "convening" in one or "coaching" in one} == set()
    assert "office-hours-friday" in planned()
    with season.deps.db.begin() as session:
        program = season.deps.programs.by_id(session, 1)
        assert program is not None
        body: Body = programs.body_of(session=session, program=program, section="events", key="convening-1")
        body.pop("sample")
        programs.edit_item(
            session=session, slug=program.slug, section="events", key="convening-1", body=body, by=ALEX, now=now
        )
    for plan in registry.PLANNERS:
        if plan.__name__ == "plan_reminders":
            plan(season.deps, now)
    assert "convening-1" in planned()


def test_planned_notices_about_samples_are_withdrawn_when_a_program_goes_live(season: Bench) -> None:
    with season.deps.db.read() as session:
        before = [one for one in notices.standing(session, 1, (EVENT,)) if one.refs.get("event") == "convening-1"]
        assert {one.state for one in before} == {"planned"}
    go(season, None)
    with season.deps.db.read() as session:
        after = [one for one in notices.standing(session, 1, (EVENT,)) if one.refs.get("event") == "convening-1"]
        assert {(one.state, one.reason) for one in after} == {("skipped", NO_LONGER_PLANNED)}


def test_what_rests_on_a_sample_is_not_said_live_whoever_has_planned_it(season: Bench) -> None:
    go(season, None)
    put(season, "nudge", ToPerson(TOMAS), homework="before-we-begin")
    send_all(season.deps, season.clock, season.kinds)
    assert row(season, "nudge").state == "skipped"


def test_turns_are_taken_where_a_message_goes_in_practice(season: Bench) -> None:
    """One message a second: two channels whose posts both go to the facilitators' one wait for each other."""
    put(season, "a", ToPurpose("cohort"))
    put(season, "b", ToPurpose("applicants"))
    assert sender.send_due(season.deps, season.clock(), season.kinds) == 1
    assert sender.send_due(season.deps, season.clock.forward(seconds=2), season.kinds) == 1
