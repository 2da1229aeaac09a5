"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_no_dependency_list_carries_an_address() -> None:
    for name in ("constraints.txt", "pyproject.toml"):
        lines = (ROOT / name).read_text().splitlines()
        assert not [line for line in lines if "://" in line or line.startswith(("-e", "--"))]
