"""What is said about questions that a person answers: the card for facilitators, and the answer to the asker."""

from __future__ import annotations

from bot.services import cards, questions
from bot.views import questions as views
from jobs import follow
from jobs.faq import GONE, WITHDRAWN, question
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency
from storage import questions as rows


def card(scene: Scene) -> Rendered:
    """A question that waits for the facilitators."""
    said = question(scene)
    if said is None or said.handed is None:
        return GONE
    if said.withdrawn:
        return WITHDRAWN
    if said.quiet and said.answers and not said.from_thread:
        # It waited in the queue, where somebody has answered it, before anybody was shown a card.
        return Skipped("a facilitator has answered it")
    return views.card(said)


def card_change(scene: Scene) -> Rendered:
    """The card says by whom it was answered."""
    said = question(scene)
    if said is None or said.handed is None:
        return GONE
    return follow.update(scene, scene.text("card"), views.card(said))


def told(scene: Scene) -> Rendered:
    """The answer, where its asker reads it."""
    said = question(scene)
    if said is None:
        return GONE
    order = [answer.id for answer in rows.answers(scene.session, said.question_id)]
    return views.told(said, order.index(scene.number("answer")), scene.now)


KINDS: Kinds = {
    cards.CARD: Kind(card, unheard="again", followed=True, voice="staff"),
    cards.CARD_CHANGE: Kind(card_change, voice="staff"),
    questions.TOLD: Kind(told, unheard="again", urgency=Urgency.ANSWER, voice="asker"),
}
