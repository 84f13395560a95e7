"""People who are gone at any byte: steps through screens, cut off anywhere, and what stays of that."""

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.terminal.ssh.client import Terminal, connected, opened
from tests.terminal.ssh.server import Server

ESC = "\x1b[27u"
"""As terminals with kitty's protocol send it: one that is only escape could be the beginning of what follows."""
CTRL_S = "\x13"
LONG_ENOUGH = 4.0
PAUSE = 0.06
"""Seconds without anything drawn."""


class Step:
    """Keys, and what is seen when they have done what they should."""

    def __init__(self, keys: str, *seen: str) -> None:
        self._keys, self.seen = keys, seen

    def keys(self) -> bytes:
        """What is typed now."""
        return self._keys.encode()

    async def take(self, terminal: Terminal) -> None:
        """Type all of it and see what comes."""
        terminal.type(self.keys())
        await terminal.see(*self.seen)
        drawn = -1
        while drawn != len(terminal.raw):  # what follows is typed when all is drawn, as a person does
            drawn = len(terminal.raw)
            await asyncio.sleep(PAUSE)


@dataclass(frozen=True)
class Way:
    """Steps through some screens, from the first one on, which is known by `first`; the size of a terminal for it."""

    steps: Sequence[Step]
    first: str = "Sign in"
    least: tuple[int, int] = (100, 34)
    most: tuple[int, int] = (200, 60)


def memory(pid: int) -> int:
    """Bytes of `pid` that are in memory."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def descriptors(pid: int) -> int:
    """How many descriptors `pid` has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def leave_anywhere(server: Server, ways: Sequence[Way], rounds: int) -> None:
    """Go each way to its end, then `rounds` times a part of one, and see that nothing is left of anybody.

    Each way is gone by one person at a time: who comes back into a case, say, closes it where it was open.
    """
    chance = random.Random(7)
    front = server.part("front")
    for way in ways:
        async with connected(server.port) as connection:
            terminal = await opened(connection, size=way.least)
            await terminal.see(way.first)
            for step in way.steps:
                await step.take(terminal)
    server.no_sessions()
    had, held = descriptors(front), memory(front)
    for _ in range(rounds // len(ways)):
        await asyncio.gather(*(_cut_off(server, way, chance) for way in ways))
    server.no_sessions()
    for _ in range(100):
        if descriptors(front) <= had:
            break
        await asyncio.sleep(0.1)
    left = f"{rounds} cut off: descriptors {had} -> {descriptors(front)}, front {held} -> {memory(front)} bytes"
    print(left)  # the figures of a soak
    assert descriptors(front) <= had, left
    assert memory(front) - held < 8 * 1024 * 1024 + rounds * 10 * 1024, left
    assert len(server.everything()) == 4, left


async def _cut_off(server: Server, way: Way, chance: random.Random) -> None:
    """Go `way` up to some step, and be gone at some byte of it."""
    last = chance.randrange(len(way.steps))
    size = tuple(chance.randint(least, most) for least, most in zip(way.least, way.most, strict=True))
    async with connected(server.port) as connection:
        terminal = await opened(connection, size=(size[0], size[1]))
        if last or chance.random() < 0.7:
            await terminal.see(way.first)
        try:
            for step in way.steps[:last]:
                async with asyncio.timeout(LONG_ENOUGH):
                    await step.take(terminal)
        except TimeoutError:  # who comes often has to wait, or is refused: they are gone from there
            return
        keys = way.steps[last].keys()
        terminal.type(keys[: chance.randint(0, len(keys))])
        await asyncio.sleep(chance.random() * 0.05)
        assert not terminal.closed.is_set(), terminal.text
