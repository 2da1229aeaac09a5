"""A facilitator's own sentence above what the program says: stored with the notice, and said when it is said."""

from __future__ import annotations

from bot.domain.messages import Message, Part
from bot.views import week as views
from jobs.render import Rendered, Renderer, Scene
from storage import week
from storage.people import Person


def worded(render: Renderer) -> Renderer:
    """The same renderer, with what somebody wants to stand above the post."""

    def with_words(scene: Scene) -> Rendered:
        made = render(scene)
        wish = week.about(scene.session, scene.notice.key) if isinstance(made, Message | Part) else None
        if wish is None or not wish.words or not isinstance(made, Message | Part):
            return made
        person = scene.session.get(Person, wish.words_by) if wish.words_by is not None else None
        return views.above(made, wish.words, person.name if person is not None else "")

    return with_words
