"""Dates that moved: the correction, the messages that named the old time, and the newer calendar files."""

from __future__ import annotations

from bot.domain.messages import Message
from bot.domain.moves import CORRECTION, EDIT, FILE, Told, gone_by
from bot.domain.programs import Event
from bot.services import moves as services
from bot.views import calendar_file
from bot.views import moves as views
from jobs import follow, posted
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Update, Urgency
from storage import notices

SAYS_SO = Skipped("what was said last is right")
OVER = Skipped("it was over")


def correction(scene: Scene) -> Rendered:
    """One message where old times were said last, but for those that are right again, or were said meanwhile."""
    things = posted.things(scene)
    if not things:
        return posted.GONE
    wrong = [(one, last) for one in things if (last := posted.said_before(scene, one)) and last.spoke != one.after]
    if not wrong:
        return SAYS_SO
    wrong = [(one, last) for one, last in wrong if not gone_by((one.after, last.spoke), scene.now)]
    if not wrong:
        return OVER
    if len(wrong) > 1:
        told = [Told(one.was, last.spoke, one.after, one.after) for one, last in wrong]
        return views.corrections(told, scene.of_program)
    found, last = wrong[0]
    return views.correction(found.was, last.spoke, found.after, scene.of_program, scene.now, posted.leads(scene, found))


def edit(scene: Scene) -> Rendered:
    """A message that named the old time, made again."""
    post = notices.get(scene.session, scene.text("of"))
    if post is None or post.state != "delivered" or not post.posted_channel or not post.posted_ts:
        return follow.update(scene, scene.text("of"), Message(""))
    message = posted.again(scene, post.posted_channel, post.posted_ts)
    return posted.SHARED if message is None else Update(post.posted_channel, post.posted_ts, message)


def file(scene: Scene) -> Rendered:
    """A newer calendar file, with what of it has moved or is cancelled since this person's last one."""
    program = scene.of_program
    events: list[Event] = []
    cancelled: list[Event] = []
    again: list[str] = []
    for key in scene.text("events").split():
        found = services.find(scene.session, program, "events", key)
        if found is None or not isinstance(found.what, Event):
            continue
        history = services.past(scene.session, program.id, "events", key)
        takers = services.takers_of(scene.session, program, found.was, found.after, history, but=scene.notice.key)
        mine = (one.when for one in takers if one.person_id == scene.number("person"))
        old = [one for one in mine if one != found.after and not gone_by((one, found.was.when), scene.now)]
        if old:
            (cancelled if found.after is None else events).append(found.what)
        again += [key for when in old if when is None]
    if not events and not cancelled:
        return Skipped("their calendar says so already, or it is over")
    gone = frozenset(one.key for one in cancelled)
    content = calendar_file.write(program, (*events, *cancelled), scene.now, cancelled=gone)
    return views.file(program, events, cancelled, content, scene.reader_zone, again)


KINDS: Kinds = {
    CORRECTION: Kind(correction, unheard="again", urgency=Urgency.PERSON, merges=True),
    EDIT: Kind(edit, voice="mends"),
    FILE: Kind(file),
}
