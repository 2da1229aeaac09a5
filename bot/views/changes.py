"""Changing a program: what there is to change, what will follow from a change, and what was changed lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.change_fields.sections import SPECS
from bot.domain.changes import (
    AlreadyUndone,
    Change,
    Changed,
    ChangedSince,
    Draft,
    Follows,
    Foreseen,
    Gone,
    Listing,
    Menu,
    NoChange,
    Recent,
    Rejected,
    Row,
    Stands,
    TooLate,
    Undoing,
    Undone,
    Unknown,
)
from bot.domain.homework import NUDGE, NUDGE_NOW, POST
from bot.domain.messages import Block
from bot.domain.moves import Effects
from bot.domain.people import NotAllowed
from bot.domain.programs import Program
from bot.domain.reminders import EVENT
from bot.views import ids, moves, refusals, rsvps
from bot.views.blocks import (
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    divider,
    esc,
    field_block,
    marked,
    modal,
    section,
    text_input,
    unesc,
)
from bot.views.change_forms import METADATA, Back, about, fields, form, words_of
from bot.views.change_lines import KINDS, STANDS
from bot.views.change_words import (
    ABOUT,
    ADDING,
    NAMES,
    ONE,
    details,
    differences,
    removes,
    title,
)
from bot.views.forms import Typed
from bot.views.lines import undo
from bot.views.odd_days import warning
from bot.views.times import ago, day_words, moment

WORDS = "change:words"
RECENT = "recent"
MOST_LINES = 12
MOST_DAYS = 12
VALUE = 300


# What there is to change


def menu(found: Menu) -> Block:
    """Everything that can be changed, with how many there are."""
    value = ids.reference(found.program.id)
    blocks: list[Block] = [
        context(f"{esc(found.program.name)}: choose what to change. You see what follows before anything is saved."),
        actions(button("Recent changes", ids.CHANGE_RECENT, value, label="Recent changes: who, what, with Undo")),
    ]
    for name in SPECS:
        key = ids.reference(found.program.id, name)
        many = "" if name == "program" else f" · {found.counts[name]}"
        look = button("Look", ids.CHANGE_LIST, key, label=clip(f"Look at {NAMES[name]}", 75))
        blocks.append(section(f"*{NAMES[name]}*{many}\n{ABOUT[name]}", accessory=look))
    return modal(ids.CHANGE_WINDOW, "Change…", distinct(blocks))


def listing(found: Listing) -> Block:
    """A page of a section's items, with a field that narrows it."""
    program, name = found.program, found.section
    key = ids.reference(program.id, name)
    blocks: list[Block] = []
    buttons = [button(ADDING[name], ids.CHANGE_ADD, key, style="primary")] if SPECS[name].adds else []
    blocks.append(actions(*buttons, button("Other things", ids.CHANGE_OPEN, ids.reference(program.id))))
    searches = found.total > len(found.rows) or bool(found.words)
    if searches:
        element = text_input(ids.CHANGE_WORDS, initial=found.words, max_length=100, placeholder="Words in it")
        wanted = field_block(WORDS, "Find", element, optional=True)
        blocks.append({**wanted, "dispatch_action": True})
    if not found.rows:
        said = f"Nothing has “{esc(found.words)}” in it." if found.words else f"There is no {ONE[name]} yet."
        blocks.append(section(said))
    blocks += [_row(found, one) for one in found.rows]
    blocks += _turns(found)
    return modal(
        ids.CHANGE_LIST_FORM,
        NAMES[name],
        distinct(blocks),
        submit="Find" if searches else None,
        metadata=ids.reference(program.id, f"{name}/{found.start}/{found.words}"),
    )


def listed(metadata: str) -> tuple[int | None, str, Back]:
    """The program, the section and the page of a list, by what its view carries."""
    program, key = ids.referred(metadata)
    name, _, rest = key.partition("/")
    start, _, words = rest.partition("/")
    return program, name, Back(words, ids.row(start))


@ids.reading()
def words(view: Mapping[str, Any]) -> str:
    """What was typed to narrow a list."""
    return Typed(view).words(WORDS).strip()


