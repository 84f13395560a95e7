"""What only PostgreSQL does."""

import time

import psycopg
import pytest

from core.errors import DatabaseBusy, DatabaseGone, StorageError
from core.storage import Storage
from core.storage.rows import database_of_the_unit
from core.storage.tables import LeaseRow
from tests.repeatable import BEGINNING

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def put(name):
    LeaseRow.insert(name=name, holder="me", until=BEGINNING).execute()


def sql(statement):
    return database_of_the_unit().execute_sql(statement)


def connections(url):
    with psycopg.connect(url) as connection:
        counted = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return counted.fetchone()[0]


def hang_up(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_the_server_hanging_up_on_an_idle_connection_is_not_noticed(storage):
    with storage.unit():
        put("a")
    hang_up(storage.url)
    with storage.unit():
        assert LeaseRow.select().count() == 1


def test_the_server_hanging_up_during_a_unit_loses_that_unit_only(storage):
    with pytest.raises(DatabaseGone, match="cannot be reached"), storage.unit():
        put("a")
        hang_up(storage.url)
        put("b")
    with storage.unit():
        assert LeaseRow.select().count() == 0


def test_idle_sessions_hold_no_connection(storage):
    with storage.unit():
        put("a")
    assert connections(storage.url) == 1
    storage.close_idle()
    deadline = time.monotonic() + 60
    while connections(storage.url) and time.monotonic() < deadline:  # the server takes a moment to see it
        time.sleep(0.01)
    assert connections(storage.url) == 0


@pytest.mark.parametrize(
    "url",
    ["postgresql://lockwright:hush@127.0.0.1:1/name", "postgresql://lockwright:hush@/name?host=/nowhere"],
)
def test_a_server_that_is_not_there_is_gone_and_the_password_is_not_told(database_url, url):
    storage = Storage(url)
    with pytest.raises(DatabaseGone) as refused, storage.unit():
        pass
    assert "cannot be reached" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_database_that_does_not_exist_is_gone(database_url):
    url = database_url.replace("/test_", "/no_such_")
    with pytest.raises(DatabaseGone, match="does not exist"), Storage(url).unit():
        pass


def test_a_database_that_does_not_keep_every_text_is_refused(database_url):
    url = database_url.replace("/test_", "/ascii_")
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        with pytest.raises(StorageError, match="UTF8"), Storage(url).unit():
            pass
        connection.execute(f"DROP DATABASE {name}")


def test_a_server_with_another_default_still_reads_what_is_committed(storage):
    with storage.unit():
        sql(
            "ALTER DATABASE "
            + database_of_the_unit().execute_sql("SELECT current_database()").fetchone()[0]
            + " SET default_transaction_isolation TO serializable"
        )
    storage.close()
    with storage.unit():
        assert sql("SHOW default_transaction_isolation").fetchone() == ("serializable",)
        assert sql("SHOW transaction_isolation").fetchone() == ("read committed",)


def test_a_deadlock_is_busy(storage):
    with pytest.raises(DatabaseBusy), storage.unit():
        sql("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")


def test_an_error_does_not_quote_what_is_in_the_row(storage):
    with pytest.raises(StorageError) as refused, storage.unit():
        sql("INSERT INTO leases (name, holder, until) VALUES ('private matter', NULL, 1)")
    assert "private matter" not in str(refused.value)
