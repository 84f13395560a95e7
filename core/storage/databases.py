"""The two databases as peewee knows them, with connections that are kept open for a while and shared by threads."""

import os
import select
import stat
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from peewee import OperationalError, PostgresqlDatabase, SqliteDatabase
from psycopg.pq import TransactionStatus

from core.storage.columns import ShortWay
from core.storage.quiet import quieten

_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit that was answered survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # an erased secret is overwritten
    "PRAGMA trusted_schema = OFF",
)
quieten()


class _KeepsConnections:
    """Keeps closed connections for the next unit of any thread, closes them when none comes, forgets them after a fork."""

    context_class = ShortWay
    _idle_seconds: float | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._forget()
        self._inherited: list[Any] = []
        super().__init__(*args, **kwargs)

    def _forget(self) -> None:
        self._process = os.getpid()
        self._lock_of_idle = threading.Lock()
        self._idle: list[tuple[float, Any]] = []
        self._sweeper: threading.Timer | None = None

    def _connect(self) -> Any:
        self._forget_inherited()
        while True:
            with self._lock_of_idle:
                if not self._idle:
                    break
                _, connection = self._idle.pop()
            if self._is_usable(connection):
                return connection
            self._close_now(connection)
        return self._open()

    def _open(self) -> Any:
        return super()._connect()  # type: ignore[misc]  # the database class it is mixed into

    def _close(self, connection: Any) -> None:
        if not self._is_usable(connection):
            self._close_now(connection)
            return
        with self._lock_of_idle:
            self._idle.append((time.monotonic(), connection))
            self._sweep_later()

    def _is_usable(self, connection: Any) -> bool:
        raise NotImplementedError

    def _close_now(self, connection: Any) -> None:
        with suppress(Exception):
            connection.close()

    def close_idle(self, seconds: float = 0) -> int:
        """Close the connections that no unit has used for `seconds`; how many are kept."""
        self._forget_inherited()
        latest = time.monotonic() - seconds
        with self._lock_of_idle:
            close = [connection for since, connection in self._idle if since <= latest]
            self._idle = [kept for kept in self._idle if kept[0] > latest]
            left = len(self._idle)
            if not left and self._sweeper is not None:
                self._sweeper.cancel()
                self._sweeper = None
        for connection in close:
            self._close_now(connection)
        return left

    def _sweep_later(self) -> None:
        """One thread that sleeps while connections are idle, and none while there are none."""
        if self._sweeper is not None or self._idle_seconds is None:
            return
        self._sweeper = threading.Timer(self._idle_seconds, self._sweep)
        self._sweeper.name = "idle connections"
        self._sweeper.daemon = True
        self._sweeper.start()

    def _sweep(self) -> None:
        with self._lock_of_idle:
            self._sweeper = None
        if self.close_idle(self._idle_seconds or 0):
            with self._lock_of_idle:
                self._sweep_later()

    def _forget_inherited(self) -> None:
        """After a fork the connections are the parent's: neither used nor closed here, only kept out of harm's way."""
        if self._process != os.getpid():
            self._inherited += [connection for _, connection in self._idle]
            self._forget()


class SqliteFile(_KeepsConnections, SqliteDatabase):
    """One SQLite file in WAL mode; every unit takes the write lock when it begins, so that it never fails half-way."""

    def __init__(self, path: Path, *, busy_seconds: float, idle_seconds: float | None) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._idle_seconds = idle_seconds
        super().__init__(
            str(path), lock_type="IMMEDIATE", autoconnect=False, timeout=busy_seconds, check_same_thread=False
        )

    def _open(self) -> Any:
        make_private(self._path)
        return super()._open()

    def _add_conn_hooks(self, connection: Any) -> None:
        _turn_wal_on(connection, self._busy_seconds)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        super()._add_conn_hooks(connection)  # type: ignore[misc]  # private, so not in peewee's stubs

    def _is_usable(self, connection: Any) -> bool:
        return not connection.in_transaction

    def rollback(self) -> None:
        """SQLite has rolled back by itself when the disk is full; saying so again would hide the reason."""
        if self.connection().in_transaction:  # type: ignore[no-untyped-call]  # peewee's stubs
            super().rollback()


class PostgresqlServer(_KeepsConnections, PostgresqlDatabase):
    """A PostgreSQL database at READ COMMITTED, whatever the server's default is."""

    def __init__(self, url: str, *, busy_seconds: float, idle_seconds: float | None) -> None:
        self._busy_seconds = busy_seconds
        self._idle_seconds = idle_seconds
        super().__init__(
            url,
            prefer_psycopg3=True,
            isolation_level="READ COMMITTED",
            autoconnect=False,
            connect_timeout=max(2, round(busy_seconds)),  # libpq waits 2 s at least
        )

    def _open(self) -> Any:
        connection = super()._open()
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise OperationalError(f"the database keeps text as {encoding}: create it with ENCODING 'UTF8'")
        connection.execute(
            f"SET lock_timeout = {round(self._busy_seconds * 1000)};"
            "SET idle_in_transaction_session_timeout = '60s';"
            "SET synchronous_commit = on;"
            "SET client_min_messages = warning"
        )
        return connection

    def _is_usable(self, connection: Any) -> bool:
        """Idle and not hung up on: a server that said anything to an idle connection said goodbye."""
        if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        return not heard.poll(0)


def make_private(path: Path) -> None:
    """Make the database file exist and be readable by nobody else; SQLite gives -wal and -shm the same mode.

    The file is never opened here: closing it would drop the locks that SQLite holds on it in this process.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        _create(path)
        return
    if mode & 0o077:
        for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            with suppress(FileNotFoundError):
                file.chmod(0o600)


def _create(path: Path) -> None:
    """An empty file, which SQLite takes for a new database; where none can be made, SQLite says why better than we do."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    except OSError:
        return
    os.close(descriptor)
    with suppress(OSError):  # another process was first
        os.link(name, path)
    Path(name).unlink()


def _turn_wal_on(connection: Any, busy_seconds: float) -> None:
    """Two processes that open a new file at once get "locked" without the time-out, so the wait is ours."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise OperationalError("SQLite needs write-ahead logging, which this file system does not offer")
        return
