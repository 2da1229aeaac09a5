"""Everything people write where the bot can read it: a question, a wish to open something, or nothing to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from slack_bolt import BoltContext
from sqlmodel import Session

from bot.deps import Deps
from bot.domain import chatter, language
from bot.domain.people import Viewer
from bot.domain.questions import Where
from bot.services import dialogues, faq, overheard, people, switchboard, which
from bot.services.dialogues import Heard, NotWriting
from bot.services.dialogues_desk import LetGo
from bot.services.faq import Asking, Word
from bot.slack import dropped
from handlers import drops, setup
from handlers.dialogue_forms import WrittenForms
from handlers.listen import Listeners
from handlers.request import Body, team_of

CHANGES = frozenset(("message_changed", "message_deleted"))
SUBTYPES = frozenset((None, "file_share", "thread_broadcast"))
"""What people write themselves; edits, deletions, joinings and other bots have subtypes of their own."""


ABOUT_NOTHING = ("thanks", "wordless")
"""Words that are about no program."""


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
        return overheard.message_key(self.team, self.where.channel, self.where.ts or "")


def heard(body: Body, event: Body, context: BoltContext, deps: Deps) -> None:
    """A message or a mention, or that one was changed or deleted; both events of one message lead to one answer."""
    if event.get("subtype") in CHANGES:
        _changed(body, event, deps)
        return
    said = _said(body, event, context.bot_user_id or "")
    if said is None:
        return
    if said.where.place == "direct" and setup.list_handed_in(body, event, said.text, deps):
        return
    files = dropped(event)
    if files:
        words_too = bool(language.clean(said.text))
        drops.dropped(deps, said.team, said.user, said.where, said.key, files, alone=not words_too)
        if not words_too:
            return
    if said.called:
        words = str(event.get("text") or "")
        # A file without a word is no answer to anything.
        left = said if event.get("files") and not words.strip() else _written(said, words, deps)
        if left is not None:
            answer(left, deps)
    elif said.where.thread_ts not in (None, said.where.ts):
        _overhear_in_thread(said, said.where.thread, deps)
    elif chatter.is_question(said.text):
        _overhear_question(said, deps)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    for event in ("message.channels", "message.groups", "message.im", "app_mention"):
        on.event(event, heard)


def answer(said: Said, deps: Deps, program_id: int | None = None) -> None:
    """Answer somebody who has turned to the bot, in the program that they have chosen, if they were asked which."""
    now = deps.clock()
    if _word(said) is None:
        deps.faq.read_ahead(said.text)
    with deps.db.begin() as session:
        viewer = people.viewer(
            session=session,
            programs=deps.programs,
            team=said.team,
            user=said.user,
            now=now,
            channel=said.where.channel,
            program_id=program_id,
        )
        asking = Asking(viewer, said.where, said.text, said.key, chosen=_chosen(session, viewer, said))
        word = _word(said)
        if word == "silence":
            return
        if viewer.among and word not in ABOUT_NOTHING:
            which.ask(session=session, viewer=viewer, where=said.where, key=said.key, now=now)
            return
        if word is not None:
            faq.say(session=session, asking=asking, what=word, now=now)
            return
        faq.answer_in_place(session=session, programs=deps.programs, indexes=deps.faq, asking=asking, now=now)


def _chosen(session: Session, viewer: Viewer, said: Said) -> str:
    """The language that somebody has chosen for what they are told directly."""
    if said.where.place != "direct":
        return ""
    return switchboard.choices(session, viewer.person_id).language or ""


def _written(said: Said, text: str, deps: Deps) -> Said | None:
    """What somebody writes while the bot asks them for something is their answer; what is none is given back."""
    if said.where.place != "direct":
        return said
    with deps.db.read() as session:
        program = dialogues.writing(session=session, team=said.team, user=said.user, key=said.key)
    if program is None:
        return said
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = people.viewer(
            session=session, programs=deps.programs, team=said.team, user=said.user, now=now, program_id=program
        )
        heard_ = Heard(said.where.ts or "", said.where.thread_ts, text, said.key)
        outcome = dialogues.heard(session=session, forms=WrittenForms(deps), viewer=viewer, said=heard_, now=now)
    match outcome:
        case NotWriting():
            return said
        case LetGo(ts, words):
            return replace(said, where=replace(said.where, ts=ts), text=words)
        case _:
            return None


def _overhear_question(said: Said, deps: Deps) -> None:
    """A question that mentions nobody, where the bot may take it up."""
    now = deps.clock()
    with deps.db.read() as session:
        mode = overheard.when_to_speak(session=session, team=said.team, channel=said.where.channel)
    if mode == "mention":
        return
    deps.faq.read_ahead(said.text)
    with deps.db.begin() as session:
        asking = _asking(session, said, deps, now)
        overheard.asked(session=session, programs=deps.programs, indexes=deps.faq, asking=asking, mode=mode, now=now)


def _overhear_in_thread(said: Said, thread_ts: str | None, deps: Deps) -> None:
    """Somebody writes in a thread: goes on asking under the bot's answer, or perhaps answers somebody."""
    if chatter.is_question(said.text):
        with deps.db.read() as session:
            theirs = overheard.goes_on(session=session, where=said.where, team=said.team, user=said.user)
        if theirs:
            now = deps.clock()
            deps.faq.read_ahead(said.text)
            with deps.db.begin() as session:
                asking = _asking(session, said, deps, now)
                overheard.went_on(session=session, programs=deps.programs, indexes=deps.faq, asking=asking, now=now)
            return
    _overhear_reply(said, thread_ts, deps)


