"""`convene preview`: every message that will be posted, from a database or a file; looking changes nothing."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import preview as command
from bot.domain.messages import Message
from bot.domain.people import NotAllowed
from bot.domain.week import Change
from bot.services import homework, planning, programs, reminders, week
from bot.services.programs import Programs
from bot.views.shown import lines
from jobs import foretell, registry, sender
from storage import notices
from storage.database import Database
from tests import cast
from tests.cast import FAY, MONDAY
from tests.fakes import FakeSlack
from tests.jobs.conftest import HandClock, bench_of, clock, slack

__all__ = ["clock", "slack"]
Run = typer.Typer(pretty_exceptions_enable=False)
command.add(Run)
FILE = Path(__file__).parents[2] / "bot" / "programs" / "ost-cop.yaml"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, a database of one's own, and the Monday of the application week."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr(command, "wall", lambda: MONDAY)


@pytest.fixture
def season(sqlite_url: str) -> Iterator[Database]:
    """The cast on Monday, with nothing planned yet."""
    db = Database(sqlite_url)
    with db.begin() as session:
        cast.begin(session)
    yield db
    db.close()


def preview(*words: str) -> Result:
    return CliRunner().invoke(Run, list(words))


def found(*words: str) -> list[dict[str, Any]]:
    result = preview(*words, "--json")
    assert result.exit_code == 0, result.stderr
    read: list[dict[str, Any]] = json.loads(result.stdout)
    return read


def plan(db: Database) -> None:
    with db.begin() as session:
        for feature in (reminders.FEATURE, homework.FEATURE):
            planning.follow(session=session, programs=Programs(), slug="ost-cop", feature=feature, now=MONDAY)


@pytest.mark.usefixtures("season")
def test_each_message_has_its_time_in_both_zones_its_place_its_kind_and_its_words() -> None:
    shown = " ".join(preview("--channel", "applicants").stdout.split())
    assert "When (St. Louis) UTC Where What Words" in shown
    assert "Tue, Oct 13, 2020, 9:00 am 2020-10-13 14:00 #applicants a reminder of a date: Applications are due" in shown
    assert "[Open the application (sample link) | Ask a question]" in shown
    assert not set(shown) & set("─│┃━┏\x1b")


def test_looking_changes_nothing_and_needs_nothing_planned(season: Database) -> None:
    before = [one for one in found() if one["kinds"] != ["week.word"]]
    with season.read() as session:
        assert notices.counts(session) == {}
    plan(season)
    assert [one for one in found() if one["kinds"] != ["week.word"]] == before


def test_it_is_what_is_posted_when_the_time_comes(season: Database, slack: FakeSlack, clock: HandClock) -> None:
    told = [one["text"] for one in found("--channel", "cohort", "--to", "2021-01-31")]
    plan(season)
    bench = bench_of(season, slack, clock)
    with season.read() as session:
        moments = sorted({row.due_at for row in notices.by_state(session, ("planned",))})
    for moment in moments:
        for pause in range(0, 30, 5):
            clock.now = moment + timedelta(seconds=pause)
            sender.send_due(bench.deps, clock.now, registry.KINDS)
    until = datetime(2021, 2, 1, tzinfo=UTC).timestamp()
    posted = [one for one in slack.messages if one["channel"] == cast.COHORT and float(one["ts"]) < until]
    assert told == ["\n".join(lines(Message(one["text"], one["blocks"]), {})) for one in posted]
    assert len(told) > 3


@pytest.mark.usefixtures("season")
def test_what_shares_a_post_is_shown_as_one() -> None:
    program = MONDAY + timedelta(days=2)
    both = [one for one in found("--all") if one["at"].startswith(f"{program:%Y-%m-%d}") and one["where"] == "#cohort"]
    assert [len(one["about"]) for one in both] == [1]


def test_what_a_facilitator_skipped_or_holds_is_shown_as_such(season: Database) -> None:
    plan(season)
    with season.begin() as session:
        viewer = cast.asks(session, FAY)
        seen = week.look(session=session, viewer=viewer, monday=None, now=MONDAY)
        assert not isinstance(seen, NotAllowed)
        first, second = seen.posts[0].rows, seen.posts[1].rows
        week.decide(session=session, viewer=viewer, posts=first, deed="skip", request="a", now=MONDAY)
        week.decide(session=session, viewer=viewer, posts=second, deed="hold", request="b", now=MONDAY)
    states = {one["state"]: one for one in found("--all")}
    assert states["not said"]["reason"] == "a facilitator left it out"
    assert "held" in states
    assert "not said" not in {one["state"] for one in found()}
    assert "--all shows them" in preview().stderr


@pytest.mark.usefixtures("season")
def test_personal_reminders_name_who_gets_them_and_say_that_they_depend() -> None:
    nudges = [one for one in found() if one["kinds"] == ["homework.nudge"]]
    assert {one["where"] for one in nudges} == {"to Tomás Rivera", "to Priya Nair", "to Lena Fischer", "to Kofi Mensah"}
    assert all(one["as_things_stand"] for one in nudges)


def test_a_break_is_a_reason_not_to_say_it(season: Database) -> None:
    body = {"id": "fair", "name": "County fair", "from": "2020-10-13", "to": "2020-10-14"}
    with season.begin() as session:
        programs.edit_item(session=session, slug="ost-cop", section="breaks", key="fair", body=body, by=FAY, now=MONDAY)
    silent = [one for one in found("--all") if one["state"] == "not said"]
    assert {one["reason"] for one in silent} == {"break: County fair"}


def test_a_file_is_shown_before_it_is_loaded(season: Database) -> None:
    result = preview(str(FILE), "--from", "2020-11-01", "--to", "2020-11-30", "--json", "--samples")
    assert result.exit_code == 0, result.stderr
    assert {one["where"] for one in json.loads(result.stdout)} >= {"the cohort's channel", "the facilitators' channel"}
    assert "not loaded" in result.stderr
    with season.read() as session:
        assert notices.counts(session) == {}


def test_a_file_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///not-there.db")
    monkeypatch.setattr(command, "wall", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert len(found(str(FILE), "--samples")) > 40
    assert not Path("not-there.db").exists()


def test_what_is_made_up_is_left_out_and_counted_as_a_live_program_posts_none_of_it() -> None:
    result = preview(str(FILE), "--from", "2020-11-01", "--to", "2020-11-30", "--json")
    assert {one["where"] for one in json.loads(result.stdout)} == {"the facilitators' channel"}
    assert "Live: samples are left out." in result.stderr
    assert "posts about samples; --samples shows them." in result.stderr


def test_a_wrong_file_is_refused_with_its_lines() -> None:
    Path("mine.yaml").write_text("program: 3\n")
    result = preview("mine.yaml")
    assert result.exit_code == 1
    assert "mine.yaml:1" in result.stderr
    assert "Nothing can be shown" in result.stderr


@pytest.mark.usefixtures("season")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "soon"], "is not a day"),
        (["--from", "2020-10-01"], "is over"),
        (["--to", "2020-10-01"], "before the first"),
        (["--channel", "lobby"], "There is: applicants, cohort, facilitators"),
        (["other"], "There is no program 'other'"),
        (["--html", "missing.yaml/page.html"], ""),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(words: list[str], says: str) -> None:
    Path("missing.yaml").write_text("a file, not a folder")
    result = preview(*words)
    assert result.exit_code == 1
    assert says in result.stderr


class Page(HTMLParser):
    """Ids, links within the page, tags that are open, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value and value.startswith("#"):
                self.links.append(value[1:])


