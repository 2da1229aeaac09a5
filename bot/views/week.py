"""A week before it is said: each post with when, where and its words, and the buttons to change, skip and hold it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from bot.domain.messages import Block, Message, Part
from bot.domain.people import NotAllowed
from bot.domain.programs import Program
from bot.domain.week import (
    LONGEST_WORDS,
    Before,
    Change,
    Changed,
    Form,
    Nudges,
    Post,
    Problems,
    Week,
    allowed,
    changeable,
    week_of_day,
)
from bot.views import holds, homework, ids, modes, refusals, reminders
from bot.views.blocks import (
    BUTTON,
    VIEW_BLOCKS,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    esc,
    field_block,
    header,
    marked,
    modal,
    section,
    text_input,
)
from bot.views.forms import Typed
from bot.views.times import clock_words, day_words, moment

MOST_POSTS = 12
"""In a message; with `WORDS` each they stay under what Slack takes."""
MOST_IN_PAGE = 44
MOST_LINES = 8
MOST_NUDGES = 3
WORDS = 420
TEXT = "week.text"
OWN = "week.words"
WAITS = "It waits for *Say it*: then I say it at its time, or at once if that is over."
PURPOSES = {
    "applicants": "the applicants' channel",
    "cohort": "the cohort's channel",
    "facilitators": "the facilitators' channel",
}


def message(week: Week, *, turns: bool = False) -> Message:
    """A week as a message, for the facilitators' channel or for one person; `turns` with buttons to other weeks."""
    title = heading(week)
    shown = week.posts[:MOST_POSTS]
    blocks = [header(title), section(_summary(week)), *_before(week), *_posts(week, shown)]
    left = len(week.posts) - len(shown)
    if left:
        see = button(f"See all {len(week.posts)}", ids.WEEK_OPEN, _week(week, week.monday))
        blocks.append(section(f"And {left} more.", accessory=see))
    blocks += modes.sample_blocks(week.program, week.samples)
    if turns:
        blocks.append(_turning(week))
    return Message(f"{esc(title)}. {_summary(week)}", distinct(blocks))


def page(week: Week) -> Block:
    """The same in a modal, which holds more of it."""
    blocks = [header(heading(week)), section(_summary(week)), *_before(week), *_posts(week, week.posts[:MOST_IN_PAGE])]
    left = len(week.posts) - MOST_IN_PAGE
    blocks += [context(f"And {left} more, later in the week.")] if left > 0 else []
    blocks += modes.sample_blocks(week.program, week.samples)
    metadata = ids.reference(week.program.id, week.monday.isoformat())
    made = distinct([*blocks[: VIEW_BLOCKS - 1], _turning(week)])
    return modal(ids.WEEK_PAGE, "What I will say", made, metadata=metadata)


def home_blocks(week: Week) -> list[Block]:
    """The same list in a few lines for a Home, with the button that opens it."""
    lines = [_line(one, week) for one in week.posts[:MOST_LINES]]
    left = len(week.posts) - len(lines)
    lines += [f"and {left} more"] if left else []
    said = "\n".join(lines) or "I have nothing to say in the channels."
    see = button("Look through it", ids.WEEK_OPEN, _week(week, week.monday), label="Look through it: what I will say")
    return [section(clip(f"*{heading(week)}*\n{said}", 2900), accessory=see)]


def held_lines(posts: Sequence[Post], program: Program) -> list[str]:
    """What somebody holds, for the digest: by whom and since when, and when it was to be said."""
    return [
        f"{_title(one)} {where(one.purpose, {})}, for {moment(one.due_at, program)}: {_held(one, program)}"
        for one in posts
    ]


def above(made: Message | Part, words: str, name: str) -> Message | Part:
    """A post with a person's own words above it, which say whose they are."""
    said = f"{esc(name)}: {esc(words)}" if name else esc(words)
    block = section(f"*{esc(name)}:* {esc(words)}" if name else esc(words))
    return replace(made, text=f"{said}\n{made.text}", blocks=[block, *made.blocks])


