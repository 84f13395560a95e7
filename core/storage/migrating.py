"""Bringing the tables up to the program, in the unit of the caller."""

from pathlib import Path

from peewee import Database, PostgresqlDatabase

from core.errors import DatabaseNewer
from core.storage.rows import database_of_the_unit

MIGRATIONS = Path(__file__).parent / "migrations"
_HISTORY = "schema_migration"
_LOCK = 0x4C6F636B  # "Lock": the number of our advisory lock


def migrate(directory: Path) -> list[str]:
    """Run the numbered scripts of `directory` that have not run yet, in order; their names.

    All of it is in one unit: a process that is killed half-way leaves nothing, and one that comes second waits.
    Raises DatabaseNewer when the database has seen a migration that `directory` does not hold.
    """
    database = database_of_the_unit()
    if not _pending(database, directory):
        return []
    if isinstance(database, PostgresqlDatabase):  # on SQLite the unit holds the write lock already
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        if not _pending(database, directory):
            return []
    from playhouse.migrations import Runner  # noqa: PLC0415  # not needed on any start but the first

    return list(Runner(database, str(directory), table_name=_HISTORY).up())


def _pending(database: Database, directory: Path) -> bool:
    ours = {script.stem for script in directory.glob("[0-9]*.py")}
    applied = _applied(database)
    if newer := applied - ours:
        raise DatabaseNewer(
            f"The database was last used by a newer Lockwright (it has seen {max(newer)}): "
            "install that version again, or restore the backup from before the upgrade."
        )
    return bool(ours - applied)


def _applied(database: Database) -> set[str]:
    if not database.table_exists(_HISTORY):
        return set()
    return {name for (name,) in database.execute_sql(f"SELECT name FROM {_HISTORY}").fetchall()}  # noqa: S608
