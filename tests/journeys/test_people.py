"""People come, are confirmed, and are told; each step through the sandbox."""

from __future__ import annotations

import pytest

from bot.services import program_file, programs
from storage import notices
from tests.journeys.workspace import COHORT, FACILITATORS, FAY, SAM, TOMAS, RefusedError, Workspace, text_of


def test_somebody_joins_the_cohort_and_is_confirmed(workspace: Workspace) -> None:
    workspace.join(SAM, COHORT)
    asked = workspace.messages(FACILITATORS, FAY)[-1]
    assert "Sam Lee" in text_of(asked)
    assert "not on the list" in text_of(asked)

    workspace.press(FAY, "people.confirm", channel=FACILITATORS, message_ts=asked["ts"])
    refused = workspace.submit(FAY, {"Role": "participant"})
    assert "people.organization" in refused["errors"]
    workspace.submit(FAY, {"Role": "participant", "Or a new organization": "River Robotics Two"})

    decided = workspace.messages(FACILITATORS, FAY)[-1]
    assert decided["ts"] == asked["ts"]
    assert "participant, River Robotics Two" in text_of(decided)
    told = text_of(workspace.told(SAM))
    assert "Welcome" in told
    assert "You are confirmed" in told