def heading(week: Week) -> str:
    """Next week, Oct 12–18: what I will say."""
    away = (week.monday - week_of_day(week.program, week.now)).days // 7
    first, last = week.monday, week.sunday
    end = f"{last.day}" if first.month == last.month else f" {last:%b} {last.day}"
    days = f"{first:%b} {first.day}" + (f"–{end}" if first.month == last.month else f" –{end}")
    named = {0: "This week", 1: "Next week", -1: "Last week"}.get(away, "The week of")
    return f"{named}{' ' if named == 'The week of' else ', '}{days}: what I will say"


def where(purpose: str, channels: Mapping[str, str]) -> str:
    """In which channel; by what it is for as long as none is set."""
    channel = channels.get(purpose)
    return f"in <#{channel}>" if channel else f"in {PURPOSES.get(purpose, 'a channel')}"


def refusal(refused: NotAllowed) -> str:
    """To somebody who does not run the program."""
    return refusals.not_allowed(refused, "see and change what I will say")


def gone() -> str:
    """A post that there is not any more."""
    return "This is no longer planned: what it was about has been taken out of the program. Nothing was changed."


def before(found: Before) -> str:
    """Somebody was faster, or it was said: who did what, and that nothing was changed now."""
    post, program = found.post, found.week.program
    name, title = esc(post.by or "Somebody"), _title(post)
    match post.standing:
        case "said":
            return f"I have said it already, {moment(post.at, program)}: {title}. Nothing can be changed about it here."
        case "under way":
            return f"I am saying it at this moment: {title}. It cannot be stopped any more."
        case "on hold":
            return f"It is held with all posts: {_title(post)}. *Resume* lets it go, or skip it with the button there."
        case "held" if found.asked == "hold":
            return f"{name} holds it already: {title}. You can let it go, or skip it, with the buttons there now."
        case "held":
            return f"{name} has held it meanwhile: {title}. Nothing was changed; please look at it again."
        case "left out" if found.asked == "say":
            return f"Its time has passed: {title} was to be said {moment(post.due_at, program)}, and {name} skipped it."
        case "left out":
            return f"{name} has skipped it already: {title}. Until its time it can be said after all."
        case "planned":
            return f"It is planned as before: {title}. Somebody was faster than you; please look at it again."
        case "not said":
            return f"It was not said: {title}. {esc(post.reason or '')}".strip()


def form(found: Form, turn: str = "") -> Block:
    """What can be changed about a post, filled in, with who will read it."""
    post, program = found.post, found.program
    place = where(post.purpose, {post.purpose: found.channel} if found.channel else {})
    lead = f"*{_title(post)}*\nEverybody {place} reads this on {moment(post.at, program)}."
    blocks = [section(lead)]
    if post.event is not None or post.assignment is not None:
        blocks.append(_text_field(found))
    hint = f"It stands above the post, with your name. Up to {LONGEST_WORDS} characters."
    field = text_input(OWN, multiline=True, initial=post.words, max_length=LONGEST_WORDS)
    blocks.append(field_block(OWN, "A sentence of your own", field, hint=hint, optional=True))
    blocks += _date_button(post, program)
    about = f"{'/'.join(map(str, post.rows))}:{turn}"
    return modal(
        ids.WEEK_FORM,
        "Change this post",
        blocks,
        submit="Save",
        close="Leave it",
        metadata=ids.reference(program.id, about),
    )


@ids.reading()
def read(view: Mapping[str, Any]) -> tuple[int | None, Change]:
    """The program and the change of a form that was handed in. Raises Unreadable."""
    program_id, about = ids.referred(str(view["private_metadata"]))
    rows, _, was = about.partition(":")
    typed = Typed(view)
    return program_id, Change(
        rows=read_rows(rows),
        text=typed.words(TEXT) if TEXT in typed else None,
        words=typed.words(OWN),
        was=was,
    )


def read_rows(key: str) -> tuple[int, ...]:
    """The notices behind a post's button."""
    return tuple(ids.row(one) for one in key.split("/"))


def read_monday(key: str) -> date | None:
    """The Monday behind a button; None for what nobody here wrote."""
    try:
        day = date.fromisoformat(key)
    except ValueError:
        return None
    return day - timedelta(days=day.weekday())


