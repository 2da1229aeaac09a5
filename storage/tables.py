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
    notices,
    people,
    plans,
    programs,
    questions,
    reflections,
    vectors,
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
    "notices",
    "people",
    "plans",
    "programs",
    "questions",
    "reflections",
    "vectors",
]

metadata = SQLModel.metadata
