"""The forms with which a program is set up: beginning it, another start, people, channels; what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from textwrap import shorten
from typing import Any

from bot.domain.channels import Assigned
from bot.domain.messages import Block
from bot.domain.people import Role, is_role
from bot.domain.programs import Program, Purpose
from bot.domain.roster import Problem
from bot.domain.setup import (
    LONGEST_LINE,
    LONGEST_NAME,
    MOST_FACILITATORS,
    PURPOSES,
    Added,
    AddingPeople,
    ChoosingChannel,
    Copy,
    Draft,
    Flaw,
    Joined,
    Moved,
    NoCode,
    Opening,
    People,
    Started,
    Template,
    Unsure,
    WrongCode,
    place_of,
)
from bot.views import channels as channel_views
from bot.views import ids
from bot.views.blocks import (
    actions,
    button,
    clip,
    counted,
    date_input,
    distinct,
    esc,
    field_block,
    mention,
    modal,
    option,
    plain,
    radios,
    section,
    select,
    text_input,
)
from bot.views.forms import Typed
from bot.views.times import date_words, day_words
from bot.views.zones import zone_select

TEMPLATE, NAME, START, ZONE, PLACE = "setup-template", "setup-name", "setup-start", "setup-zone", "setup-place"
ORGANIZER, CONTACT, EMAIL = "setup-organizer", "setup-contact", "setup-email"
FACILITATORS, CODE = "setup-facilitators", "setup-code"
USERS, ROLE, ORGANIZATION, LINES = "setup-users", "setup-role", "setup-organization", "setup-lines"
CHANNEL, MAKE = "setup-channel", "setup-make"
FIELDS = {
    "template": TEMPLATE,
    "name": NAME,
    "start": START,
    "zone": ZONE,
    "place": PLACE,
    "organizer": ORGANIZER,
    "contact": CONTACT,
    "email": EMAIL,
    "facilitators": FACILITATORS,
    "users": USERS,
    "organization": ORGANIZATION,
    "lines": LINES,
    "channel": CHANNEL,
    "make": MAKE,
}
WHAT_FOR: Mapping[Purpose, str] = {
    "facilitators": "The facilitators' channel",
    "cohort": "The cohort's channel",
    "applicants": "The channel for applicants' questions",
}
SERVES: Mapping[Purpose, str] = {
    "facilitators": "Open questions, the digest, and who waits. Private, as names are posted there.",
    "cohort": "Reminders, homework and shared reflections.",
    "applicants": "Questions about applying, answered there. Leave it out if nobody applies.",
}
ROLE_WORDS: Mapping[Role, str] = {
    "participant": "Participant",
    "coach": "Coach",
    "facilitator": "Facilitator",
    "applicant": "Applicant",
    "admin": "Admin",
}
MOST_SAID = 8
INVITE = "Write /invite @Convene there, then choose it again."


# Beginning


def code_words(code: str) -> str:
    """For whoever sits at the terminal, where there is no program yet."""
    return (
        "There is no program yet. To set one up, open my Home in Slack: as an admin of the workspace, or with the "
        f"code {code}, which is good once, and for a day."
    )


def code_form() -> Block:
    """Where the code is typed."""
    field = text_input(CODE, placeholder="ABCD-EFGH", max_length=20)
    hint = "It stands in the terminal where I was started, is good once, and for a day."
    blocks = [field_block(CODE, "The one-time code", field, hint=hint)]
    return modal(ids.SETUP_CODE_FORM, "Set up a program", blocks, submit="Go on", close="Not now")


@ids.reading()
def read_code(view: Mapping[str, Any]) -> str:
    """What was typed."""
    return Typed(view).words(CODE)


def code_errors(found: WrongCode | NoCode) -> dict[str, str]:
    """Why the code opens nothing."""
    match found:
        case WrongCode(left):
            return {CODE: f"That is not it. Look again; {counted(left, 'try', 'tries')} left."}
        case NoCode():
            return {CODE: "No code is good any more. Start me again where I run: I print a new one as long as there is "
                    "no program. Or ask an admin of this workspace."}  # fmt: skip


def going_on(found: Opening) -> Block:
    """Somebody is setting one up already: to help with it, or to begin another."""
    blocks: list[Block] = [section("*Somebody has begun already.* You can go on with it together; nothing is lost.")]
    for one in found.known[:MOST_SAID]:
        by = f" by {esc(one.by)}" if one.by else ""
        help_ = button("Help with it", ids.SETUP_JOIN, ids.reference(one.program_id), label=f"Help with it: {one.name}")
        blocks.append(section(f"*{esc(one.name)}*\nBegun{by} on {date_words(one.at)}.", accessory=help_))
    blocks.append(actions(button("Set up another one", ids.SETUP_ANOTHER, "0")))
    return modal(ids.SETUP_WINDOW, "Set up a program", distinct(blocks))


def begin_form(found: Opening) -> Block:
    """The form with which a program begins, filled in as far as can be guessed."""
    offered = [_template(one) for one in found.templates]
    first = found.templates[0].slug if found.templates else None
    chosen = (
        radios(TEMPLATE, offered, initial=first) if len(offered) <= 10 else select(TEMPLATE, offered, initial=first)
    )
    who = "One name a line, as people read it. Who gets which role comes later."
    blocks = [
        section("You can leave at any time, and go on in my *Home*. Until you go live nobody else hears of it."),
        field_block(TEMPLATE, "Start from", chosen),
        field_block(NAME, "What is the program called?", text_input(NAME, max_length=LONGEST_NAME)),
        field_block(START, "When does it start?", date_input(START), hint=_start_hint()),
        field_block(ZONE, "On whose clock are its times?", zone_select(ZONE, found.zone, "Yours")),
        field_block(PLACE, "What is that clock called?", text_input(PLACE, initial=place_of(found.zone)),
                    hint="It stands behind every time: 3:00 pm (Springfield)"),
        field_block(ORGANIZER, "Who runs it?", text_input(ORGANIZER, max_length=LONGEST_LINE),
                    hint="The organization, as people know it"),
        field_block(CONTACT, "Whom do people write to?", text_input(CONTACT, initial=found.name)),
        field_block(EMAIL, "At which e-mail address?", text_input(EMAIL, initial=found.email)),
        field_block(FACILITATORS, "Who facilitates?", text_input(FACILITATORS, multiline=True, initial=found.name),
                    hint=who),
    ]  # fmt: skip
    known = "/".join(str(one.program_id) for one in found.known)
    return modal(ids.SETUP_BEGIN_FORM, "Set up a program", blocks, submit="Set it up", close="Not now", metadata=known)


@ids.reading()
def read_begin(view: Mapping[str, Any], request: str) -> Draft:
    """The form as it was handed in; `request` is its key."""
    typed = Typed(view)
    known = str(view.get("private_metadata") or "")
    return Draft(
        template=typed.choice(TEMPLATE) or "",
        name=typed.words(NAME).strip(),
        start=typed.day(START),
        zone=typed.choice(ZONE) or "",
        place=typed.words(PLACE).strip(),
        organizer=typed.words(ORGANIZER).strip(),
        contact=typed.words(CONTACT).strip(),
        email=typed.words(EMAIL).strip(),
        facilitators=tuple(one.strip() for one in typed.words(FACILITATORS).splitlines() if one.strip()),
        known=tuple(int(one) for one in known.split("/") if one.isdigit()),
        request=request,
    )


def copy_form(found: Opening) -> Block:
    """The form for a copy of a program."""
    assert found.copied is not None
    program = found.copied
    said = (
        f"A copy of *{esc(program.name)}*: its words are kept, its dates move to another start, its people and "
        "channels are left behind, and so are documents. It begins in practice; the program itself stays as it is."
    )
    blocks = [
        section(said),
        field_block(NAME, "What is the new one called?", text_input(NAME, max_length=LONGEST_NAME)),
        field_block(START, "When does it start?", date_input(START), hint=_start_hint()),
    ]
    about = ids.reference(program.id)
    return modal(ids.SETUP_COPY_FORM, "Copy this program", blocks, submit="Copy it", close="Not now", metadata=about)


@ids.reading()
def read_copy(view: Mapping[str, Any], request: str) -> tuple[int | None, Copy]:
    """The program that is copied, and what is wanted of the copy."""
    typed = Typed(view)
    program_id, _ = ids.referred(str(view["private_metadata"]))
    return program_id, Copy(typed.words(NAME).strip(), typed.day(START), request)


def errors(flaws: Sequence[Flaw], view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, under its field; what belongs to none stands under the first."""
    fields = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
    found: dict[str, str] = {}
    for one in flaws:
        field = FIELDS.get(one.field, "")
        found.setdefault(field if field in fields else fields[0], flaw(one))
    return found


