"""People who are gone at any byte: steps through screens, cut off anywhere, and what stays of that."""

import asyncio
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.terminal.ssh.client import Terminal, connected
from tests.terminal.ssh.plain import opened_plain
from tests.terminal.ssh.server import Server

ESC = "\x1b[27u"
"""As terminals with kitty's protocol send it: one that is only escape could be the beginning of what follows."""
CTRL_S = "\x13"
PAUSE = 0.06
"""Seconds without anything drawn."""


class Step:
    """Keys, or what makes them when they are typed, and what is seen when they have done what they should."""

    def __init__(self, keys: str | Callable[[], str], *seen: str) -> None:
        self._keys, self._seen = keys, seen

    def keys(self) -> bytes:
        """What is typed now."""
        return (self._keys if isinstance(self._keys, str) else self._keys()).encode()

    async def take(self, terminal: Terminal) -> None:
        """Type all of it and see what comes."""
        terminal.type(self.keys())
        await terminal.see(*self._seen)
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


async def leave_anywhere(
    server: Server, ways: Sequence[Way], cuts: int, between: Callable[[], None] = lambda: None
) -> None:
    """Go each way to its end, then parts of them until `cuts` were cut off, and see that nothing is left of anybody.

    All ways are gone side by side, and each by one person at a time: who comes back into a case, say, closes it where
    it was open. `between` is called whenever nobody is there.
    """
    chance, sources, front = random.Random(7), _sources(), server.part("front")
    await asyncio.gather(*(_walk(server, way, next(sources)) for way in ways))
    server.no_sessions()
    had, held = descriptors(front), memory(front)
    for made in range(0, cuts, len(ways)):
        between()
        gone = chance.sample(ways, min(len(ways), cuts - made))
        await asyncio.gather(*(_cut_off(server, way, next(sources), chance) for way in gone))
    server.no_sessions()
    for _ in range(100):
        if descriptors(front) <= had:
            break
        await asyncio.sleep(0.1)
    more = memory(front) - held
    left = f"{cuts} cut off: descriptors {had} -> {descriptors(front)}, front {more // cuts} bytes each"
    print(left)  # the figures of a soak
    assert descriptors(front) <= had, left
    assert more < 8 * 1024 * 1024 + cuts * 10 * 1024, left
    assert len(server.everything()) == 4, left


def _sources() -> Iterator[str]:
    """Addresses of this machine: nobody has to wait for what somebody else typed wrongly."""
    return (f"127.1.{number // 250}.{number % 250 + 1}" for number in count())


async def _walk(server: Server, way: Way, source: str) -> None:
    """Go `way` to its end."""
    async with connected(server.port, local_addr=(source, 0)) as connection:
        terminal = await opened_plain(connection, way.least)
        await terminal.see(way.first)
        for step in way.steps:
            await step.take(terminal)


async def _cut_off(server: Server, way: Way, source: str, chance: random.Random) -> None:
    """Go `way` up to some step, and be gone at some byte of it."""
    last = chance.randrange(len(way.steps))
    size = tuple(chance.randint(least, most) for least, most in zip(way.least, way.most, strict=True))
    async with connected(server.port, local_addr=(source, 0)) as connection:
        terminal = await opened_plain(connection, (size[0], size[1]))
        if last or chance.random() < 0.7:
            await terminal.see(way.first)
        for step in way.steps[:last]:
            await step.take(terminal)
        keys = way.steps[last].keys()
        terminal.type(keys[: chance.randint(0, len(keys))])
        await asyncio.sleep(chance.random() * 0.05)
        assert not terminal.closed.is_set(), terminal.text
