"""Every block, action, callback and command name, once. Features keep to their own paragraph."""

from __future__ import annotations

import re
import unicodedata
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
ENTRY_BOTH_FORM = "entry.both_form"
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

# Writing without a form. The key behind DIALOGUE_BEGIN is what is written, `reflection/before-we-begin`; in a form it
# is empty. Behind the others it is the dialogue, its turn, and what is said or chosen by that, `5/3/skip`.
DIALOGUE_BEGIN = "dialogue.begin"
DIALOGUE_SAY = "dialogue.say"
DIALOGUE_PICK = "dialogue.pick"
DIALOGUE_CHOOSE = "dialogue.choose"
DIALOGUE_DAY = "dialogue.day"
DIALOGUE_TICK = "dialogue.tick"
DIALOGUE_TAKE = "dialogue.take"
DIALOGUE_ALTER = "dialogue.alter"
DIALOGUE_WINDOW = "dialogue.window"

# One's own switchboard. The key behind SWITCHBOARD_RECORD is how many to pass over.
SWITCHBOARD_OPEN = "switchboard.open"
SWITCHBOARD_WINDOW = "switchboard.window"
SWITCHBOARD_DONE = "switchboard.done"
SWITCHBOARD_PAUSE = "switchboard.pause"
SWITCHBOARD_PAUSE_FORM = "switchboard.pause_form"
SWITCHBOARD_RESUME = "switchboard.resume"
SWITCHBOARD_REMINDERS = "switchboard.reminders"
SWITCHBOARD_LANGUAGE = "switchboard.language"
SWITCHBOARD_RECORD = "switchboard.record"
SWITCHBOARD_RECORD_PAGE = "switchboard.record_page"
SWITCHBOARD_FILE = "switchboard.file"
SWITCHBOARD_LEAVE = "switchboard.leave"
SWITCHBOARD_LEAVE_FORM = "switchboard.leave_form"

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
PEOPLE_LIST = "people.list"
PEOPLE_ROLE = "people.role"
PEOPLE_ROLES = "people.roles"
PEOPLE_ORGANIZATION = "people.organization"
PEOPLE_NEW_ORGANIZATION = "people.new_organization"
PEOPLE_DONE = "people.done"

LIST_WORDS = "list.words"

# Changing who takes part. The key behind PERSONNEL_OPEN, _CHANGE, _REPLACE, _LEAVE, _BACK and _ADDRESS is a person, and
# behind PERSONNEL_LIST where a page begins and what was searched for, `24/bright`.
PERSONNEL_LIST = "personnel.list"
PERSONNEL_FIND_FORM = "personnel.find_form"
PERSONNEL_OPEN = "personnel.open"
PERSONNEL_CARD = "personnel.card"
PERSONNEL_CHANGE = "personnel.change"
PERSONNEL_PLACE_FORM = "personnel.place_form"
PERSONNEL_REPLACE = "personnel.replace"
PERSONNEL_REPLACE_FORM = "personnel.replace_form"
PERSONNEL_SUCCESSOR = "personnel.successor"
PERSONNEL_EMAIL = "personnel.email"
PERSONNEL_LEAVE = "personnel.leave"
PERSONNEL_BACK = "personnel.back"
PERSONNEL_ADDRESS = "personnel.address"
PERSONNEL_ADDRESS_FORM = "personnel.address_form"
PERSONNEL_SAVE_FORM = "personnel.save_form"
PERSONNEL_AGAIN_FORM = "personnel.again_form"
PERSONNEL_ADD = "personnel.add"
PERSONNEL_ADD_FORM = "personnel.add_form"
PERSONNEL_ADD_SAVE_FORM = "personnel.add_save_form"
PERSONNEL_USERS = "personnel.users"
PERSONNEL_EMAILS = "personnel.emails"

# Organizations. The key behind ORGANIZATION_OPEN, _LEAVE and _BACK is an organization, behind ORGANIZATION_LIST a page.
ORGANIZATION_LIST = "organization.list"
ORGANIZATION_FIND_FORM = "organization.find_form"
ORGANIZATION_OPEN = "organization.open"
ORGANIZATION_RENAME_FORM = "organization.rename_form"
ORGANIZATION_NAME = "organization.name"
ORGANIZATION_INTO = "organization.into"
ORGANIZATION_LEAVE = "organization.leave"
ORGANIZATION_BACK = "organization.back"
ORGANIZATION_MERGE = "organization.merge"
ORGANIZATION_MERGE_FORM = "organization.merge_form"
ORGANIZATION_SAVE_FORM = "organization.save_form"

