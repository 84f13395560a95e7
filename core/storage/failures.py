"""What a driver's error means, in the words of `core.errors`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from peewee import PeeweeException

from core.errors import Conflict, DatabaseBusy, DatabaseFull, DatabaseGone, LockwrightError, StorageError

_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID", "23505"}
_BUSY = {
    "55P03",  # lock_not_available: lock_timeout ran out
    "40P01",  # deadlock_detected
    "40001",  # serialization_failure
    "57014",  # query_canceled: statement_timeout ran out
    "53300",  # too_many_connections
    "25P03",  # idle_in_transaction_session_timeout
}
_GONE_CLASSES = ("08", "28", "3D", "57P")  # connection, authorization, no such database, shutting down


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database's drivers raise in the block as one of our own errors."""
    try:
        yield
    except PeeweeException as error:
        raise meaning(error) from None  # a driver's own words quote what was in the row


def meaning(error: PeeweeException) -> LockwrightError:
    """The error of ours that says what `error` means to the caller."""
    cause = getattr(error, "orig", error)
    match cause:
        case sqlite3.Error():
            return _sqlite_meaning(getattr(cause, "sqlite_errorname", ""), cause)
        case psycopg.Error():
            return _postgresql_meaning(cause)
        case _:
            return StorageError(f"The database refused: {cause}")


def _sqlite_meaning(name: str, cause: sqlite3.Error) -> LockwrightError:
    if name in _UNIQUE:
        return Conflict("Somebody else was first; nothing was changed.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy("The database is busy: somebody else held it for too long. Try again.")
    if name.startswith("SQLITE_FULL"):
        return DatabaseFull("There is no room left on the disk of the database; nothing was changed.")
    if name.startswith("SQLITE_CANTOPEN"):
        return DatabaseGone("The database file cannot be opened: look at its folder and its permissions.")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StorageError(f"The database file is damaged ({cause}): restore it from a backup.")
    return StorageError(f"The database refused: {cause}")


def _postgresql_meaning(cause: psycopg.Error) -> LockwrightError:
    state = cause.sqlstate
    if state in _UNIQUE:
        return Conflict("Somebody else was first; nothing was changed.")
    if state in _BUSY:
        return DatabaseBusy("The database is busy: somebody else held it for too long. Try again.")
    if state == "53100":
        return DatabaseFull("There is no room left on the disk of the database; nothing was changed.")
    if (state is None and isinstance(cause, psycopg.OperationalError)) or (state or "").startswith(_GONE_CLASSES):
        return DatabaseGone(f"The database cannot be reached: {_first_line(cause)}")
    return StorageError(f"The database refused: {_first_line(cause)}")


def _first_line(cause: psycopg.Error) -> str:
    """The message without its DETAIL, which quotes what was in the row."""
    return str(cause).partition("\n")[0]
