"""What hosts read to run the bot says the same as the code: the Procfile, the compose file and the container's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot import config
from bot.cli import serve

ROOT = Path(__file__).parent.parent
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / ".deploy" / "compose.yaml")
CONTAINER = (ROOT / ".deploy" / "Dockerfile").read_text()
OURS = {name: one for name, one in COMPOSE["services"].items() if name != "db"}


def test_the_compose_file_runs_what_the_procfile_runs() -> None:
    assert {name: one["command"] for name, one in OURS.items()} == PROCFILE


def test_there_are_two_that_listen_and_two_that_send() -> None:
    assert {name: one["deploy"]["replicas"] for name, one in OURS.items() if name != "release"} == {
        "web": 2,
        "worker": 2,
    }


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_is_under_way_may_finish_before_a_container_is_ended(name: str) -> None:
    assert int(OURS[name]["stop_grace_period"].removesuffix("s")) > serve.STOP_SECONDS


def test_the_settings_in_the_compose_file_are_read() -> None:
    read = re.findall(r'take\("([A-Z_]+)"', Path(config.__file__).read_text())
    assert {name for one in OURS.values() for name in one["environment"]} <= set(read)


def test_nobody_but_the_containers_reaches_the_database() -> None:
    assert "ports" not in COMPOSE["services"]["db"]


def test_every_package_is_in_the_container() -> None:
    found: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"][
        "include"
    ]
    copied = set(re.findall(r"^COPY (\w+) \1$", CONTAINER, re.MULTILINE))
    assert copied == {one.rstrip("*") for one in found}
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert all(f"!{one}" in ignored for one in copied)


def test_no_secret_stands_in_what_is_built() -> None:
    assert "xoxb-" not in CONTAINER + str(COMPOSE)
    assert "!.env" not in (ROOT / ".dockerignore").read_text().split()