# Who cannot reach me. The key behind REACH_SEE is why, and where a page begins, `channel/24`; behind the remedies it is
# the same with the person before it, `12/channel/24`. REACH_ZONE_PICK is in a message to that person.
REACH_OPEN = "reach.open"
REACH_SEE = "reach.see"
REACH_WINDOW = "reach.window"
REACH_PAGE = "reach.page"
REACH_INVITE = "reach.invite"
REACH_HELLO = "reach.hello"
REACH_ZONE = "reach.zone"
REACH_ZONE_PICK = "reach.zone_pick"
REACH_LOOK = "reach.look"

# Looking at the Home as somebody else sees it.
VIEW_AS_OPEN = "view_as.open"
VIEW_AS_FORM = "view_as.form"
VIEW_AS_ROLE = "view_as.role"
VIEW_AS_ORGANIZATION = "view_as.organization"
VIEW_AS_WINDOW = "view_as.window"

# Dates. The key behind DATES_FILE is an event; DATES_FILES means all of them; DATES_JOIN only leads to a link.
DATES_FILE = "dates.file"
DATES_FILES = "dates.files"
DATES_JOIN = "dates.join"

# Whether somebody comes. The key behind RSVP_COMING and _NOT_COMING is an event and when it is to begin, in UTC,
# `convening-1/20201119T1600Z`; behind RSVP_WHO it is the event.
RSVP_COMING = "rsvp.coming"
RSVP_NOT_COMING = "rsvp.not_coming"
RSVP_WHO = "rsvp.who"
RSVP_WINDOW = "rsvp.window"

# Dates that move. The key behind MOVE_CHANGE is the section and the id, `events/convening-1`.
MOVE_OPEN = "move.open"
MOVE_CHANGE = "move.change"
MOVE_PICK_FORM = "move.pick_form"
MOVE_FORM = "move.form"
MOVE_SAVE_FORM = "move.save_form"

# Quiet hours, and putting a reminder off: the key behind QUIET_PUT_OFF is when and its notice, `hour/0f3a…`.
QUIET_OPEN = "quiet.open"
QUIET_FORM = "quiet.form"
QUIET_PUT_OFF = "quiet.put_off"

# Everything that those who run a program look after.
MANAGE_OPEN = "manage.open"
MANAGE_WINDOW = "manage.window"

# Changing a program. The key behind CHANGE_ITEM is the section and the id, `faq/deadline`, or `program/contact` for a
# part of the header: its form opens from anywhere. Behind CHANGE_UNDO it is the number of a change, behind CHANGE_LIST
# and CHANGE_ADD a section, behind CHANGE_PAGE and CHANGE_RECENT how many to pass over.
CHANGE_OPEN = "change.open"
CHANGE_ITEM = "change.item"
CHANGE_UNDO = "change.undo"
CHANGE_LIST = "change.list"
CHANGE_LIST_FORM = "change.list_form"
CHANGE_WORDS = "change.words"
CHANGE_PAGE = "change.page"
CHANGE_ADD = "change.add"
CHANGE_REMOVE = "change.remove"
CHANGE_AGAIN = "change.again"
CHANGE_FORM = "change.form"
CHANGE_SAVE_FORM = "change.save_form"
CHANGE_BOTH_FORM = "change.both_form"
CHANGE_WINDOW = "change.window"
CHANGE_RECENT = "change.recent"
CHANGE_RECENT_PAGE = "change.recent_page"

# Setting a program up. The key behind SETUP_LOOK and _ALL is the part and where its page begins, `dates/36`; behind
# SETUP_CHANNEL what it is for, behind SETUP_PREVIEW where a page begins.
SETUP_OPEN = "setup.open"
SETUP_ANOTHER = "setup.another"
SETUP_JOIN = "setup.join"
SETUP_BEGIN_FORM = "setup.begin_form"
SETUP_CODE = "setup.code"
SETUP_CODE_FORM = "setup.code_form"
SETUP_COPY = "setup.copy"
SETUP_COPY_FORM = "setup.copy_form"
SETUP_LOOK = "setup.look"
SETUP_LOOK_FORM = "setup.look_form"
SETUP_ALL = "setup.all"
SETUP_MOVE = "setup.move"
SETUP_MOVE_FORM = "setup.move_form"
SETUP_PEOPLE = "setup.people"
SETUP_PEOPLE_FORM = "setup.people_form"
SETUP_CHANNEL = "setup.channel"
SETUP_CHANNEL_FORM = "setup.channel_form"
SETUP_PREVIEW = "setup.preview"
SETUP_DROP = "setup.drop"
SETUP_WINDOW = "setup.window"

