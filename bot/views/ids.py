"""Every block, action, callback and command name, once. Features keep to their own paragraph."""

from __future__ import annotations

# Commands: also what the manifest and the help are made from (see bot/views/commands.py).
ASK = "/ask"
REFLECT = "/reflect"
CHECKIN = "/checkin"
DATES = "/dates"
HOMEWORK = "/homework"
CONVENE = "/convene"