def _row(found: Listing, row: Row) -> Block:
    name = title(found.section, row.key, row.body)
    over = found.section in ("events", "assignments") and _is_over(found, row)
    state = " · over" if over else ""
    lines = [f"*{marked(esc(clip(name, 150)), bool(row.body.get('sample')))}*{state}"]
    more = details(found.section, row.body, found.program, row.key) if row.body else "Nothing is set."
    lines += [esc(clip(" ".join(more.split()), 150))] if more else []
    value = ids.reference(found.program.id, f"{found.section}/{row.key}")
    return section(
        "\n".join(lines), accessory=button("Change", ids.CHANGE_ITEM, value, label=clip(f"Change: {name}", 75))
    )


def _is_over(found: Listing, row: Row) -> bool:
    day = str(row.body.get("ends") or row.body.get("starts") or row.body.get("due"))[:10]
    return day < f"{found.now.astimezone(found.program.tz):%Y-%m-%d}"


def _turns(found: Listing) -> Iterator[Block]:
    last = found.start + len(found.rows)
    if found.found <= len(found.rows):
        return
    yield context(f"{found.start + 1}–{last} of {found.found}")
    steps = [("Earlier in the list", found.start - len(found.rows))] if found.start else []
    steps += [("Go on", last)] if last < found.found else []
    value = [(words, f"{found.section}/{max(0, start)}/{found.words}") for words, start in steps]
    yield actions(*(button(words, ids.CHANGE_PAGE, ids.reference(found.program.id, key)) for words, key in value))


# What follows


def preview(found: Foreseen, back: Back | None = None) -> Block:
    """What a change will do, before it is saved."""
    draft = replace(found.draft, looked=found.draft.mark())
    metadata = about(found.editing, draft, back)
    blocks = [*_meanwhile(found), *_what(found), *_follows(found, saved=False)]
    blocks += [section(f":warning: {odd_words}") for odd_words in _warned(found.follows)]
    if len(metadata) > METADATA:
        # Too much to carry along: what was typed stays in its fields, below what follows from it.
        metadata = about(found.editing, replace(draft, values={}), back)
        blocks += [divider(), *fields(found.editing, draft.values)]
    elif not draft.remove:
        blocks.append(actions(button("Change it again", ids.CHANGE_AGAIN, ids.reference(found.editing.program.id))))
    word = removes(draft.section, draft.key, found.before or {}) if draft.remove else "Save"
    return modal(ids.CHANGE_SAVE_FORM, "What follows from it", blocks, submit=word, close="Not now", metadata=metadata)


def saved(found: Changed, back: Back | None = None) -> Block:
    """What the form turns into."""
    program = found.editing.program
    blocks = [
        section("*Saved.*"),
        *_what(found),
        *_follows(found, saved=True),
        *undo(program.id, found.change),
    ]
    metadata = about(found.editing, replace(found.draft, values={}), back)
    return modal(ids.CHANGE_WINDOW, "Saved", blocks, metadata=metadata)


def unchanged() -> str:
    """Why there is nothing to save."""
    return "Nothing is different from how it is. Change something, or close this."


def _meanwhile(found: Foreseen) -> list[Block]:
    if not found.merged:
        return []
    words = "Somebody has changed it meanwhile; this is how it is now." if found.draft.remove else (
        "Somebody has changed other parts of it meanwhile: both are kept."
    )  # fmt: skip
    return [section(f"*{words}*")]


def _what(found: Foreseen | Changed) -> list[Block]:
    """What is changed, with how it was and is."""
    shape, draft = found.editing, found.draft
    body = found.after or found.before or {}
    name = f"*{esc(clip(title(draft.section, draft.key, body), 200))}*"
    if draft.remove:
        word = "is cancelled" if draft.section == "events" else "is taken out"
        lines = [f"{name} {word}."]
        lines += [esc(clip(details(draft.section, body, shape.program), VALUE))]
    elif found.before is None:
        lines = [name, esc(clip(details(draft.section, body, shape.program), VALUE))]
    else:
        changes = differences(draft.section, draft.key, found.before, found.after or {}, shape.program)
        lines = [name, *(f"{label}: ~{_flat(was)}~ → *{_flat(now)}*" for label, was, now in changes[:MOST_LINES])]
    blocks = [section(clip("\n".join(one for one in lines if one), 2900))]
    series = found.follows.series
    if series is not None:
        days = [day_words(one, year=True) for one in series.days]
        more = [f"and {len(days) - MOST_DAYS} more"] if len(days) > MOST_DAYS else []
        blocks.append(section(f"{counted(len(days), 'date')}: {'; '.join([*days[:MOST_DAYS], *more])}."))
        left = [f"{day_words(day)} ({esc(why)})" for day, why in series.left_out[:MOST_DAYS]]
        blocks += [context(f"Left out: {'; '.join(left)}.")] if left else []
    return blocks


