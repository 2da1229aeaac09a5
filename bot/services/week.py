"""What will be said in a week, and what facilitators decide about it before it is said."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from bot.domain import week as rules
from bot.domain.holds import Standing as Holds
from bot.domain.homework import NUDGE, POST
from bot.domain.modes import about_sample
from bot.domain.notices import LEFT_OUT, Notice, ToChannel, ToPerson, opaque
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Program, in_break
from bot.domain.reminders import EVENT
from bot.domain.week import (
    POSTS,
    WORD,
    WORD_CHANGE,
    Before,
    Change,
    Changed,
    Decided,
    Deed,
    Form,
    Gone,
    Nudges,
    Post,
    Problems,
    Week,
    bounds,
    changeable,
    in_order,
    next_monday,
    together,
)
from bot.domain.written import clean
from bot.services import holds, modes, people
from bot.services import programs as program_service
from bot.services.programs import Programs
from storage import channels, notices
from storage import programs as program_rows
from storage import week as rows
from storage.notices import NoticeRow
from storage.people import Person
from storage.week import NoticeWish

SECTION = {EVENT: ("events", "prep"), POST: ("assignments", "summary")}
"""By kind of post: where in the program its own words stand, and in which field."""


def gather(
    *, session: Session, program: Program, monday: date, now: datetime, standing: Holds | None = None
) -> Week:  # fmt: skip
    """A week as it stands, with what was to be said before it and is still held; `standing` are holds read already."""
    since, until = bounds(program, monday, monday + timedelta(days=6))
    found = rows.between(session, program.id, (*POSTS, NUDGE), since, until)
    waiting = [one for one in rows.held(session, program.id) if one.due_at < since]
    posts = [one for one in (*waiting, *found) if one.kind in POSTS and one.to_purpose is not None]
    if program.mode == "live":
        posts = [one for one in posts if one.state == "delivered" or not about_sample(program, one.refs)]
    standing, places = (
        standing or holds.standing(session=session, program=program, now=now),
        _channels(session, program),
    )
    return Week(
        program=program,
        monday=monday,
        now=now,
        posts=_posts(session, program, posts, standing, places),
        nudges=_nudges(program, [one for one in found if one.kind == NUDGE and one.state == "planned"]),
        channels=places,
        samples=modes.samples(program),
        left_out=modes.left_out(program, max(since, now), until),
        holds=standing,
    )


def look(
    *, session: Session, viewer: Viewer, monday: date | None, now: datetime, standing: Holds | None = None
) -> Week | NotAllowed:
    """A week for somebody who runs the program: the one that begins on a Monday, or the one to look at now.

    `standing` are the program's holds, where they were read already.
    """
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    monday = monday or rules.week_of(program, now)
    return gather(session=session, program=program, monday=monday, now=now, standing=standing)


def scheduled(*, session: Session, program: Program, notice: Notice, now: datetime) -> Week | str:
    """The week that a word about the next one is about, as it stands; or why the word is not said."""
    if all(rule.key != notice.refs["rule"] for rule in program.digests):
        return "nobody subscribes to it any more"
    if isinstance(notice.target, ToPerson) and not _reads(session, program, notice.target.user):
        return "its reader does not run the program any more"
    pause = in_break(program, notice.due_at)
    if pause is not None:
        return f"break: {pause.name}"
    return gather(session=session, program=program, monday=next_monday(program, notice.due_at), now=now)


def held(*, session: Session, program: Program) -> tuple[Post, ...]:
    """Every post that somebody holds by itself, the one whose time was or is first at the beginning."""
    found = [one for one in rows.held(session, program.id) if one.kind in POSTS and one.hold_id is None]
    return _posts(session, program, found)


def decide(
    *,
    session: Session,
    viewer: Viewer,
    posts: Collection[int],
    deed: Deed,
    request: str,
    now: datetime,
) -> Decided | Before | Gone | NotAllowed:
    """Skip a post, hold it, or say it after all; one that is let go after its time is said at once.

    `posts` are its notices, `request` is the key of the press. Of two who press at once one has an effect.
    """
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    program_rows.hold_by_id(session, program.id)
    found = _rows(session, program, posts)
    if not found:
        return Gone()
    monday = _monday(program, found)
    done = [row.id for row in found if _do(session, viewer, row, deed, now)]
    if done:
        _tell_of_it(session, program, monday, request, now)
    post, week = _as_it_stands(session, program, posts, monday, now)
    mine = rows.of(session, post.rows).values()
    if done or any(one.deed == deed and one.person_id == viewer.person_id for one in mine):
        return Decided(post, deed, week)
    return Before(post, deed, week)


def form(
    *, session: Session, viewer: Viewer, posts: Collection[int], now: datetime
) -> Form | Before | Gone | NotAllowed:
    """What can be changed about a post, for those who run the program."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    found = _rows(session, program, posts)
    if not found:
        return Gone()
    post, week = _as_it_stands(session, program, posts, _monday(program, found), now)
    if not changeable(post):
        return Before(post, "change", week)
    return Form(program, post, _text(post), _shared(session, program, found, now), week.channels.get(post.purpose))


