"""What is painted between two pages: neither page, and never the one that lies below them."""

import threading
import time
from pathlib import Path

from core.accounts import Role
from tests.office import Office
from tests.repeatable import WorldClock
from tests.support_console.agent import working
from tests.tui.owner import code_on_screen, scan
from tests.tui.visitor import Visitor, visiting
from tests.world import World

FIRST = "Forgot password"
DOOR = "Sign in to recover accounts"


class Unhurried(WorldClock):
    """Every call to the domain takes longer than a frame."""

    def __call__(self):
        if threading.current_thread().name.startswith("domain"):
            time.sleep(0.03)
        return super().__call__()


def painted_since(visitor: Visitor, at: int) -> str:
    """What went to the terminal since then."""
    return "".join(visitor.wire.written[at:])


async def test_no_page_below_shows_between_two_steps(home: Path):
    world = World(home, clock=Unhurried())
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.press("s")
        begun = len(ada.wire.written)
        await ada.press("ctrl+u")
        await ada.fill("ada", world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("step 2 of 2")
        world.clock.advance(seconds=30)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Settings", "two-factor on")
        assert FIRST not in painted_since(ada, begun)

        await ada.press("o")
        await ada.finds("You are signed out.")
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("step 2 of 2")
        begun = len(ada.wire.written)
        await ada.press("b")
        await ada.paste(world.people["ada"].backup_code)
        await ada.press("enter")
        await ada.press("y")
        await ada.finds("e Enable")
        await ada.press("e")
        await ada.finds("step 1 of 4")
        await ada.paste(world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("step 2 of 4")
        scan(ada, world)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Save your Backup Code")
        assert code_on_screen(ada)
        assert FIRST not in painted_since(ada, begun)
    world.close()


async def test_the_door_of_the_console_does_not_show_on_the_way_in(home: Path):
    world = World(home, clock=Unhurried())
    Office(world).hire("mia", Role.AGENT)
    async with working(world, recorded=True) as mia:
        await mia.press("ctrl+u")
        await mia.fill("mia", world.people["mia"].password)
        await mia.press("enter")
        await mia.finds("step 2 of 2")
        begun = len(mia.wire.written)
        world.clock.advance(seconds=30)
        await mia.type(world.token_for("mia"))
        await mia.press("enter")
        await mia.finds("Recovery cases")
        assert DOOR not in painted_since(mia, begun)
    world.close()
