import importlib
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

import core
from core.errors import DatabaseNewer, StorageError
from core.storage import Row, Storage
from core.storage.migrating import MIGRATIONS
from core.storage.rows import database_of_the_unit
from tests.racing import race_processes
from tests.soak import soak_count

FIRST = """
from peewee import Model, TextField


def up(migrator, db):
    class Thing(Model):
        name = TextField()

        class Meta:
            database = db

    db.create_tables([Thing])
    Thing.create(name="first")
"""
SECOND = """
from peewee import TextField


def up(migrator, db):
    migrator.migrate(migrator.add_column("thing", "colour", TextField(default="grey")))
"""


@pytest.fixture
def scripts(tmp_path):
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "0001_thing.py").write_text(FIRST)
    (folder / "0002_colour.py").write_text(SECOND)
    return folder


@pytest.fixture
def empty(empty_database_url):
    storage = Storage(empty_database_url)
    yield storage
    storage.close()


def tables(storage):
    with storage.unit():
        return set(database_of_the_unit().get_tables())


def things(storage):
    with storage.unit():
        return database_of_the_unit().execute_sql("SELECT name, colour FROM thing").fetchall()


def test_migrations_run_in_order_and_once(empty, scripts):
    assert empty.migrate(scripts) == ["0001_thing", "0002_colour"]
    assert empty.migrate(scripts) == []
    assert things(empty) == [("first", "grey")]


def test_only_what_is_new_runs_on_an_older_database(empty, scripts):
    later = scripts / "0002_colour.py"
    kept = later.read_text()
    later.unlink()
    assert empty.migrate(scripts) == ["0001_thing"]
    later.write_text(kept)
    assert empty.migrate(scripts) == ["0002_colour"]
    assert things(empty) == [("first", "grey")]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(empty, scripts):
    empty.migrate(scripts)
    (scripts / "0002_colour.py").unlink()
    (scripts / "0003_more.py").write_text(SECOND)
    with pytest.raises(DatabaseNewer, match=r"0002_colour.*backup"):
        empty.migrate(scripts)
    assert things(empty) == [("first", "grey")]


def test_a_migration_that_fails_leaves_nothing_behind_and_can_be_tried_again(empty, scripts):
    (scripts / "0002_colour.py").write_text(SECOND + '\n    db.execute_sql("no such statement")\n')
    with pytest.raises(StorageError):
        empty.migrate(scripts)
    assert tables(empty) == set()
    (scripts / "0002_colour.py").write_text(SECOND)
    assert empty.migrate(scripts) == ["0001_thing", "0002_colour"]


def test_a_process_killed_half_way_through_leaves_nothing_behind(empty, scripts, tmp_path):
    sign = tmp_path / "half-way"
    (scripts / "0002_colour.py").write_text(
        f"{SECOND}\n    import pathlib, time\n    pathlib.Path({str(sign)!r}).touch()\n    time.sleep(60)\n"
    )
    child = multiprocessing.get_context("fork").Process(target=empty.migrate, args=(scripts,))
    child.start()
    deadline = time.monotonic() + 60
    while not sign.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert tables(empty) == set()
    (scripts / "0002_colour.py").write_text(SECOND)
    assert empty.migrate(scripts) == ["0001_thing", "0002_colour"]


@pytest.mark.parametrize("turn", range(soak_count(2, 100)))
def test_processes_that_start_at_once_migrate_once(empty, scripts, turn):
    done = race_processes(lambda: empty.migrate(scripts), processes=6)
    assert sorted(done, key=len) == [[]] * 5 + [["0001_thing", "0002_colour"]]
    assert things(empty) == [("first", "grey")]


def test_processes_that_start_at_once_make_one_database(empty):
    done = race_processes(lambda: len(empty.migrate()), processes=6)
    assert sorted(done) == [0] * 5 + [len(list(MIGRATIONS.glob("[0-9]*.py")))]


def test_a_start_with_nothing_to_migrate_costs_a_few_units(storage):
    def seconds(act):
        began = time.perf_counter()
        for _ in range(20):
            act()
        return time.perf_counter() - began

    def look():
        with storage.unit():
            database_of_the_unit().execute_sql("SELECT * FROM leases").fetchall()

    storage.migrate()
    look()
    assert min(seconds(storage.migrate) for _ in range(3)) < 20 * max(seconds(look) for _ in range(3))


def test_no_two_scripts_have_the_same_number():
    numbers = [script.name[:4] for script in MIGRATIONS.glob("[0-9]*.py")]
    assert len(numbers) == len(set(numbers))


def rows():
    for path in sorted(Path(core.__file__).parent.glob("**/tables.py")):
        part = ".".join(path.relative_to(Path(core.__file__).parent.parent).with_suffix("").parts)
        for value in vars(importlib.import_module(part)).values():
            if isinstance(value, type) and issubclass(value, Row) and value is not Row and value.__module__ == part:
                yield value


def test_the_migrated_tables_are_those_that_the_rows_describe(storage):
    with storage.unit():
        difference = diff_models(database_of_the_unit(), list(rows()))
    assert not difference._replace(drop_indexes=[]), difference  # an index that only the table knows does no harm


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # it has more types to mix up
def test_the_migrated_columns_are_of_the_types_that_the_rows_describe(storage):
    with storage.unit():
        database = database_of_the_unit()
        database.execute_sql("CREATE SCHEMA described")
        database.execute_sql("SET LOCAL search_path TO described")
        database.create_tables(list(rows()))
        for row in rows():
            name = row._meta.table_name
            described, migrated = columns(database, name, "described"), columns(database, name, "public")
            assert described == migrated, name


def columns(database, table, schema):
    return {column.name: (column.full_type, column.null) for column in database.get_columns(table, schema)}
