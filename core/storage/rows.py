"""Rows: which database they go to is decided by the unit that the thread is in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from peewee import BigIntegerField, Database, DatabaseProxy, Model

from core.clock import EPOCH, MICROSECOND, micros
from core.storage.failures import translated

__all__ = ["Row", "TimeField", "database_of_the_unit", "in_unit", "in_unit_of", "savepoint"]


class _Thread(threading.local):
    database: Database | None = None


_thread = _Thread()


class _DatabaseOfTheUnit(DatabaseProxy):
    """Stands for the database of the unit that this thread is in, so that one Row class serves several storages.

    A thread is in one unit at most and no unit spans an `await`, so a thread-local says enough.
    """

    __slots__ = ()

    def __init__(self) -> None:
        """Nothing to set: peewee's own proxy would reset what it stands for."""

    @property
    def obj(self) -> Database | None:
        return _thread.database

    def attach_callback(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        """Fields ask what the driver wraps bytes in; both drivers take them bare, so nobody need be called back."""
        return callback

    def __getattr__(self, name: str) -> Any:
        if _thread.database is None:
            raise RuntimeError("a query ran outside `with storage.unit():`")
        return getattr(_thread.database, name)


@contextmanager
def in_unit_of(database: Database) -> Iterator[None]:
    """Rows of this thread belong to `database` until the end of the block."""
    _thread.database = database
    try:
        yield
    finally:
        _thread.database = None


def in_unit() -> bool:
    """Whether this thread is in a unit of some storage."""
    return _thread.database is not None


def database_of_the_unit() -> Database:
    """The peewee database of the unit that this thread is in; RuntimeError when it is in none."""
    if _thread.database is None:
        raise RuntimeError("a query ran outside `with storage.unit():`")
    return _thread.database


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of a unit that can fail alone: on an error its changes are taken back and the unit goes on.

    Raises Conflict when a row that must be unique is there already.
    """
    with translated(), database_of_the_unit().atomic():
        yield


class Row(Model):
    """A row of a table; read and written only inside `with storage.unit():`."""

    class Meta:
        database = _DatabaseOfTheUnit()
        legacy_table_names = False
        only_save_dirty = True


if TYPE_CHECKING:
    from peewee import DateTimeField as TimeField  # what reading and comparing it gives
else:

    class TimeField(BigIntegerField):
        """A moment: microseconds since 1970 in UTC when kept, an aware datetime when read; exact and in order."""

        def db_value(self, value: datetime | int | None) -> int | None:
            if value is None or isinstance(value, int):
                return value
            if value.tzinfo is None:
                raise ValueError("a moment without a time zone is not kept")
            return micros(value)

        def python_value(self, value: int | None) -> datetime | None:
            return None if value is None else EPOCH + value * MICROSECOND
