"""Which installation a database is, inside the caller's unit."""

from datetime import datetime

from core.storage.rows import database_of_the_unit
from core.storage.tables import InstallationRow

_ONLY = 1


def installation_id() -> str | None:
    """The id of this installation; None when the database was never used."""
    # Each start of a session asks this: in plain SQL it costs a tenth.
    row = database_of_the_unit().execute_sql("SELECT id FROM installation").fetchone()
    return None if row is None else str(row[0])


def claim_installation(identifier: str, at: datetime) -> str:
    """Make the database that of `identifier` unless it is another's already; the id that it has from now on."""
    row = InstallationRow.insert(number=_ONLY, id=identifier, created_at=at)
    row.on_conflict_ignore().execute()
    settled = installation_id()
    assert settled is not None
    return settled