def flaw(one: Flaw) -> str:
    """What is wrong, and what would be right."""
    if one.what == "empty":
        return _EMPTY.get(one.field, "Please fill this in.")
    about = date_words(date.fromisoformat(one.about)) if one.what in ("past", "overlaps") else one.about
    return _FLAWS[one.what].format(about=about)


_FLAWS: Mapping[str, str] = {
    "long": "Up to {about} characters fit: a shorter form, please.",
    "taken": "There is a program called {about} already. Give this one another name, such as one with its year.",
    "past": "That day has gone by. Today is {about}: choose that or a later one.",
    "far": "That is more than five years away. Is the year right?",
    "overlaps": "The program that you copy runs until {about}. Choose a later day.",
    "zone": "I do not know that zone. Choose the nearest large city.",
    "email": "That is not an e-mail address. Write it like ada@example.org.",
    "place": "Without <, > and &, please, like Springfield.",
    "many": f"Up to {MOST_FACILITATORS} names fit, one a line.",
    "template": "That is not there any more. Choose another.",
    "other": "{about}",
}
_EMPTY = {
    "name": "A program needs a name.",
    "start": "Choose the first day.",
    "place": "What is the place called? It stands behind every time.",
    "organizer": "Who runs it? An organization or a person.",
    "contact": "Whom do people write to when I do not know something?",
    "facilitators": "Name at least one.",
    "users": "Pick somebody, or write a line for each below.",
    "organization": "Participants take part for an organization. Write its name.",
    "channel": "Choose a channel, or write the name of one that I make.",
}


