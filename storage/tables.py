"""Every table, imported so that the metadata knows it."""

from sqlmodel import SQLModel

from storage import channels, inbound, notices, people, programs

__all__ = ["channels", "inbound", "metadata", "notices", "people", "programs"]

metadata = SQLModel.metadata
