"""A person at the support console: keys in, the screen read back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.terminal.peer import Peer
from core.terminal.theme import Colours
from core.terminal.widgets.pane import Pane
from support_console.app import ConsoleApp
from tests.terminal.recorded import RecordingDriver
from tests.terminal.still import ready, settle
from tests.tui.visitor import BLOCKS, HERE, PATIENCE, Visitor
from tests.world import World


class Agent(Visitor):
    """Somebody of the staff who reads the screen and presses keys, which are counted; what must be typed is not."""

    keystrokes = 0

    async def press(self, *keys: str) -> None:
        self.keystrokes += len(keys)
        await super().press(*keys)

    @property
    def words(self) -> str:
        """The screen in one line, then each of its two sides by itself: what wraps in one has the other between."""
        lines = self.screen.splitlines()
        sides = [pane.scrollable_content_region for pane in self.app.screen.query(Pane)]
        read = (line[side.x : side.right] for side in sides for line in lines[side.y : side.bottom])
        return " ".join([super().words, *(word for line in read for word in line.translate(BLOCKS).split())])

    async def loses(self, *sentences: str) -> None:
        """Wait until none of the sentences is on the screen."""
        for _ in range(int(PATIENCE / 0.05)):
            await settle(self.pilot)
            words = self.words
            if not any(sentence in words for sentence in sentences):
                return
            await asyncio.sleep(0.05)
        self.sees_not(*sentences)

    async def sits_down(self, world: World, name: str) -> None:
        """Through the door: password, then token."""
        await self.press("ctrl+u")
        await self.fill(name, world.people[name].password)
        await self.press("enter")
        await self.finds(f"Sign in as {name}", "step 2 of 2")
        world.clock.advance(seconds=30)
        await self.type(world.token_for(name))
        await self.press("enter")

    async def gives_token(self, world: World, name: str) -> None:
        """Answer the question for a fresh token."""
        await self.finds("A fresh token, please")
        world.clock.advance(seconds=30)
        await self.type(world.token_for(name))
        await self.press("enter")


def console(world: World) -> ConsoleApp:
    """The console over the services of a world."""
    app = ConsoleApp(world.settings, lambda: world.services, clock=world.clock)
    app.suit(HERE)
    app.arrived(HERE)
    return app


@asynccontextmanager
async def working(
    world: World,
    name: str = "",
    *,
    size: tuple[int, int] = (80, 24),
    colours: Colours = Colours.DARK,
    peer: Peer = HERE,
    recorded: bool = False,
) -> AsyncIterator[Agent]:
    """Somebody at the console's door, or, with a name, signed in."""
    app = console(world)
    app.arrived(peer)
    if recorded:
        app.driver_class = RecordingDriver
    async with app.run_test(size=size, headless=not recorded) as pilot:
        app.wear(colours)
        await ready(pilot, app._door._passed)
        agent = Agent(app, pilot)
        if name:
            await agent.sits_down(world, name)
            await agent.finds("Recovery cases")
        yield agent
