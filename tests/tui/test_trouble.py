"""When the ground gives way: the screen says so, and nothing that was typed is lost."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from core.apps import app
from core.services import Services
from core.storage import Storage
from tests.tui.visitor import PATIENCE, visiting
from tests.world import PASSWORD, World


@pytest.fixture
def impatient_world(home, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world that waits a moment only for a database that somebody else holds."""
    monkeypatch.setitem(Storage.__init__.__kwdefaults__, "busy_seconds", 0.2)
    world = World(home)
    world.person("ada")
    yield world
    world.close()


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Somebody else is writing, and does not stop."""
    with closing(sqlite3.connect(world.settings.home / "lockwright.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_database_that_is_held_is_told_and_nothing_typed_is_lost(impatient_world):
    world = impatient_world
    async with visiting(world) as ada:
        await ada.press("s")
        await ada.fill("ada", PASSWORD)
        with locked(world):
            await ada.press("enter")
            await ada.finds("! Somebody else is using the database just now, so nothing was changed.")
        ada.sees("ada", "••••")
        await ada.press("enter")
        await ada.finds("Two-factor")


def opening(world: World) -> Services:
    """What opening services does with the database of `world`."""
    world.services.parts.storage.migrate()
    return world.services


async def test_a_start_with_a_held_database_says_so_and_goes_on_with_what_was_chosen_once_it_is_free(impatient_world):
    world = impatient_world
    with ExitStack() as held:
        held.enter_context(locked(world))
        async with visiting(world, opens=lambda: opening(world)) as ada:
            await ada.finds("! The database is busy, because another program holds it. Trying again; ctrl+q leaves.")
            await ada.press("s")
            ada.sees("Your account, from any terminal.")
            held.close()
            await ada.finds("Which account is yours?")
            await ada.press("escape")
            ada.sees_not("The database is busy")


async def test_a_start_that_waited_long_enough_for_a_held_database_ends_with_a_clear_sentence(
    impatient_world, monkeypatch
):
    world = impatient_world
    monkeypatch.setattr(app, "PATIENCE", 0.3)
    with locked(world):
        async with visiting(world, opens=lambda: opening(world)) as ada:
            last_words: list[str] = []
            ada.app.farewell = last_words.append
            await ada.leaves()
    assert ada.app.return_code == 1
    assert last_words == [f"Lockwright cannot start: {app.STAYED_BUSY.format(time='1 s')}"]


async def test_a_session_outlives_a_database_that_does_not_answer_for_a_while(impatient_world, quick_looks):
    world = impatient_world
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        with locked(world):
            await ada.press("down")
            await looks_in_vain(ada)
            ada.sees("Settings")
        await quick_looks(ada)
        ada.sees("Settings")


async def looks_in_vain(visitor):
    """Wait until the app has looked after its session, and still has the last key to write down."""
    stirred = visitor.app.presence.stirred
    async with asyncio.timeout(PATIENCE):
        while stirred.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await stirred.wait()


async def test_an_account_changed_behind_our_back_reads_as_locked(world):
    world.person("ada", two_factor=True)
    account = world.account("ada")
    with closing(sqlite3.connect(world.settings.home / "lockwright.sqlite")) as other:
        other.execute("UPDATE accounts SET two_factor_since = NULL WHERE id = ?", [account.id])
        other.commit()
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("was changed outside Lockwright and is locked.")
