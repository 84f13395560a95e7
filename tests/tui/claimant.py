"""What somebody without device and backup code does, reading nothing but the screen."""

import re

from core.use_cases.recovery_doors import CaseOpened
from tests.tui.visitor import Visitor
from tests.world import World

WEIR = "It fell into the weir."


async def to_door(visitor: Visitor, world: World, name: str = "ada") -> None:
    """From the first screen to Recover your Account."""
    if f"({name})" in visitor.words:  # the key of this connection is theirs, so the name is there already
        await visitor.press("s")
        await visitor.paste(world.people[name].password)
        await visitor.press("enter")
    else:
        await visitor.signs_in(name, world.people[name].password)
    await visitor.finds("step 2 of 2", "Recover your Account")
    await visitor.press("r")
    await visitor.finds(f"Recover your Account {name}")


async def opens(visitor: Visitor, world: World) -> str:
    """From the first screen into a new case; its return code."""
    await to_door(visitor, world)
    await visitor.press("o")
    await visitor.finds("What happened to the device?")
    await visitor.type(WEIR)
    await visitor.press("ctrl+s")
    await visitor.finds("Save your return code.")
    code = return_code(visitor)
    await visitor.press("s")
    await visitor.finds("Case LW-", "opened the case")
    return code


async def comes_back(visitor: Visitor, world: World, opened: CaseOpened, name: str = "ada") -> None:
    """From the first screen into a case that was opened before."""
    await to_door(visitor, world, name)
    await visitor.press("c")
    await visitor.finds("Back to your case")
    await visitor.paste(opened.return_code.reveal())
    await visitor.press("enter")
    await visitor.finds(f"Case {opened.reference}", "What happened")


def return_code(visitor: Visitor) -> str:
    """The return code that is shown; "" when none is."""
    found = re.search(r"\b([0-9A-Z]{4}) - ([0-9A-Z]{4}) - ([0-9A-Z]{4})\b", visitor.screen)
    return "".join(found.groups()) if found else ""
