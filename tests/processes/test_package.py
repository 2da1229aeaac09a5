"""What is installed from a wheel, far from the sources, is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.localslack import TOMAS, LocalSlack
from tests.processes.processes import PATIENCE, ROOT, Starter, furnish

pytestmark = pytest.mark.long
SOURCES = ("bot", "handlers", "jobs", "storage")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the sources as they are, built in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / "sources" / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "sources")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(folder / "sources")],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder it is installed into; the libraries are those of the tests."""
    folder = wheel.parent / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*pip, str(wheel)], check=True, stdin=subprocess.DEVNULL)
    return folder


def test_a_wheel_holds_every_file_of_the_sources_and_no_other(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    there = {str(path.relative_to(ROOT)) for name in SOURCES for path in (ROOT / name).rglob("*") if path.is_file()}
    assert inside == {name for name in there if "__pycache__" not in name}


def test_the_sandbox_runs_from_it(start: Starter, installed: Path) -> None:
    port = LocalSlack().port
    process = start("sandbox", "--no-open", "--port", str(port), PYTHONPATH=str(installed), PORT=str(port))
    process.wait_until_said("Ctrl-C")
    assert process.stop() == 0


def test_the_bot_makes_its_database_and_listens(start: Starter, installed: Path, slack_over_http: LocalSlack) -> None:
    slack = slack_over_http
    process = start("run", PYTHONPATH=str(installed), DATABASE_URL="sqlite:///convene.db", **slack.settings)
    process.wait_until_healthy()
    assert (start.folder / "convene.db").exists()
    furnish(f"sqlite:///{start.folder}/convene.db")
    slack.open(process.port)
    assert slack.command(TOMAS, "/dates")["ok"]
    assert process.stop() == 0


def test_it_is_really_the_installed_one(installed: Path, tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "import bot.app, storage; print(bot.app.__file__, storage.__file__)"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)}
    found = subprocess.run(asked, cwd=tmp_path, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert all(name.startswith(str(installed)) for name in found.stdout.split())
