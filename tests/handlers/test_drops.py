"""Documents by dropping them: offered once, read when somebody wants that, quoted, replaced, removed at once."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import BoltContext
from sqlmodel import select

from bot.domain.drops import Gone
from bot.services import documents, find, program_file, programs
from bot.services import drops as services
from bot.services import people as people_services
from bot.services.changes import get
from bot.services.documents import DocumentIndexes
from bot.services.undoing import KINDS as UNDOING
from bot.views import drops as views
from bot.views import ids
from handlers import changes as change_handlers
from handlers import drops
from handlers.messages import heard
from jobs import drops as job
from jobs.registry import KINDS
from storage import documents as rows
from storage.changes import ChangeRow
from storage.documents import PassageRow
from storage.drops import DroppedFile
from storage.notices import NoticeRow
from tests import cast, papers
from tests.cast import ADA, ALEX, COHORT, FACILITATORS, FAY, JUNE, SAM, TEAM, TOMAS
from tests.fakes import Odd
from tests.handlers.desk import Desk, filled
from tests.jobs.conftest import send_all
from tests.journeys.workspace import text_of

CONTEXT = BoltContext(bot_user_id="U0CONVENE")
DIRECT = "D0FAY0001"
BUS = b"# Getting there\n\nThe shuttle bus leaves the Delmar station at 8:40 each convening morning.\n"
ASKED = "When does the shuttle bus leave the Delmar station?"


def drop(
    season: Desk,
    name: str = "getting_there.md",
    content: bytes = BUS,
    *,
    user: str = FAY,
    channel: str = FACILITATORS,
    text: str = "",
    file: str = "F1",
    ts: str = "1602511200.000100",
) -> None:
    """A message with a file, as Slack delivers it."""
    season.slack.files[file] = ({"name": name}, content)
    files = [{"id": file, "name": name, "size": len(content)}]
    event: dict[str, Any] = {"type": "message", "subtype": "file_share", "user": user, "channel": channel, "ts": ts}
    event |= {"text": text, "files": files}
    heard({"team_id": TEAM, "event_id": f"Ev{ts}", "event": event}, event, CONTEXT, season.deps)


def use(season: Desk, user: str = FAY, drop_id: int = 1, **typed: str) -> dict[str, Any]:
    """The form, opened and handed in."""
    season.press(drops.form, user, f"1:{drop_id}")
    return season.submit(drops.use, user, filled(season.shown(), **typed))


def read(season: Desk) -> None:
    """What the clock does, until nothing is left to say."""
    job.read(season.deps, season.clock())
    send_all(season.deps, season.clock, KINDS)


def said(season: Desk) -> list[str]:
    send_all(season.deps, season.clock, KINDS)
    return season.slack.said()


def state(season: Desk, drop_id: int = 1) -> DroppedFile:
    with season.deps.db.read() as session:
        found = session.get(DroppedFile, drop_id)
        assert found is not None
        return found


def quoted(season: Desk, indexes: DocumentIndexes, user: str = FAY) -> str | None:
    """What is quoted to a question by one process."""
    with season.deps.db.read() as session:
        found = indexes.of(session, season.deps.programs.all(session)).find(ASKED)
        return found.passage.text if found is not None else None


def passages(season: Desk) -> int:
    with season.deps.db.read() as session:
        return len(session.exec(select(PassageRow)).all())


@pytest.mark.parametrize(("channel", "user"), [(FACILITATORS, FAY), (FACILITATORS, ALEX), (DIRECT, FAY)])
def test_what_a_facilitator_drops_is_offered(season: Desk, channel: str, user: str) -> None:
    drop(season, channel=channel, user=user)
    (offer,) = said(season)
    assert "getting_there.md" in offer


@pytest.mark.parametrize("user", [TOMAS, JUNE, ADA, SAM])
def test_what_others_drop_into_a_channel_is_none_of_the_bots_business(season: Desk, user: str) -> None:
    drop(season, channel=FACILITATORS, user=user)
    drop(season, channel=COHORT, user=FAY, file="F2", ts="2.0")
    assert said(season) == []


def test_a_participant_who_drops_a_file_directly_is_told_kindly_what_to_do_instead(season: Desk) -> None:
    drop(season, "photo.jpg", b"x", user=TOMAS, channel="D0TOMAS01")
    (word,) = said(season)
    assert "I do nothing with files" in word
    assert "adam@example.org" in word


def test_a_facilitator_who_drops_another_kind_directly_is_told_which_can_be_read(season: Desk) -> None:
    drop(season, "plan.docx", b"x", channel=DIRECT)
    (word,) = said(season)
    assert "Save “plan.docx” as PDF" in word


def test_a_file_with_a_question_gets_the_answer_to_the_question_alone(season: Desk) -> None:
    drop(season, "photo.jpg", b"x", user=TOMAS, channel="D0TOMAS01", text="When is convening 1?")
    with season.deps.db.read() as session:
        kinds = [one.kind for one in session.exec(select(NoticeRow)).all()]
    assert kinds == ["faq.reply"]


def test_the_same_file_is_offered_once_however_often_it_comes(season: Desk) -> None:
    drop(season)
    drop(season)
    drop(season, channel=DIRECT, ts="2.0")
    assert len(said(season)) == 1


def test_nothing_is_read_before_somebody_says_so(season: Desk) -> None:
    drop(season)
    read(season)
    assert season.slack.asked("files.info") == []
    assert passages(season) == 0


def test_what_is_used_is_read_named_and_quoted(season: Desk) -> None:
    indexes = DocumentIndexes()
    drop(season)
    assert quoted(season, indexes) is None
    answer = use(season, title="Getting there")
    assert "I read “Getting there” now" in text_of(answer["view"])
    read(season)
    assert "“Getting there” is a source of answers now: 1 passage, for everybody who asks." in season.slack.said()[-1]
    assert "8:40" in (quoted(season, indexes) or "")


def test_the_pages_of_a_pdf_are_counted(season: Desk) -> None:
    drop(season, "packet 2021.pdf", papers.packet())
    use(season)
    read(season)
    assert f"{len(papers.PACKET)} pages" in season.slack.said()[-1]


def test_who_may_read_it_holds(season: Desk) -> None:
    drop(season)
    use(season, audience="cohort")
    read(season)
    finds = find.FindIndexes()
    for user, sees in ((TOMAS, True), (ADA, False)):
        with season.deps.db.read() as session:
            viewer = people_services.viewer(
                session=session, programs=season.deps.programs, team=TEAM, user=user, now=season.clock()
            )
            found = find.look(session=session, indexes=finds, viewer=viewer, words="shuttle")
        assert bool(found.of("document")) is sees  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("locked.pdf", papers.locked(papers.packet()), "locked with a password"),
        ("scan.pdf", papers.pdf((), ()), "pictures of pages"),
        ("half.pdf", papers.packet()[:700], "damaged"),
        ("letter.pdf", b"Dear everybody", "called a PDF and is none"),
        ("empty.txt", b"", "empty"),
        ("latin.txt", b"caf\xe9", "neither a PDF nor a text"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_helps(season: Desk, name: str, content: bytes, says: str) -> None:
    drop(season, name, content)
    use(season)
    read(season)
    last = season.slack.said()[-1]
    assert says in last
    assert "Nothing is changed." in last
    assert passages(season) == 0


def test_what_is_too_large_is_not_fetched(season: Desk) -> None:
    drop(season)
    with season.deps.db.begin() as session:
        row = session.get_one(DroppedFile, 1)
        row.size = 20_000_001
        session.add(row)
    use(season)
    read(season)
    assert "larger than 20 MB" in season.slack.said()[-1]


def test_without_the_permission_it_says_who_gives_it(season: Desk) -> None:
    drop(season)
    season.slack.next_time("files.info", Odd(body=b'{"ok": false, "error": "missing_scope"}'))
    use(season)
    read(season)
    assert "files:read" in season.slack.said()[-1]
    use(season)
    read(season)
    assert "is a source of answers now" in season.slack.said()[-1]


def test_what_slack_does_not_give_at_the_moment_is_fetched_later(season: Desk) -> None:
    drop(season)
    season.slack.next_time("files.info", Odd(status=503))
    use(season)
    read(season)
    assert state(season).state == "wanted"
    season.clock.forward(minutes=2)
    read(season)
    assert state(season).state == "used"


def test_a_file_is_read_by_one_process(season: Desk) -> None:
    drop(season)
    use(season)
    season.slack.next_time("files.info", Odd(status=503))
    job.read(season.deps, season.clock())
    job.read(season.deps, season.clock())
    assert len(season.slack.asked("files.info")) == 1


def test_a_form_handed_in_twice_reads_once(season: Desk) -> None:
    drop(season)
    season.press(drops.form, FAY, "1:1")
    form = filled(season.shown())
    season.submit(drops.use, FAY, form)
    assert "is being read" in text_of(season.submit(drops.use, ALEX, form)["view"])
    read(season)
    season.press(drops.form, FAY, "1:1")
    assert "I answer from" in text_of(season.shown())


@pytest.mark.parametrize("title", ["", "   ", "x" * 76])
def test_a_name_that_cannot_be_is_refused_under_its_field(season: Desk, title: str) -> None:
    drop(season)
    season.press(drops.form, FAY, "1:1")
    view = filled(season.shown())
    view["state"]["values"][views.TITLE][views.TITLE]["value"] = title
    assert views.TITLE in season.submit(drops.use, FAY, view)["errors"]


def test_a_document_that_takes_the_place_of_another_deletes_its_words(season: Desk) -> None:
    indexes = DocumentIndexes()
    drop(season)
    use(season, title="Getting there")
    read(season)
    later = BUS.replace(b"8:40", b"9:10")
    drop(season, content=later, file="F2", ts="2.0")
    use(season, drop_id=2, title="Getting there", replaces="getting-there")
    read(season)
    assert "9:10" in (quoted(season, indexes) or "")
    assert passages(season) == 1
    assert "are deleted" in text_of(season.slack.asked("chat.postMessage")[-1]["blocks"])


def test_what_it_is_to_replace_may_be_gone_meanwhile(season: Desk) -> None:
    drop(season)
    use(season, title="Getting there")
    read(season)
    drop(season, content=BUS + b"More.", file="F2", ts="2.0")
    season.press(drops.form, FAY, "1:2")
    form = filled(season.shown(), replaces="getting-there")
    season.press(drops.remove, FAY, "1:getting-there")
    assert "removed meanwhile" in season.submit(drops.use, FAY, form)["errors"][views.REPLACES]


def test_the_very_same_contents_are_not_kept_twice(season: Desk) -> None:
    drop(season)
    use(season, title="Getting there")
    read(season)
    drop(season, "again.md", file="F2", ts="2.0")
    use(season, drop_id=2)
    read(season)
    assert "the very file that I answer from as “Getting there”" in season.slack.said()[-1]
    assert passages(season) == 1


def test_what_is_removed_is_gone_at_once_for_every_process(season: Desk) -> None:
    one, other = DocumentIndexes(), DocumentIndexes()
    drop(season)
    use(season, title="Getting there")
    read(season)
    assert quoted(season, one)
    assert quoted(season, other)
    season.press(drops.listing, FAY, "1:")
    assert "Getting there" in text_of(season.shown())
    season.press(drops.remove, FAY, "1:getting-there", {**season.shown(), "id": "V1", "type": "modal"})
    assert "“Getting there” is removed" in text_of(season.shown())
    assert quoted(season, one) is None
    assert quoted(season, other) is None
    assert passages(season) == 0
    assert all("shuttle" not in text for shelf in one._shelves.values() for text in map(str, shelf.index.passages))


def test_what_was_removed_can_be_used_again(season: Desk) -> None:
    drop(season)
    use(season)
    read(season)
    season.press(drops.remove, FAY, "1:getting-there")
    use(season)
    read(season)
    assert state(season).state == "used"
    assert passages(season) == 1


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_nobody_else_uses_sees_or_removes_them(season: Desk, user: str) -> None:
    drop(season)
    season.press(drops.form, FAY, "1:1")
    form = filled(season.shown())
    for listener, value in ((drops.form, "1:1"), (drops.listing, "1:"), (drops.remove, "1:packet-text")):
        season.press(listener, user, value)
        assert "Ask <@U0FAY0001>" in text_of(season.shown())
    assert "Ask <@U0FAY0001>" in text_of(season.submit(drops.use, user, form)["view"])
    with season.deps.db.read() as session:
        assert season.deps.programs.all(session)[0].document("packet-text") is not None


@pytest.mark.parametrize("value", ["1:99", "1:", "x", "1:x"])
def test_a_file_that_is_not_known_is_said_to_be_gone(season: Desk, value: str) -> None:
    season.press(drops.form, FAY, value)
    assert "no longer there" in text_of(season.shown())


def test_adding_one_can_be_undone_and_removing_one_cannot(season: Desk) -> None:
    drop(season)
    use(season, title="Getting there")
    read(season)
    with season.deps.db.read() as session:
        (added,) = session.exec(select(ChangeRow).where(ChangeRow.kind == "document")).all()
        assert get(session, added.id or 0) is not None
    assert "document" in UNDOING
    season.press(change_handlers.undo, FAY, ids.reference(1, str(added.id)))
    assert passages(season) == 0
    use(season, title="Getting there")
    read(season)
    season.press(drops.remove, FAY, "1:getting-there-2")
    with season.deps.db.read() as session:
        last = session.exec(select(ChangeRow).order_by(ChangeRow.id.desc())).first()  # type: ignore[union-attr]
        assert last is not None
    season.press(change_handlers.undo, FAY, ids.reference(1, str(last.id)))
    assert "are deleted" in text_of(season.shown())


def test_exported_and_loaded_again_it_is_what_it_was(season: Desk, tmp_path: Any) -> None:
    drop(season)
    use(season, title="Getting there")
    read(season)
    with season.deps.db.read() as session:
        text = programs.export(session=session, slug="ost-cop")
    assert text is not None
    assert "dropped:" in text
    path = tmp_path / "ost-cop.yaml"
    path.write_text(text)
    sheet = program_file.read_path(path)
    with season.deps.db.begin() as session:
        known = documents.known(session=session, slug="ost-cop")
        readings = programs.read_documents(path, sheet, known)
        loaded = programs.load(session=session, sheet=sheet, now=season.clock(), readings=readings)
        program = season.deps.programs.all(session)[0]
        troubles = documents.troubles(session=session, program=program)
    assert (loaded.added, loaded.changed, loaded.removed) == ((), (), ())
    assert passages(season) == 1
    assert all(one.document.key != "getting-there" for one in troubles)


def test_a_file_of_the_program_does_not_come_back_in_the_place_of_what_was_dropped(season: Desk) -> None:
    drop(season)
    use(season, title="Getting there", replaces="packet-text")
    read(season)
    path = programs.find_file("ost-cop")
    sheet = program_file.read_path(path)
    with season.deps.db.begin() as session:
        readings = programs.read_documents(path, sheet, {})
        programs.load(session=session, sheet=sheet, now=season.clock(), readings=readings)
        kept = rows.passages(session, 1)
    assert [one.text for one in kept["packet-text"]] == [kept["packet-text"][0].text]
    assert "shuttle" in kept["packet-text"][0].text


@pytest.mark.parametrize("channel", [FACILITATORS, "D0ALEX001"])
def test_who_runs_another_program_does_not_use_what_was_dropped_here(season: Desk, channel: str) -> None:
    drop(season, channel=channel, user=ALEX)
    with season.deps.db.begin() as session:
        other = cast.load(session, "stem-iq")
        cast.join(session, other, SAM, "facilitator")
    season.press(drops.form, SAM, f"{other.id}:1")
    assert "no longer" in text_of(season.shown())
    with season.deps.db.begin() as session:
        viewer = cast.asks(session, SAM)
        found = services.use(
            session=session, viewer=viewer, drop_id=1, title="Bus", audience="all", replaces=None, now=season.clock()
        )
        assert isinstance(found, Gone)
    assert state(season).state == "offered"


def test_what_somebody_dropped_directly_is_theirs_alone_to_use(season: Desk) -> None:
    drop(season, channel=DIRECT)
    season.press(drops.form, ALEX, "1:1")
    assert "no longer" in text_of(season.shown())