def errors(found: Problems) -> dict[str, str]:
    """What is wrong, under its field."""
    return {TEXT if field == "text" else OWN: says for field, says in found.problems}


def saved(found: Changed) -> str:
    """It is saved: who reads it, and when."""
    post, week = found.post, found.week
    shared = " Every other post about it says the new words, too." if found.rewritten else ""
    if post.standing == "held":
        return f"Saved: {_title(post)}.{shared} It is still held, and waits for *Say it*."
    if post.standing == "on hold":
        return f"Saved: {_title(post)}.{shared} It is still held with all posts, and waits for *Resume*."
    place = where(post.purpose, week.channels)
    return f"Saved: {_title(post)}.{shared} I say it {place} on {moment(post.at, week.program)}."


def _summary(week: Week) -> str:
    """How much there will be, and what the buttons do."""
    coming = sum(one.standing == "planned" for one in week.posts)
    held = sum(one.standing in ("held", "on hold") for one in week.posts)
    people = [
        f"up to {counted(one.count, 'personal reminder')} about {_about(one)}" for one in week.nudges[:MOST_NUDGES]
    ]
    if not week.posts:
        return f"I have nothing to say in the channels{', but ' + _listed(people) if people else ''}."
    parts = [*([counted(coming, "post")] if coming else []), *([f"{held} held"] if held else []), *people]
    counts = _listed(parts) or "nothing more to say"
    buttons = "What you skip is not said. What you hold waits until somebody lets it be said."
    return f"{counts[0].upper()}{counts[1:]}. Times are those of {esc(week.program.place)}. {buttons}"


def _before(week: Week) -> Iterator[Block]:
    """How the program speaks, where that is not as usual, what is left out, and what holds all posts."""
    line = modes.mode_line(week.program)
    if line:
        yield context(line)
    if week.left_out:
        about = "is about something that is made up, and is" if week.left_out == 1 else "are about samples, and are"
        yield context(f"{counted(week.left_out, 'post')} more {about} not said.")
    if week.holds is not None:
        yield from holds.home_blocks(week.holds)


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(", ".join(parts).rsplit(", ", 1)) if len(parts) > 1 else "".join(parts)


def _about(one: Nudges) -> str:
    return f"_{marked(esc(one.assignment.title), one.assignment.sample)}_"


def _posts(week: Week, posts: Sequence[Post]) -> Iterator[Block]:
    last: Post | None = None
    for one in posts:
        yield section(_words(one, week, last))
        buttons = _buttons(one, week)
        if buttons:
            yield actions(*buttons)
        last = one


def _words(post: Post, week: Week, last: Post | None) -> str:
    program = week.program
    head = f"*{_when(post, program)}* {where(post.purpose, week.channels)}"
    if post.standing == "planned":
        joined = last is not None and (last.at, last.purpose, last.standing) == (post.at, post.purpose, "planned")
        together = ", in one message with the one above" if joined else ""
        kept = f"\n{_on_hold(post)}" if post.hold is not None else ""
        return f"{head}{together}\n{_quoted(post, week)}{kept}"
    if post.standing == "on hold":
        return f"{head}\n{_quoted(post, week)}\n{_on_hold(post)}"
    if post.standing == "held":
        held = _held(post, program)
        return f"{head}\n{_quoted(post, week)}\n:hourglass_flowing_sand: {held[0].upper()}{held[1:]}. {WAITS}"
    return f"{head} · {_title(post)}\n{_state(post, program)}"


def _on_hold(post: Post) -> str:
    """What holds all posts holds this one, too."""
    by = f" by {esc(post.hold.by)}" if post.hold is not None and post.hold.by else ""
    if post.standing == "planned":
        return f":hourglass_flowing_sand: Will be held with all posts{by}, and wait for *Resume*."
    return f":hourglass_flowing_sand: Held with all posts{by}: it waits for *Resume*."


def _when(post: Post, program: Program) -> str:
    there = post.at.astimezone(program.tz)
    return f"{day_words(there)}, {clock_words(there)}"


def _held(post: Post, program: Program) -> str:
    since = f" since {_short(post, program)}" if post.since is not None else ""
    return f"held by {esc(post.by or 'a facilitator')}{since}"


