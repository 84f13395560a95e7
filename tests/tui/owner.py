"""What an account holder does in Settings, reading nothing but the screen."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import zxingcpp

from tests.cells import draw, screen_cells
from tests.tui.visitor import Visitor
from tests.world import World

PLACES = {"first": 0, "second": 1, "third": 2, "last": 3}


async def settings(visitor: Visitor, world: World, name: str = "ada") -> None:
    """Sign in with password, and token if it is asked, and arrive at Settings."""
    known = f"({name})" in visitor.words  # the key of this connection is theirs, so the name is there already
    await visitor.press("s")
    if not known:
        await visitor.press("ctrl+u")
        await visitor.paste(name)
        await visitor.press("tab")
    await visitor.paste(world.people[name].password)
    await visitor.press("enter")
    if world.account(name).two_factor_on:
        await visitor.finds("step 2 of 2")
        world.clock.advance(seconds=30)
        await visitor.type(world.token_for(name))
        await visitor.press("enter")
    await visitor.finds("Settings", f"{name}, two-factor")


async def prove(visitor: Visitor, world: World, name: str = "ada", *, token: bool = False) -> None:
    """Type the password, and a fresh token, in the fields that ask for them, and go on."""
    await visitor.paste(world.people[name].password)
    if token:
        world.clock.advance(seconds=30)
        await visitor.press("tab")
        await visitor.type(world.token_for(name))
    await visitor.press("enter")


def scanned(visitor: Visitor) -> str:
    """What a camera reads off the screen as it is; "" when there is no code."""
    codes = zxingcpp.read_barcodes(
        draw(screen_cells(visitor.app)), formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False
    )
    return codes[0].text if codes else ""


def scan(visitor: Visitor, world: World, name: str = "ada") -> str:
    """Scan the code with the person's authenticator, which lists it under the label that is answered."""
    uri = urlsplit(scanned(visitor))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp"), visitor.screen
    world.people[name].key = parse_qs(uri.query)["secret"][0]
    return unquote(uri.path.lstrip("/"))


def key_on_screen(visitor: Visitor) -> str:
    """The key that is shown for typing, in base32; "" when none is."""
    groups = re.findall(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4})+", visitor.screen)
    return "".join(groups).replace(" ", "")


def code_on_screen(visitor: Visitor) -> str:
    """The backup code that is shown; "" when none is."""
    found = re.search(r"\b([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5})\b", visitor.screen)
    return "".join(found.groups()) if found else ""


def group_asked(visitor: Visitor, code: str) -> str:
    """The group of `code` that the screen asks for."""
    asked = next(place for word, place in PLACES.items() if f"Type the {word} group" in visitor.words)
    return code[5 * asked : 5 * asked + 5]


async def to_scan(visitor: Visitor, world: World, name: str = "ada") -> None:
    """From Settings to step 2 of Enable."""
    await visitor.press("e")
    await visitor.finds("step 1 of 4")
    await prove(visitor, world, name)
    await visitor.finds("step 2 of 4")


async def to_code(visitor: Visitor, world: World, name: str = "ada") -> str:
    """On from step 2 to the backup code, which is answered."""
    scan(visitor, world, name)
    await visitor.type(world.token_for(name))
    await visitor.press("enter")
    await visitor.finds("Save your Backup Code")
    world.people[name].backup_code = code_on_screen(visitor)
    return world.people[name].backup_code


async def to_group(visitor: Visitor, code: str) -> None:
    """On from the backup code to the group that is asked, which is typed."""
    await visitor.press("s")
    await visitor.finds("enter Continue")
    await visitor.type(group_asked(visitor, code))


async def save(visitor: Visitor, code: str) -> None:
    """On from the backup code through Continue."""
    await to_group(visitor, code)
    await visitor.press("enter")


async def enable(visitor: Visitor, world: World, name: str = "ada") -> str:
    """All of Enable, from Settings to Settings; the backup code."""
    await to_scan(visitor, world, name)
    code = await to_code(visitor, world, name)
    await save(visitor, code)
    await visitor.finds("step 4 of 4")
    await visitor.press("enter")
    await visitor.finds("Disable 2FA")
    return code
