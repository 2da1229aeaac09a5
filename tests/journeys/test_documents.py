"""A program with a packet: what its entries do not say is quoted from there, page and all, and a person stays near."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import run
from bot.services import program_file, programs
from bot.services.program_file import read_path
from bot.views import ids
from tests import papers
from tests.journeys.conftest import complaints, mistakes
from tests.journeys.workspace import ADA, APPLICANTS, FACILITATORS, FAY, LENA, Message, Workspace, text_of

PARKING = "Is there free parking behind the library?"
SCHOLARSHIP = "How much is the travel scholarship for organizations fifty miles away?"
NOT_THERE = "Do you pay for hotels?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program file of one's own, with a packet of three pages, a scan, and a document that is not there."""
    monkeypatch.setattr(program_file, "read_path", read_path)
    whole = programs.find_file("ost-cop").read_text(encoding="utf-8")
    before, _, after = whole.partition("documents:\n")
    _, _, after = after.partition("# Homework")
    listed = "".join(
        f"  - id: {name}\n    title: {title}\n    path: papers/{name}.pdf\n"
        for name, title in (("packet", "Informational packet"), ("scan", "Old flyer"), ("map", "Map"))
    )
    (tmp_path / "program.yaml").write_text(f"{before}documents:\n{listed}\n# Homework{after}", encoding="utf-8")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "packet.pdf").write_bytes(papers.packet())
    (tmp_path / "papers" / "scan.pdf").write_bytes(papers.pdf(()))
    return tmp_path


@pytest.fixture
def workspace(folder: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Workspace]:
    """The same Monday morning, with that program, over HTTP."""
    with run.running(program=str(folder / "program.yaml")) as stage:
        yield Workspace(stage)
        assert mistakes(stage) + complaints(caplog) == []


def said(message: Message) -> str:
    return text_of(message["blocks"] or message["text"])


def last(workspace: Workspace, user: str, channel: str = APPLICANTS) -> Message:
    return workspace.messages(channel, user)[-1]


def offered(message: Message) -> list[str]:
    rows: list[dict[str, Any]] = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]


def test_a_command_is_answered_with_a_quotation_and_shared(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {PARKING}")
    answer = last(workspace, ADA)
    assert "I have no answer of my own to this. *Informational packet* says:" in said(answer)
    assert f"> {papers.PARKING}" in said(answer)
    assert "Source: Informational packet, p. 1 · OST Community of Practice" in said(answer)
    assert offered(answer) == [ids.FAQ_SHARE, ids.FAQ_HELPFUL, ids.FAQ_NOT_HELPFUL, ids.FAQ_HAND_OVER]
    workspace.press(ADA, ids.FAQ_SHARE, channel=APPLICANTS, message_ts=answer["ts"])
    shared = last(workspace, FAY)
    assert f"<@{ADA}> asked" in said(shared)
    assert papers.PARKING in said(shared)


def test_in_the_channel_the_quotation_stands_in_the_thread_and_a_person_may_follow(workspace: Workspace) -> None:
    ts = str(workspace.message(ADA, SCHOLARSHIP)["ts"])
    (reply,) = [one for one in workspace.messages(APPLICANTS, ADA, ts) if one.get("bot_id")]
    assert papers.SCHOLARSHIP in said(reply)
    assert "p. 3" in said(reply)
    workspace.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=reply["ts"])
    (reply,) = [one for one in workspace.messages(APPLICANTS, ADA, ts) if one.get("bot_id")]
    assert papers.SCHOLARSHIP in said(reply)
    assert "Fay Whitaker answers by" in said(reply)
    assert SCHOLARSHIP in said(last(workspace, FAY, FACILITATORS))


def test_a_guest_is_quoted_to_directly_and_votes(workspace: Workspace) -> None:
    direct = workspace.direct(LENA)
    workspace.message(LENA, PARKING, channel=direct)
    assert papers.PARKING in said(workspace.told(LENA)[-1])
    workspace.press(LENA, ids.FAQ_NOT_HELPFUL, channel=direct, message_ts=workspace.told(LENA)[-1]["ts"])
    assert "A person can answer it instead" in said(workspace.told(LENA)[-1])
    assert offered(workspace.told(LENA)[-1]) == [ids.FAQ_HAND_OVER]


def test_what_neither_entries_nor_papers_say_is_not_known(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {NOT_THERE}")
    assert "I don't have that." in said(last(workspace, ADA))


def test_papers_that_cannot_be_read_are_named_and_the_rest_works(workspace: Workspace) -> None:
    found = {one.document.title: one.why for one in workspace.stage.unread}
    assert found == {"Old flyer": "no words", "Map": "missing"}
    assert "“Map” could not be read: papers/map.pdf is not there." in text_of(workspace.home(FAY))
    assert "“Map”" not in text_of(workspace.home(ADA))
    workspace.command(ADA, "/ask When is the application due?")
    assert "Fri, Oct 16, 11:59 pm (St. Louis)" in said(last(workspace, ADA))