def _asking(session: Session, said: Said, deps: Deps, now: datetime) -> Asking:
    """The question of somebody who has not turned to the bot, so that nobody is welcomed here."""
    viewer = people.viewer(
        session=session,
        programs=deps.programs,
        team=said.team,
        user=said.user,
        now=now,
        channel=said.where.channel,
        contact=False,
    )
    return Asking(viewer, said.where, said.text, said.key)


def _overhear_reply(said: Said, thread_ts: str | None, deps: Deps) -> None:
    """Somebody writes in a thread, perhaps an answer to a question that waits for one."""
    with deps.db.read() as session:
        concerns = overheard.concerns(session=session, team=said.team, channel=said.where.channel, ts=thread_ts or "")
    if concerns:
        reply = overheard.Said(
            said.team, said.where.channel, said.where.ts or "", thread_ts or "", said.user, said.text
        )
        with deps.db.begin() as session:
            overheard.replied(session=session, said=reply, now=deps.clock())


def _changed(body: Body, event: Body, deps: Deps) -> None:
    """A message reads differently now, or is gone; Slack leaves a stone where a deleted one had replies."""
    message = event.get("message") or {}
    team, channel = team_of(body), str(event.get("channel") or "")
    gone = event["subtype"] == "message_deleted" or message.get("subtype") == "tombstone"
    ts = str(event.get("deleted_ts") or message.get("ts") or "")
    if channel.startswith("D") and _rewritten(event, team, ts, None if gone else str(message.get("text") or ""), deps):
        return
    with deps.db.read() as session:
        if message.get("bot_id") or not overheard.concerns(session=session, team=team, channel=channel, ts=ts):
            return
    now = deps.clock()
    with deps.db.begin() as session:
        if gone:
            overheard.deleted(session=session, programs=deps.programs, team=team, channel=channel, ts=ts, now=now)
        else:
            text = str(message.get("text") or "")
            overheard.edited(session=session, team=team, channel=channel, ts=ts, text=text, now=now)


def _rewritten(event: Body, team: str, ts: str, text: str | None, deps: Deps) -> bool:
    """A message that is part of what somebody writes without a form was changed or deleted (None)."""
    before = event.get("previous_message") or event.get("message") or {}
    user = str(before.get("user") or "")
    if before.get("bot_id") or not user:
        return False
    with deps.db.read() as session:
        program = dialogues.writing(session=session, team=team, user=user, key="")
    if program is None:
        return False
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = people.viewer(
            session=session, programs=deps.programs, team=team, user=user, now=now, program_id=program
        )
        return dialogues.reworded(session=session, forms=WrittenForms(deps), viewer=viewer, ts=ts, text=text, now=now)


def unmentioned(text: str, bot: str) -> tuple[str, int]:
    """What somebody wrote without the bot's name in it, and how often that stood there."""
    return re.subn(rf"<@{re.escape(bot)}(?:\|[^<>]*)?>", " ", text)


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
    text, mentions = unmentioned(str(event.get("text") or ""), bot)
    return Said(team_of(body), user, where, text, direct or mentions > 0 or event["type"] == "app_mention")


def _word(said: Said) -> Word | Literal["silence"] | None:
    """What to say without looking for an answer: nothing (`silence`), something short, or None: it is a question."""
    text = language.clean(said.text)
    match chatter.courtesy(text):
        case "thanks":
            return "thanks" if said.where.place == "direct" else "silence"
        case "seen":
            return "silence"
        case "wordless":
            return "wordless" if said.where.place == "direct" else "help"
    return chatter.wish(text)
