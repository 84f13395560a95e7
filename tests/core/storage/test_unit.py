import os
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Conflict, DatabaseBusy, DatabaseFull, SettingsError, StorageError
from core.storage import Row, Storage, TimeField, savepoint, sqlite_url
from core.storage.rows import database_of_the_unit
from core.storage.tables import LeaseRow
from tests.repeatable import BEGINNING


def put(name, holder="me"):
    LeaseRow.insert(name=name, holder=holder, until=BEGINNING).execute()


def names():
    return {row.name for row in LeaseRow.select()}


def sql(statement):
    return database_of_the_unit().execute_sql(statement)


def open_files():
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            found.append(str(descriptor.readlink()))
    return found


def is_sqlite(storage):
    return storage.url.startswith("sqlite")


def test_what_a_unit_did_is_kept(storage):
    with storage.unit():
        put("a")
    with storage.unit():
        assert names() == {"a"}


def test_nothing_of_a_unit_that_raises_is_kept(storage):
    with pytest.raises(ZeroDivisionError), storage.unit():
        put("a")
        raise ZeroDivisionError
    with storage.unit():
        assert names() == set()


def test_a_unit_inside_a_unit_is_refused_and_the_outer_one_goes_on(storage):
    with storage.unit():
        put("a")
        with pytest.raises(RuntimeError, match="inside a unit"), storage.unit():
            pass
        put("b")
    with storage.unit():
        assert names() == {"a", "b"}


def test_a_query_outside_a_unit_is_refused(storage):
    for query in (LeaseRow.select(), LeaseRow.update(holder="x"), LeaseRow.insert(name="a", holder="b", until=0)):
        with pytest.raises(RuntimeError, match="outside"):
            query.execute()
    with pytest.raises(RuntimeError, match="outside"), savepoint():
        pass


def test_what_a_unit_read_lazily_cannot_be_read_after_it(storage):
    with storage.unit():
        put("a")
        rows = LeaseRow.select()
    with pytest.raises(RuntimeError, match="outside"):
        list(rows)


def test_nothing_is_opened_before_the_first_unit(empty_database_url, home):
    before = open_files()
    storage = Storage(empty_database_url)
    assert open_files() == before
    assert list(home.iterdir()) == []
    storage.close()
    assert open_files() == before


def test_a_row_that_is_there_already_is_a_conflict(storage):
    with storage.unit():
        put("a")
    with pytest.raises(Conflict), storage.unit():
        put("b")
        put("a")
    with storage.unit():
        assert names() == {"a"}


def test_a_savepoint_fails_alone(storage):
    with storage.unit():
        put("a")
        with pytest.raises(Conflict), savepoint():
            put("b")
            put("a")
        put("c")
        with savepoint():
            put("d")
    with storage.unit():
        assert names() == {"a", "c", "d"}


def test_a_broken_statement_is_a_storage_error_and_the_next_unit_works(storage):
    with pytest.raises(StorageError, match="nowhere"), storage.unit():
        put("a")
        sql("SELECT * FROM nowhere")
    with storage.unit():
        assert names() == set()


def test_several_storages_live_side_by_side(storage, tmp_path):
    other = Storage(sqlite_url(tmp_path / "other.sqlite"))
    other.migrate()
    with storage.unit():
        put("here")
    with other.unit():
        put("there")
        assert names() == {"there"}
    with storage.unit():
        assert names() == {"here"}
    other.close()


