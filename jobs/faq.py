"""What the bot says to questions where they were asked, each as things stand when it is sent."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Viewer
from bot.domain.programs import Program
from bot.domain.questions import Examples, Reply, TooLong, examples
from bot.services import faq, menu
from bot.services import people as services
from bot.services.programs import Programs
from bot.views import faq as views
from bot.views import menu as menu_views
from bot.views import refusals
from jobs import follow
from jobs.render import Kind, Kinds, Message, Rendered, Scene, Skipped, Urgency
from storage import people
from storage import questions as rows
from storage.people import Person

GONE = Skipped("the question is no longer there")
WITHDRAWN = Skipped("its asker has taken the question back")


def reply(scene: Scene) -> Rendered:
    """The reply to a question, in its thread or the conversation."""
    said = question(scene)
    if said is None:
        return GONE
    if said.withdrawn:
        return WITHDRAWN
    if said.quiet and (said.answers or said.talked):
        return Skipped("somebody has replied")
    return views.message(said, scene.now)


def reply_change(scene: Scene) -> Rendered:
    """The reply brought up to date: a suggestion was pressed, or a person answers."""
    said = question(scene)
    if said is None:
        return GONE
    if said.withdrawn:
        return follow.withdraw(scene, faq.reply_key(said.question_id))
    return follow.update(scene, faq.reply_key(said.question_id), views.message(said, scene.now))


def shared(scene: Scene) -> Rendered:
    """A private answer, shown to a channel by its asker."""
    said = question(scene)
    return GONE if said is None or not faq.sharable(said) else views.shared(said, scene.now)


def word(scene: Scene) -> Rendered:
    """Something short that is no answer."""
    program, what, language = scene.program, scene.text("word"), scene.text("language")
    if what == "thanks":
        return views.welcome(language)
    if what == "wordless":
        return views.wordless(language)
    if what == "menu":
        found = menu.gather(session=scene.session, viewer=_writer(scene), now=scene.now)
        return menu_views.message(found, scene.now, language)
    if what in views.WISHES:
        return views.opener(views.WISHES[what], _writer(scene), language)
    if program is None:
        every = Programs().all(scene.session)
        program = every[0] if every else None
    if program is None:
        return Message(refusals.no_program())
    if what == "too_long":
        return Message(views.too_long(TooLong(program, scene.number("length"), language)))
    return views.examples_here(Examples(program, examples(program, language), language))


def question(scene: Scene) -> Reply | None:
    """The question that a notice is about, as it stands now."""
    row = rows.get(scene.session, scene.number("question"))
    if row is None:
        return None
    meant: tuple[Program, ...] = (scene.program,) if scene.program is not None else Programs().all(scene.session)
    return faq.reply(session=scene.session, meant=meant, question=row)


def _writer(scene: Scene) -> Viewer:
    person = scene.session.get_one(Person, scene.number("person"))
    held = people.memberships(scene.session, scene.number("person"))
    return services.as_viewer(session=scene.session, person=person, held=held, program=scene.program)


KINDS: Kinds = {
    faq.REPLY: Kind(reply, urgency=Urgency.ANSWER, voice="asker"),
    faq.REPLY_CHANGE: Kind(reply_change, voice="asker"),
    faq.SHARED: Kind(shared, urgency=Urgency.ANSWER, voice="asker"),
    faq.WORD: Kind(word, late=timedelta(minutes=30), urgency=Urgency.ANSWER, voice="asker"),
}
