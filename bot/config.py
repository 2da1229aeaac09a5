"""Settings, read once from an environment and checked all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SLACK = "https://slack.com/api/"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Settings:
    """What the bot is told from outside. Secrets do not show when it is printed."""

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str = SLACK
    database_url: str = field(default="sqlite:///convene.db", repr=False)
    port: int = 3000
    log_level: str = "INFO"
    model_dir: str | None = None
    clock_file: str | None = None

    @property
    def socket_mode(self) -> bool:
        return self.app_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must show nowhere."""
        return tuple(one for one in (self.bot_token, self.app_token, self.signing_secret) if one)


class SettingsError(Exception):
    """One or more settings cannot be used; `problems` says each in a sentence."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError naming every wrong one."""
    problems: list[str] = []

    def take(name: str, check: Callable[[str], str | None]) -> str | None:
        value = environ.get(name, "").strip()
        if not value:
            return None
        problem = check(value)
        if problem:
            problems.append(f"{name}: {problem}")
        return value

    bot_token = take("SLACK_BOT_TOKEN", _starts_with("xoxb-"))
    app_token = take("SLACK_APP_TOKEN", _starts_with("xapp-"))
    signing_secret = take("SLACK_SIGNING_SECRET", lambda _: None)
    api_url = take("SLACK_API_URL", _web_address) or SLACK
    database_url = take("DATABASE_URL", _database) or Settings.database_url
    port = take("PORT", _port) or str(Settings.port)
    model_dir = take("CONVENE_MODEL_DIR", _folder)
    clock_file = take("CONVENE_CLOCK_FILE", _file)
    level = (take("LOG_LEVEL", _level) or Settings.log_level).upper()
    if problems:
        raise SettingsError(tuple(problems))
    return Settings(
        bot_token=bot_token,
        app_token=app_token,
        signing_secret=signing_secret,
        api_url=api_url if api_url.endswith("/") else api_url + "/",
        database_url=database_url,
        port=int(port),
        log_level=level,
        model_dir=model_dir,
        clock_file=clock_file,
    )


def missing_for_slack(settings: Settings) -> tuple[str, ...]:
    """What has to be set before the bot can talk to Slack, a sentence each."""
    problems = []
    if settings.bot_token is None:
        problems.append(
            "SLACK_BOT_TOKEN is not set. It is the bot token (xoxb-…) on the app's page “OAuth & Permissions”."
        )
    if settings.app_token is None and settings.signing_secret is None:
        problems.append(
            "Set SLACK_APP_TOKEN (xapp-…, for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP); "
            "both are on the app's page “Basic Information”."
        )
    return tuple(problems)


def _starts_with(prefix: str) -> Callable[[str], str | None]:
    return lambda value: None if value.startswith(prefix) else f"this should start with {prefix}"


def _web_address(value: str) -> str | None:
    parts = urlsplit(value)
    good = parts.scheme in ("http", "https") and bool(parts.netloc)
    return None if good else "this should be a web address such as https://slack.com/api/"


def _database(value: str) -> str | None:
    kind, _, rest = value.partition("://")
    if kind == "sqlite" and rest.startswith("/"):
        named = rest[1:].partition("?")[0]
        return None if named not in ("", ":memory:") else "this should name a file, such as sqlite:///convene.db"
    if kind not in ("postgres", "postgresql", "postgresql+psycopg"):
        return "this should start with sqlite:/// or postgresql://"
    place = re.split("[/?]", rest.rpartition("@")[2], maxsplit=1)[0]
    port = re.search(r":([^]]*)$", place)
    if port is not None and not (port[1].isascii() and port[1].isdigit()):
        return (
            "its port should be a number: postgresql://USER:PASSWORD@HOST:5432/NAME (write an @ in the password as %40)"
        )
    return None


def _port(value: str) -> str | None:
    good = value.isascii() and value.isdigit() and 0 < int(value) < 65536
    return None if good else "this should be a number from 1 to 65535"


def _folder(value: str) -> str | None:
    return None if Path(value).is_dir() else "this should be a folder that is there"


def _file(value: str) -> str | None:
    return None if Path(value).is_file() else "this should be a file that is there"


def _level(value: str) -> str | None:
    return None if value.upper() in LEVELS else f"this should be one of {', '.join(LEVELS)}"