def begun(found: Started | Joined) -> Block:
    """It is there: where one goes on."""
    if isinstance(found, Joined):
        by = f"{esc(found.begun.by)} has" if found.begun.by else "Somebody has"
        said = (
            f"*{by} begun {esc(found.begun.name)} meanwhile.* So as not to have it twice, you look after that one "
            "together now. It is in my *Home*; what you filled in here was not kept."
        )
        return modal(ids.SETUP_WINDOW, "Set up a program", [section(said)])
    program = found.program
    said = (
        f"*{esc(program.name)} is there, in practice.* Close this: in my *Home* stands what is left to do, in the "
        "order in which it goes fastest. Nothing is posted until you go live."
    )
    return modal(ids.SETUP_WINDOW, "Set up a program", [section(said)])


# Another start


def move_form(program: Program, first: datetime | None) -> Block:
    """To which start everything moves."""
    now = f" Now it begins on {day_words(first.astimezone(program.tz), year=True)}." if first is not None else ""
    blocks = [
        section(
            f"Every date, break and homework of *{esc(program.name)}* moves by whole weeks, at the same clock.{now}"
        ),
        field_block(START, "When does it start?", date_input(START), hint=_start_hint()),
    ]
    return modal(
        ids.SETUP_MOVE_FORM, "Another start", blocks, submit="Move everything", close="Leave it",
        metadata=ids.reference(program.id),
    )  # fmt: skip


@ids.reading()
def read_move(view: Mapping[str, Any]) -> tuple[int | None, date | None]:
    """The program, and the new start."""
    program_id, _ = ids.referred(str(view["private_metadata"]))
    return program_id, Typed(view).day(START)


def moved(found: Moved) -> Block:
    """What has moved, and that it is to be looked at again."""
    program = found.program
    if found.first is None:
        said = "There is no date yet that could move."
    elif not found.weeks:
        said = "Nothing had to move: it begins in that week already."
    else:
        first = day_words(found.first.astimezone(program.tz), year=True)
        how = f"{counted(abs(found.weeks), 'week')} {'later' if found.weeks > 0 else 'earlier'}"
        said = f"*Everything stands {how} now.* The first date is {first}. Please look at the dates again."
        if found.skipped:
            said += f" {counted(found.skipped, 'time')} had to give way, as that day's clocks skip it."
    return modal(ids.SETUP_WINDOW, "Another start", [section(said)])


def helping(found: Joined) -> Block:
    """Somebody goes on with what another has begun."""
    said = f"You look after *{esc(found.begun.name)}* together now. What is left to do stands in my *Home*."
    return modal(ids.SETUP_WINDOW, "Set up a program", [section(said)])


# People


