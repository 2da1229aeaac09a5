"""What each feature has planned already: a mark of the program as it was then."""

from sqlalchemy import and_, bindparam, delete, insert, update
from sqlalchemy import select as columns
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import found
from storage.programs import ProgramRow, Revised


class PlanRow(SQLModel, table=True):
    """`mark` tells whether what a feature planned for a program still follows from what is stored."""

    __tablename__ = "plans"

    program_id: int = Field(foreign_key="programs.id", primary_key=True)
    feature: str = Field(primary_key=True)
    mark: str


_MARKED = and_(col(PlanRow.program_id) == col(ProgramRow.id), col(PlanRow.feature) == bindparam("feature"))
_HOLD = (
    columns(
        *(col(getattr(ProgramRow, name)) for name in Revised._fields),
        col(PlanRow.mark),
    )
    .join(PlanRow, _MARKED, isouter=True)
    .where(col(ProgramRow.slug) == bindparam("slug"), col(ProgramRow.dropped_at).is_(None))
    .with_for_update(key_share=True, skip_locked=True, of=ProgramRow)
)


def marks(session: Session, feature: str) -> dict[int, str]:
    """The mark of every program that a feature has planned for, by program id."""
    return dict(session.exec(select(PlanRow.program_id, PlanRow.mark).where(PlanRow.feature == feature)).all())


def hold(session: Session, slug: str, feature: str) -> tuple[Revised, str | None] | None:
    """How a program stands, held as `storage.programs.held` does, and the mark of what a feature has planned for it.

    None where it is not there, or another has it.
    """
    row = found(session, _HOLD, {"slug": slug, "feature": feature})
    return (Revised._make(row[:-1]), row[-1]) if row is not None else None


def put(session: Session, program_id: int, feature: str, mark: str, *, new: bool) -> None:
    """Write a mark, `new` if there was none. The caller holds the program, so nobody else is writing the same one."""
    if new:
        values = {"program_id": program_id, "feature": feature, "mark": mark}
        session.connection().execute(insert(PlanRow).values(values))
        return
    same = and_(col(PlanRow.program_id) == program_id, col(PlanRow.feature) == feature)
    session.connection().execute(update(PlanRow).where(same).values(mark=mark))


def forget(session: Session, program_id: int) -> None:
    """Have everything planned anew for a program. The caller holds its row, as in `put`."""
    session.connection().execute(delete(PlanRow).where(col(PlanRow.program_id) == program_id))