def change(
    *, session: Session, programs: Programs, viewer: Viewer, asked: Change, request: str, now: datetime
) -> Changed | Problems | Before | Gone | NotAllowed:
    """Write a post's words as somebody wants them: the program's own, and a sentence above them.

    Handing in the same form twice is handing it in once.
    """
    found = form(session=session, viewer=viewer, posts=asked.rows, now=now)
    if not isinstance(found, Form):
        return found
    program, post = found.program, found.post
    program_rows.hold_by_id(session, program.id)
    words, text = _lines(asked.words), _lines(asked.text)
    wrong = _wrong(found, asked, words, text)
    if wrong:
        return Problems(wrong)
    monday = rules.week_of_day(program, post.at)
    state = "held" if post.standing in ("held", "on hold") else "planned"
    if not all(rows.stands(session, row_id, state) for row_id in post.rows):
        # A sender has taken it since the form was looked at.
        there, week = _as_it_stands(session, program, post.rows, monday, now)
        return Before(there, "change", week)
    rewritten = asked.text is not None and text != found.text
    if rewritten:
        wrong = _rewrite(session, program, viewer, post, text, now)
    if wrong:
        return Problems(wrong)
    for row_id in post.rows:
        rows.put(session, row_id, words=words, words_by=viewer.person_id, words_at=now)
    _tell_of_it(session, program, monday, request, now)
    after = programs.by_id(session, program.id) or program
    return Changed(*_as_it_stands(session, after, post.rows, monday, now), rewritten)


def mark(text: str | None) -> str:
    """A short mark of words, to see whether they have changed."""
    return hashlib.sha256((text or "").encode()).hexdigest()[:12]


def _do(session: Session, viewer: Viewer, row: NoticeRow, deed: Deed, now: datetime) -> bool:
    assert row.id is not None
    if not rules.allowed(_standing(row), deed, row.due_at, now):
        return False
    match deed:
        case "skip":
            done = notices.withdraw(session, row, LEFT_OUT, now)
        case "hold":
            done = notices.hold_back(session, row, now)
        case "say":
            done = notices.let_go(session, row, max(row.due_at, now))
    if done:
        rows.put(session, row.id, deed=deed, person_id=viewer.person_id, at=now)
    return done


def _wrong(found: Form, asked: Change, words: str | None, text: str | None) -> tuple[tuple[str, str], ...]:
    """What keeps a form from being saved, by its field."""
    if words is not None and len(words) > rules.LONGEST_WORDS:
        return (("words", f"Up to {rules.LONGEST_WORDS} characters, please: these are {len(words)}."),)
    if asked.text is None:
        return ()
    if text is None and found.post.kind == POST:
        return (("text", "Homework needs words: say what is to be done."),)
    if mark(found.text) not in (asked.was, mark(text)):
        return (("text", "Somebody has changed this meanwhile. Copy your words, close this, and open it again."),)
    return ()


def _rewrite(
    session: Session, program: Program, viewer: Viewer, post: Post, text: str | None, now: datetime
) -> tuple[tuple[str, str], ...]:
    """Write the program's own words anew; what is wrong with them, by field of the form."""
    section, name = SECTION[post.kind]
    about = post.event or post.assignment
    items = program_rows.items(session, program.id)
    item = next((one for one in items if about and (one.section, one.key) == (section, about.key)), None)
    if item is None:
        return (("text", "This is no longer in the program."),)
    body = {other: value for other, value in item.body.items() if other != name}
    if text is not None:
        body[name] = text
    outcome = program_service.edit_item(
        session=session, slug=program.slug, section=section, key=item.key, body=body, by=viewer.user, now=now
    )
    match outcome:
        case program_service.Rejected(problems):
            return tuple(("text", says) for _, says in problems[:1])
        case program_service.NotThere():
            return (("text", "This is no longer in the program."),)
        case program_service.Edited():
            return ()


def _tell_of_it(session: Session, program: Program, monday: date, request: str, now: datetime) -> None:
    """Have every word about this week brought up to date, and the Homes of those who read it."""
    first, last = bounds(program, monday - timedelta(days=7), monday - timedelta(days=1))
    for row in rows.between(session, program.id, (WORD,), first, last):
        if row.state == "delivered" and row.posted_channel:
            key = f"{WORD_CHANGE}:{row.id}:{opaque(request)}"
            where = ToChannel(row.posted_channel)
            notices.add(session, Notice(key, WORD_CHANGE, where, now, program.id, {"word": row.key}), now)
    people.show_again(session, program.id, "facilitator")


def _rows(session: Session, program: Program, posts: Collection[int]) -> list[NoticeRow]:
    return [one for one in rows.by_ids(session, program.id, posts) if one.kind in POSTS and one.to_purpose is not None]


def _as_it_stands(
    session: Session, program: Program, posts: Collection[int], monday: date, now: datetime
) -> tuple[Post, Week]:
    """A post and its week, read again from what is stored."""
    session.expire_all()
    week = gather(session=session, program=program, monday=monday, now=now)
    wanted = set(posts)
    found = next((one for one in week.posts if wanted & set(one.rows)), None)
    return found or _posts(session, program, _rows(session, program, posts))[0], week


