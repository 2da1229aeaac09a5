"""What is said about drafts, to their authors alone: that one was kept, and what became of it."""

from __future__ import annotations

from datetime import datetime

from bot.deps import Deps
from bot.domain.drafts import About, Gone, Offer, form_named
from bot.services import drafts
from bot.views import drafts as views
from jobs import follow
from jobs.render import Kind, Kinds, Later, Rendered, Scene, Skipped
from storage.database import JOB_PATIENCE


def kept(scene: Scene) -> Rendered:
    """The offer to go on with what was left; not while somebody still writes it."""
    found = drafts.offered(
        session=scene.session,
        program=scene.of_program,
        draft_id=scene.number("draft"),
        began=scene.number("began"),
        now=scene.now,
    )
    match found:
        case None:
            return Skipped("handed in or thrown away meanwhile")
        case Offer():
            return views.kept(found, scene.of_program, scene.reader_zone)
        case due:
            return Later("it is still being written", due - scene.now)


def gone(scene: Scene) -> Rendered:
    """The offer, once what it offered is no longer there."""
    about = About(form_named(scene.text("form")) or "answer", scene.of_program.id, scene.text("subject"))
    offer = Offer(0, about, scene.now, *drafts.described(scene.session, scene.of_program, about))
    how: Gone = "handed in" if scene.text("how") == "handed in" else "thrown away"
    return follow.update(scene, scene.text("post"), views.gone(offer, how))


def forget_old(deps: Deps, now: datetime) -> None:
    """Drafts that nobody has touched for thirty days go."""
    with deps.db.read() as session:
        if not drafts.any_old(session, now):
            return
    with deps.db.begin(patience=JOB_PATIENCE) as session:
        drafts.forget_old(session=session, now=now)


KINDS: Kinds = {
    drafts.KEPT: Kind(kept, followed=True, quiet=True, voice="asker"),
    drafts.GONE: Kind(gone, voice="asker"),
}
