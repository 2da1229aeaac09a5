"""Every table, imported so that the metadata knows it."""

from sqlmodel import SQLModel

from storage import (
    chain,
    channels,
    checkins,
    documents,
    drafts,
    entries,
    inbound,
    moves,
    notices,
    paces,
    people,
    plans,
    programs,
    questions,
    quiet,
    reflections,
    vectors,
    week,
)

__all__ = [
    "chain",
    "channels",
    "checkins",
    "documents",
    "drafts",
    "entries",
    "inbound",
    "metadata",
    "moves",
    "notices",
    "paces",
    "people",
    "plans",
    "programs",
    "questions",
    "quiet",
    "reflections",
    "vectors",
    "week",
]

metadata = SQLModel.metadata
