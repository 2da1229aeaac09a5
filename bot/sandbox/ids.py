"""Who is who in every sandbox, and ids that no other run has given out."""

from __future__ import annotations

import secrets
import string

from bot.sandbox.interface import Payload

TEAM = "T0CONVENE"
TEAM_NAME = "Convene sandbox"
TEAM_DOMAIN = "sandbox"
APP_ID = "A0CONVENE"
BOT_ID = "B0CONVENE"
BOT_USER = "U0CONVENE"
SLACKBOT = "USLACKBOT"

_LETTERS = string.ascii_uppercase + string.digits


def fresh(prefix: str, length: int = 10) -> str:
    """An id that no other run of the sandbox has given out either."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def dm_id(user_id: str) -> str:
    """The direct message between a person and the bot: the same in every run."""
    return "D" + user_id[1:]


def fill_ids(block: Payload, number: int) -> None:
    """Give a block and its elements the ids that Slack makes up when they are left out."""
    block.setdefault("block_id", fresh("", 5))
    inner = [block[name] for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    for element in [*inner, *(block["elements"] if block["type"] == "actions" else ())]:
        if element["type"] != "image":
            element.setdefault("action_id", f"{fresh('', 4)}{number}")
