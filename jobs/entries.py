"""What is said about entries: that one did not help, that one's time is up, and what has become of that."""

from __future__ import annotations

from datetime import date

from bot.domain.entries import Done
from bot.domain.notices import ToPerson
from bot.domain.programs import in_break
from bot.services import entries, quiet
from bot.views import entries as views
from bot.views import quiet as quiet_views
from jobs import follow
from jobs.plan import planner
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped
from storage import people
from storage.entries import EntrySave
from storage.people import Person

GONE = Skipped("the entry is no longer in the program")


def doubted(scene: Scene) -> Rendered:
    """An entry did not help several people, and nobody has looked at it yet."""
    found = entries.doubt(scene.session, scene.of_program, scene.text("entry"))
    return Skipped("nobody doubts it any more") if found is None else views.doubted(found, scene.of_program, scene.now)


def lapsed(scene: Scene) -> Rendered:
    """An entry's time is up, unless somebody has looked at it meanwhile."""
    program = scene.of_program
    entry = program.entry(scene.text("entry"))
    if entry is None:
        return GONE
    if entry.verified is None or entry.verified.until != date.fromisoformat(scene.text("until")):
        return Skipped("somebody has looked at it meanwhile")
    pause = in_break(program, scene.now)
    if pause is not None:
        return Skipped(f"break: {pause.name}")
    if not isinstance(scene.notice.target, ToPerson):
        return views.lapsed(entry, program, scene.now)
    person = people.anybody(scene.session, scene.notice.target.user)
    if person is not None and quiet.ended(scene.session, scene.notice, person.id or 0):
        return Skipped(quiet.ENDED)
    return views.lapsed(entry, program, scene.now, quiet_views.menu(program, scene.notice.opaque_key))


def settled(scene: Scene) -> Rendered:
    """The message that asked for a look says who took it, and what they did."""
    save = scene.session.get_one(EntrySave, scene.number("save"))
    entry = scene.of_program.entry(scene.text("entry"))
    if entry is None:
        return GONE
    person = scene.session.get_one(Person, save.person_id)
    done = Done(scene.of_program, entry, entries.DEEDS[save.what])
    return follow.update(scene, scene.text("card"), views.settled(done, person.called))


KINDS: Kinds = {
    entries.DOUBTED: Kind(doubted, followed=True, quiet=True, voice="staff"),
    entries.LAPSED: Kind(lapsed, followed=True, quiet=True, voice="staff"),
    entries.SETTLED: Kind(settled, voice="staff"),
}
plan = planner(entries.FEATURE)