def _flat(text: str) -> str:
    """A value on one line, in which no mark of it changes the lines around it."""
    return esc(clip(" · ".join(text.split("\n")), VALUE)).replace("~", "∼").replace("*", "∗")


def _follows(change: Foreseen | Changed, *, saved: bool) -> list[Block]:
    found, program = change.follows, _afterwards(change)
    parts = [*moves.counts(found.moved), *_counted(found)]
    listed_ = ", ".join(parts)
    coming = rsvps.people(len(found.moved.comers))
    lines = [*coming, f"{listed_[:1].upper()}{listed_[1:]}." if parts else "Nothing else follows."]
    if program.zone != change.editing.program.zone and found.moves:
        many = counted(len(found.moves), "date keeps its hours", "dates keep their hours")
        lines.insert(0, f"{many} on the new clock. Whoever lives by another one comes at another hour than before.")
    lines += moves.said_of_all(found.moves, found.moved, program, saved=saved)
    if found.also:
        lines.append(
            f"{counted(found.also, 'other thing')} that named it {'does' if found.also == 1 else 'do'} so no longer."
        )
    return [section("\n".join(lines)), *moves.small_print(found.moved, program)]


def _afterwards(change: Foreseen | Changed) -> Program:
    """The program, on the clock that it has after a change."""
    program, body = change.editing.program, change.after or {}
    if (change.draft.section, change.draft.key) != ("program", "program"):
        return program
    return replace(program, zone=str(body.get("zone") or program.zone), place=str(body.get("place") or program.place))


def _counted(found: Follows) -> Iterator[str]:
    for changes, one, several in (
        (found.planned, "is planned", "are planned"),
        (found.moving, "moves", "move"),
        (found.withdrawn, "is withdrawn", "are withdrawn"),
    ):
        if changes:
            reminding = all(change.notice.kind in REMINDING for change in changes)
            what = "reminder" if reminding else "message"
            yield counted(len(changes), f"{what} {one}", f"{what}s {several}")


REMINDING = frozenset({EVENT, POST, NUDGE, NUDGE_NOW})


def _warned(found: Follows) -> list[str]:
    return [esc(warning(one)) for one in found.warnings[:5]]


# What cannot be


def not_saved(found: Rejected, back: Back | None = None) -> Block:
    """Why a change cannot be, where it stands in no field: other things go by it."""
    names = "; ".join(f"“{esc(clip(one, 100))}”" for one in found.held_by[:6])
    others = f"{names} {'goes' if len(found.held_by) == 1 else 'go'} by it. Change that first." if names else ""
    wrong = " ".join(esc(words_of(one, None)) for one in found.problems[:3])
    words = f"*This cannot be saved as it is.* {others} {wrong}".strip()
    if found.draft.remove:
        return modal(ids.CHANGE_WINDOW, "Not changed", [section(f"{words} Nothing was changed.")])
    return form(found.editing, found.draft, note=words, back=back)


def gone(found: Gone, back: Back | None = None) -> Block:
    """It was taken out meanwhile: what was typed is offered as something new."""
    words = f"*This {ONE[found.section]} was taken out meanwhile.* *Recent changes* says by whom."
    if found.anew is None or found.draft is None:
        return modal(ids.CHANGE_WINDOW, "No longer there", [section(words)])
    note = f"{words} What you typed stands below: saving adds it anew."
    return form(found.anew, Draft(found.section, "", found.draft.values), note=note, back=back)


def refusal(refused: NotAllowed | Unknown) -> str:
    """Why not, and who can do it; mrkdwn."""
    if isinstance(refused, Unknown):
        return refusals.too_old()
    return refusals.not_allowed(refused, "change the program")


# What was changed


