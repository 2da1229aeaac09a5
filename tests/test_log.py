"""The log: nothing secret and nothing that people wrote, whatever goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot import log
from bot.log import Redacting
from storage.database import Database

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


def test_libraries_speak_up_only_when_something_is_wrong() -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        log.configure("DEBUG")
        assert logging.getLogger("slack_bolt.App").getEffectiveLevel() == logging.WARNING
        assert logging.getLogger("slack_sdk.web.base_client").getEffectiveLevel() == logging.CRITICAL
        assert logging.getLogger("bot.app").getEffectiveLevel() == logging.DEBUG
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
