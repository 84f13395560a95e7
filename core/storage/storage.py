"""A database, its units and its connections."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import DatabaseBusy, SettingsError
from core.storage.databases import PostgresqlServer, SqliteFile
from core.storage.failures import translated
from core.storage.migrating import MIGRATIONS, migrate
from core.storage.rows import in_unit, in_unit_of


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at `path`."""
    return f"sqlite:///{path.absolute()}"


class Storage:
    """One database; nothing is opened before the first unit, and any number of threads and processes share it.

    `url` is `sqlite:////absolute/path` or `postgresql://user:password@host/database`; SettingsError for any other.
    `connections` bounds how many units run at once in this process; a unit waits `busy_seconds` for others, and a
    connection that no unit has used for `idle_seconds` is closed, so that a thousand idle sessions hold none (None: only
    by `close_idle`, and no thread looks after it).
    """

    def __init__(
        self, url: str, *, connections: int = 8, busy_seconds: float = 5, idle_seconds: float | None = 5
    ) -> None:
        self.url = url
        self._database = _database(url, busy_seconds=busy_seconds, idle_seconds=idle_seconds)
        self._busy_seconds = busy_seconds
        self._slots = threading.BoundedSemaphore(connections)

    def __repr__(self) -> str:
        return f"Storage({self._database.__class__.__name__})"  # the URL may hold a password

    @contextmanager
    def unit(self) -> Iterator[None]:
        """A transaction: all of the block is kept, or, when it raises, nothing.

        Raises DatabaseBusy when others hold it for too long, DatabaseGone when the database cannot be reached,
        Conflict when a row that must be unique is there already, and StorageError for the rest.
        On SQLite the write lock is taken at once, on PostgreSQL it is READ COMMITTED: a read value may be stale by the
        time it is used, so whatever is single-use changes by one conditional UPDATE whose row count says who won.
        """
        if in_unit():
            raise RuntimeError("a unit was opened inside a unit")
        if not self._slots.acquire(timeout=self._busy_seconds):
            raise DatabaseBusy("The database is busy: every connection is in use. Try again.")
        try:
            with (
                translated(),
                self._database.connection_context(),
                in_unit_of(self._database),
                self._database.atomic(),
            ):
                yield
        finally:
            self._slots.release()

    def migrate(self, directory: Path = MIGRATIONS) -> list[str]:
        """Bring the tables up to this program; the names of the migrations that ran, none when all had.

        Raises DatabaseNewer when a newer program was here. Any number of processes may call it at once: one does the work.
        """
        with self.unit():
            return migrate(directory)

    def close_idle(self, seconds: float = 0) -> int:
        """Close the connections that no unit has used for `seconds`; how many are kept. The next unit opens one anew."""
        return self._database.close_idle(seconds)

    def close(self) -> None:
        """Close every connection that no unit is using; the storage can be used again."""
        self._database.close_idle()


def _database(url: str, *, busy_seconds: float, idle_seconds: float | None) -> SqliteFile | PostgresqlServer:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite" and url.startswith("sqlite:////"):
        return SqliteFile(Path(url.removeprefix("sqlite:///")), busy_seconds=busy_seconds, idle_seconds=idle_seconds)
    if scheme in {"postgresql", "postgres"}:
        return PostgresqlServer(
            "postgresql" + url.removeprefix(scheme), busy_seconds=busy_seconds, idle_seconds=idle_seconds
        )
    raise SettingsError(
        f"database: a URL that begins with {scheme or 'nothing'}: cannot be used; "
        "it must be sqlite:////absolute/path or postgresql://user@host/name."
    )
