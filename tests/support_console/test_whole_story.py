"""One case through both apps over one world: the account app at its owner's terminal, the console at two agents'."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cases import State
from tests.office import THERE, Office
from tests.support_console.agent import working
from tests.tui.visitor import visiting
from tests.world import World


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    """Services with a text to begin a message with."""
    world = World(home, replies={"Hello": "We look at it today."})
    yield world
    world.close()


async def test_an_owner_without_device_and_code_is_let_in_again(world: World, office: Office):
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    async with working(world, "mia") as mia:
        await mia.finds("ada")
        mia.keystrokes = 0
        await mia.press("c", "enter", "m")
        await mia.finds("Begin with")
        await mia.press("tab", "1", "ctrl+s")
        await mia.finds("The message is in the case.")
        await mia.press("v")
        await mia.finds("Yes, by route mail")
        await mia.press("1")
        await mia.finds("Ownership is verified by route mail.")
    async with working(world, "jon") as jon:
        await jon.finds("approval")
        jon.keystrokes = 0
        await jon.press("enter", "a")
        await jon.type(opened.reference)
        await jon.press("enter")
        await jon.finds("Approved.")
    assert mia.keystrokes + jon.keystrokes < 20  # it is 11
    office.after(days=3, minutes=1)
    assert office.state(opened) is State.COMPLETED
    async with visiting(world) as ada:
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("Two-factor is off: set it up again", "Enable")


async def test_a_stop_code_typed_in_the_account_app_freezes_the_case_before_the_agent(
    world: World, office: Office, quick: None
):
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    code = world.stop_code_of("ada@example.org", "recover")
    async with working(world, "mia") as mia, visiting(world) as ada:
        await mia.finds("ada")
        await mia.press("enter")
        await mia.finds("Route mail is met")
        await ada.press("x")
        await ada.type(code.replace("-", ""))
        await ada.press("enter")
        await ada.finds("stopped")
        await mia.finds("frozen", "A lead can let it go on")
        await mia.press("v")
        await mia.finds("Verify ownership: the case is frozen")
    assert office.state(opened) is State.FROZEN
