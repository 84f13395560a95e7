"""In Settings and two-factor: hostile text in every field, and what is said when the ground gives way."""

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from core.storage import Storage
from core.two_factor.tables import DeviceRow
from tests.busy import every_slot_taken
from tests.hostile import HOSTILE
from tests.soak import soaking
from tests.terminal.recorded import strangers
from tests.tui.owner import code_on_screen, prove, scan, settings, to_code, to_group, to_scan
from tests.tui.test_trouble import locked
from tests.tui.visitor import THERE, Visitor, visiting
from tests.world import World

SOME = HOSTILE if soaking() else HOSTILE[::12]


@pytest.fixture
def impatient_world(home, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world that waits a moment only for a database that somebody else holds."""
    monkeypatch.setitem(Storage.__init__.__kwdefaults__, "busy_seconds", 0.2)
    world = World(home)
    world.person("ada")
    yield world
    world.close()


async def suffers(ada: Visitor, fields: int, title: str) -> None:
    """Paste every hostile text into every field of the screen, and go on; the screen stays, and nothing acts."""
    acted: list[str] = []
    run_action = ada.app.run_action

    async def watched(action, *args, **kwargs):
        acted.append(str(action))
        return await run_action(action, *args, **kwargs)

    ada.app.run_action = watched
    ada.wire.written.clear()
    for text in SOME:
        for _ in range(fields):
            await ada.press("ctrl+u")
            await ada.paste(text.encode("utf-8", "ignore").decode())
            await ada.press("tab")
        await ada.press(*["enter"] * fields)
        assert title in ada.words, ada.screen
        assert strangers(ada.wire.wire) == [], text
        ada.wire.written.clear()
    assert not [action for action in acted if "simulate" in action or "screenshot" in action]
    assert ada.app._exception is None


@pytest.mark.parametrize(
    ("key", "title", "fields"),
    [
        ("p", "Change password", 4),
        ("a", "Change address", 3),
        ("r", "Replace the device", 2),
        ("b", "New Backup Code", 2),
    ],
)
async def test_hostile_text_in_every_field_of_a_change(world, key, title, fields):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        before = world.account("ada")
        await ada.press(key)
        await ada.finds(title)
        await suffers(ada, fields, title)
        assert world.account("ada") == before


async def test_hostile_text_in_the_six_digits_and_in_the_group(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        await suffers(ada, 1, "step 2 of 4")
        await ada.press("ctrl+u")
        await to_code(ada, world)
        await ada.press("s")
        await ada.finds("enter Continue")
        await suffers(ada, 1, "enter Continue")
        assert not world.account("ada").two_factor_on


@pytest.mark.parametrize("label", SOME)
async def test_a_hostile_name_of_a_key_is_refused_or_shown_as_nothing_but_text(world, label):
    world.person("ada")
    async with visiting(world, peer=THERE) as ada:
        await settings(ada, world)
        await ada.press("escape", "down", "down", "enter", "a")
        await ada.finds("Add the key of this connection")
        ada.wire.written.clear()
        await ada.paste(label.encode("utf-8", "ignore").decode())
        await ada.press("tab")
        await prove(ada, world)
        await ada.finds("The key is yours now", "SSH keys (1)")
        assert strangers(ada.wire.wire) == []
        assert ada.app._exception is None


async def test_what_is_too_long_is_told_and_what_was_there_stays(world):
    world.person("ada")
    async with visiting(world, peer=THERE) as ada:
        await settings(ada, world)
        await ada.press("escape", "down", "down", "enter", "a")
        await ada.type("laptop")
        await ada.paste("x" * 5000)
        await ada.finds("laptop", "40 characters fit here.")
        await ada.press("escape")
        await ada.press("escape", "up", "up", "enter", "a")
        await ada.paste("x" * 5000)
        await ada.finds("254 characters fit here.")


async def test_a_database_that_is_held_at_verify_and_at_continue_is_told_and_the_second_try_counts(impatient_world):
    world = impatient_world
    async with visiting(world) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        scan(ada, world)
        await ada.type(world.token_for("ada"))
        with locked(world):
            await ada.press("enter")
            await ada.finds("Somebody else is using the database just now", "step 2 of 4")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Save your Backup Code")
        code = code_on_screen(ada)
        await to_group(ada, code)
        with locked(world):
            await ada.press("enter")
            await ada.finds("Somebody else is using the database just now")
            assert not world_is_on(world)
        await ada.press("enter")
        await ada.finds("step 4 of 4")
        assert world_is_on(world)


def world_is_on(world: World) -> bool:
    """Whether two-factor is on, read past whoever holds the database."""
    with contextlib.closing(sqlite3.connect(world.settings.home / "lockwright.sqlite")) as other:
        return other.execute("SELECT two_factor_since FROM accounts").fetchone()[0] is not None


async def test_settings_say_that_the_database_is_held_and_go_on_when_it_is_free(impatient_world):
    world = impatient_world
    async with visiting(world) as ada:
        await settings(ada, world)
        with locked(world):
            await ada.press("escape", "down")
            await ada.finds("Somebody else is using the database just now")
        await ada.press("up", "down")
        await ada.finds("You are signed in here only.")
        ada.sees_not("Somebody else")


async def test_a_machine_that_is_busy_with_hashes_is_told_at_the_proof_and_nothing_is_lost(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("e")
        with every_slot_taken(world):
            await prove(ada, world)
            await ada.finds("This machine is busy. Nothing was changed; try again in", "••••")
        await ada.press("enter")
        await ada.finds("step 2 of 4")


async def test_a_machine_that_is_busy_when_the_code_is_made_offers_to_try_again(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        scan(ada, world)
        await ada.type(world.token_for("ada"))
        with every_slot_taken(world):
            await ada.press("enter")
            await ada.finds("The Backup Code is not made yet", "This machine is busy")
            await ada.press("y")
            await ada.finds("The Backup Code is not made yet")
        await ada.press("y")
        await ada.finds("Save your Backup Code")


async def test_a_device_whose_key_cannot_be_read_is_told_as_our_fault_with_the_way_on(world):
    world.person("ada", two_factor=True)
    signed_in = world.sign_in("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        parts = world.services.parts
        with parts.storage.unit():
            DeviceRow.update(sealed=b"broken").execute()
        await ada.press("d", "y")
        await prove(ada, world, token=True)
        await ada.finds("cannot be read any more, which is our fault", "Backup Code and Recover your Account")
        assert world.account("ada").two_factor_on
        assert world.services.sign_in.session(signed_in.ticket) is not None
