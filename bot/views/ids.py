"""Every block, action, callback and command name, once. Features keep to their own paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

# Commands: also what the manifest and the help are made from (see bot/views/commands.py).
ASK = "/ask"
REFLECT = "/reflect"
CHECKIN = "/checkin"
DATES = "/dates"
HOMEWORK = "/homework"
CONVENE = "/convene"

# Buttons that open a flow from anywhere: reminders, the Home, replies. Their value is `reference(program, key)`.
ASK_OPEN = "ask.open"
REFLECTION_OPEN = "reflection.open"
CHECKIN_OPEN = "checkin.open"
DATES_OPEN = "dates.open"
HOMEWORK_OPEN = "homework.open"
QUESTION_ANSWER = "question.answer"


def numbered(action_id: str, number: int) -> str:
    """The name of the second, third … button of one kind in one message or view: Slack wants every name once there.

    Its listener is the one of the plain name; the value says which thing is meant.
    """
    return f"{action_id}#{number}"


# Answers. The key behind each is the question; behind FAQ_CHOOSE it is the question and the entry, `12/deadline`.
FAQ_CHOOSE = "faq.choose"
FAQ_NONE = "faq.none"
FAQ_HELPFUL = "faq.helpful"
FAQ_NOT_HELPFUL = "faq.not_helpful"
FAQ_SHARE = "faq.share"
FAQ_HAND_OVER = "faq.hand_over"
FAQ_FORM = "faq.form"
FAQ_WINDOW = "faq.window"

# Questions for a person. The key behind QUESTION_ANSWER is the question, behind QUESTION_LIST how many to pass over.
# Behind QUESTION_NO_ANSWER it is the question and the ts of a reply in its thread, as behind ENTRY_KEEP.
QUESTION_FORM = "question.form"
QUESTION_NO_ANSWER = "question.no_answer"
QUESTION_KEEP = "question.keep"
QUESTION_LIST = "question.list"
QUESTION_PAGE = "question.page"
QUESTION_LOG = "question.log"
QUESTION_LOG_FORM = "question.log_form"

# Entries. ENTRY_KEEP opens the form that keeps an answer: the key behind it is the question, and, where somebody has
# answered in its thread, the ts of that message, `12/1602511200.000100`. Behind ENTRY_LEAVE and ENTRY_PHRASING it is
# the question, behind ENTRY_EDIT, _STILL and _FINE the entry.
ENTRY_SHORTCUT = "entry.shortcut"
ENTRY_KEEP = "entry.keep"
ENTRY_LEAVE = "entry.leave"
ENTRY_PHRASING = "entry.phrasing"
ENTRY_FORM = "entry.form"
ENTRY_HOW = "entry.how"
ENTRY_EDIT = "entry.edit"
ENTRY_EDIT_FORM = "entry.edit_form"
ENTRY_STILL = "entry.still_right"
ENTRY_FINE = "entry.fine"
ENTRY_PICK = "entry.pick"
ENTRY_PICK_FORM = "entry.pick_form"
ENTRY_CARE = "entry.care"
ENTRY_PAGE = "entry.page"

# Coaching check-ins. The key behind CHECKIN_CHANGE is a check-in, behind CHECKIN_READ a meeting.
CHECKIN_LOG = "checkin.log"
CHECKIN_FORM = "checkin.form"
CHECKIN_CHANGE = "checkin.change"
CHECKIN_MINE = "checkin.mine"
CHECKIN_READ = "checkin.read"
CHECKIN_OLDER = "checkin.older"
CHECKIN_PAGE = "checkin.page"

# Reflections. The key behind REFLECTION_CHANGE, _READ and _BACK is a reflection, behind _MINE and _ALL a number to
# go on before.
REFLECTION_FORM = "reflection.form"
REFLECTION_WINDOW = "reflection.window"
REFLECTION_SHORTCUT = "reflection.shortcut"
REFLECTION_ASSIGNMENT = "reflection.assignment"
REFLECTION_READERS = "reflection.readers"
REFLECTION_CHANGE = "reflection.change"
REFLECTION_MINE = "reflection.mine"
REFLECTION_ALL = "reflection.all"
REFLECTION_READ = "reflection.read"
REFLECTION_BACK = "reflection.back"

# Drafts. DRAFT_TYPED is every long field of a form that is kept while it is written; the key behind DRAFT_GO_ON and
# DRAFT_AWAY is the draft. DRAFT_EMPTY stands in the form itself.
DRAFT_TYPED = "draft.typed"
DRAFT_GO_ON = "draft.go_on"
DRAFT_AWAY = "draft.throw_away"
DRAFT_EMPTY = "draft.empty"
DRAFT_WINDOW = "draft.window"

# Homework. The key behind each is the assignment.
HOMEWORK_NUDGE = "homework.nudge"
HOMEWORK_WINDOW = "homework.window"
HOMEWORK_NUDGE_FORM = "homework.nudge_form"
HOMEWORK_MORE_TIME = "homework.more_time"

# People. The key behind PEOPLE_CONFIRM and _DISMISS is a membership; the menu PEOPLE_PICK has the program in its block.
PEOPLE_CONFIRM = "people.confirm"
PEOPLE_DISMISS = "people.dismiss"
PEOPLE_CONFIRM_FORM = "people.confirm_form"
PEOPLE_PICK = "people.pick"
PEOPLE_CHANGE_FORM = "people.change_form"
PEOPLE_LIST = "people.list"
PEOPLE_ROLE = "people.role"
PEOPLE_ROLES = "people.roles"
PEOPLE_ORGANIZATION = "people.organization"
PEOPLE_NEW_ORGANIZATION = "people.new_organization"
PEOPLE_LEFT = "people.left"
PEOPLE_DONE = "people.done"

# Dates. The key behind DATES_FILE is an event; DATES_FILES means all of them; DATES_JOIN only leads to a link.
DATES_FILE = "dates.file"
DATES_FILES = "dates.files"
DATES_JOIN = "dates.join"

# Dates that move. The key behind MOVE_CHANGE is the section and the id, `events/convening-1`.
MOVE_OPEN = "move.open"
MOVE_CHANGE = "move.change"
MOVE_PICK_FORM = "move.pick_form"
MOVE_FORM = "move.form"
MOVE_SAVE_FORM = "move.save_form"

# Quiet hours, and putting a reminder off: the key behind QUIET_PUT_OFF is when and its notice, `hour/0f3a…`.
QUIET_OPEN = "quiet.open"
QUIET_FORM = "quiet.form"
QUIET_OWN = "quiet.own"
QUIET_PUT_OFF = "quiet.put_off"

# Channels. The key behind each is the channel; of CHANNEL_NONE it may come without a program.
CHANNEL_COHORT = "channel.cohort"
CHANNEL_APPLICANTS = "channel.applicants"
CHANNEL_FACILITATORS = "channel.facilitators"
CHANNEL_NONE = "channel.none"
CHANNEL_CHANGE = "channel.change"
CHANNEL_FORM = "channel.form"
CHANNEL_USE = "channel.use"
CHANNEL_ANSWERING = "channel.answering"
CHANNEL_PROGRAM = "channel.program"
CHANNEL_DONE = "channel.done"

# The digest. The key behind DIGEST_READ is a span of time, as views.digest writes and reads it.
DIGEST_OPEN = "digest.open"
DIGEST_READ = "digest.read"
DIGEST_PAGE = "digest.page"

# A week before it is said. The key behind WEEK_OPEN is its Monday, behind the others a post: the ids of its notices,
# `12/15`.
WEEK_OPEN = "week.open"
WEEK_PAGE = "week.page"
WEEK_CHANGE = "week.change"
WEEK_SKIP = "week.skip"
WEEK_HOLD = "week.hold"
WEEK_SAY = "week.say"
WEEK_FORM = "week.form"


def reference(program_id: int, key: str = "") -> str:
    """A program and one of its things, as a button's value."""
    return f"{program_id}:{key}"


def row(key: str) -> int:
    """The id of a row behind a key; 0, which no row has, for a key that nobody here wrote."""
    return int(key) if _is_id(key) else 0


def channel(key: str) -> str:
    """The id of a channel behind a key; empty for a key that nobody here wrote."""
    return key if re.fullmatch(r"[CDG][A-Z0-9]+", key) else ""


def referred(value: str) -> tuple[int | None, str]:
    """The program and the key behind a button's value; a value nobody here wrote gives (None, "")."""
    program, _, key = value.partition(":")
    return (int(program), key) if _is_id(program) and key.isprintable() else (None, "")


class Unreadable(Exception):
    """A form that an earlier version of the bot has made, or nobody here."""


@contextmanager
def reading() -> Iterator[None]:
    """Around reading a form back, as a decorator: what is missing or odd in it makes it Unreadable."""
    try:
        yield
    except (KeyError, TypeError, ValueError):
        # Without the error itself: what it quotes may be people's words.
        raise Unreadable from None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
