"""An entry changed as a whole, found right again, or found fine as it is: by one of two who may be at it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain import entries as rules
from bot.domain.entries import SPANISH, ChangedMeanwhile, Deed, Done, Draft, DraftField, Editing, Gone, Rejected
from bot.domain.notices import Notice
from bot.domain.once import AlreadySaved, Saved, with_other_words
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Entry, Program, Verified
from bot.domain.questions import ANSWERERS
from bot.domain.written import clean, one_line
from bot.services import people
from bot.services import programs as program_service
from bot.services.entries import DOUBTED, LAPSED, SETTLED, is_settled
from bot.services.entries_access import allowed
from bot.services.entries_written import (
    SECTION,
    Writer,
    as_written,
    body_of,
    held,
    last_change,
    note,
    verification,
    write,
)
from bot.services.program_schema import Body, EntryItem, to_entry
from bot.services.programs import Programs
from storage import entries as rows
from storage import notices
from storage import people as people_rows
from storage.entries import EntrySave


def picking(*, session: Session, viewer: Viewer) -> Program | NotAllowed:
    """The program whose entries somebody wants to choose from."""
    return allowed(session, viewer, viewer.program)


def editing(*, session: Session, viewer: Viewer, entry: str) -> Editing | NotAllowed | Gone:
    """The form for changing an entry."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    found = program.entry(entry)
    return Editing(program, found, rules.mark(found)) if found is not None else Gone()


def edit(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    entry: str,
    draft: Draft,
    mark: str,
    key: str,
    now: datetime,
    theirs: Collection[DraftField] = (),
) -> Saved[Done] | AlreadySaved[Done] | Rejected | ChangedMeanwhile | NotAllowed | Gone:
    """Write a changed entry, which is verified by that; `mark` says as which it was seen when its form was made.

    What somebody else has changed since of other fields is kept with it. Of the fields in `theirs` the draft does not
    count, but what stood there.
    """
    found = _standing(session, programs, viewer, entry, key, now)
    if not isinstance(found, tuple):
        return found
    writer, standing = found
    there, base = rules.draft_of(standing, writer.program), _seen(writer, standing, mark)
    typed = _clean(rules.with_theirs(draft, base or there, theirs))
    before = rows.by_key(session, key)
    if before is not None:
        writer = replace(writer, key=with_other_words(key, astuple(rules.filled(typed))))
        if rows.by_key(session, writer.key) is not None or _says(writer, standing, rules.filled(typed)):
            return AlreadySaved(Done(writer.program, standing, "edited"))
    merged = mark != rules.mark(standing) and not _wrote_last(writer, before, entry)
    both: tuple[DraftField, ...] = ()
    if merged:
        typed, both = rules.merge(base, there, typed) if base else (typed, rules.differing(typed, there))
    if both:
        return ChangedMeanwhile(
            Editing(writer.program, standing, rules.mark(standing)), typed, both, _faster(writer, entry)
        )
    return _rewrite(writer, standing, rules.filled(typed), merged=merged)


def renew(
    *, session: Session, programs: Programs, viewer: Viewer, entry: str, key: str, now: datetime
) -> Saved[Done] | AlreadySaved[Done] | Rejected | NotAllowed | Gone:
    """*Still right*: an entry is verified anew, for as long as it was before."""
    found = _standing(session, programs, viewer, entry, key, now)
    if not isinstance(found, tuple):
        return found
    writer, standing = found
    if rows.by_key(session, key) is not None or rules.is_fresh(standing.verified, writer.today):
        return AlreadySaved(Done(writer.program, standing, "renewed"))
    verified = rules.renewed(standing.verified, writer.name, writer.today)
    outcome = write(writer, entry, {**body_of(writer, entry), "verified": verification(verified)})
    return outcome if outcome is not None else Saved(_done(writer, entry, "renewed"))


def fine(
    *, session: Session, programs: Programs, viewer: Viewer, entry: str, key: str, now: datetime
) -> Saved[Done] | AlreadySaved[Done] | NotAllowed | Gone:
    """*It is fine*, said of an entry that did not help some people: it is not doubted any more."""
    found = _standing(session, programs, viewer, entry, key, now)
    if not isinstance(found, tuple):
        return found
    writer, standing = found
    if rows.by_key(session, key) is not None or is_settled(session, writer.program, entry):
        return AlreadySaved(Done(writer.program, standing, "fine"))
    return Saved(_done(writer, entry, "fine"))


