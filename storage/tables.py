"""Every table, imported so that the metadata knows it."""

from sqlmodel import SQLModel

from storage import channels, inbound, notices, people, plans, programs, reflections

__all__ = ["channels", "inbound", "metadata", "notices", "people", "plans", "programs", "reflections"]

metadata = SQLModel.metadata
