"""What people are told when somebody takes over from them, when they take over, and when they are back."""

from __future__ import annotations

from bot.domain.people import Viewer
from bot.services import changes
from bot.services import people as services
from bot.services.personnel import BACK, LEAVER, TAKES_OVER, TOLD, UNDONE
from bot.views import personnel_told as views
from bot.views.blocks import esc
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped
from storage import notices, people
from storage.people import Person

TAKEN_BACK = Skipped("it was taken back")


def leaver(scene: Scene) -> Rendered:
    """To somebody who goes: who takes over."""
    change = changes.get(scene.session, scene.number("change"))
    person = scene.session.get(Person, scene.number("person"))
    if change is None or change.undone_at is not None or person is None:
        return TAKEN_BACK
    body = change.after or {}
    new = scene.session.get(Person, int(body.get("successor_person") or 0))
    name = esc(new.called) if new is not None else "Somebody else"
    return views.replaced(name, str(body.get("organization") or ""), scene.of_program)


def takes_over(scene: Scene) -> Rendered:
    """To somebody who comes."""
    change = changes.get(scene.session, scene.number("change"))
    viewer = _viewer(scene)
    if change is None or change.undone_at is not None or viewer is None or not viewer.roles:
        return TAKEN_BACK
    was = scene.session.get(Person, int((change.after or {}).get("person") or 0))
    return views.takes_over(viewer, esc(was.called) if was is not None else "somebody", scene.now)


def back(scene: Scene) -> Rendered:
    """To somebody who takes part again."""
    change, viewer = changes.get(scene.session, scene.number("change")), _viewer(scene)
    if change is None or change.undone_at is not None or viewer is None or not viewer.roles:
        return TAKEN_BACK
    return views.back(viewer, scene.now)


def undone(scene: Scene) -> Rendered:
    """To those who have read something that was taken back since."""
    number, person_id = scene.number("change"), scene.number("person")
    keys = [f"{kind}:{number}:{person_id}" for kind in TOLD]
    told = notices.by_keys(scene.session, keys).values()
    viewer = _viewer(scene)
    if viewer is None or not any(row.state == "delivered" for row in told):
        return Skipped("they were told nothing that was taken back")
    return views.undone(viewer)


def _viewer(scene: Scene) -> Viewer | None:
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.id is None or person.erased_at is not None:
        return None
    held = people.memberships(scene.session, person.id)
    return services.as_viewer(session=scene.session, person=person, held=held, program=scene.of_program)


KINDS: Kinds = {
    LEAVER: Kind(leaver),
    TAKES_OVER: Kind(takes_over),
    BACK: Kind(back),
    UNDONE: Kind(undone),
}