def _standing(
    session: Session, programs: Programs, viewer: Viewer, entry: str, key: str, now: datetime
) -> tuple[Writer, Entry] | NotAllowed | Gone:
    """An entry while nobody else can change it, and somebody who may."""
    program = allowed(session, viewer, viewer.program)
    if isinstance(program, NotAllowed):
        return program
    writer = held(Writer(session, programs, program, viewer, key, now))
    found = writer.program.entry(entry)
    return (writer, found) if found is not None else Gone()


def _rewrite(writer: Writer, standing: Entry, draft: Draft, *, merged: bool) -> Saved[Done] | Rejected:
    """Write an entry as a draft wants it, which verifies it."""
    problems = rules.check_draft(draft, writer.program, standing, writer.today)
    if problems:
        return Rejected(problems)
    verified = rules.looked_over(standing.verified, writer.name, writer.today, draft.until)
    outcome = write(writer, standing.key, _changed(body_of(writer, standing.key), draft, verified))
    if outcome is not None:
        return outcome
    return Saved(replace(_done(writer, standing.key, "edited"), merged=merged))


def _wrote_last(writer: Writer, before: EntrySave | None, entry: str) -> bool:
    """Whether what a form has saved `before` is the last that somebody has done with an entry."""
    last = rows.last(writer.session, writer.program.id, entry)
    return before is not None and last is not None and last.id == before.id


def _seen(writer: Writer, standing: Entry, mark: str) -> Draft | None:
    """An entry as it was when its form was made, as the form showed it; None if that is not known."""
    if mark == rules.mark(standing):
        return rules.draft_of(standing, writer.program)
    name = program_service.Name(SECTION, standing.key)
    for body in program_service.earlier(session=writer.session, program_id=writer.program.id, name=name):
        was = to_entry(EntryItem.model_validate({**body, "id": standing.key}))
        if rules.mark(was) == mark:
            return rules.draft_of(was, writer.program)
    return None


def _faster(writer: Writer, entry: str) -> str | None:
    """Who has written an entry last."""
    name = program_service.Name(SECTION, entry)
    user, _ = program_service.written(session=writer.session, program_id=writer.program.id, name=name)
    person = people_rows.anybody(writer.session, user) if user else None
    return person.called if person is not None else None


def _changed(body: Body, draft: Draft, verified: Verified) -> Body:
    translations = dict(body.get("translations", {}))
    if draft.spanish_question:
        translations[SPANISH] = {"question": draft.spanish_question, "answer": draft.spanish_answer}
    else:
        translations.pop(SPANISH, None)
    return {
        **body,
        "question": draft.question,
        "phrasings": list(draft.phrasings),
        "answer": draft.answer,
        "source": draft.source,
        "owner": draft.owner,
        "audience": draft.audience,
        "translations": translations,
        "verified": verification(verified),
    }


def _clean(draft: Draft) -> Draft:
    return replace(
        draft,
        question=one_line(draft.question),
        answer=clean(draft.answer),
        phrasings=tuple(_distinct(one_line(one) for one in draft.phrasings)),
        source=one_line(draft.source),
        owner=one_line(draft.owner),
        spanish_question=one_line(draft.spanish_question),
        spanish_answer=clean(draft.spanish_answer),
    )


def _distinct(lines: Iterable[str]) -> Iterator[str]:
    met: set[str] = set()
    for line in lines:
        if line and rules.bare(line) not in met:
            met.add(rules.bare(line))
            yield line


def _says(writer: Writer, entry: Entry, draft: Draft) -> bool:
    """Whether an entry is as a draft wants it; a day that is over is not wanted, and was put on when it was saved."""
    there = rules.filled(rules.draft_of(entry, writer.program))
    over = draft.until is not None and draft.until < writer.today
    return there == (replace(draft, until=there.until) if over else draft)


def _done(writer: Writer, entry: str, what: Deed) -> Done:
    """Note that somebody has looked at an entry, and have what was said about it brought up to date."""
    save = note(writer, entry, what)
    for row in notices.standing(writer.session, writer.program.id, (DOUBTED, LAPSED)):
        if row.refs.get("entry") == entry and row.state in ("delivered", "sending", "unknown"):
            change = Notice(
                key=f"{SETTLED}:{save.id}:{row.id}",
                kind=SETTLED,
                target=notices.to_notice(row).target,
                due_at=writer.now,
                program_id=writer.program.id,
                refs={"entry": entry, "save": save.id, "card": row.key},
            )
            notices.add(writer.session, change, writer.now)
    people.show_again(writer.session, writer.program.id, *ANSWERERS)
    number = last_change(writer, entry) if what == "edited" else None
    return Done(*as_written(writer, entry), what, number)
