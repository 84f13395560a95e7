"""What only SQLite does."""

import os
import stat

import pytest

from core.errors import DatabaseGone, StorageError
from core.storage import Storage, sqlite_url
from core.storage.rows import database_of_the_unit
from core.storage.tables import LeaseRow
from tests.repeatable import BEGINNING

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def put(name):
    LeaseRow.insert(name=name, holder="me", until=BEGINNING).execute()


def pragma(name):
    return database_of_the_unit().execute_sql(f"PRAGMA {name}").fetchone()[0]


def modes(home):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}


ALL_PRIVATE = {"lockwright.sqlite": 0o600, "lockwright.sqlite-wal": 0o600, "lockwright.sqlite-shm": 0o600}


def test_every_connection_is_set_up_to_lose_and_leak_nothing(storage):
    for _ in range(2):
        with storage.unit():
            assert pragma("journal_mode") == "wal"
            assert pragma("synchronous") == 2
            assert pragma("foreign_keys") == 1
            assert pragma("secure_delete") == 1
            assert pragma("busy_timeout") == 5000
        storage.close()


def test_a_new_database_is_readable_by_its_owner_only_whatever_the_umask(database_url, tmp_path):
    home = tmp_path / "new"
    home.mkdir()
    storage = Storage(sqlite_url(home / "lockwright.sqlite"))
    before = os.umask(0)
    try:
        storage.migrate()
    finally:
        os.umask(before)
    assert modes(home) == ALL_PRIVATE
    storage.close()


def test_a_database_that_was_open_to_others_is_closed_to_them(storage, home):
    (home / "lockwright.sqlite").chmod(0o666)
    with storage.unit():
        put("a")
    assert modes(home) == ALL_PRIVATE


def test_a_file_that_cannot_be_opened_is_gone(database_url, home):
    storage = Storage(sqlite_url(home / "nowhere" / "lockwright.sqlite"))
    with pytest.raises(DatabaseGone, match="folder"), storage.unit():
        pass


def test_a_file_that_is_no_database_is_said_to_be_damaged(database_url, home):
    (home / "lockwright.sqlite").write_bytes(b"no database at all " * 1000)
    with pytest.raises(StorageError, match="damaged"), Storage(database_url).unit():
        pass


def test_a_foreign_key_to_nothing_is_refused(storage):
    with storage.unit():
        database = database_of_the_unit()
        database.execute_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        database.execute_sql("CREATE TABLE children (parent INTEGER REFERENCES parents (id))")
    with pytest.raises(StorageError, match="FOREIGN KEY"), storage.unit():
        database_of_the_unit().execute_sql("INSERT INTO children VALUES (1)")
