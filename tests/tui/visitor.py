"""A person at the account app: keys in, the screen read back."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from core.apps.app import OpenServices
from core.terminal.peer import Peer
from core.terminal.theme import Colours
from tests.cells import screen_text
from tests.terminal.recorded import RecordingDriver
from tests.terminal.still import ready, settle
from tests.world import World
from tui.app import AccountApp

BLOCKS = str.maketrans("▀▄█", "   ")
PATIENCE = 60.0
"""Seconds after which what is waited for does not come."""


class Visitor:
    """Somebody who reads the screen and presses keys."""

    def __init__(self, app: AccountApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> str:
        """What can be read, line by line."""
        return screen_text(self.app)

    @property
    def wire(self) -> RecordingDriver:
        """What went to the terminal."""
        assert isinstance(self.app._driver, RecordingDriver)
        return self.app._driver

    @property
    def words(self) -> str:
        """The same in one line, however it was wrapped, without the blocks of a code beside it."""
        return " ".join(self.screen.translate(BLOCKS).split())

    def sees(self, *sentences: str) -> None:
        """Fail unless every sentence is on the screen."""
        words = self.words
        missing = [sentence for sentence in sentences if sentence not in words]
        assert not missing, f"not on the screen: {missing}\n{self.screen}"

    def sees_not(self, *sentences: str) -> None:
        """Fail if a sentence is on the screen."""
        words = self.words
        there = [sentence for sentence in sentences if sentence in words]
        assert not there, f"on the screen: {there}\n{self.screen}"

    async def finds(self, *sentences: str) -> None:
        """Wait until every sentence is on the screen."""
        for _ in range(int(PATIENCE / 0.05)):
            await settle(self.pilot)
            words = self.words
            if all(sentence in words for sentence in sentences):
                return
            await asyncio.sleep(0.05)
        self.sees(*sentences)

    async def leaves(self) -> None:
        """Wait until the app has ended by itself."""
        for _ in range(int(PATIENCE / 0.05)):
            if self.app.return_code is not None:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"it never ended:\n{self.screen}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, each at what the one before led to."""
        for key in keys:
            await self.pilot.press(key)
            await settle(self.pilot)

    async def type(self, text: str) -> None:
        """Type characters, all in one write, as a terminal sends them."""
        driver = self.app._driver
        assert driver is not None
        for event in XTermParser().feed(text):
            driver.process_message(event)
        await settle(self.pilot)

    async def fill(self, *texts: str) -> None:
        """Type into fields one after the other, tab between them."""
        await self.type("\t".join(texts))

    async def paste(self, text: str) -> None:
        """Paste as a terminal does."""
        self.app.post_message(events.Paste(text))
        await settle(self.pilot)

    async def signs_in(self, name: str, password: str) -> None:
        """From the first screen through the password step."""
        await self.press("s")
        await self.press("ctrl+u")
        await self.fill(name, password)
        await self.press("enter")

    def line(self, pattern: str) -> str:
        """The first line that holds `pattern`."""
        found = next((line for line in self.screen.splitlines() if re.search(pattern, line)), None)
        assert found is not None, f"no line with {pattern}\n{self.screen}"
        return found


@asynccontextmanager
async def visiting(
    world: World,
    *,
    peer: Peer | None = None,
    size: tuple[int, int] = (80, 24),
    colours: Colours = Colours.DARK,
    opens: OpenServices | None = None,
    has_clerk: bool = False,
) -> AsyncIterator[Visitor]:
    """Somebody at the app's first screen, by default on this machine, over services that are open already."""
    app = AccountApp(world.settings, opens or (lambda: world.services), has_clerk=has_clerk)
    app.suit(peer or HERE)
    if peer is None:
        app.arrived(HERE)
    app.driver_class = RecordingDriver
    async with app.run_test(headless=False, size=size) as pilot:
        app.wear(colours)
        if peer is not None:  # as it is served: the app runs before anybody is there
            app.welcome(peer)
            app.arrived(peer)
        await (settle(pilot) if opens else ready(pilot, app._first._chosen))
        yield Visitor(app, pilot)


HERE = Peer(
    source="local",
    fingerprint=None,
    public_key=None,
    user="",
    size=(80, 24),
    term="xterm-256color",
    colour_term="truecolor",
)
THERE = Peer(
    source="203.0.113.7",
    fingerprint="SHA256:S7P66LgLCMqRKodPzx4wnMMR91AHztPdJeJPr6qpB7w",
    public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHc6T6KbiOPyjcfqp491jaTC0tr9FXpPqsqKWKnIiO3B",
    user="",
    size=(80, 24),
    term="xterm-256color",
    colour_term="truecolor",
)
