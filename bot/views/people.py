"""Who takes part: the question about somebody who joined, the form that answers it, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.memberships import Card, Flaw, Place, Placed, Settled, Why
from bot.domain.messages import Block, Message, Payload
from bot.domain.people import ORGANIZATION_NAME, ROLES, Listed, NotAllowed, Org, Role, Viewer, is_role, ordered
from bot.domain.programs import Program
from bot.views import ids, refusals
from bot.views.blocks import (
    actions,
    button,
    confirm,
    context,
    distinct,
    esc,
    field_block,
    grouped_select,
    header,
    mention,
    modal,
    option,
    section,
    select,
    text_input,
    user_select,
)
from bot.views.forms import Typed
from bot.views.times import moment
from bot.views.welcome import next_date, standing

LABELS: dict[Role, str] = {
    "applicant": "Applicant",
    "participant": "Participant",
    "coach": "Coach",
    "facilitator": "Facilitator",
    "admin": "Admin (looks after the set-up)",
}
REASONS: dict[Why, str] = {
    "no role": "Choose what they are here. If they do not take part, close this and press “Not a participant”.",
    "not yours to give": "An admin decides who is an admin. Ask one, or choose another role.",
    "organization needed": "Which organization do they take part for? Choose it, or write its name.",
    "two organizations": "Choose an organization above or write a new one here, not both.",
    "too long": f"An organization's name can have up to {ORGANIZATION_NAME} letters here. Try a shorter form of it.",
    "unknown": "This organization is not in the program any more. Choose another one.",
    "last facilitator": "They are the only facilitator. Make somebody else one first, then change this.",
    "last admin": "They are the only admin. Make somebody else one first, then change this.",
}
MOST_WAITING = 10
MOST_LINES = 30
MOST_NAMES = 40
GROUP = 100
"""As many choices as Slack takes in one group of a menu."""
_CHANGE = "`/convene people`, or *People* in my Home"


def pending(name: str, user: str | None, channel: str, program: Program, membership_id: int) -> Message:
    """To the facilitators: somebody joined, and what are they?"""
    value = ids.reference(program.id, str(membership_id))
    words = f"{who(name, user)} joined <#{channel}> and is not on the list of {esc(program.name)} yet."
    return Message(
        f"{esc(name)} joined: please confirm with role and organization.",
        [
            section(words),
            actions(
                button("Confirm…", ids.PEOPLE_CONFIRM, value, style="primary", label=f"Confirm {name}"),
                button(
                    "Not a participant",
                    ids.PEOPLE_DISMISS,
                    value,
                    label=f"{name} is not a participant",
                    confirm=confirm(
                        "Not a participant?",
                        f"{name} gets no reminders and owes no homework. You can add them later with /convene people.",
                        "Not a participant",
                        "Back",
                    ),
                ),
            ),
            context("Until then they can ask me questions, and owe nothing."),
        ],
    )


def waiting(count: int, channel: str, program: Program) -> Message:
    """To the facilitators: those who were in the cohort's channel before it had that purpose."""
    people = "1 person is" if count == 1 else f"{count} people are"
    words = (
        f"{people} in <#{channel}> and not on the list of {esc(program.name)} yet. "
        "Confirm who takes part, with role and organization; nobody is told before that."
    )
    look = button("See who waits", ids.PEOPLE_LIST, ids.reference(program.id), style="primary")
    return Message(words, [section(words), actions(look)])


def settled(viewer: Viewer, by: str | None) -> Message:
    """What has become of the question."""
    words = _stands(viewer.name, tuple(viewer.roles), viewer.organization) + _decided(by)
    return Message(words, [section(words)])


def confirmed(viewer: Viewer, now: datetime) -> Message:
    """To somebody who was welcomed before the facilitators confirmed them."""
    program = viewer.of_program
    words = f"You are confirmed. {standing(viewer)}"
    open_dates = button("See the dates", ids.DATES_OPEN, ids.reference(program.id))
    return Message(words, [section(words), section(f"*Your next date*\n{next_date(viewer, now)}"), actions(open_dates)])


