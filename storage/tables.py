"""Every table, imported so that the metadata knows it."""

from sqlmodel import SQLModel

from storage import channels, checkins, entries, inbound, notices, people, plans, programs, questions, reflections

__all__ = [
    "channels",
    "checkins",
    "entries",
    "inbound",
    "metadata",
    "notices",
    "people",
    "plans",
    "programs",
    "questions",
    "reflections",
]

metadata = SQLModel.metadata
