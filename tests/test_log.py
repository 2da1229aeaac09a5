"""The log: nothing secret and nothing that people wrote, whatever goes wrong."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot import log
from bot.log import Redacting
from storage.database import Database
from tests.cast import FAY, TOMAS
from tests.fuzz.payloads import command_of, press, submission
from tests.fuzz.stage import SECRET, staged
from tests.processes.processes import until

WORDS = "what I told my coach in confidence"


@pytest.fixture
def line() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger, and what it has written as it is written in earnest."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Redacting("%(levelname)s %(message)s"))
    logger = logging.getLogger("tests.log")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-AbC",
        "xapp-1-A1-2-ff",
        "xoxe.xoxp-1-Mi0",
        "https://hooks.slack.com/commands/T1/22/abcdef",
        "https://hooks.slack.com/actions/T1/22/abcdef",
        "https://hooks.slack.com/services/T1/22/abcdef",
        "https://files.slack.com/upload/v1/abcdef",
        "https://hooks.slack.com/app/T1/22/abcdef",
        "wss://wss-primary.slack.com/link/?ticket=abcdef&app_id=1",
    ],
)
def test_tokens_and_secret_addresses_are_taken_out(line: tuple[logging.Logger, io.StringIO], secret: str) -> None:
    logger, written = line
    logger.warning("posting to %s failed", secret)
    assert written.getvalue() in ("WARNING posting to [secret] failed\n", "WARNING posting to xoxe.[secret] failed\n")


def test_a_databases_password_is_taken_out_and_its_place_stays(line: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = line
    logger.warning("cannot reach postgresql://convene:hunter2@db.example.org:5432/convene")
    assert written.getvalue() == "WARNING cannot reach postgresql://[secret]@db.example.org:5432/convene\n"


def test_a_traceback_is_cleaned_like_its_message(line: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = line
    try:
        raise RuntimeError("refused: xoxb-123-456-AbC")
    except RuntimeError:
        logger.exception("it failed")
    assert "RuntimeError: refused: [secret]" in written.getvalue()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note (id, words) VALUES (1, :words)",
        "INSERT INTO note (id, words, kind) VALUES (2, :words, NULL)",
        "INSERT INTO note (id, words, kind) VALUES (3, :words, 'none')",
        "INSERT INTO note (id, words, nothing) VALUES (4, :words, 1)",
    ],
    ids=["same key", "nothing where something must be", "forbidden value", "no such column"],
)
def test_a_failing_statement_does_not_repeat_what_people_wrote(
    db: Database, line: tuple[logging.Logger, io.StringIO], statement: str
) -> None:
    logger, written = line
    with db.begin() as session:
        session.connection().execute(
            text(
                "CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT UNIQUE, "
                "kind TEXT NOT NULL DEFAULT 'x' CHECK (kind = 'x'))"
            )
        )
        session.connection().execute(text("INSERT INTO note (id, words) VALUES (1, :words)"), {"words": WORDS})
    try:
        with db.begin() as session:
            session.connection().execute(text(statement), {"words": WORDS})
    except DatabaseError:
        logger.exception("it failed")
    with db.begin() as session:
        session.connection().execute(text("DROP TABLE note"))
    assert "it failed" in written.getvalue()
    assert WORDS not in written.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"invalid literal for int() with base 10: '{WORDS}'"),
        KeyError(WORDS),
        TypeError(f'cannot take "{WORDS}" here'),
        LookupError(f"'{WORDS.replace(' ', '')}-{'x' * 40}' is not in the list"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_does_not_repeat_the_words_that_it_quotes(
    line: tuple[logging.Logger, io.StringIO], error: Exception
) -> None:
    logger, written = line
    logger.error("it failed", exc_info=error)
    assert type(error).__name__ in written.getvalue()
    assert "confidence" not in written.getvalue()


def test_an_error_that_names_a_thing_still_names_it(line: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = line
    logger.error("it failed", exc_info=AttributeError("'Asking' object has no attribute 'only_if_sure'"))
    assert "'Asking' object has no attribute 'only_if_sure'" in written.getvalue()


def test_a_secret_that_does_not_look_like_one_is_taken_out_as_well() -> None:
    made = Redacting("%(message)s", ["8f742231b10e8888abcd99yyyzzz85a5", "short"])
    record = logging.makeLogRecord({"msg": "signed with 8f742231b10e8888abcd99yyyzzz85a5, in short"})
    assert made.format(record) == "signed with [secret], in short"


def test_libraries_speak_up_only_when_something_is_wrong() -> None:
    log.configure("DEBUG")
    assert logging.getLogger("slack_bolt.App").getEffectiveLevel() == logging.WARNING
    assert logging.getLogger("slack_sdk.web.base_client").getEffectiveLevel() == logging.CRITICAL
    assert logging.getLogger("bot.app").getEffectiveLevel() == logging.DEBUG


def test_a_library_that_nobody_thought_of_says_nothing_below_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("DEBUG")
    chatty = logging.getLogger("some_library.deep.inside")
    chatty.info("the whole payload")
    chatty.warning("something is wrong")
    logging.getLogger("handlers.reply").debug("our own line")
    said = capsys.readouterr().err
    assert "the whole payload" not in said
    assert "something is wrong" in said
    assert "our own line" in said


def test_a_thread_that_dies_says_so_in_the_log_and_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")

    def die() -> None:
        raise RuntimeError("refused: xoxb-123-456-AbC")

    dying = threading.Thread(target=die, name="warm-up")
    dying.start()
    dying.join()
    said = capsys.readouterr().err
    assert "ERROR bot.log: the thread warm-up ended" in said
    assert "RuntimeError: refused: [secret]" in said
    assert "xoxb" not in said


def test_at_the_chattiest_level_nothing_that_people_do_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with staged() as stage:
        log.configure("DEBUG", stage.convene.deps.settings.secrets)
        hook = f"{stage.slack.url}response/T1/22/abcdef"
        stage.send({**command_of(TOMAS, "/ask", WORDS), "response_url": hook})
        stage.send({**command_of(TOMAS, "/reflect", ""), "trigger_id": "1.2"})
        form = stage.shown[-1]["view"]
        values: dict[str, Any] = {
            block["block_id"]: {block["element"]["action_id"]: {"type": "plain_text_input", "value": WORDS}}
            for block in form["blocks"]
            if block.get("block_id", "").startswith("answer:")
        }
        readers = {"selected_option": {"value": "facilitators"}}
        values |= {"reflection.readers": {"reflection.readers": readers}}
        view = {**form, "id": "V1", "state": {"values": values}}
        stage.send(submission(TOMAS, view))
        until(lambda: "reflection_versions" in stage.written)
        stage.send(submission(TOMAS, {**view, "id": "V2", "private_metadata": WORDS}))
        stage.send({**press(FAY, {"action_id": "nobody.knows", "action_ts": "1.2"}), "response_url": hook})
        stage.beat()
    said = capsys.readouterr().err
    assert "nobody listens to block_actions nobody.knows" in said
    leaked = [one for one in (WORDS, "confidence", "xoxb-", SECRET, "response/", "abcdef") if one in said]
    assert leaked == []