def confirm_form(card: Card, program: Program) -> Block:
    """The form behind *Confirm*."""
    joined = f" joined on {moment(card.since, program)}." if card.since is not None else "."
    blocks = [
        section(f"{who(card.name, card.user)}{joined}"),
        field_block(
            ids.PEOPLE_ROLE,
            "Role",
            select(ids.PEOPLE_ROLE, role_options(card.roles, grants_admin=card.grants_admin), initial="participant"),
        ),
        *organization_fields(
            card.organizations,
            card.organization,
            "Participants take part for an organization; one homework is enough for both of its people.",
        ),
    ]
    metadata = ids.reference(program.id, str(card.membership_id))
    return modal(ids.PEOPLE_CONFIRM_FORM, "Confirm", blocks, submit="Confirm", close="Not now", metadata=metadata)


def about(view: Payload) -> tuple[int | None, str]:
    """The program of a form, and the membership or the user it is about."""
    return ids.referred(str(view.get("private_metadata") or ""))


@ids.reading()
def read(view: Payload) -> Place:
    """What was chosen in a form about roles."""
    typed = Typed(view)
    named = (typed.choice(ids.PEOPLE_ROLE) or "", *typed.choices(ids.PEOPLE_ROLES))
    return Place(
        roles=frozenset(filter(is_role, named)),
        organization_id=ids.row(typed.choice(ids.PEOPLE_ORGANIZATION) or "") or None,
        new_organization=typed.words(ids.PEOPLE_NEW_ORGANIZATION),
    )


def errors(flaws: Sequence[Flaw], view: Payload) -> dict[str, str]:
    """Each flaw's sentence under its field of the form that was handed in."""
    form = view.get("callback_id")
    fields = {
        "roles": ids.PEOPLE_ROLE if form == ids.PEOPLE_CONFIRM_FORM else ids.PEOPLE_ROLES,
        "organization": ids.PEOPLE_ORGANIZATION,
        "new_organization": ids.PEOPLE_NEW_ORGANIZATION,
    }
    found: dict[str, str] = {}
    for flaw in flaws:
        field = fields[flaw.field]
        # Without any organization yet there is no menu: then the one field that is there says it.
        if field == ids.PEOPLE_ORGANIZATION and field not in _blocks(view):
            field = ids.PEOPLE_NEW_ORGANIZATION
        found.setdefault(field, REASONS[flaw.why])
    return found


def thanks(placed: Placed) -> Block:
    """What the form turns into once it is done."""
    words = _stands(placed.name, placed.roles, placed.organization)
    more = " I have written to them." if placed.told else "" if placed.roles else " They get nothing from me any more."
    return modal(ids.PEOPLE_DONE, "Saved", [section(words + more)])


def already(settled: Settled) -> str:
    """For whoever was slower."""
    words = _stands(settled.name, settled.roles, settled.organization)
    return f"{words}{_decided(settled.by)} To change it: {_CHANGE}."


def refusal(refused: NotAllowed) -> str:
    """Who can say who takes part."""
    return refusals.not_allowed(refused, "say who takes part")


def not_somebody() -> str:
    """For an app or somebody who is not there."""
    return "That is an app, or nobody of this workspace. Choose a person."


