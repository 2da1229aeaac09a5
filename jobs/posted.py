"""A message that stands already, made again: each notice in it as it was said, with what has changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.homework import NUDGE, NUDGE_NOW, POST
from bot.domain.messages import Block, Message, Part
from bot.domain.moves import CORRECTION, EDIT, Past, Said, Section, Told, When, named_at
from bot.domain.notices import overdue
from bot.domain.programs import Assignment, Event
from bot.domain.reminders import EVENT
from bot.services import homework, moves, quiet
from bot.services.entries import LAPSED
from bot.services.moves import Thing
from bot.services.quiet import AGAIN, PUT_OFF
from bot.views import entries as entry_views
from bot.views import homework as homework_views
from bot.views import moves as views
from bot.views import quiet as quiet_views
from bot.views import reminders as reminder_views
from bot.views.blocks import actions
from bot.views.notices import bundles
from jobs.render import Rendered, Renderer, Scene, Skipped
from jobs.words import worded
from storage import moves as rows
from storage import notices
from storage.notices import NoticeRow
from storage.people import Person

GONE = Skipped("it is no longer in the program")
SHARED = Skipped("something else shares the message, which cannot be made again")


def again(scene: Scene, channel: str, ts: str) -> Message | None:
    """The message as it stands from now on; None where something shares it that cannot be made again."""
    here = rows.at_posts(scene.session, scene.of_program.id, {(channel, ts)})
    said = [row for row in here if row.kind not in (EDIT, PUT_OFF)]
    parts = [one for one in (_part(scene, row) for row in said) if one is not None]
    made = bundles(parts)
    return made[0].message if len(made) == 1 and len(parts) == len(said) else None


def thing(scene: Scene) -> Thing | None:
    """What a notice is about that has a time."""
    refs = scene.notice.refs
    section: Section = "assignments" if "homework" in refs else "events"
    return moves.find(scene.session, scene.of_program, section, scene.text(moves.REF[section]))


def things(scene: Scene) -> list[Thing]:
    """What a notice is about that has a time: one thing, or several that moved at once."""
    names = scene.text(moves.DATES).split() if moves.DATES in scene.notice.refs else ()
    found = [moves.find(scene.session, scene.of_program, *_named_in(name)) for name in names] or [thing(scene)]
    return [one for one in found if one is not None]


def said_before(scene: Scene, found: Thing, until: datetime | None = None) -> Said | None:
    """What was said last about something where a notice goes, apart from itself; `until` a moment, if one is given."""
    section, key = found.was.section, found.was.key
    history = _history(scene, found)
    said = moves.said_of(scene.session, scene.of_program.id, section, key, found.after, history, but=scene.notice.key)
    here = [one for one in said if one.target == scene.notice.target and one.at is not None]
    earlier = [one for one in here if until is None or (one.at is not None and one.at < until)]
    return max(earlier, key=lambda one: one.at or scene.now, default=None)


def leads(scene: Scene, found: Thing) -> list[Block]:
    """What leads on from a message about something that has a time."""
    if isinstance(found.what, Event):
        return reminder_views.leads(found.what, scene.of_program, scene.now)
    return [actions(homework_views.hand_in(found.what, scene.of_program))]


def _part(scene: Scene, row: NoticeRow) -> Part | None:
    render = _AGAIN.get(row.kind)
    if render is None or row.settled_at is None:
        return None
    made = render(replace(scene, notice=notices.to_notice(row), now=row.settled_at))
    if isinstance(made, Message):
        made = Part(row.key, made.text, made.blocks)
    return replace(made, late=overdue(row.due_at, row.settled_at)) if isinstance(made, Part) else None


def _named(scene: Scene, found: Thing) -> When | None:
    """The time that a notice named when it was said, which is the scene's now."""
    return named_at(_history(scene, found), found.after, scene.now)


def _history(scene: Scene, found: Thing) -> tuple[Past, ...]:
    return moves.past(scene.session, scene.of_program.id, found.was.section, found.was.key)


def _reminder(scene: Scene) -> Rendered:
    found = thing(scene)
    if found is None:
        return GONE
    before = _named(scene, found)
    if before is not None and before != found.after:
        return _corrected(scene, found, before)
    match found.what:
        case Event():
            return reminder_views.part(found.what, scene.of_program, scene.now)
        case Assignment():
            return homework_views.post(found.what, scene.of_program, scene.now)


def _nudge(scene: Scene) -> Rendered:
    found = thing(scene)
    if found is None or not isinstance(found.what, Assignment):
        return GONE
    before = _named(scene, found)
    if before is not None and before != found.after:
        return _corrected(scene, found, before)
    standing = homework.still_missing(
        session=scene.session, program=scene.of_program, assignment=found.what, person_id=scene.number("person")
    )
    if isinstance(standing, str):
        return homework_views.settled(found.what, scene.of_program, scene.now, scene.reader_zone)
    return homework_views.nudge(
        found.what, standing, scene.of_program, scene.now, scene.reader_zone, _asker(scene), put_off(scene)
    )


def _asker(scene: Scene) -> str | None:
    if scene.notice.refs.get("by") is None:
        return None
    facilitator = scene.session.get(Person, scene.number("by"))
    return (facilitator.name if facilitator is not None else "") or "A facilitator"


def put_off(scene: Scene) -> quiet_views.PutOffBlocks:
    """What stands under a reminder about putting it off: the menu, or what was chosen in it."""
    said = quiet.said_later(scene.session, scene.notice.key)
    if said is None:
        return quiet_views.menu(scene.of_program, scene.notice.opaque_key)
    return quiet_views.chosen(scene.of_program, said.until, scene.reader_zone)


def _lapsed(scene: Scene) -> Rendered:
    entry = scene.of_program.entry(scene.text("entry"))
    return GONE if entry is None else entry_views.lapsed(entry, scene.of_program, scene.now, put_off(scene))


def _again(scene: Scene) -> Rendered:
    return _nudge(scene) if "homework" in scene.notice.refs else _lapsed(scene)


def _named_in(name: str) -> tuple[Section, str]:
    section, _, key = name.partition("/")
    return "assignments" if section == "assignments" else "events", key


def _correction(scene: Scene) -> Rendered:
    if moves.DATES not in scene.notice.refs:
        return _of_one(scene)
    told = []
    for found in things(scene):
        last, then = said_before(scene, found, scene.now), _named(scene, found)
        if last is not None and last.spoke != then:
            told.append(Told(found.was, last.spoke, then, found.after))
    return views.corrections(told, scene.of_program) if told else GONE


def _of_one(scene: Scene) -> Rendered:
    found = thing(scene)
    if found is None:
        return GONE
    spoke = _named(scene, found)
    if spoke != found.after:
        return _corrected(scene, found, spoke)
    before = [one.before for one in _history(scene, found) if one.at <= scene.now]
    if not before:
        return GONE
    return views.correction(found.was, before[-1], found.after, scene.of_program, scene.now, leads(scene, found))


def _corrected(scene: Scene, found: Thing, before: When | None) -> Rendered:
    prep = found.what.prep if isinstance(found.what, Event) else None
    return views.corrected(found.was, before, found.after, scene.of_program, prep, leads(scene, found))


_AGAIN: dict[str, Renderer] = {
    EVENT: worded(_reminder),
    POST: worded(_reminder),
    NUDGE: _nudge,
    NUDGE_NOW: _nudge,
    LAPSED: _lapsed,
    AGAIN: _again,
    CORRECTION: _correction,
}
