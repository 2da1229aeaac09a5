"""Documents by the clock: reading one that somebody wants, and what is said about those that were dropped."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from bot.deps import Deps
from bot.domain.drops import Failure
from bot.domain.notices import Skipped
from bot.services import documents
from bot.services import drops as services
from bot.services.programs import Programs
from bot.slack import ELSEWHERE, TOO_LARGE, SlackError
from bot.views import drops as views
from jobs.render import Kind, Kinds, Rendered, Scene, Urgency
from storage.database import JOB_PATIENCE

log = logging.getLogger(__name__)
GONE = Skipped("the file is no longer known")
WHY: dict[str, Failure] = {
    TOO_LARGE: "too large",
    ELSEWHERE: "elsewhere",
    "missing_scope": "forbidden in Slack",
    "not_allowed_token_type": "forbidden in Slack",
}
"""What it means that Slack does not give a file, by its code; any other is that it is gone there."""


def read(deps: Deps, now: datetime) -> None:
    """Fetch one file from Slack and read it; nobody holds the database meanwhile."""
    with deps.db.read() as session:
        if not services.waits(session=session, now=now):
            return
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        claimed = services.claim(session=session, now=now)
    if claimed is None:
        return
    drop_id, file, document = claimed
    try:
        fetched = deps.slack.download(file)
    except SlackError as error:
        log.info("Slack does not give a file that was dropped: %s", error.code)
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            if error.temporary:
                services.later(session=session, drop_id=drop_id, now=now, wait=error.wait)
            else:
                why = WHY.get(error.code, "gone in Slack")
                services.failed(session=session, drop_id=drop_id, why=why, now=now)
        return
    reading = documents.read_dropped(document, fetched.content)
    mark = hashlib.sha256(fetched.content).hexdigest()[:16]
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        services.finish(session=session, programs=deps.programs, drop_id=drop_id, reading=reading, mark=mark, now=now)


def offer(scene: Scene) -> Rendered:
    """A file may become a source of answers."""
    found = services.told(session=scene.session, programs=Programs(), drop_id=scene.number("drop"))
    return views.offer(found) if found is not None and found.programs else GONE


def outcome(scene: Scene) -> Rendered:
    """What came of reading one."""
    found = services.told(session=scene.session, programs=Programs(), drop_id=scene.number("drop"))
    return views.outcome(found) if found is not None else GONE


def word(scene: Scene) -> Rendered:
    """A file that is of no use here."""
    return views.word(scene.text("name"), scene.program, runs=bool(scene.number("runs")))


KINDS: Kinds = {
    services.OFFER: Kind(offer, urgency=Urgency.ANSWER, voice="asker"),
    services.OUTCOME: Kind(outcome, urgency=Urgency.ANSWER, voice="asker"),
    services.WORD: Kind(word, urgency=Urgency.ANSWER, voice="asker"),
}
