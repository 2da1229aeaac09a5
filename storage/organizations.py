"""What belongs to an organization besides its people: whether anything was handed in or logged for it."""

from sqlalchemy import String, cast, or_
from sqlmodel import Session, col, select

from storage.checkins import Checkin, CheckinVersion
from storage.people import Membership, Person
from storage.reflections import Reflection


def has_work(session: Session, program_id: int, organization_id: int) -> bool:
    """Whether a reflection was handed in for an organization, or a check-in logged with it."""
    reflection = select(Reflection.id).where(col(Reflection.organization_id) == organization_id)
    if session.exec(reflection.limit(1)).first() is not None:
        return True
    # A list of numbers as JSON: the number stands between brackets, commas or spaces.
    held = cast(col(CheckinVersion.organizations), String)
    number = str(organization_id)
    shapes = [f"%{before}{number}{after}%" for before in ("[", " ", ",") for after in ("]", ",")]
    met = (
        select(CheckinVersion.id)
        .join(Checkin, col(Checkin.id) == col(CheckinVersion.checkin_id))
        .where(Checkin.program_id == program_id, or_(*(held.like(shape) for shape in shapes)))
    )
    return session.exec(met.limit(1)).first() is not None


def memberships(session: Session, organization_id: int) -> list[Membership]:
    """Every role that somebody holds or held for an organization."""
    statement = select(Membership).where(Membership.organization_id == organization_id)
    return list(session.exec(statement.order_by(col(Membership.id))).all())


def people(session: Session, organization_id: int) -> list[Person]:
    """Those who take part for an organization now."""
    statement = (
        select(Person)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.organization_id == organization_id, Membership.state == "active")
        .where(Membership.role == "participant", col(Person.bot).is_(False), col(Person.erased_at).is_(None))
        .order_by(col(Person.id))
    )
    return list(session.exec(statement).all())
