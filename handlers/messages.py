"""Everything people write where the bot can read it: a question, a wish to open something, or nothing to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slack_bolt import BoltContext

from bot.deps import Deps
from bot.domain import chatter, language
from bot.domain.questions import Where
from bot.services import faq, people
from bot.services.faq import Asking, Word
from handlers.listen import Listeners
from handlers.request import Body
from storage import channels

SUBTYPES = frozenset((None, "file_share", "thread_broadcast"))
"""What people write themselves; edits, deletions, joinings and other bots have subtypes of their own."""


@dataclass(frozen=True)
class Said:
    """Something a person wrote; `called` is that they turned to the bot, by mentioning it or directly."""

    team: str
    user: str
    where: Where
    text: str
    called: bool

    @property
    def key(self) -> str:
        """What makes it count once, whether it comes as a message, a mention, or both."""
        return f"{self.team}:{self.where.channel}:{self.where.ts}"


def heard(body: Body, event: Body, context: BoltContext, deps: Deps) -> None:
    """A message or a mention; both events of one message lead to one answer."""
    said = _said(body, event, context.bot_user_id or "")
    if said is None or not (said.called or _asked_of_all(said, deps)):
        return
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = people.viewer(
            session=session, programs=deps.programs, team=said.team, user=said.user, now=now, channel=said.where.channel
        )
        asking = Asking(viewer, said.where, said.text, said.key)
        word = _word(said)
        if word == "silence":
            return
        if word is not None:
            faq.say(session=session, asking=asking, what=word, now=now)
            return
        faq.answer_in_place(session=session, programs=deps.programs, indexes=deps.faq, asking=asking, now=now)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    for event in ("message.channels", "message.groups", "message.im", "app_mention"):
        on.event(event, heard)


def _said(body: Body, event: Body, bot: str) -> Said | None:
    """What a person wrote, if it was one, and if it is not the second report of a direct message."""
    channel, user = str(event.get("channel") or ""), str(event.get("user") or "")
    if event.get("subtype") not in SUBTYPES or event.get("bot_id") or user in ("", "USLACKBOT", bot):
        return None
    direct = channel.startswith("D")
    if direct and event["type"] == "app_mention":
        return None
    thread = event.get("thread_ts")
    where = Where("direct" if direct else "channel", channel, str(event["ts"]), str(thread) if thread else None)
    mention = f"<@{bot}>"
    text = str(event.get("text") or "")
    return Said(str(body["team_id"]), user, where, text.replace(mention, " "), direct or mention in text)


def _asked_of_all(said: Said, deps: Deps) -> bool:
    """Whether something that mentions nobody is a question, and stands where applicants ask; not inside a thread."""
    if said.where.thread_ts not in (None, said.where.ts) or not chatter.is_question(said.text):
        return False
    with deps.db.read() as session:
        room = channels.get(session, said.team, said.where.channel)
        return room is not None and room.purpose == "applicants"


def _word(said: Said) -> Word | Literal["silence"] | None:
    """What to say without looking for an answer: nothing (`silence`), something short, or None: it is a question."""
    if not said.called:
        return None
    text = language.clean(said.text)
    match chatter.courtesy(text):
        case "thanks":
            return "thanks" if said.where.place == "direct" else "silence"
        case "seen":
            return "silence"
        case "wordless":
            return "wordless" if said.where.place == "direct" else "help"
    return chatter.wish(text)
