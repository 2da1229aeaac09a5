"""`convene people` and `convene channel`: whole or not at all, in words, with status 1 for a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import channels, people
from bot.services import people as services
from storage import channels as rows
from storage.database import Database
from tests import cast
from tests.cast import ALEX, COHORT, TEAM
from tests.fakes import FakeSlack, refuses, serving

Run = typer.Typer(pretty_exceptions_enable=False)
people.add(Run)
channels.add(Run)

LIST = "Name;E-mail;Slack ID;Role;Organisation\r\nTomás;tomas@example.org;U0TOMAS01;participant;Bright Labs\r\n"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, a database of one's own, and no Slack."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ost(db: Database) -> int:
    with db.begin() as session:
        return cast.load(session).id


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    """A Slack that the settings point at."""
    with serving(FakeSlack(lambda: cast.MONDAY)) as fake:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
        monkeypatch.setenv("SLACK_API_URL", fake.url)
        yield fake


def run(*words: str) -> Result:
    return CliRunner().invoke(Run, words)


def given(path: Path, text: str, encoding: str = "utf-8-sig") -> str:
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_a_list_from_a_spreadsheet_is_imported_and_shown(ost: int, tmp_path: Path) -> None:
    file = given(tmp_path / "people.csv", LIST)
    first = run("people", "import", file)
    assert first.exit_code == 0
    assert "added    Tomás: participant, Bright Labs" in first.stdout
    assert "1 added, 0 changed, 0 unchanged" in first.stdout
    assert "0 added, 0 changed, 1 unchanged" in run("people", "import", file).stdout
    shown = run("people", "list").stdout
    for word in ("Tomás", "U0TOMAS01", "tomas@example.org", "participant", "Bright Labs", "active"):
        assert word in shown


def test_a_bad_row_in_the_middle_changes_nothing_and_every_problem_is_named(
    ost: int, db: Database, tmp_path: Path
) -> None:  # fmt: skip
    bad = LIST + "Sam;sam at home;;particpant;\r\nJune;june@example.org;;coach;\r\n"
    result = run("people", "import", given(tmp_path / "people.csv", bad))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "people.csv, line 3, email: 'sam at home' is not an e-mail address" in result.stderr
    assert "line 3, role: 'particpant' is not a role. Did you mean participant?" in result.stderr
    assert "2 problems; nothing was changed." in result.stderr
    with db.read() as session:
        assert services.listed(session, ost) == ()


def test_a_list_that_contradicts_what_is_known_changes_nothing(ost: int, db: Database, tmp_path: Path) -> None:
    run("people", "import", given(tmp_path / "one.csv", LIST))
    two = LIST.replace("U0TOMAS01", "U0OTHER01") + "June;june@example.org;;coach;\r\n"
    result = run("people", "import", given(tmp_path / "two.csv", two))
    assert result.exit_code == 1
    assert "line 2, slack_id: tomas@example.org belongs to Tomás (U0TOMAS01) already" in result.stderr
    with db.read() as session:
        assert len(services.listed(session, ost)) == 1


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_a_file_that_is_not_there_is_said_to_be_not_there(ost: int, name: str) -> None:
    result = run("people", "import", name)
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_before_a_program_is_loaded_it_says_so(tmp_path: Path) -> None:
    result = run("people", "import", given(tmp_path / "people.csv", LIST))
    assert result.exit_code == 1
    assert "convene program load FILE" in result.stderr


def test_with_several_programs_one_has_to_be_named(ost: int, db: Database, tmp_path: Path) -> None:
    with db.begin() as session:
        cast.load(session, "stem-iq")
    file = given(tmp_path / "people.csv", LIST)
    assert "--program SLUG" in run("people", "import", file).stderr
    assert run("people", "import", file, "--program", "ost-cop").exit_code == 0
    assert "There is no program 'ost'" in run("people", "import", file, "--program", "ost").stderr


def test_who_is_known_by_address_only_is_counted(ost: int, tmp_path: Path) -> None:
    text = "email,role\njune@example.org,coach\nfay@example.org,facilitator\n"
    assert "2 people are known by e-mail only" in run("people", "import", given(tmp_path / "p.csv", text)).stdout


def test_an_empty_list_says_what_to_do(ost: int) -> None:
    assert "convene people import FILE" in run("people", "list").stdout


def test_a_role_is_granted_by_id_or_by_address(ost: int) -> None:
    assert "U0FAY0001 is facilitator of OST" in run("people", "grant", "U0FAY0001", "facilitator").stdout
    assert "was already" in run("people", "grant", "U0FAY0001", "facilitator").stdout
    done = run("people", "grant", "sam@example.org", "participant", "--organization", "River Robotics")
    assert "sam@example.org is participant of OST Community of Practice for River Robotics." in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("U0SAM0001", "facilitatr"), "ROLE: 'facilitatr' is not a role. Did you mean facilitator?"),
        (("sam", "coach"), "USER: 'sam' is not a Slack member id"),
        (("U0SAM0001", "participant"), "--organization: is empty"),
    ],
)
def test_a_wrong_grant_says_what_would_be_right(ost: int, words: tuple[str, str], says: str) -> None:
    result = run("people", "grant", *words)
    assert result.exit_code == 1
    assert says in result.stderr


def test_the_workspace_is_the_one_that_is_known(ost: int, db: Database) -> None:
    with db.begin() as session:
        cast.person(session, ALEX)
    run("people", "grant", "U0FAY0001", "facilitator")
    with db.begin() as session:
        assert cast.asks(session, "U0FAY0001").team == TEAM


def test_the_workspace_is_asked_of_slack_while_it_is_not_known(ost: int, db: Database, slack: FakeSlack) -> None:
    run("people", "grant", "U0FAY0001", "facilitator")
    assert len(slack.asked("auth.test")) == 1
    with db.read() as session:
        assert [one.user for one in services.facilitators(session, ost)] == ["U0FAY0001"]


def test_a_channel_is_set(ost: int, db: Database) -> None:
    result = run("channel", "set", COHORT, "Cohort")
    assert result.exit_code == 0
    assert f"{COHORT} is the cohort's channel of OST Community of Practice now." in result.stdout
    with db.read() as session:
        assert [one.channel_id for one in rows.for_purpose(session, ost, "cohort")] == [COHORT]


def test_a_channel_is_told_when_the_bot_speaks_there(ost: int, db: Database) -> None:
    said = run("channel", "set", COHORT, "cohort", "--answering", "Questions").stdout
    assert "The bot answers the questions there that it is sure about." in " ".join(said.split())
    said = run("channel", "set", COHORT, "cohort").stdout
    assert "sure about" in said
    said = run("channel", "set", COHORT, "cohort", "--answering", "usual").stdout
    assert "when it is mentioned" in " ".join(said.split())


def test_a_channel_can_be_for_nothing_and_be_replaced(ost: int) -> None:
    run("channel", "set", COHORT, "cohort")
    assert f"It takes over from {COHORT}" in run("channel", "set", "C0OTHER01", "cohort").stdout
    assert "C0OTHER01 has no purpose now." in run("channel", "set", "C0OTHER01", "nothing").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((COHORT, "cohrt"), "'cohrt' is not a purpose. Did you mean cohort?"),
        ((COHORT, "cohort", "--answering", "allways"), "'allways' does not say when to answer. Did you mean always?"),
        ((COHORT, "cohort", "--answering", "loudly"), "There is: always, questions, mention, usual."),
        (("#cohort", "cohort"), "'#cohort' is not the id of a channel"),
    ],
)
def test_a_wrong_channel_or_purpose_says_what_would_be_right(ost: int, words: tuple[str, ...], says: str) -> None:
    result = run("channel", "set", *words)
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())


def test_a_channel_without_the_bot_says_how_to_invite_it(ost: int, slack: FakeSlack) -> None:
    slack.next_time("conversations.info", refuses("channel_not_found"))
    result = run("channel", "set", COHORT, "cohort")
    assert result.exit_code == 1
    assert "/invite @Convene" in result.stderr


def test_an_open_facilitators_channel_is_set_with_a_warning(ost: int, slack: FakeSlack) -> None:
    slack.channels["C0OPEN001"] = {"name": "open", "is_member": True, "is_shared": True}
    result = run("channel", "set", "C0OPEN001", "facilitators")
    assert result.exit_code == 0
    assert "#open is the facilitators' channel" in result.stdout
    assert "this channel is public" in result.stderr
    assert "this channel is shared" in result.stderr


@pytest.mark.parametrize(
    ("room", "says"),
    [({"name": "old", "is_archived": True, "is_member": True}, "is archived"), ({"name": "far"}, "I am not in #far")],
)
def test_a_channel_that_cannot_be_used_says_why(
    ost: int, slack: FakeSlack, room: dict[str, object], says: str
) -> None:  # fmt: skip
    slack.channels["C0ROOM001"] = room
    result = run("channel", "set", "C0ROOM001", "cohort")
    assert result.exit_code == 1
    assert says in result.stderr


def test_a_slack_that_does_not_answer_does_not_keep_a_channel_from_being_set(ost: int, slack: FakeSlack) -> None:
    slack.next_time("conversations.info", refuses("service_unavailable"))
    result = run("channel", "set", COHORT, "cohort")
    assert result.exit_code == 0
    assert "service_unavailable" in result.stderr


# Erasing somebody


def test_somebody_is_erased_after_it_was_said_what_goes(ost: int, tmp_path: Path) -> None:
    run("people", "import", given(tmp_path / "people.csv", LIST))
    result = run("people", "erase", "Tomas@example.org", "--yes")
    assert result.exit_code == 0
    assert "Tomás: name, e-mail address and Slack id, 0 reflections, 0 check-ins" in result.stdout
    assert "Backups and exports made before still hold their words" in result.stdout
    shown = run("people", "list").stdout
    assert "Tomás" not in shown
    assert "erased" not in shown


def test_where_nobody_can_be_asked_nobody_is_erased(ost: int, tmp_path: Path) -> None:
    run("people", "import", given(tmp_path / "people.csv", LIST))
    result = run("people", "erase", "U0TOMAS01")
    assert result.exit_code == 1
    assert "say --yes if you are sure" in result.stderr
    assert "Tomás" in run("people", "list").stdout


def test_nobody_who_is_not_known_is_erased(ost: int) -> None:
    result = run("people", "erase", "nobody@example.org", "--yes")
    assert result.exit_code == 1
    assert "Nobody is known as nobody@example.org." in result.stderr
