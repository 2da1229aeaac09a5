"""Who the bot does not reach: the overview, each list with its remedy, and the two messages that are remedies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from bot.domain.messages import Block, Message
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Program
from bot.domain.reach import (
    Counts,
    Done,
    Invitation,
    Listing,
    Overview,
    Several,
    Unreached,
    Why,
)
from bot.views import ids, lists, people, refusals
from bot.views.blocks import (
    OPTION,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    esc,
    field_block,
    header,
    link,
    mention,
    modal,
    multi_select,
    option,
    section,
    select,
)
from bot.views.failures import first_input
from bot.views.forms import Typed
from bot.views.times import moment
from bot.views.welcome import first_steps, standing
from bot.views.zones import zone_select, zone_words

TITLES: dict[Why, str] = {
    "refused": "Slack refused my last message",
    "gone": "Account switched off",
    "address": "Known by address only",
    "pending": "Waiting to be confirmed",
    "channel": "Not in their channel",
    "silent": "Never opened my Home",
    "guest": "Guests: often without commands",
    "zone": "Clock not known",
}
MEANS: dict[Why, str] = {
    "refused": "What I wrote to them last did not arrive. Try once more, or write to them yourself.",
    "gone": "Nothing reaches them. Say who takes over, or that they have left.",
    "address": "Nobody with this address has come to the workspace. Invite them to it, or correct the address.",
    "pending": "They joined the channel and get nothing until you confirm them.",
    "channel": "They read nothing that I post there.",
    "silent": "They may not know what I can do. A short message brings them the buttons.",
    "guest": "Slack lets many guests use no commands. Everything goes by buttons and by writing to me.",
    "zone": "I tell them times on the program's clock, and know no night of theirs.",
}
SHORTLY: dict[Why, tuple[str, str]] = {
    "refused": ("did not get my last message", "did not get my last message"),
    "gone": ("has a switched-off account", "have switched-off accounts"),
    "address": ("is known by address only", "are known by address only"),
    "pending": ("waits", "wait"),
    "channel": ("is not in their channel", "are not in their channel"),
    "silent": ("never opened my Home", "never opened my Home"),
    "guest": ("is a guest", "are guests"),
    "zone": ("has no known clock", "have no known clock"),
}
CODES: dict[str, str] = {
    "account_inactive": "their account is switched off",
    "cannot_dm_bot": "that is an app",
    "channel_not_found": "Slack finds no conversation with them",
    "ekm_access_denied": "the workspace's keys do not allow it at the moment",
    "invalid_blocks": "something in my message was not right; `/convene status` has more",
    "is_archived": "the conversation is archived",
    "messages_tab_disabled": "the app's Messages tab is switched off; an admin can switch it on",
    "missing_scope": "the app lacks a permission; `convene doctor` says which",
    "msg_blocks_too_long": "my message was too long",
    "msg_too_long": "my message was too long",
    "not_in_channel": "I am not in that conversation",
    "org_login_required": "they have to sign in through their organization first",
    "restricted_action": "the workspace's rules do not let apps write there",
    "team_access_not_granted": "the app may not be used in their workspace",
    "user_disabled": "their account is switched off",
    "user_not_found": "Slack knows nobody by that id any more",
    "user_not_visible": "they cannot be seen from this workspace",
    "users_not_found": "Slack knows nobody by that id any more",
}
"""Slack's words in plain ones."""
INVITING: dict[str, str] = {
    "cant_invite": "Slack lets nobody invite them there.",
    "cant_invite_self": "That is me.",
    "channel_not_found": "I am not in that channel any more. Invite me there first: `/invite @Convene`.",
    "is_archived": "That channel is archived. Take it out of the archive first.",
    "missing_scope": "I may not invite people: the app was installed without that permission.",
    "not_in_channel": "I am not in that channel any more. Invite me there first: `/invite @Convene`.",
    "ura_max_channels": "They are a guest of other channels, and may be in no more.",
    "user_is_restricted": "They are a guest; an admin of the workspace adds guests to channels.",
    "user_is_ultra_restricted": "They are a guest of a single channel; an admin of the workspace can change that.",
    "user_not_found": "Slack knows nobody by that id any more.",
}
TOGETHER: dict[Why, str] = {
    "refused": "Send them a hello",
    "channel": "Invite those chosen",
    "silent": "Send them a hello",
    "guest": "Send them a hello",
    "zone": "Ask or set",
}
"""What several can be helped with at once: the words of the button."""
SEVERAL, ZONE = "reach.several", "reach.their_zone"
COMMON = (
    "America/St_Johns",
    "America/Halifax",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""Zones to choose from, west to east as the day goes."""


# In the Home


def home_blocks(found: Counts, program: Program) -> list[Block]:
    """One line, where anybody is out of reach."""
    if not found.counts:
        return []
    parts = [f"{number} {SHORTLY[why][number != 1]}" for why, number in found.counts.items()]
    see = button("See who", ids.REACH_OPEN, ids.reference(program.id), label="See who: those I do not reach")
    return [section(f"*Who I may not reach*\n{', '.join(parts)}", accessory=see)]


# The overview, and the lists


def overview(found: Overview) -> Message:
    """How many, by why."""
    program = found.program
    blocks = [header("Who I may not reach")]
    for why, number in found.counts.items():
        value = ids.reference(program.id, f"{why}/0")
        see = button("See who", ids.REACH_SEE, value, label=f"See who: {TITLES[why]}")
        blocks.append(section(f"*{TITLES[why]}: {number}*\n{MEANS[why]}", accessory=see))
    if not found.counts:
        blocks.append(section("Everybody is reached: all are in their channel, and have opened my Home."))
    blocks += _picture(found)
    total = sum(found.counts.values())
    words = f"Who I may not reach in {esc(program.name)}: {counted(total, 'thing')} to look at."
    return Message(words if total else f"I reach everybody in {esc(program.name)}.", distinct(blocks))


def window(found: Overview) -> Block:
    """The overview as a modal, whose title says what its heading does."""
    blocks = [one for one in overview(found).blocks if one["type"] != "header"]
    return modal(ids.REACH_WINDOW, "Who I may not reach", blocks, metadata=ids.reference(found.program.id))


def listing(found: Listing, note: str = "") -> Block:
    """Those of one why, each with what helps; `note` (mrkdwn) says what was just done."""
    blocks: list[Block] = [section(f":white_check_mark: {note}")] if note else []
    blocks.append(section(f"*{TITLES[found.why]}: {found.page.total}*\n{MEANS[found.why]}"))
    for one in found.page.rows:
        blocks += _person(one, found)
    if not found.page.total:
        blocks.append(section("Nobody any more."))
    blocks += lists.turns(
        found.page, ids.REACH_SEE, lambda start: ids.reference(found.program.id, f"{found.why}/{start}"), "The people"
    )
    if found.why == "channel" and found.looked_at is not None:
        blocks.append(context(f"As Slack had it {moment(found.looked_at, found.program)}."))
    several = list(_several(found))
    metadata = ids.reference(found.program.id, f"{found.why}/{found.page.start}")
    submit = TOGETHER.get(found.why) if several else None
    blocks = [*distinct(blocks), *several]
    return modal(ids.REACH_PAGE, "Who I may not reach", blocks, submit=submit, close="Back", metadata=metadata)


def _several(found: Listing) -> Iterator[Block]:
    """The people of this page for whom the same helps, to be chosen together; none where there is only one."""
    if found.why not in TOGETHER:
        return
    helped = [one.somebody for one in found.page.rows if not one.greeted and one.somebody.user is not None]
    if len(helped) < 2:
        return
    options = [option(clip(one.name, OPTION), str(one.person_id)) for one in helped]
    # With another name Slack does not keep what was chosen of the ones before.
    name = f"{SEVERAL}:{found.page.start}:{found.page.total}:{len(helped)}"
    yield field_block(name, "Several at once", multi_select(SEVERAL, options, placeholder="Choose people"))
    if found.why == "zone":
        hint = "If you know it: I put them on it. Leave it empty, and I ask them."
        groups = zone_select(ZONE, found.program.zone, "The program's", chosen=False)
        yield field_block(f"{ZONE}:{len(helped)}", "Their clock", groups, hint=hint, optional=True)


def _person(one: Unreached, found: Listing) -> Iterator[Block]:
    buttons = _remedies(one, found)
    words = f"*{_name(one)}*{_what(one)}{_details(one, found)}"
    if len(buttons) == 1:
        yield section(words, accessory=buttons[0])
    else:
        yield section(words)
        if buttons:
            yield actions(*buttons)


def _remedies(one: Unreached, found: Listing) -> list[Block]:
    program, somebody = found.program, one.somebody
    person = ids.reference(program.id, str(somebody.person_id))
    here = ids.reference(program.id, f"{somebody.person_id}/{found.why}/{found.page.start}")
    match one.why:
        case "gone":
            return [button("Change…", ids.PERSONNEL_OPEN, person, label=f"Change {somebody.name}")]
        case "address":
            return [
                button(
                    "Correct the address…", ids.PERSONNEL_ADDRESS, person, label=f"Correct the address: {somebody.name}"
                ),
                button("Remove…", ids.PERSONNEL_LEAVE, person, label=f"Remove {somebody.name}"),
            ]
        case "pending":
            waits = ids.reference(program.id, str(somebody.waits))
            return [button("Confirm…", ids.PEOPLE_CONFIRM, waits, label=f"Confirm {somebody.name}")]
        case "channel":
            name = f"#{one.room.name}" if one.room is not None and one.room.name else "the channel"
            return [button(f"Invite to {name}", ids.REACH_INVITE, here, label=f"Invite {somebody.name} to {name}")]
        case "zone":
            label = f"Ask them for their clock: {somebody.name}"
            return [] if one.greeted else [button("Ask them", ids.REACH_ZONE, here, label=label)]
        case "refused" | "silent" | "guest":
            label = f"Send a hello to {somebody.name}"
            return [] if one.greeted else [button("Send a hello", ids.REACH_HELLO, here, label=label)]


def _details(one: Unreached, found: Listing) -> str:
    lines = []
    if one.why == "refused" and one.at is not None:
        said = CODES.get(one.code, "Slack gave no reason that I know")
        lines.append(f"{moment(one.at, found.program)}: {said} (`{esc(one.code[:60])}`)")
    if one.why == "address" and one.somebody.email:
        lines.append(link(f"mailto:{one.somebody.email}", one.somebody.email))
    if one.greeted:
        lines.append("I have written to them today.")
    return "".join(f"\n{line}" for line in lines)


def _what(one: Unreached) -> str:
    words = people.what(one.somebody.roles, one.somebody.organization)
    return f" · {words}" if one.somebody.roles else ""


def _name(one: Unreached) -> str:
    somebody = one.somebody
    return mention(somebody.user) if somebody.user and somebody.name == somebody.user else esc(somebody.name)


def _picture(found: Overview) -> Iterator[Block]:
    """As of when it is known who is in which channel."""
    again = button("Look again", ids.REACH_LOOK, ids.reference(found.program.id), label="Look again: ask Slack now")
    if found.unseen:
        names = ", ".join(f"<#{room.channel}>" for room in found.unseen)
        yield context(f"I am asking Slack who is in {names}; open this again in a minute.")
    elif found.looked_at is not None:
        yield section(f"Who is in which channel: as Slack had it {moment(found.looked_at, found.program)}.")
        yield actions(again)


def read_page(value: str) -> tuple[int | None, str, int]:
    """The program, why, and where the page begins, from a button."""
    program_id, key = ids.referred(value)
    why, _, start = key.partition("/")
    return program_id, why, ids.row(start)


@ids.reading()
def read_several(view: Mapping[str, Any]) -> tuple[int | None, str, int, tuple[int, ...], str]:
    """The program, why, where the page begins, who was chosen, and the clock that was, if any."""
    program_id, why, start = read_page(str(view.get("private_metadata") or ""))
    typed = Typed(view)
    names = list(view["state"]["values"])
    chosen = tuple(ids.row(one) for name in names if name.startswith(SEVERAL) for one in typed.choices(name))
    zone = next((typed.choice(name) for name in names if name.startswith(ZONE)), None)
    return program_id, why, start, chosen, zone or ""


def read_person(value: str) -> tuple[int | None, int, str, int]:
    """The same, with the person before it."""
    program_id, key = ids.referred(value)
    person, _, rest = key.partition("/")
    why, _, start = rest.partition("/")
    return program_id, ids.row(person), why, ids.row(start)


def written(done: Done) -> str:
    """A message is on its way."""
    name = esc(done.name)
    return f"I have written to {name} today already." if done.again else f"I am writing to {name}."


def all_written(done: Several) -> str:
    """Messages are on their way."""
    said = [f"I am writing to {_names(done.names)}."] if done.names else []
    said += [f"I have written to {_names(done.again)} today already."] if done.again else []
    return " ".join([*said, *_settled(done)])


def all_given(done: Several, zone: str) -> str:
    """Several live by a clock now."""
    said = [f"{_names(done.names)}: on the clock of {esc(zone_words(zone))} now."] if done.names else []
    return " ".join([*said, *_settled(done)])


def all_came(came_: Sequence[Invitation], refused: Sequence[tuple[Invitation, str]], settled: int) -> str:
    """Several were invited, and whom Slack did not let in."""
    rooms = dict.fromkeys(one.room.channel for one in came_)
    said = [
        f"In <#{room}> now: {_names([one.somebody.name for one in came_ if one.room.channel == room])}."
        for room in rooms
    ]
    said += [f"{esc(one.somebody.name)}: {not_invited(one, code)}" for one, code in refused]
    return " ".join([*said, *_settled(Several(settled=settled))])


def _names(names: Sequence[str]) -> str:
    return ", ".join(esc(clip(one, 60)) for one in names)


def _settled(done: Several) -> list[str]:
    if not done.settled:
        return []
    return [f"For {counted(done.settled, 'person', 'people')} it is settled already."]


def came(done: Done, invitation: Invitation) -> str:
    """Somebody was invited."""
    return f"{esc(done.name)} is in <#{invitation.room.channel}> now."


def not_invited(invitation: Invitation, code: str) -> str:
    """Slack did not let the bot invite somebody, and what to do instead."""
    why = INVITING.get(code, f"Slack did not let me ({esc(code[:60])}).")
    who = mention(invitation.somebody.user) if invitation.somebody.user else esc(invitation.somebody.name)
    return f"{why} You can: open <#{invitation.room.channel}> and type `/invite` with {who}."


def nobody_chosen(view: Mapping[str, Any]) -> dict[str, str]:
    """Nobody was chosen to be helped, under the field in which somebody is."""
    return {first_input(view["blocks"]): "Choose at least one person."}


def looking() -> str:
    """Slack is asked again."""
    return "I am asking Slack again who is in which channel. Open this again in a minute."


def refusal(refused: NotAllowed) -> str:
    """Who can see it."""
    return refusals.not_allowed(refused, "see whom I do not reach")


# What is written to people


def hello(viewer: Viewer) -> Message:
    """To somebody who may not know what they can do here."""
    value = ids.reference(viewer.of_program.id)
    words = f"Hello! {standing(viewer)} Write your questions to me here, in your own words, or press a button."
    ways = "My *Home* tab, at the top of this conversation, has everything in one place."
    if viewer.guest:
        ways += " You need no commands for any of it."
    return Message(words, [section(words), actions(*first_steps(viewer, value)), context(ways)])


def ask_zone(program: Program) -> Message:
    """To somebody whose clock is not known."""
    words = (
        f"Which clock do you live by? Slack doesn't tell me, so you read times on the clock of {esc(program.place)}."
    )
    known = available_timezones()
    zones = [program.zone, *(one for one in COMMON if one != program.zone and one in known)]
    options = [option(one.rpartition("/")[2].replace("_", " "), ids.reference(program.id, one)) for one in zones]
    menu = select(ids.REACH_ZONE_PICK, options, placeholder="Choose a city on your clock")
    return Message(words, [section(words), actions(menu), context("You can set this in your Slack profile, too.")])


def zone_kept(zone: str | None) -> str:
    """The clock that somebody has chosen."""
    if zone is None:
        return "I don't know that clock. Choose another city, or set your time zone in your Slack profile."
    return f"Thank you! From now on you read times on the clock of {esc(zone.rpartition('/')[2].replace('_', ' '))}."