def people_form(found: AddingPeople) -> Block:
    """Who takes part: picked, or written a line each."""
    program = found.program
    roles = [option(ROLE_WORDS[role], role) for role in ("participant", "coach", "facilitator", "applicant", "admin")]
    known = f" There are: {', '.join(found.organizations[:20])}." if found.organizations else ""
    example = "Tomás Rivera <tomas@example.org>, participant, Bright Labs"
    blocks: list[Block] = [
        section("Nobody is told anything by this. They are welcomed when they first turn to me once you are live."),
        field_block(ROLE, "As what?", radios(ROLE, roles, initial="participant")),
        field_block(ORGANIZATION, "For which organization?", text_input(ORGANIZATION, max_length=75),
                    hint=f"Participants take part for one. A name that is new makes a new one.{known}", optional=True),
        field_block(USERS, "Who, from this workspace", _users(), optional=True),
        field_block(LINES, "Or paste addresses, one person a line",
                    text_input(LINES, multiline=True, placeholder=example),
                    hint="Role and organization may stand behind the address; else those above count. A whole "
                    "list: save it as CSV, with name, email, role and organization in its first line, and drop it "
                    "into our conversation.", optional=True),
    ]  # fmt: skip
    return modal(
        ids.SETUP_PEOPLE_FORM, "Add people", blocks, submit="Add them", close="Done",
        metadata=ids.reference(program.id),
    )  # fmt: skip


def _users() -> Block:
    return {"type": "multi_users_select", "action_id": USERS, "placeholder": plain("Choose people", 150)}


@ids.reading()
def read_people(view: Mapping[str, Any]) -> tuple[int | None, People]:
    """The program, and who is to take part."""
    typed = Typed(view)
    program_id, _ = ids.referred(str(view["private_metadata"]))
    role = typed.choice(ROLE) or ""
    return program_id, People(
        users=typed.people(USERS),
        role=role if is_role(role) else "participant",
        organization=typed.words(ORGANIZATION),
        lines=typed.words(LINES),
    )


def unclear(found: Sequence[Problem]) -> dict[str, str]:
    """What is wrong with the lines, under them."""
    said = [f"Line {one.line}{f', {one.column}' if one.column else ''}: {one.says}" for one in found[:4]]
    more = f" And {len(found) - 4} more lines." if len(found) > 4 else ""
    return {LINES: clip(f"{' '.join(said)}{more} Nobody was added yet.", 1900)}


def added(found: Added) -> Block:
    """Who takes part now; and the way to the next ones."""
    value = ids.reference(found.program.id)
    blocks = [section(added_words(found)), actions(button("Add more…", ids.SETUP_PEOPLE, value))]
    return modal(ids.SETUP_WINDOW, "Add people", blocks)


def added_words(found: Added, file: str = "") -> str:
    """What became of a list of people."""
    parts = [f"{counted(found.added, 'person', 'people')} added"]
    parts += [f"{found.changed} changed"] if found.changed else []
    parts += [f"{found.unchanged} there already"] if found.unchanged else []
    lead = f"*{esc(file)}* for {esc(found.program.name)}: " if file else f"*{esc(found.program.name)}*: "
    said = f"{lead}{', '.join(parts)}."
    if found.unmet:
        shown = ", ".join(esc(one) for one in found.unmet[:MOST_SAID])
        more = f" and {len(found.unmet) - MOST_SAID} more" if len(found.unmet) > MOST_SAID else ""
        look = "I look whether they are in this workspace; if not, I keep them until they join."
        said += f"\nKnown by their address alone so far: {shown}{more}. {look}"
    return said


def unclear_words(found: Sequence[Problem], file: str) -> str:
    """What is wrong with a file, line by line."""
    lines = [f"• {esc(str(one))}" for one in found[:10]]
    more = [f"and {len(found) - 10} more"] if len(found) > 10 else []
    return "\n".join([f"I have added nobody: {esc(file)} has something to be put right first.", *lines, *more])


def whose_list(found: Unsure) -> str:
    """For which program a list is, has to be said."""
    names = " or ".join(f"*{esc(one)}*" for one in found.names)
    return f"For which program is this list: {names}? Drop it again and write the program's name with it."


def unread(file: str, code: str) -> str:
    """Why a file could not be read, and what helps."""
    words = {
        "file_too_large": "it is larger than a list of people can be (1 MB)",
        "file_elsewhere": "it is kept outside of this workspace's Slack",
        "missing_scope": "I may not read files here: reinstall the app with its newest manifest",
    }
    why = words.get(code, f"Slack does not hand it over ({code})")
    return f"I could not read {esc(file)}: {why}. Paste the addresses into *Add people* instead."


