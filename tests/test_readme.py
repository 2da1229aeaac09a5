"""The README says what is: its tables are those of the code, its files are there, its example is a program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from bot import app, config
from bot.cli import build
from bot.domain import living
from bot.services import program_file, programs

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_slash_commands_are_those_that_are_listened_to() -> None:
    shown = re.findall(r"^\| `(/\w+)[^`]*` \|", README, re.MULTILINE)
    assert shown == [command.name for command in app.heard().commands]


def test_the_terminal_commands_are_those_there_are() -> None:
    shown = set(re.findall(r"^\| `convene ([^`]+)` \|", README, re.MULTILINE))
    assert shown == set(_commands())


def test_the_settings_are_those_that_are_read() -> None:
    shown = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)
    read = re.findall(r'take\("([A-Z_]+)"', Path(config.__file__).read_text())
    assert sorted(shown) == sorted(read)


def test_every_picture_of_the_administrators_page_is_there() -> None:
    page = ROOT / ".readme" / "administrator.md"
    assert "(.readme/administrator.md)" in README
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
    assert pictures
    assert [name for name in pictures if not (page.parent / name).is_file()] == []


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("extra", ["-e . ", "-e '.[dev]' "])
def test_both_commands_for_a_fresh_machine_stand_there(extra: str) -> None:
    line = f"python3 -m venv .venv && .venv/bin/pip install -c constraints.txt {extra}&& .venv/bin/"
    assert README.count(line) == 1


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
def test_the_examples_name_only_what_a_program_file_knows(example: str) -> None:
    with pytest.raises(program_file.ProgramError) as caught:
        program_file.read_text(example, "example.yaml")
    # It is the heart of a file, not a whole one: what is left out may be missing, but nothing in it may be wrong.
    wrong = [str(problem) for problem in caught.value.problems if "missing" not in str(problem)]
    assert wrong == []


def test_the_placeholders_are_those_that_answers_may_hold() -> None:
    cells = re.findall(r"^\| `(\{\{.+?\}\})` \|", README, re.MULTILINE)
    shown = [one for cell in cells for one in living.parse(cell.replace("\\|", "|")) if not isinstance(one, str)]
    assert [one.word for one in shown] == list(living.WORDS)
    assert [one.word for one in shown if len(one.texts) not in living.WORDS[one.word].texts] == []


def test_every_other_name_of_a_kind_stands_there() -> None:
    assert [name for name in living.ALIASES if f"`{name}`" not in README] == []


def test_what_is_shown_of_placeholders_is_right_in_a_program_that_ships() -> None:
    program = programs.check(programs.find_file("ost-cop"))
    keys = (frozenset(one.key for one in some) for some in (program.events, program.assignments, program.resources))
    shown = re.findall(r"(\{\{.+\}\})", README)
    assert len(shown) > len(living.WORDS)
    names = living.Names(*keys)
    assert [fault.says for one in shown for fault in living.faults(one.replace("\\|", "|"), names)] == []


def _commands() -> list[str]:
    root = get_command(build())
    assert isinstance(root, typer.core.TyperGroup)
    found: list[str] = []
    for name, command in root.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            found += [f"{name} {inner}" for inner in command.commands]
        else:
            found.append(name)
    return found