def listing(listed: Sequence[Listed], program: Program) -> Message:
    """Who takes part, by organization, those who wait first; with a way to change it."""
    active = [one for one in listed if one.state == "active"]
    waiting = [one for one in listed if one.state == "pending"]
    blocks = [header(f"Who takes part in {program.name}")]
    blocks += [waiting_line(one, program) for one in waiting[:MOST_WAITING]]
    if len(waiting) > MOST_WAITING:
        blocks.append(context(f"and {len(waiting) - MOST_WAITING} more who wait"))
    lines = [*_by_organization(active), *_by_role(active)]
    blocks += [section(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        blocks.append(context(f"and {len(lines) - MOST_LINES} more organizations: `convene people list` names all"))
    if not active and not waiting:
        blocks.append(section("Nobody yet. Import a list with `convene people import FILE`, or choose somebody below."))
    gone = len({one.person_id for one in listed if one.state == "left"})
    if gone:
        blocks.append(context(f"{gone} {'person has' if gone == 1 else 'people have'} left; what they wrote stays."))
    find = button("Find or change somebody", ids.PERSONNEL_LIST, ids.reference(program.id))
    blocks += [actions(find), pick(program)]
    return Message(
        f"Who takes part in {esc(program.name)}: {len(active)} roles, {len(waiting)} waiting.", distinct(blocks)
    )


def waiting_line(one: Listed, program: Program) -> Block:
    """Somebody who waits, with the button that ends it."""
    value = ids.reference(program.id, str(one.membership_id))
    confirm_them = button("Confirm…", ids.PEOPLE_CONFIRM, value, label=f"Confirm {one.name}")
    words = f"*{_name(one)}* joined on {moment(one.since, program)} and waits to be confirmed."
    return section(words, accessory=confirm_them)


def pick(program: Program) -> Block:
    """The menu of everybody in the workspace."""
    menu = user_select(ids.PEOPLE_PICK, placeholder="Change somebody's roles…")
    return actions(menu, block_id=f"{ids.PEOPLE_PICK}:{program.id}")


def picked_in(block_id: str) -> int | None:
    """The program that a menu of people belongs to."""
    program_id, _ = ids.referred(block_id.removeprefix(f"{ids.PEOPLE_PICK}:") + ":")
    return program_id


def _by_organization(active: Sequence[Listed]) -> list[str]:
    organizations: dict[str, list[str]] = {}
    for one in active:
        if one.role == "participant":
            name = one.organization.name if one.organization else "Without an organization"
            organizations.setdefault(name, []).append(_person(one))
    return [f"*{esc(name)}*\n{', '.join(organizations[name])}" for name in sorted(organizations, key=str.casefold)]


def _by_role(active: Sequence[Listed]) -> list[str]:
    lines = []
    for role, title in (("coach", "Coaches"), ("facilitator", "Facilitators"), ("admin", "Admins")):
        names = [_person(one) for one in active if one.role == role]
        if names:
            lines.append(f"*{title}*\n{', '.join(names)}")
    applicants = [_person(one) for one in active if one.role == "applicant"]
    if applicants:
        more = f" and {len(applicants) - MOST_NAMES} more" if len(applicants) > MOST_NAMES else ""
        lines.append(f"*Applicants* ({len(applicants)})\n{', '.join(applicants[:MOST_NAMES])}{more}")
    return lines


def _person(one: Listed) -> str:
    if one.gone:
        return f"{_name(one)} (left the workspace)"
    return _name(one) if one.user else f"{_name(one)} (not met in Slack yet)"


def _name(one: Listed) -> str:
    """A name, or a mention as long as Slack has not told the name."""
    return esc(one.name) if one.name != one.user else mention(one.name)


def organization_fields(organizations: Sequence[Org], here: Org | None, hint: str) -> list[Block]:
    """The menu of all organizations, and the field for a new one."""
    blocks: list[Block] = []
    if organizations:
        choices = [option(one.name, str(one.id)) for one in organizations]
        chosen = str(here.id) if here else None
        groups = [
            (f"{some[0].name[:30]} – {some[-1].name[:30]}", choices[start : start + GROUP])
            for start in range(0, len(choices), GROUP)
            if (some := organizations[start : start + GROUP])
        ]
        if len(groups) > 1:
            menu = grouped_select(ids.PEOPLE_ORGANIZATION, groups, initial=chosen, placeholder="Choose one")
        else:
            menu = select(ids.PEOPLE_ORGANIZATION, choices, initial=chosen, placeholder="Choose one")
        blocks.append(field_block(ids.PEOPLE_ORGANIZATION, "Organization", menu, hint=hint, optional=True))
    field = text_input(ids.PEOPLE_NEW_ORGANIZATION, max_length=ORGANIZATION_NAME)
    name = "Or a new organization" if organizations else "Organization"
    blocks.append(field_block(ids.PEOPLE_NEW_ORGANIZATION, name, field, optional=True))
    return blocks


def role_options(held: Sequence[Role], *, grants_admin: bool) -> list[Block]:
    """The roles that may be given."""
    return [option(LABELS[role], role) for role in ROLES if role != "admin" or grants_admin or role in held]


def who(name: str, user: str | None) -> str:
    """Somebody by their mention, which shows the name; by name as long as Slack does not know them."""
    return mention(user) if user else f"*{esc(name)}*"


def what(roles: Sequence[Role], organization: Org | None) -> str:
    """Roles and organization in a few words; mrkdwn."""
    names = " and ".join(ordered(roles)) or "no role yet"
    return names + (f", {esc(organization.name)}" if organization else "")


def _stands(name: str, roles: Sequence[Role], organization: Org | None) -> str:
    if not roles:
        return f"*{esc(name)}* does not take part."
    return f"*{esc(name)}* is on the list: {what(roles, organization)}."


def _decided(by: str | None) -> str:
    return f" Decided by {mention(by)}." if by else ""


def _blocks(view: Payload) -> set[str]:
    blocks: Any = view.get("blocks") or ()
    return {str(block.get("block_id")) for block in blocks}