# Channels


def channel_form(found: ChoosingChannel) -> Block:
    """A channel that is there, or one to be made."""
    program, purpose = found.program, found.purpose
    picker: Block = {
        "type": "conversations_select",
        "action_id": CHANNEL,
        "placeholder": plain("Choose a channel", 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if found.now is not None:
        picker["initial_conversation"] = found.now.channel
    count = len(found.invite)
    who = f"I invite {counted(count, 'person', 'people')}, you among them." if count else "I invite nobody yet."
    private = "It is private. " if purpose == "facilitators" else ""
    blocks: list[Block] = [
        section(f"*{WHAT_FOR[purpose]}*\n{SERVES[purpose]}"),
        field_block(CHANNEL, "A channel that is there", picker, optional=True,
                    hint="Into a private one I have to be invited first: /invite @Convene there."),
        field_block(MAKE, "Or one that I make, called",
                    text_input(MAKE, initial=None if found.now else found.proposed, max_length=80),
                    hint=f"{private}{who} A channel chosen above counts before it.", optional=True),
    ]  # fmt: skip
    return modal(
        ids.SETUP_CHANNEL_FORM, "Channel", blocks, submit="Use it", close="Leave it",
        metadata=ids.reference(program.id, purpose),
    )  # fmt: skip


@ids.reading()
def read_channel(view: Mapping[str, Any]) -> tuple[int | None, Purpose, str | None, str]:
    """The program, what the channel is for, the one that was chosen, and what one is to be called."""
    typed = Typed(view)
    program_id, about = ids.referred(str(view["private_metadata"]))
    return program_id, purpose_of(about), typed.conversation(CHANNEL), typed.words(MAKE)


def purpose_of(key: str) -> Purpose:
    """What a channel is for, behind a button."""
    return next((one for one in PURPOSES if one == key), "cohort")


def no_channel() -> dict[str, str]:
    """Neither was filled in."""
    return {MAKE: _EMPTY["channel"]}


def channel_error(code: str, name: str, *, chosen: bool) -> dict[str, str]:
    """Why Slack does not do it, and what helps."""
    if chosen:
        words = {
            "channel_not_found": f"I am not in that channel. {INVITE}",
            "not_in_channel": f"I am not in that channel. {INVITE}",
            "is_archived": "That channel is archived. Choose another, or unarchive it.",
            "missing_scope": f"I may not join channels here by myself. {INVITE}",
            "method_not_supported_for_channel_type": f"That is a private channel without me. {INVITE}",
        }
        return {CHANNEL: words.get(code, f"Slack does not let me use it ({code}). Choose another.")}
    words = {
        "name_taken": f"There is a channel called {name} already. Choose it above, or write another name.",
        "missing_scope": "I may not make channels in this workspace. Make it yourself, invite me, and choose it above; "
        "or have the app reinstalled with its newest manifest.",
        "restricted_action": "This workspace does not let me make channels. Make one, invite me, and choose it above.",
        "invalid_name": "Slack does not take that name: small letters, digits and dashes.",
    }
    fallback = f"Slack does not let me make it ({code}). Make it yourself, invite me, and choose it above."
    return {MAKE: words.get(code, fallback)}


def lower_first(words: str) -> str:
    """The same inside a sentence."""
    return words[:1].lower() + words[1:]


def channel_done(done: Assigned, *, made: bool, left_out: Sequence[str], purpose: Purpose) -> Block:
    """It serves from now on."""
    lead = "I have made" if made else "I use"
    lines = [f"{lead} <#{done.channel}> as {lower_first(WHAT_FOR[purpose])}."]
    if left_out:
        names = ", ".join(mention(one) for one in left_out[:MOST_SAID])
        lines.append(f"I could not bring in {names}: invite them there, please.")
    lines += channel_views.warnings(done.exposed)
    return modal(ids.SETUP_WINDOW, "Channel", [section("\n".join(lines))])


# Parts of forms


def _start_hint() -> str:
    return (
        "The first date falls on that day or on its own weekday after it; all others follow by whole weeks, at the "
        "same clock. You look at them next."
    )


def _template(one: Template) -> Block:
    if one.blank:
        words = "A blank, in Spanish (en español)" if one.language == "es" else "A blank"
        return option(words, one.slug, "The rules for reminders, and a few sentences to begin with")
    return option(clip(one.name, 75), one.slug, shorten(one.summary, 75, placeholder="…"))