def _posts(
    session: Session,
    program: Program,
    found: Sequence[NoticeRow],
    standing: Holds | None = None,
    places: Mapping[str, str] | None = None,
) -> tuple[Post, ...]:
    """Notices as posts: what is said together is said at the time of the first, and the same thing once.

    `places` are the channels by what they are for, where they were read already.
    """
    if not found:
        return ()
    standing = standing or Holds(program, datetime.max.replace(tzinfo=UTC))
    places = _channels(session, program) if places is None else places
    wishes = rows.of(session, [one.id or 0 for one in found])
    names = _names(session, wishes.values())
    made: list[Post] = []
    for group in together((one for one in found if one.state == "planned"), _place, lambda one: one.due_at):
        said = {_about(one): [other for other in group if _about(other) == _about(one)] for one in group}
        made += [_post(program, same, group[0].due_at, wishes, names) for same in said.values()]
    made += [_post(program, [one], one.due_at, wishes, names) for one in found if one.state != "planned"]
    return in_order([_kept(one, standing, places) for one in made])


def _standing(row: NoticeRow) -> rules.Standing:
    return rules.standing(row.state, row.reason, on_hold=row.hold_id is not None)


def _kept(post: Post, standing: Holds, places: Mapping[str, str]) -> Post:
    """A post with the hold of all posts that keeps it, or will when its time has come."""
    match post.standing:
        case "planned":
            return replace(post, hold=standing.keeping(post.at, places.get(post.purpose)))
        case "on hold":
            return replace(post, hold=next((one for one in standing.holds if one.id == post.hold_id), None))
        case _:
            return post


def _post(
    program: Program,
    same: Sequence[NoticeRow],
    at: datetime,
    wishes: Mapping[int, NoticeWish],
    names: Mapping[int, str],
) -> Post:
    row = same[0]
    ids = tuple(one.id for one in same if one.id is not None)
    wish = next((wishes[one] for one in ids if one in wishes), None) or NoticeWish(notice_id=0)
    stands = _standing(row)
    decided = stands in ("held", "left out")
    return Post(
        rows=ids,
        kind=row.kind,
        purpose=row.to_purpose or "",
        due_at=row.due_at,
        at=row.settled_at if stands == "said" and row.settled_at is not None else at,
        standing=stands,
        event=program.event(str(row.refs.get("event"))),
        assignment=program.assignment(str(row.refs.get("homework"))),
        by=names.get(wish.person_id or 0) if decided else None,
        since=wish.at if decided else None,
        words=wish.words,
        words_by=names.get(wish.words_by or 0),
        reason=row.reason if stands == "not said" else None,
        hold_id=row.hold_id if stands == "on hold" else None,
    )


def _names(session: Session, wishes: Iterable[NoticeWish]) -> dict[int, str]:
    wanted = {one for wish in wishes for one in (wish.person_id, wish.words_by) if one is not None}
    found = (session.get(Person, one) for one in wanted)
    return {one.id: one.name for one in found if one is not None and one.id is not None and one.name}


def _about(row: NoticeRow) -> tuple[str, str]:
    return row.kind, str(row.refs.get("event") or row.refs.get("homework"))


def _place(row: NoticeRow) -> str | None:
    return row.to_purpose


def _text(post: Post) -> str | None:
    """The program's own words behind a post."""
    if post.event is not None:
        return post.event.prep
    return post.assignment.summary if post.assignment is not None else None


def _shared(session: Session, program: Program, found: Sequence[NoticeRow], now: datetime) -> int:
    """How many other posts still to come say the same words."""
    mine = {one.id for one in found}
    others = rows.standing(session, program.id, now)
    waiting = [one for one in others if one.state in ("planned", "held") and one.id not in mine]
    return sum(_about(one) == _about(found[0]) for one in waiting)


def _nudges(program: Program, found: Sequence[NoticeRow]) -> tuple[Nudges, ...]:
    counts = Counter(str(one.refs["homework"]) for one in found)
    about = ((program.assignment(key), count) for key, count in counts.items())
    return tuple(Nudges(assignment, count) for assignment, count in about if assignment is not None)


def _channels(session: Session, program: Program) -> dict[str, str]:
    found = reversed(channels.of_program(session, program.id))
    return {one.purpose: one.channel_id for one in found if one.purpose}


def _monday(program: Program, found: Sequence[NoticeRow]) -> date:
    """The week in which a post stands, by its first notice."""
    return rules.week_of_day(program, found[0].due_at)


def _reads(session: Session, program: Program, user: str) -> bool:
    return any(one.user == user for one in people.members(session, program.id, "facilitator", "admin"))


def _lines(text: str | None) -> str | None:
    """What was typed, as a program keeps it; None for nothing."""
    return "\n".join(line.rstrip() for line in clean(text or "").splitlines()).strip() or None


def _refusal(session: Session, viewer: Viewer) -> NotAllowed | None:
    may = viewer.program is not None and viewer.has("facilitator", "admin")
    return None if may else people.not_allowed(session, viewer)
