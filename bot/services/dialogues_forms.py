"""What a form has to answer for to be written without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.domain.dialogues import Answers, Script
from bot.domain.drafts import About, Values
from bot.domain.people import Viewer


@dataclass(frozen=True)
class Opened:
    """A form as it would open now: what it asks, what it begins with, what it is for; `form` is its own business."""

    about: About
    script: Script
    given: Answers = field(repr=False)
    form: object = field(repr=False)


class Forms(Protocol):
    """The forms that can be written without one."""

    def open(self, session: Session, viewer: Viewer, about: About, answers: Answers, now: datetime) -> Opened | str:
        """A form with what was said to it so far, or why it cannot be opened, in mrkdwn."""
        ...

    def problems(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, now: datetime
    ) -> Mapping[str, str]:
        """A sentence for each step whose answer cannot be taken, those included that were not asked yet."""
        ...

    def hand_in(
        self, session: Session, viewer: Viewer, opened: Opened, answers: Answers, key: str, now: datetime
    ) -> Mapping[str, str] | str | None:
        """Hand it in once per `key`: None when that is done, else what is wrong, by step, or why not, in mrkdwn."""
        ...

    def values(self, opened: Opened, answers: Answers) -> Values:
        """The same as it would stand in the form's fields."""
        ...
