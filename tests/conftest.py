"""Fixtures that every part's tests use; each test that asks for `storage` runs on SQLite and on PostgreSQL."""

import asyncio
import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import textual.app

from core.home import prepare
from core.storage import Storage, sqlite_url
from core.terminal import typeahead
from core.tokens import Tokens
from core.vault import Vault
from tests.looks import refuse_other_pythons
from tests.postgres import fresh_database
from tests.repeatable import WorldClock, counted_tokens
from tests.sheets import read_once

INSTALLATION = "0" * 32


def pytest_configure(config: pytest.Config) -> None:
    refuse_other_pythons(config)
    read_once()
    textual.app.wait_for_idle = a_few_turns  # type: ignore[assignment]
    typeahead.PATIENCE = 60.0  # a machine that stands still for ten seconds loses nothing of what a test types
    gc.set_threshold(100_000, 50, 50)  # looking for rubbish so seldom saves an eighth of a run


async def a_few_turns(*_: float) -> None:
    """In place of guessing from the processor's time whether a pressed key was handled: our apps know, see `still`."""
    for _turn in range(5):
        await asyncio.sleep(0)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: it need not be looked at again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with Lockwright's tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "lockwright.sqlite"
    storage = Storage(sqlite_url(path))
    storage.migrate()
    storage.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """A database of this test's own, with Lockwright's tables: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = home / "lockwright.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        path.chmod(0o600)
        yield sqlite_url(path)
    else:
        with fresh_database(migrated=True) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """A database of this test's own without any table; on SQLite not even the file is there."""
    if request.param == "sqlite":
        yield sqlite_url(home / "lockwright.sqlite")
    else:
        with fresh_database(migrated=False) as url:
            yield url


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """A migrated storage of this test's own."""
    storage = Storage(database_url, idle_seconds=None)  # no thread beside the test's own: some of them fork
    yield storage
    storage.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder of this test's own."""
    return prepare(tmp_path / "home")


@pytest.fixture
def clock() -> WorldClock:
    """Monday 5 January 2026, 09:00 UTC, until the test lets time pass."""
    return WorldClock()


@pytest.fixture
def tokens() -> Tokens:
    """Randomness that is the same in every run."""
    return counted_tokens()


@pytest.fixture
def vault(home: Path, tokens: Tokens) -> Vault:
    """A vault with keys of its own in `home`."""
    return Vault.create(home, INSTALLATION, tokens)