def _short(post: Post, program: Program) -> str:
    assert post.since is not None
    there = post.since.astimezone(program.tz)
    return f"{day_words(there)}, {clock_words(there)}"


def _state(post: Post, program: Program) -> str:
    match post.standing:
        case "left out":
            on = f", {_short(post, program)}" if post.since is not None else ""
            return f"Will not be said: {esc(post.by or 'a facilitator')} skipped it{on}."
        case "said":
            return "Said."
        case "under way":
            return "On its way."
        case _:
            return f"Not said: {esc(clip(post.reason or 'no reason given', 200))}."


def _line(post: Post, week: Week) -> str:
    state = {
        "held": f" · held by {esc(post.by or 'a facilitator')}",
        "on hold": " · held with all posts",
        "planned": " · will be held with all posts" if post.hold is not None else "",
        "left out": " · will not be said",
        "said": " · said",
        "under way": " · on its way",
        "not said": " · not said",
    }.get(post.standing, "")
    return f"• {_when(post, week.program)} {where(post.purpose, week.channels)}: {_title(post)}{state}"


def _title(post: Post) -> str:
    return marked(esc(post.title or "a post"), post.sample)


def _quoted(post: Post, week: Week) -> str:
    """What will be read, in short: the words of the post as they will be then, without its buttons."""
    made = said(post, week.program)
    if made is None:
        return f"> {_title(post)}"
    text = "\n".join(_texts(made.blocks))
    return "\n".join(f"> {line}" for line in clip(text, WORDS).splitlines() if line.strip())


def said(post: Post, program: Program) -> Message | Part | None:
    """A post as it will be said."""
    made: Message | Part | None = None
    if post.event is not None:
        made = reminders.part(post.event, program, post.at)
    elif post.assignment is not None:
        made = homework.post(post.assignment, program, post.at)
    if made is None or not post.words:
        return made
    return above(made, post.words, post.words_by or "")


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.get("type") == "section":
            yield str(cast("Mapping[str, Any]", block["text"])["text"])


def _buttons(post: Post, week: Week) -> list[Block]:
    value = ids.reference(week.program.id, "/".join(map(str, post.rows)))
    may = {deed: allowed(post.standing, deed, post.due_at, week.now) for deed in ("say", "skip", "hold")}
    say = "Say it after all" if post.standing == "left out" else "Say it"
    offered = [
        (say, ids.WEEK_SAY, may["say"]),
        ("Change", ids.WEEK_CHANGE, changeable(post)),
        ("Skip", ids.WEEK_SKIP, may["skip"]),
        ("Hold", ids.WEEK_HOLD, may["hold"]),
    ]
    return [
        button(words, action, value, label=clip(f"{words}: {post.title}, {_when(post, week.program)}", BUTTON))
        for words, action, shown in offered
        if shown
    ]


def _turning(week: Week) -> Block:
    return actions(
        button("The week before", ids.WEEK_OPEN, _week(week, week.monday - timedelta(days=7))),
        button("The week after", ids.WEEK_OPEN, _week(week, week.monday + timedelta(days=7))),
    )


def _week(week: Week, monday: date) -> str:
    return ids.reference(week.program.id, monday.isoformat())


def _date_button(post: Post, program: Program) -> list[Block]:
    """The way to another time: that of what the post is about, which takes the post along."""
    if post.event is not None:
        name = f"events/{post.event.key}"
    elif post.assignment is not None:
        name = f"assignments/{post.assignment.key}"
    else:
        return []
    return [actions(button("Change the date instead", ids.MOVE_CHANGE, ids.reference(program.id, name)))]


def _text_field(found: Form) -> Block:
    """The program's own words, with what else says them."""
    post = found.post
    about = "What to bring or to know, as the program says it" if post.event is not None else "What the homework asks"
    others = f"{counted(found.shared, 'other post')} about this will say it, too. " if found.shared else ""
    hint = others + ("Leave it empty to say nothing." if post.event is not None else "So does the list of homework.")
    field = text_input(TEXT, multiline=True, initial=found.text, max_length=2500)
    return field_block(TEXT, about, field, hint=hint, optional=post.event is not None)
