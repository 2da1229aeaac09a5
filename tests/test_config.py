"""Settings: read from an environment, all wrong ones named at once, no secret ever shown."""

from __future__ import annotations

import pytest

from bot import config
from bot.config import Settings, SettingsError


def test_an_empty_environment_gives_the_defaults() -> None:
    assert config.read({}) == Settings()


def test_every_setting_is_read() -> None:
    settings = config.read(
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_SIGNING_SECRET": "abc",
            "SLACK_API_URL": "http://127.0.0.1:9/api",
            "DATABASE_URL": "postgres://db/convene",
            "PORT": "8080",
            "LOG_LEVEL": "debug",
        }
    )
    assert settings == Settings(
        "xoxb-1", "xapp-1", "abc", "http://127.0.0.1:9/api/", "postgres://db/convene", 8080, "DEBUG"
    )


def test_all_wrong_settings_are_named_at_once() -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "xapp-oops",
        "SLACK_APP_TOKEN": "hello",
        "SLACK_API_URL": "slack",
        "DATABASE_URL": "mysql://x",
        "PORT": "99999",
        "CONVENE_CLOCK_FILE": "/nowhere/clock",
        "LOG_LEVEL": "LOUD",
    }
    with pytest.raises(SettingsError) as caught:
        config.read(wrong)
    assert [problem.split(":")[0] for problem in caught.value.problems] == list(wrong)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///convene.db",
        "sqlite:////var/lib/convene.db",
        "postgres://u:p@h/d",
        "postgresql://u:p%40@h:5432/d",
        "postgresql+psycopg://h/d",
        "postgresql:///d?host=/run/postgresql",
        "postgresql://[::1]:5432/d",
    ],
)
def test_addresses_of_databases_that_can_be_used(url: str) -> None:
    assert config.read({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://h/d", "should start with"),
        ("convene.db", "should start with"),
        ("sqlite://convene.db", "should start with"),
        ("sqlite:///", "should name a file"),
        ("sqlite:///:memory:", "should name a file"),
        ("postgresql://u:hush@h:543x/d", "port should be a number"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained_and_not_repeated(url: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        config.read({"DATABASE_URL": url})
    assert words in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_wrong_token_is_not_repeated_in_the_message() -> None:
    with pytest.raises(SettingsError) as caught:
        config.read({"SLACK_BOT_TOKEN": "sk-secret-thing"})
    assert "sk-secret-thing" not in str(caught.value)


def test_blank_settings_count_as_not_set() -> None:
    assert config.read({"SLACK_BOT_TOKEN": "  ", "PORT": ""}) == Settings()


def test_printing_the_settings_shows_no_secret() -> None:
    shown = repr(
        Settings(bot_token="xoxb-1", app_token="xapp-1", signing_secret="abc", database_url="postgres://u:pw@h/d")
    )
    assert not any(secret in shown for secret in ("xoxb-1", "xapp-1", "abc", "pw"))


def test_what_slack_needs_is_asked_for_in_sentences() -> None:
    assert len(config.missing_for_slack(Settings())) == 2
    assert config.missing_for_slack(Settings(bot_token="xoxb-1", signing_secret="abc")) == ()
    assert config.missing_for_slack(Settings(bot_token="xoxb-1", app_token="xapp-1")) == ()
