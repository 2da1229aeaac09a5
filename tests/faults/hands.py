"""People at work: each has hands of their own, does one thing at a time, and presses again when there is trouble."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.sandbox.interface import RefusedError
from bot.views import ids
from tests.faults.record import Asked, Form, Record, Submission
from tests.faults.world import World
from tests.localslack import CHECKIN, COHORT

ADA, TOMAS, PRIYA, LENA, KOFI = "U0ADA0001", "U0TOMAS01", "U0PRIYA01", "U0LENA001", "U0KOFI001"
SAM = "U0SAM0001"
APPLICANTS, GENERAL = "C0APPLY01", "C0GENERAL"
WRITERS = (TOMAS, PRIYA, KOFI)
EVERYBODY = (*WRITERS, ADA, LENA, SAM)
PRESSES = 8
"""How often somebody presses again before they give up."""
PAUSE_SECONDS = 0.4
QUESTIONS = (
    "Can programs on the Illinois side apply?",
    "When is the application due?",
    "How many hours a month is the homework?",
    "Is there somewhere to park a bus?",
)

Act = Callable[[], None]


class Hands:
    """One person; what they do follows from the run's seed alone."""

    def __init__(self, user: str, world: World, record: Record, seed: int) -> None:
        self.user = user
        self._world = world
        self._record = record
        self._random = random.Random(f"{seed} {user}")
        self._count = 0
        acts: list[tuple[Act, int]] = [(self.mention, 2), (self.home, 1)]
        if user in WRITERS:
            acts += [(self.check_in, 6), (self.change, 3), (self.reflect, 2), (self.command, 2)]
        if user == SAM:
            acts = [(self.come_and_go, 2), (self.home, 1), (self.write, 1)]
        self._acts = [act for act, _ in acts]
        self._weights = [weight for _, weight in acts]

    def rest(self) -> float:
        """How many seconds until the next act: those who hand in have hardly any rest."""
        return self._random.uniform(0.0, 0.15) if self.user in WRITERS else self._random.uniform(0.2, 1.0)

    def do_something(self) -> None:
        """One act; what cannot be done at the moment is left."""
        with suppress(RefusedError):
            self._random.choices(self._acts, self._weights)[0]()

    # Forms

    def check_in(self) -> None:
        answer = self._do("command", channel=COHORT, command="/checkin", text="")
        if self._opens(answer):
            word = self._word()
            values = {**CHECKIN, "checkin.moved": f"They were brave, {word}"}
            self._hand_in("check-in", answer["view"], word, values, changes=False)

    def reflect(self) -> None:
        answer = self._do("command", channel=COHORT, command="/reflect", text="")
        if self._opens(answer):
            self._write_reflection(answer["view"])

    def change(self) -> None:
        """Change something whose receipt stands in one's messages."""
        action = self._random.choice((ids.CHECKIN_CHANGE, ids.REFLECTION_CHANGE))
        answer = self._do("action", channel=f"D{self.user[1:]}", action_id=action)
        if not self._opens(answer):
            return
        if action == ids.REFLECTION_CHANGE:
            self._write_reflection(answer["view"])
            return
        word = self._word()
        self._hand_in("check-in", answer["view"], word, {"checkin.moved": f"Braver still, {word}"}, changes=True)

    def _write_reflection(self, view: dict[str, Any]) -> None:
        word = self._word()
        blocks = [one["block_id"] for one in view["blocks"] if _is_text(one)]
        values = dict.fromkeys(blocks[:1], f"We learned {word}") | dict.fromkeys(blocks[1:], "Much.")
        self._hand_in("reflection", view, word, values, changes="Change no." in json.dumps(view["title"]))

    def _hand_in(self, form: Form, view: dict[str, Any], word: str, values: dict[str, Any], *, changes: bool) -> None:
        """Press until it says that it is saved, or patience is at an end; another form would be something else."""
        mine = Submission(self.user, form, word, self._world.clock(), self._record.part, changes)
        self._record.submissions.append(mine)
        for _ in range(PRESSES):
            mine.presses += 1
            try:
                answer = self._do("submit", view_id=view["id"], values=values)
            except RefusedError:
                # A command that came late has opened another one in its place.
                break
            found = re.search(r"Saved as no\. (\d+)", json.dumps(answer.get("view")))
            if answer["ok"] and found:
                mine.number = int(found[1])
                break
            self._record.pressed_again += 1
            time.sleep(PAUSE_SECONDS)
        self._close()

    def _close(self) -> None:
        while self._world.slack.sandbox.views.depth(self.user):
            self._do("close", all=True)

    def _opens(self, answer: dict[str, Any]) -> bool:
        """Whether a form is open now; one that says something else is closed."""
        view = answer.get("view")
        if view and view.get("submit"):
            return True
        self._close()
        return False

    # Questions

    def mention(self) -> None:
        """Ask by naming the bot: Slack delivers that twice, as a mention and as a message."""
        channel = APPLICANTS if self.user == ADA else COHORT
        self._ask(channel, f"@Convene {self._random.choice(QUESTIONS)}")

    def write(self) -> None:
        """Ask in the direct message with the bot."""
        self._ask(f"D{self.user[1:]}", self._random.choice(QUESTIONS))

    def command(self) -> None:
        word = self._word()
        answer = self._do("command", channel=COHORT, command="/ask", text=f"Is there childcare for {word}?")
        heard = bool(answer["ok"]) and not self._refused(answer)
        self._note(COHORT, "", word, heard=heard)
        if heard and self._random.random() < 0.5:
            self._do("action", channel=COHORT, action_id=ids.FAQ_HAND_OVER)

    def _refused(self, answer: dict[str, Any]) -> bool:
        """Whether the answer that only this person sees says that nothing came of it."""
        said = self._world.slack.sandbox.workspace.find(COHORT, str(answer.get("ts")))
        return said is not None and "not done" in said.text

    def _ask(self, channel: str, text: str) -> None:
        word = self._word()
        answer = self._do("message", channel=channel, text=f"{text} ({word})")
        self._note(channel, str(answer["ts"]), word, heard=False)

    def _note(self, channel: str, ts: str, word: str, *, heard: bool) -> None:
        asked = Asked(self.user, channel, ts, word, self._world.clock(), self._record.part, heard)
        self._record.asked.append(asked)

    # Coming and going

    def home(self) -> None:
        self._do("home")

    def come_and_go(self) -> None:
        inside = self.user in self._world.slack.sandbox.workspace.channels[APPLICANTS].members
        self._do("leave" if inside else "join", channel=APPLICANTS)

    def _do(self, what: str, **body: Any) -> dict[str, Any]:
        return self._world.slack.act(what, user=self.user, **body)

    def _word(self) -> str:
        """A word that nobody has written before."""
        self._count += 1
        return f"w{self.user[2:5].lower()}{self._count:05d}"


def _is_text(block: dict[str, Any]) -> bool:
    return bool(block["type"] == "input" and block["element"]["type"] == "plain_text_input")
