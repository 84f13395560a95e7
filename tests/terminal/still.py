"""Waiting until an app has nothing left to do."""

import asyncio
from typing import Any

from textual.pilot import Pilot

from core.terminal import rest
from core.terminal.app import TerminalApp
from tests.cells import screen_text

_TURNS_TO_APP = 5
"""Turns of the event loop that a key takes from a driver to the app."""


async def settle(pilot: Pilot, seconds: float = 60) -> None:
    """Return when every key has run its course, every call that keys wait for is over, and what they changed is drawn."""
    app = pilot.app
    assert isinstance(app, TerminalApp)
    for _ in range(_TURNS_TO_APP):
        await asyncio.sleep(0)
    try:
        async with asyncio.timeout(seconds):
            await rest.come_to_rest(lambda: not app.is_running or _nothing_left(app))
    except TimeoutError:
        raise AssertionError(f"never still: {app.screen}") from None


async def ready(pilot: Pilot, first: "asyncio.Queue[Any]") -> None:
    """Return when the services are open and the journey waits for what the first screen puts into `first`."""
    await rest.come_to_rest(lambda: bool(first._getters))
    await settle(pilot)


async def see(pilot: Pilot, text: str, seconds: float = 60) -> None:
    """Return when `text` is on the screen, while something may still be under way."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while text not in (shown := screen_text(pilot.app)):
        assert loop.time() < deadline, f"{text!r} never came:\n{shown}"
        await asyncio.sleep(0.005)


def _nothing_left(app: TerminalApp) -> bool:
    if app.keys.at_rest:
        rest.draw(app)
    return bool(app.screen_stack) and app.keys.idle and app.keys.nothing_to_do
