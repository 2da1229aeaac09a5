"""Anything of a program changed from inside Slack: seen beforehand, saved once, taken back; two at once, too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.changes import (
    AlreadyUndone,
    Changed,
    ChangedSince,
    Conflict,
    Draft,
    Editing,
    Foreseen,
    Gone,
    Listing,
    NoChange,
    Recent,
    Rejected,
    Same,
    TooLate,
    Undoing,
    Undone,
)
from bot.domain.moves import Effects
from bot.domain.people import NotAllowed
from bot.domain.programs import Program
from bot.services import change_items, changes, planning, reminders
from bot.services.change_items import Outcome
from bot.services.programs import Programs
from bot.services.undoing import KINDS
from storage import notices
from storage.changes import ChangeRow
from storage.database import Database
from tests.cast import ADA, ALEX, FAY, MONDAY, TOMAS, asks, begin

LATER = MONDAY + timedelta(minutes=5)
WEDNESDAY = "office-hours-wednesday"


def form(session: Session, section: str, key: str, user: str = FAY) -> Editing:
    found = change_items.editing(session=session, viewer=asks(session, user), section=section, key=key)
    assert isinstance(found, Editing)
    return found


def new(session: Session, section: str, user: str = FAY) -> Editing:
    found = change_items.adding(session=session, viewer=asks(session, user), section=section)
    assert isinstance(found, Editing)
    return found


def draft(shape: Editing, **typed: str) -> Draft:
    """A form as it is handed in: as it was opened, with some fields typed otherwise; samples stay samples."""
    still = {one.name: "sample" for one in shape.fields if one.name in ("sample", "link_sample")}
    return Draft(shape.section, shape.key, {**shape.values, **still, **typed}, shape.mark)


def removal(shape: Editing) -> Draft:
    """*Remove it*, in a form."""
    return Draft(shape.section, shape.key, seen=shape.mark, remove=True)


def hand_in(session: Session, wanted: Draft, user: str = FAY, request: str = "v1", now: datetime = LATER) -> Outcome:
    return change_items.hand_in(
        session=session,
        programs=Programs(),
        viewer=asks(session, user, now=now),
        draft=wanted,
        request=request,
        now=now,
    )


def save(session: Session, wanted: Draft, user: str = FAY, request: str = "v1", now: datetime = LATER) -> Changed:
    """Handed in, and saved after a look."""
    found = hand_in(session, wanted, user, request, now)
    if isinstance(found, Foreseen):
        looked = replace(found.draft, looked=found.draft.mark())
        found = hand_in(session, looked, user, request, now)
    assert isinstance(found, Changed), found
    return found


def take_back(session: Session, number: int, user: str = FAY, now: datetime = LATER) -> Undoing:
    return changes.undo(
        session=session, programs=Programs(), viewer=asks(session, user), number=number, kinds=KINDS, now=now
    )


def program(session: Session) -> Program:
    found = Programs().get(session, "ost-cop")
    assert found is not None
    return found


def records(session: Session) -> list[ChangeRow]:
    return list(session.exec(select(ChangeRow)).all())


# Looking


def test_everything_of_a_program_is_listed_with_how_many_there_are(quick_db: Database) -> None:
    with quick_db.begin() as session:
        found = begin(session)
        menu = change_items.menu(session=session, viewer=asks(session, FAY))
        assert not isinstance(menu, NotAllowed)
        assert menu.counts["events"] == len(found.events)
        assert menu.counts["faq"] == len(found.entries)
        assert menu.counts["support_categories"] == 7


@pytest.mark.parametrize("user", [ADA, TOMAS])
def test_whoever_does_not_run_the_program_may_neither_look_nor_change(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        viewer = asks(session, user)
        wanted = draft(form(session, "events", WEDNESDAY), title="Mine")
        assert isinstance(change_items.menu(session=session, viewer=viewer), NotAllowed)
        assert isinstance(change_items.editing(session=session, viewer=viewer, section="faq", key="x"), NotAllowed)
        assert isinstance(hand_in(session, wanted, user), NotAllowed)
        assert isinstance(take_back(session, 1, user), NotAllowed)
        assert isinstance(changes.recent(session=session, viewer=viewer, start=0, now=LATER), NotAllowed)


def listing(session: Session, section: str, words: str = "", start: int = 0) -> Listing:
    found = change_items.listing(
        session=session, viewer=asks(session, FAY), section=section, words=words, start=start, now=LATER
    )
    assert isinstance(found, Listing)
    return found


def test_a_list_is_paged_and_narrowed_by_words_without_their_accents(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        whole = listing(session, "faq")
        assert len(whole.rows) == change_items.PAGE < whole.found == whole.total
        assert listing(session, "faq", start=change_items.PAGE).rows != whole.rows
        narrowed = listing(session, "faq", "QUÉ es la comunidad de practica")
        assert "what-is-it" in [one.key for one in narrowed.rows]
        assert listing(session, "faq", "zebra").found == 0
        assert listing(session, "faq", start=10_000).start < whole.found


def test_dates_to_come_stand_before_those_that_are_over(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        viewer, then = asks(session, FAY), MONDAY + timedelta(days=3)
        found = change_items.listing(session=session, viewer=viewer, section="events", words="", start=0, now=then)
        assert isinstance(found, Listing)
        assert found.rows[0].key == "office-hours-thursday"


# Saving


def test_nothing_is_saved_before_it_was_looked_at(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        planned(session)
        found = hand_in(session, draft(form(session, "events", WEDNESDAY), starts="16:00", ends="17:00"))
        assert isinstance(found, Foreseen)
        assert len(found.follows.moved.moving) == 1, "the one on the day at nine stays"
        assert records(session) == []
    with db.read() as session:
        event = program(session).event(WEDNESDAY)
        assert event is not None
        assert event.local("America/Chicago").hour == 15


def planned(session: Session) -> None:
    planning.follow(session=session, programs=Programs(), slug="ost-cop", feature=reminders.FEATURE, now=MONDAY)


def test_what_was_foreseen_is_what_happens(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        planned(session)
        wanted = draft(form(session, "events", WEDNESDAY), starts="16:00", ends="17:00")
        foreseen = hand_in(session, wanted)
        done = save(session, wanted)
        assert isinstance(foreseen, Foreseen)
        assert done.follows.moved == foreseen.follows.moved
        event = program(session).event(WEDNESDAY)
        assert event is not None
        assert event.local("America/Chicago").hour == 16


def test_the_same_form_counts_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        wanted = draft(new(session, "resources"), title="The slides", kind="other", url="https://example.org/slides")
        first, second = save(session, wanted), hand_in(session, wanted)
        assert isinstance(second, Changed)
        assert first.change == second.change
        assert len(records(session)) == 1
        assert [one.title for one in program(session).resources].count("The slides") == 1


def test_what_nobody_is_told_by_is_saved_at_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        found = hand_in(session, draft(form(session, "resources", "packet"), title="The packet", sample="real"))
        assert isinstance(found, Changed)
        resource = next(one for one in program(session).resources if one.key == "packet")
        assert (resource.title, resource.sample) == ("The packet", False)


UNTOUCHED = (
    ("events", WEDNESDAY),
    ("assignments", "quality-snapshot"),
    ("reminders", "homework"),
    ("digests", "weekdays"),
    ("breaks", "winter"),
    *(("program", part) for part in ("answers", "quiet", "season", "home", "hours", "coaching", "welcome")),
    ("support_categories", "tools"),
)


def test_a_form_without_a_difference_saves_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        for section, key in UNTOUCHED:
            assert isinstance(hand_in(session, draft(form(session, section, key))), Same), (section, key)


def test_a_part_of_the_header_is_changed_and_kept_with_what_it_said_before(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        done = save(
            session, draft(form(session, "program", "contact"), name="Grace", email="grace@example.org", sample="real")
        )
        assert program(session).contact.email == "grace@example.org"
        assert not program(session).contact.sample
        assert isinstance(take_back(session, done.change), Undone)
        assert program(session).contact.email == "adam@example.org"


def test_quiet_hours_can_be_set_and_taken_away(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        save(session, draft(form(session, "program", "quiet"), **{"from": "20:00", "to": "08:00", "days": "sat\nsun"}))
        quiet = program(session).quiet
        assert quiet is not None
        assert quiet.days == (5, 6)
        save(session, draft(form(session, "program", "quiet"), **{"from": "", "to": "", "days": ""}), request="v2")
        assert program(session).quiet is None


def test_reminders_are_written_as_people_write_them(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        planned(session)
        wanted = draft(form(session, "reminders", "office-hours"), offsets="the day before at 9 am\nAn hour before")
        found = hand_in(session, wanted)
        assert isinstance(found, Foreseen)
        assert len(found.follows.planned) == 6
        assert len(found.follows.withdrawn) == 6
        save(session, wanted)
        rule = next(one for one in program(session).reminders if one.key == "office-hours")
        assert [one.words for one in rule.offsets] == ["1 day before at 09:00", "1 hour before"]


def test_a_digest_comes_on_other_days(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        save(session, draft(form(session, "digests", "weekdays"), days="tue\nfri", time="07:30"))
        assert {one.key: one.cron for one in program(session).digests}["weekdays"] == "30 7 * * TUE,FRI"
        save(session, draft(form(session, "digests", "weekdays"), to="person", person=FAY), request="v2")
        assert {one.key: one.to for one in program(session).digests}["weekdays"] == FAY


def test_a_question_of_homework_keeps_its_id_when_its_words_change(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        typed = {"prompt.strong": "What are you proud of?", "prompt.missing-voices": "", "prompt.+1": "What next?",
                 "how.+1": "skip\nshort"}  # fmt: skip
        save(session, draft(form(session, "assignments", "quality-snapshot"), **typed))
        homework = program(session).assignment("quality-snapshot")
        assert homework is not None
        assert [(one.key, one.label) for one in homework.prompts] == [
            ("strong", "What are you proud of?"),
            ("evidence", "Which one thing would you like to be able to show, and cannot yet?"),
            ("what-next", "What next?"),
        ]
        assert (homework.prompts[-1].required, homework.prompts[-1].long) == (False, False)


def test_a_new_answer_carries_who_has_written_it(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        typed = {"question": "Is there parking?", "answer": "Behind the house.", "source": "Fay"}
        save(session, draft(new(session, "faq"), **typed))
        entry = program(session).entry("is-there-parking")
        assert entry is not None
        assert entry.verified is not None
        assert (entry.verified.by, entry.owner) == ("Fay Whitaker", "Fay Whitaker")


def test_a_holiday_stands_in_the_header_in_its_order(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        save(session, draft(new(session, "holidays"), name="Labor Day", on="2021-09-06"))
        save(session, draft(new(session, "holidays"), name="Juneteenth", on="2021-06-19"), request="v2")
        assert [one.name for one in program(session).holidays] == ["Juneteenth", "Labor Day"]
        save(session, draft(form(session, "holidays", "2021-06-19"), on="2021-06-18"), request="v3")
        assert [str(one.on) for one in program(session).holidays] == ["2021-06-18", "2021-09-06"]
        save(session, removal(form(session, "holidays", "2021-09-06")), request="v4")
        assert [one.name for one in program(session).holidays] == ["Juneteenth"]


# Dates


def test_a_date_repeats_until_a_day_and_leaves_out_the_breaks(db: Database) -> None:
    with db.begin() as session:
        before = len(begin(session).events)
        typed = {"title": "Open door", "kind": "office_hours", "day": "2020-11-05", "starts": "15:00", "ends": "16:00",
                 "repeat": "weekly", "until": "2020-12-03"}  # fmt: skip
        found = hand_in(session, draft(new(session, "events"), **typed))
        assert isinstance(found, Foreseen)
        assert found.follows.series is not None
        assert [str(one) for one in found.follows.series.days] == [
            "2020-11-05",
            "2020-11-12",
            "2020-11-19",
            "2020-12-03",
        ]
        assert [why for _, why in found.follows.series.left_out] == ["Thanksgiving"]
        assert len(found.follows.planned) == 8
        done = save(session, draft(new(session, "events"), **typed))
        assert len(program(session).events) == before + 4
        assert len(records(session)) == 1
        assert isinstance(take_back(session, done.change), Undone)
        assert len(program(session).events) == before


def test_a_cancelled_date_is_no_longer_named_by_anything(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        found = hand_in(session, removal(form(session, "events", "convening-1")))
        assert isinstance(found, Foreseen)
        assert found.follows.also == 1, "the homework that prepares for it"
        done = save(session, removal(form(session, "events", "convening-1")))
        assert program(session).event("convening-1") is None
        assert isinstance(take_back(session, done.change), Undone)
        assert program(session).event("convening-1") is not None
        homework = program(session).assignment("quality-snapshot")
        assert homework is not None
        assert homework.event == "convening-1"


def test_a_date_that_an_answer_names_in_its_words_stays(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        save(session, draft(form(session, "faq", "illinois"), answer="Come on {{date:convening-1}}."))
        found = hand_in(session, removal(form(session, "events", "convening-1")), request="v2")
        assert isinstance(found, Rejected)
        assert found.held_by == (form(session, "faq", "illinois").body["question"],)
        assert program(session).event("convening-1") is not None


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({"day": "2021-03-14", "starts": "02:30", "ends": "03:30"}, "starts", "skipped"),
        ({"starts": "15:00", "ends": "14:00"}, "ends", "end"),
        ({"kind": "deadline"}, "ends", "end"),
        ({"link": "example.org/room"}, "link", "url"),
        ({"title": " "}, "title", "missing"),
        ({"title": "x" * 80}, "title", "too long"),
        ({"repeat": "weekly"}, "until", "repeat"),
        ({"repeat": "weekly", "times": "many"}, "times", "number"),
        ({"repeat": "weekly", "times": "900"}, "times", "range"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(quick_db: Database, typed: dict[str, str], field: str, why: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        found = hand_in(session, draft(form(session, "events", WEDNESDAY), **typed))
        assert isinstance(found, Rejected)
        assert [(one.field, one.why) for one in found.problems] == [(field, why)]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"day": "2020-12-24"}, ["break"]),
        ({"day": "2020-10-20", "audience": "all"}, ["before"]),
        ({"day": "2021-10-20"}, ["after"]),
        ({"day": "2020-10-09"}, ["over"]),
        ({"day": "2020-11-01", "starts": "01:30", "ends": "03:00"}, ["twice"]),
    ],
)
def test_an_odd_day_is_named_and_can_be_saved_after_a_look(
    quick_db: Database, typed: dict[str, str], why: list[str]
) -> None:
    with quick_db.begin() as session:
        begin(session)
        wanted = draft(form(session, "events", WEDNESDAY), **typed)
        found = hand_in(session, wanted)
        assert isinstance(found, Foreseen)
        assert [one.why for one in found.follows.warnings] == why
        save(session, wanted)


# Two at once


def test_two_people_changing_different_things_of_one_item_both_have_their_way(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        fay, alex = form(session, "events", WEDNESDAY), form(session, "events", WEDNESDAY, ALEX)
        save(session, draft(fay, place="The library"))
        found = hand_in(session, draft(alex, prep="Bring a friend."), ALEX, "v2")
        assert isinstance(found, Foreseen)
        assert found.merged
        save(session, draft(alex, prep="Bring a friend."), ALEX, "v2")
        event = program(session).event(WEDNESDAY)
        assert event is not None
        assert (event.place, event.prep) == ("The library", "Bring a friend.")


def test_the_second_sees_both_versions_of_what_both_have_changed(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        fay, alex = form(session, "events", WEDNESDAY), form(session, "events", WEDNESDAY, ALEX)
        save(session, draft(fay, place="The library"))
        found = hand_in(session, draft(alex, place="The school", prep="Bring a friend."), ALEX, "v2")
        assert isinstance(found, Conflict)
        assert [(one.field.name, one.theirs, one.mine) for one in found.fields] == [
            ("place", "The library", "The school")
        ]
        assert found.by == "Fay Whitaker"
        event = program(session).event(WEDNESDAY)
        assert event is not None
        assert event.place == "The library"


def test_what_was_taken_out_meanwhile_is_offered_anew(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        late = form(session, "resources", "team", ALEX)
        save(session, removal(form(session, "resources", "team")))
        found = hand_in(session, draft(late, title="Our team", sample="real"), ALEX, "v2")
        assert isinstance(found, Gone)
        assert found.anew is not None
        save(session, Draft("resources", "", {**found.anew.values, **draft(late, title="Our team").values}), ALEX, "v3")
        assert "Our team" in [one.title for one in program(session).resources]


def test_what_is_made_up_stays_so_where_it_is_added_anew(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        late = draft(form(session, "events", WEDNESDAY, ALEX), title="Once more", link_sample="sample")
        save(session, removal(form(session, "events", WEDNESDAY)))
        found = hand_in(session, late, ALEX, "v2")
        assert isinstance(found, Gone)
        assert found.anew is not None
        assert "link_sample" in {one.name for one in found.anew.fields}
        save(session, Draft("events", "", late.values), ALEX, "v3")
        event = next(one for one in program(session).events if one.title == "Once more")
        assert event.link_sample


def test_what_somebody_changed_before_it_is_taken_out_is_looked_at_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        stale = removal(form(session, "resources", "packet"))
        save(session, draft(form(session, "resources", "packet"), title="The packet"))
        found = hand_in(session, replace(stale, looked=stale.mark()), ALEX, "v2")
        assert isinstance(found, Foreseen)
        assert found.merged


# Taking back


def changed(session: Session, **typed: str) -> int:
    begin(session)
    return save(session, draft(form(session, "events", WEDNESDAY), **typed)).change


def test_undo_puts_it_back_and_plans_again(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        planned(session)
        number = save(session, draft(form(session, "events", WEDNESDAY), starts="16:00", ends="17:00")).change
        found = take_back(session, number)
        assert isinstance(found, Undone)
        assert isinstance(found.effects, Effects)
        assert len(found.effects.moving) == 1
        assert isinstance(take_back(session, number), AlreadyUndone)
        event = program(session).event(WEDNESDAY)
        assert event is not None
        assert event.local("America/Chicago").hour == 15


def test_undo_is_for_a_day(quick_db: Database) -> None:
    with quick_db.begin() as session:
        number = changed(session, place="Here")
        assert isinstance(take_back(session, number, now=LATER + timedelta(days=1, minutes=1)), TooLate)
        assert isinstance(take_back(session, number, now=LATER + timedelta(days=1)), Undone)


def test_undo_refuses_what_was_changed_since(quick_db: Database) -> None:
    with quick_db.begin() as session:
        number = changed(session, place="Here")
        second = save(session, draft(form(session, "events", WEDNESDAY), place="There"), ALEX, "v2").change
        found = take_back(session, number)
        assert isinstance(found, ChangedSince)
        assert found.by == "Alex Romero"
        assert isinstance(take_back(session, second), Undone)
        assert isinstance(take_back(session, number), Undone)


def test_undo_of_what_is_not_there_says_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert isinstance(take_back(session, 99), NoChange)


def test_recent_changes_say_who_and_what(quick_db: Database) -> None:
    with quick_db.begin() as session:
        number = changed(session, place="Here")
        found = changes.recent(session=session, viewer=asks(session, FAY), start=0, now=LATER)
        assert isinstance(found, Recent)
        (one,) = found.changes
        assert (one.number, one.by, one.key) == (number, "Fay Whitaker", f"events/{WEDNESDAY}")
        assert (one.before or {}).get("place") is None
        assert (one.after or {}).get("place") == "Here"


# The program's clock

PHOENIX = "America/Phoenix"
"""Two hours behind St. Louis in summer, one in winter: its clocks are never changed."""


def walls(found: Program) -> dict[str, str]:
    """Every time of a program as its own clock shows it."""
    dated = [(one.key, one.starts_at) for one in found.events] + [(one.key, one.due_at) for one in found.assignments]
    return {key: f"{at.astimezone(found.tz):%Y-%m-%d %H:%M}" for key, at in dated}


def dues(session: Session) -> dict[str, datetime]:
    """When each reminder is said that stands planned."""
    found = planning.foreseen(session, program(session), reminders.FEATURE, LATER)
    there = notices.standing(session, program(session).id, reminders.FEATURE.kinds)
    assert found == (), "nothing is left to be planned"
    return {one.key: one.due_at for one in there if one.state == "planned"}


def to_phoenix(session: Session) -> Draft:
    return draft(form(session, "program", "program"), zone=PHOENIX, place="Phoenix")


def test_on_another_clock_every_time_keeps_its_hours_and_what_is_planned_moves(db: Database) -> None:
    with db.begin() as session:
        was = begin(session)
        planned(session)
        said = dues(session)
        foreseen = hand_in(session, to_phoenix(session))
        assert isinstance(foreseen, Foreseen)
        assert len(foreseen.follows.moves) == len(was.events) + len(was.assignments)
        assert (program(session).zone, records(session), dues(session)) == ("America/Chicago", [], said)
        done = save(session, to_phoenix(session))
        now = program(session)
        assert (now.zone, now.place) == (PHOENIX, "Phoenix")
        assert walls(now) == walls(was)
        moved = {
            one.key: one.starts_at - was_one.starts_at for one, was_one in zip(now.events, was.events, strict=True)
        }
        summer, winter = timedelta(hours=2), timedelta(hours=1)
        assert (moved[WEDNESDAY], moved["convening-1"], moved["convening-5"]) == (summer, winter, summer)
        after = dues(session)
        assert after.keys() == said.keys()
        assert {after[key] - said[key] for key in said} == {summer, winter}
        assert done.follows.moved.moving == foreseen.follows.moved.moving


def test_another_clock_gives_every_date_a_newer_calendar_file_and_so_does_undoing_it(db: Database) -> None:
    with db.begin() as session:
        was = begin(session)
        done = save(session, to_phoenix(session))
        now = program(session)
        assert all(one.sequence > old.sequence for one, old in zip(now.events, was.events, strict=True))
        assert isinstance(take_back(session, done.change), Undone)
        back = program(session)
        assert (back.zone, back.place, walls(back)) == (was.zone, was.place, walls(was))
        assert [one.starts_at for one in back.events] == [one.starts_at for one in was.events]
        assert all(one.sequence > old.sequence for one, old in zip(back.events, now.events, strict=True))


def test_undoing_another_clock_puts_every_reminder_back(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        planned(session)
        before = dues(session)
        done = save(session, to_phoenix(session))
        take_back(session, done.change)
        assert dues(session) == before


def test_a_clock_on_which_a_time_does_not_exist_is_refused_with_its_name(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        # In Europe clocks go forward two weeks later than in St. Louis.
        save(session, draft(form(session, "events", "convening-3"), day="2021-03-28", starts="02:30", ends="04:00"))
        found = hand_in(session, draft(form(session, "program", "program"), zone="Europe/Madrid"), request="v2")
        assert isinstance(found, Rejected)
        assert [(one.field, one.why) for one in found.problems] == [("zone", "gap")]
        assert found.problems[0].words.startswith("2021-03-28 02:30 ")
        assert program(session).zone == "America/Chicago"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "a" * 3000])
def test_a_clock_that_nobody_knows_is_refused(quick_db: Database, zone: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        found = hand_in(session, draft(form(session, "program", "program"), zone=zone))
        assert isinstance(found, Rejected)
        assert found.problems[0].field == "zone"
