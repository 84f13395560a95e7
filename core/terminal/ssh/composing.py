"""Apps that stand still on their first screen, drawn for nobody: what the zygote keeps and each child goes on with.

One is kept for every depth of colour, and for a large terminal too, since both change much of how a screen is styled.
Beside each stands its first frame as bytes, so that a child whose terminal has just that size sends it at once.
"""

import asyncio
import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rich.style import Style
from textual.css.stylesheet import CssSource
from textual.css.types import CSSLocation
from textual.strip import Strip

from core.errors import LockwrightError
from core.terminal.app import TerminalApp
from core.terminal.peer import Peer
from core.terminal.ssh.driver import ChannelDriver
from core.terminal.ssh.lately import Kind
from core.terminal.ssh.loop import ForkedLoop

Sheets = dict[CSSLocation, CssSource]
"""Style sheets by where they stand."""

SIZE = (80, 24)
LARGE = (120, 40)
"""Any other size costs a layout."""

LOOK_EVERY = 0.005
STILL = 5
"""How often in a row nothing must be left to do for a screen to stand."""

PATIENCE = 60.0


def _blank(term: str, colour_term: str = "") -> Peer:
    return Peer("", None, None, "", SIZE, term, colour_term)


USUAL = (_blank("xterm-256color", "truecolor"), _blank("xterm-256color"))
"""Nobody yet, at a terminal with many colours."""

BLANKS = (*USUAL, _blank("xterm"), _blank("dumb"), *(replace(blank, size=LARGE) for blank in USUAL))
"""Nobody yet, at a terminal of each depth of colour, and the usual ones also at a large one."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An app that stands still."""

    app: TerminalApp
    running: "asyncio.Task[Any]"
    loop: ForkedLoop
    depth: str | None
    size: tuple[int, int]
    frame: bytes = b""
    """What takes a terminal of this depth and size and draws the first screen on it."""

    @property
    def driver(self) -> ChannelDriver:
        driver = self.app._driver  # noqa: SLF001  # Textual has no public name for it
        assert isinstance(driver, ChannelDriver)
        return driver


def compose_all(open_app: Callable[[Peer], TerminalApp], sheets: Sheets) -> tuple[Composed, ...]:
    """Whatever `open_app` opens, for each depth and size, knowing the style sheets of screens still to come.

    Raises LockwrightError when one does not come to rest.
    """
    return tuple(compose(open_app, blank, sheets) for blank in BLANKS)


def blank_for(kind: Kind) -> Peer:
    """Nobody yet, at a terminal of this kind."""
    return replace(next(blank for blank in BLANKS if blank.depth == kind.depth), size=kind.size)


def fitting(composed: Iterable[Composed], peer: Peer) -> Composed:
    """The one that needs least to be done for the terminal of `peer`: of its depth, the largest that fits into it."""
    of_depth = [one for one in composed if one.depth == peer.depth]
    inside = [one for one in of_depth if one.size[0] <= peer.size[0] and one.size[1] <= peer.size[1]]
    return max(inside or of_depth[:1], key=lambda one: one.size)


def compose(open_app: Callable[[Peer], TerminalApp], blank: Peer, sheets: Sheets) -> Composed:
    """The app for `blank`, standing on its first screen."""
    loop = ForkedLoop()
    asyncio.set_event_loop(loop)

    async def begin() -> Composed:
        app = open_app(blank)
        app.driver_class = ChannelDriver
        app.suit(blank)
        app.stylesheet.source.update(sheets)  # read with the app's own, once; a screen that comes later reads nothing
        running = loop.create_task(app.run_async(size=blank.size), name="app")
        composed = Composed(app, running, loop, blank.depth, blank.size)
        await asyncio.wait_for(_standing(composed), PATIENCE)
        return replace(composed, frame=_drawn(composed))

    try:
        return loop.run_until_complete(begin())
    except TimeoutError:
        raise LockwrightError("The first screen did not come to rest.") from None
    finally:
        forget_sequences()


async def _standing(composed: Composed) -> None:
    """Return when the first screen has been at rest for a while."""
    still = 0
    while still < STILL:
        await asyncio.sleep(LOOK_EVERY)
        if composed.running.done():
            raise LockwrightError("The app ended before its first screen.") from composed.running.exception()
        still = still + 1 if composed.app.keys.nothing_to_do else 0


@dataclass(slots=True)
class _Recording:
    said: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> bool:
        self.said.append(data)
        return True

    def insist(self, data: bytes) -> None:
        self.said.append(data)


def _drawn(composed: Composed) -> bytes:
    """What draws the screen on which the app stands."""
    recording = _Recording()
    composed.driver.attach(recording)
    composed.driver.detach()
    return b"".join(recording.said)


def forget_sequences() -> None:
    """Styles and strips keep the sequences that they were first drawn with, which are right for one depth only."""
    for kept in gc.get_objects():
        if type(kept) is Style:
            kept._ansi = None  # noqa: SLF001
        elif type(kept) is Strip:
            kept._render_cache = None  # noqa: SLF001