# Documents dropped into a conversation. The key behind DROP_USE is the file's row, behind DROP_REMOVE the document.
DROP_USE = "drop.use"
DROP_FORM = "drop.form"
DROP_LIST = "drop.list"
DROP_REMOVE = "drop.remove"

# Finding. The key behind FIND_OPEN is a kind and its key, `date/convening-1`, behind FIND_PAGE a kind, where the page
# begins, and what is looked for, `answer/15/lunch`.
FIND_ASK = "find.ask"
FIND_FORM = "find.form"
FIND_OPEN = "find.open"
FIND_PAGE = "find.page"

# Which program is meant. The key behind WHICH says what goes on once it is clear.
WHICH = "which.choose"
WHICH_WINDOW = "which.window"

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
CHANNEL_WINDOW = "channel.window"
CHANNEL_LIST = "channel.list"
CHANNEL_SAVE_FORM = "channel.save_form"

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

# Practice and live. The key behind SAMPLE_LIST is how many to pass over.
MODE_OPEN = "mode.open"
MODE_LIVE_FORM = "mode.live_form"
MODE_PRACTICE_FORM = "mode.practice_form"
MODE_PRACTICE = "mode.practice"
SAMPLE_LIST = "sample.list"
SAMPLE_PAGE = "sample.page"

# Holding all posts. The key behind HOLD_RESUME, _CHANGE, _SEND and _DROP is a hold.
HOLD_OPEN = "hold.open"
HOLD_NEW = "hold.new"
HOLD_WINDOW = "hold.window"
HOLD_FORM = "hold.form"
HOLD_CHANGE = "hold.change"
HOLD_CHANGE_FORM = "hold.change_form"
HOLD_RESUME = "hold.resume"
HOLD_RESUME_FORM = "hold.resume_form"
HOLD_SEND = "hold.send"
HOLD_DROP = "hold.drop"


OPENERS = frozenset(
    (
        ASK_OPEN,
        CHECKIN_MINE,
        CHECKIN_OPEN,
        DATES_OPEN,
        DIGEST_OPEN,
        FIND_ASK,
        HOMEWORK_OPEN,
        MANAGE_OPEN,
        PEOPLE_LIST,
        QUESTION_LOG,
        QUIET_OPEN,
        REFLECTION_MINE,
        REFLECTION_OPEN,
        WEEK_OPEN,
    )
)
"""Buttons that may stand where no program is known: then it is asked which one is meant."""


def reference(program_id: int, key: str = "") -> str:
    """A program and one of its things, as a button's value."""
    return f"{program_id}:{key}"


def row(key: str) -> int:
    """The id of a row behind a key; 0, which no row has, for a key that nobody here wrote."""
    return int(key) if _is_id(key) else 0


def channel(key: str) -> str:
    """The id of a channel behind a key; empty for a key that nobody here wrote."""
    return key if re.fullmatch(r"[CDG][A-Z0-9]+", key) else ""


def user(key: object) -> str:
    """The id of a person who was chosen from a menu; empty where nobody was, or somebody that Slack has not."""
    return key if isinstance(key, str) and re.fullmatch(r"[UW][A-Z0-9]{1,254}", key) else ""


def referred(value: str) -> tuple[int | None, str]:
    """The program and the key behind a button's value; a value nobody here wrote gives (None, "")."""
    program, _, key = value.partition(":")
    return (int(program), key) if _is_id(program) and _is_key(key) else (None, "")


class Unreadable(Exception):
    """A form that an earlier version of the bot has made, or nobody here."""


@contextmanager
def reading() -> Iterator[None]:
    """Around reading a form back, as a decorator: what is missing or odd in it makes it Unreadable."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        # Without the error itself: what it quotes may be people's words.
        raise Unreadable from None


def _is_key(text: str) -> bool:
    """Whether there is nothing in it but what is written: that joins letters in some scripts, and in some emoji."""
    return text.isprintable() or all(unicodedata.category(one) not in ("Cc", "Cs") for one in text)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