def test_threads_use_several_storages_at_once_and_never_mix_them_up(storage, tmp_path):
    other = Storage(sqlite_url(tmp_path / "other.sqlite"))
    other.migrate()
    failures = []

    def work(number):
        try:
            mine, name = (storage, "here") if number % 2 else (other, "there")
            for turn in range(15):
                with mine.unit():
                    assert all(found.startswith(name) for found in names())
                    put(f"{name} {number} {turn}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with storage.unit():
        assert len(names()) == 60
    other.close()


def test_many_threads_read_and_then_write_without_a_failure(storage):
    with storage.unit():
        put("count", holder="0")
    failures = []

    def work():
        try:
            for _ in range(10):
                with storage.unit():
                    row = LeaseRow.get(LeaseRow.name == "count")
                    LeaseRow.update(holder=str(int(row.holder) + 1)).where(
                        LeaseRow.name == "count", LeaseRow.holder == row.holder
                    ).execute()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    if is_sqlite(storage):  # the write lock makes even a careless read and write right
        with storage.unit():
            assert LeaseRow.get(LeaseRow.name == "count").holder == "200"


def test_more_threads_than_connections_wait_for_one(database_url):
    storage = Storage(database_url, connections=2)

    def work(number):
        with storage.unit():
            put(str(number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.unit():
        assert len(names()) == 12
    storage.close()


def test_waiting_for_a_connection_ends_in_busy(database_url):
    storage = Storage(database_url, connections=1, busy_seconds=0.2)
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with storage.unit():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    with pytest.raises(DatabaseBusy, match="Try again"), storage.unit():
        pass
    leave.set()
    thread.join()
    with storage.unit():
        assert names() == set()
    storage.close()


def test_waiting_for_somebody_elses_unit_ends_in_busy(database_url):
    storage, other = Storage(database_url, busy_seconds=0.2), Storage(database_url)
    with storage.unit():
        put("a")
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with other.unit():
            LeaseRow.update(holder="other").where(LeaseRow.name == "a").execute()
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    with pytest.raises(DatabaseBusy, match="Try again"), storage.unit():
        LeaseRow.update(holder="me").where(LeaseRow.name == "a").execute()
    leave.set()
    thread.join()
    with storage.unit():
        assert LeaseRow.get(LeaseRow.name == "a").holder == "other"
    storage.close()
    other.close()


def test_a_full_disk_is_said_and_leaves_everything_as_it_was(storage):
    with storage.unit():
        put("before")
        if is_sqlite(storage):
            pages = sql("PRAGMA page_count").fetchone()[0]
            sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DatabaseFull, match="no room"), storage.unit():
        if is_sqlite(storage):
            for number in range(1000):
                put(str(number), holder="x" * 1000)
        else:
            sql("DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$")
    with storage.unit():
        assert names() == {"before"}
        if is_sqlite(storage):
            sql("PRAGMA max_page_count = 1000000")
    with storage.unit():
        put("after")
    with storage.unit():
        assert names() == {"before", "after"}


def test_idle_connections_are_closed_on_demand_and_the_next_unit_opens_one(storage):
    before = len(open_files())
    with storage.unit():
        put("a")
    assert len(open_files()) > before
    storage.close_idle()
    assert len(open_files()) == before
    with storage.unit():
        assert names() == {"a"}


def test_idle_connections_close_by_themselves(database_url):
    before = len(open_files())
    storage = Storage(database_url, idle_seconds=0.1)
    for _ in range(3):
        with storage.unit():
            assert names() == set()
        deadline = time.monotonic() + 60
        while len(open_files()) > before and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(open_files()) == before
    assert "idle connections" not in {thread.name for thread in threading.enumerate()}


def test_a_child_process_opens_its_own_connection_and_leaves_its_parents_alone(storage):
    with storage.unit():
        put("parent")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with storage.unit():
                assert names() == {"parent"}
                put("child")
            storage.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with storage.unit():
        assert names() == {"parent", "child"}
        put("parent again")


def test_what_a_storage_is_tells_no_password():
    assert "hush" not in repr(Storage("postgresql://lockwright:hush@localhost/lockwright"))


@pytest.mark.parametrize("url", ["", "mysql://root@host/name", "sqlite://relative.sqlite", "lockwright.sqlite"])
def test_a_database_of_another_kind_is_refused(url):
    with pytest.raises(SettingsError, match="database"):
        Storage(url)


class Moment(Row):
    at = TimeField()
    end = TimeField(null=True)


def test_a_moment_comes_back_as_it_was_to_the_microsecond(storage):
    moment = BEGINNING + timedelta(microseconds=1)
    with storage.unit():
        Moment.create_table()
        Moment.insert(at=moment).execute()
        row = Moment.get()
        assert row.at == moment
        assert row.at.utcoffset() == timedelta(0)
        assert row.end is None
        assert Moment.select().where(Moment.at > BEGINNING, Moment.at <= moment).count() == 1
        assert Moment.update(end=moment + timedelta(hours=1)).where(Moment.end.is_null()).execute() == 1
        assert Moment.get().end - moment == timedelta(hours=1)


def test_a_moment_without_a_time_zone_is_refused(storage):
    with pytest.raises(ValueError, match="time zone"), storage.unit():
        LeaseRow.insert(name="a", holder="b", until=BEGINNING.replace(tzinfo=None)).execute()
