"""The run of faults, short and with a fixed seed; `python -m tests.faults` has the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.run import last_line, run

pytestmark = pytest.mark.long
SECONDS = 25.0


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_doubled(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'faults.db'}" if engine == "sqlite" else request.getfixturevalue("postgres_url")
    report = run(url, tmp_path, seconds=SECONDS, seed=1)
    with capsys.disabled():
        print(f"\n{engine}: {last_line(report)}")  # noqa: T201
    assert [f"{one.kind}: {one.what}" for one in report.findings] == []
    assert report.good
