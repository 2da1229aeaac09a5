"""Everything that can be changed of a program: each section with the description of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.change_fields import answers, breaks, dates, digests, homework, reminders, resources
from bot.domain.change_fields.fields import LABEL, Body, Field, Section, Spec
from bot.domain.change_fields.header import PARTS, part_fields
from bot.domain.change_fields.told import told
from bot.domain.programs import Program

LOOKED_AT = frozenset({"events", "assignments", "breaks", "holidays", "reminders", "digests"})
"""Sections that people are told by: what follows from a change there is always looked at first."""
IN_HEADER = ("holidays", "support_categories")
"""Lists that stand in the header: their items have no rows of their own."""
KEYED_BY = {"holidays": "on", "support_categories": "id"}
SPECS: Mapping[Section, Spec] = {
    "events": Spec("events", dates.fields),
    "assignments": Spec("assignments", homework.fields),
    "faq": Spec("faq", answers.fields, "question"),
    "resources": Spec("resources", resources.fields),
    "breaks": Spec("breaks", breaks.fields, "name"),
    "holidays": Spec("holidays", breaks.holiday_fields, "name"),
    "reminders": Spec("reminders", reminders.fields, "kind"),
    "digests": Spec("digests", digests.fields, "what"),
    "milestones": Spec("milestones", told(Field("title", "Title", "line"), Field("when", "When, in words", "line"))),
    "expectations": Spec("expectations", told(Field("who", "Of whom", "line")), "who"),
    "roles": Spec("roles", told(Field("title", "Title", "line"))),
    "support_categories": Spec(
        "support_categories",
        lambda body, program, new: (Field("label", "Kind of support", "line", most=LABEL),),
        "label",
    ),
    "program": Spec("program", lambda body, program, new: (), "name", adds=False),
}
"""Everything that can be changed, in the order of the menu."""
SECTIONS: Mapping[str, Section] = {name: name for name in SPECS}
"""Names of sections, for what comes from outside."""


def fields(
    section: Section, key: str, body: Body, program: Program | None = None, *, new: bool = False
) -> tuple[Field, ...]:
    """The fields of an item's form; those that were only asked for at first are left out."""
    if section == "program":
        return part_fields(key, body) if key in PARTS else ()
    return tuple(one for one in SPECS[section].fields(body, program, new) if new or not one.only_new)