def recent(found: Recent, note: str = "") -> Block:
    """What was changed, newest first; `note` (mrkdwn) stands above."""
    program = found.program
    blocks: list[Block] = [section(note)] if note else []
    if not found.changes:
        blocks.append(section("Nothing was changed from here yet."))
    for one in found.changes:
        blocks += _change(one, found)
    steps = [("Newer", max(0, found.start - len(found.changes)))] if found.start else []
    steps += [("Older", found.start + len(found.changes))] if found.more else []
    turns = [button(words, ids.CHANGE_RECENT_PAGE, ids.reference(program.id, str(start))) for words, start in steps]
    blocks += [actions(*turns)] if turns else []
    about_ = f"{RECENT}|{ids.reference(program.id, str(found.start))}"
    return modal(ids.CHANGE_WINDOW, "Recent changes", distinct(blocks), metadata=about_)


def recent_start(view: Mapping[str, Any]) -> int | None:
    """How many are passed over in a list of changes; None for any other view."""
    metadata = str(view.get("private_metadata") or "")
    kind, _, rest = metadata.partition("|")
    return ids.row(ids.referred(rest)[1]) if kind == RECENT and view.get("callback_id") == ids.CHANGE_WINDOW else None


def _change(one: Change, found: Recent) -> list[Block]:
    what = KINDS[one.kind](one, found.program) if one.kind in KINDS else None
    lines = [f"*{esc(what.what)}* {esc(what.did)}" if what else esc(one.kind)]
    if what and (what.before or what.after):
        parts = [f"~{_flat(what.before)}~"] if what.before else []
        parts += [_flat(what.after)] if what.after else []
        lines.append(" → ".join(parts))
    by = esc(one.by) if one.by else "At the command line"
    lines.append(f"_{by}, {ago(one.at, found.now)}_")
    if one.undone_at is not None:
        who = esc(one.undone_by) if one.undone_by else "at the command line"
        lines.append(f"Taken back by {who}, {ago(one.undone_at, found.now)}.")
    text = clip("\n".join(lines), 2900)
    if not one.may_be_undone(found.now):
        return [section(text)]
    value = ids.reference(found.program.id, str(one.number))
    label = clip(f"Undo: {what.what if what else one.kind}", 75)
    return [section(text, accessory=button("Undo", ids.CHANGE_UNDO, value, label=label))]


def undone(found: Undoing, program: Program | None) -> str:
    """What became of *Undo*, in mrkdwn."""
    match found:
        case Undone(change, effects):
            more = f" {moves.sentence(effects)}" if isinstance(effects, Effects) and not effects.nothing else ""
            return f"*Taken back.* {_of(change, program, was=True)}{more}"
        case AlreadyUndone(change):
            who = f" by {esc(change.undone_by)}" if change.undone_by else ""
            return f"This was taken back{who} already: {_of(change, program)}."
        case ChangedSince(change, by, _):
            who = esc(by) if by else "Somebody"
            return (
                f"{who} has changed it since: {_of(change, program)}. Nothing was taken back; look at it as it is now."
            )
        case TooLate(change):
            return f"This is older than a day: {_of(change, program)}. Change it in its form instead."
        case Stands(change, why):
            return f"{_of(change, program)}: {STANDS.get(why, 'this cannot be taken back by itself.')}"
        case NotAllowed():
            return refusal(found)
        case NoChange():
            return refusals.too_old()


def _of(change: Change, program: Program | None, *, was: bool = False) -> str:
    """What a change is of, and what was done to it; or that it is as it `was`."""
    if program is None or change.kind not in KINDS:
        return "It is as it was before." if was else "the change"
    said = KINDS[change.kind](change, program)
    return f"{esc(said.what)}: as it was before." if was else f"{esc(said.what)} {esc(said.did)}"


def undone_plainly(found: Undoing, program: Program | None) -> str:
    """The same for a terminal."""
    return unesc(undone(found, program)).replace("*", "")


def plain_line(change: Change, program: Program) -> str:
    """A change on a line of a terminal."""
    said = KINDS[change.kind](change, program) if change.kind in KINDS else None
    what = f"{said.what} {said.did}" if said else change.kind
    values = " → ".join(one for one in ((said.before, said.after) if said else ()) if one)
    state = f" (undone by {change.undone_by or 'command line'})" if change.undone_at else ""
    head = f"{change.number:>5}  {moment(change.at, program)}  {change.by or 'command line'}: {what}{state}"
    return f"{head}\n       {values}" if values else head
