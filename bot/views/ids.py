"""Every block, action, callback and command name, once. Features keep to their own paragraph."""

from __future__ import annotations

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


def reference(program_id: int, key: str = "") -> str:
    """A program and one of its things, as a button's value."""
    return f"{program_id}:{key}"


def referred(value: str) -> tuple[int | None, str]:
    """The program and the key behind a button's value; a value nobody here wrote gives (None, "")."""
    program, _, key = value.partition(":")
    return (int(program), key) if program.isascii() and program.isdigit() else (None, "")