@pytest.mark.usefixtures("season")
def test_a_page_has_a_calendar_whose_links_lead_to_messages_and_no_script() -> None:
    result = preview("--html", "site/week.html", "--all")
    assert result.exit_code == 0, result.stderr
    text = Path("site/week.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {"table", "caption", "th", "article", "time"} <= set(page.tags)
    assert not {"script", "img", "link"} & set(page.tags)
    assert "October 2020" in text
    assert "#applicants" in text


def test_people_s_words_are_harmless_on_the_page(season: Database) -> None:
    plan(season)
    with season.begin() as session:
        viewer = cast.asks(session, FAY)
        seen = week.look(session=session, viewer=viewer, monday=None, now=MONDAY)
        assert not isinstance(seen, NotAllowed)
        asked = Change(seen.posts[0].rows, None, '<img src=x onerror="1"> *bold*', "")
        week.change(session=session, programs=Programs(), viewer=viewer, asked=asked, request="c", now=MONDAY)
    preview("--html", "week.html")
    text = Path("week.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert html.escape('<img src=x onerror="1">') in text
    assert re.search(r"<strong>Fay Whitaker:</strong>", text)


def test_every_planner_of_program_posts_is_foretold() -> None:
    kinds = {kind for feature in foretell.features(MONDAY) for kind in feature.kinds}
    assert kinds <= set(registry.KINDS)
    assert {"reminder.event", "homework.post", "homework.nudge", "digest.report", "week.word"} <= kinds
