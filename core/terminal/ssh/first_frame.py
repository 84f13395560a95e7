"""From an app that stands still, drawn for nobody, to a frame that fits whoever has come.

Left to itself, Textual would wait for its timers and draw in between: the old size, then the new one, then what the
app says to who has come. Here what was drawn before is sent at once if it fits; then all of the rest is done with
drawing held back, and drawn once.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

from textual.geometry import Size
from textual.screen import Screen

from core.terminal.app import TerminalApp
from core.terminal.peer import Peer
from core.terminal.ssh.composing import Composed
from core.terminal.ssh.driver import ChannelDriver, Link

_TURNS = 100
"""Turns of the event loop after which the frame is drawn as it is."""


async def greet(composed: Composed, link: Link, peer: Peer) -> None:
    """Take the terminal of `peer` behind `link`, draw the first screen on it, and say to the app who it is."""
    app, driver = composed.app, composed.driver
    with app._context():  # noqa: SLF001  # as Textual enters it for its own callbacks
        if peer.size == composed.size and peer.depth == composed.depth:
            link.send(composed.frame)
            with app.batch_update():
                app.welcome(peer)
                await _rest(app)
            driver.go_on(link)
            app.screen._on_timer_update()  # noqa: SLF001  # draws what has changed, now
            driver.flush()  # before anything is opened in a thread, which would hold it up
        else:
            with app.batch_update(), _held_back(app.screen):
                app.suit(peer)
                _resize_now(app, driver, peer.size)
                app.welcome(peer)
                await _rest(app)
                await _lay_out(app, peer.size)
            driver.attach(link)
        app.arrived(peer)


def _resize_now(app: TerminalApp, driver: ChannelDriver, size: tuple[int, int]) -> None:
    """Resize without the pause by which Textual waits for a window that is being dragged."""
    if size != driver.size:
        app._size = None  # noqa: SLF001  # no size yet: the first one is taken at once
        driver.resize(size)


async def _rest(app: TerminalApp) -> None:
    """Wait until nothing more comes of what was done."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        if app.keys.at_rest:
            return


async def _lay_out(app: TerminalApp, size: tuple[int, int]) -> None:
    """Place every widget, and again if one of them then wants to be of another size."""
    screen = app.screen
    for _ in range(2):
        screen._layout_required = False  # noqa: SLF001  # what its own timer would do, later
        type(screen)._refresh_layout(screen, Size(*size))  # noqa: SLF001
        await _rest(app)
        if not screen._layout_required:  # noqa: SLF001
            return


@contextlib.contextmanager
def _held_back(screen: Screen[Any]) -> Iterator[None]:
    """A resized screen places everything, twice, and draws it even in a batch, for nothing: here it waits."""
    screen._compositor_refresh = _not_now  # type: ignore[method-assign]  # noqa: SLF001  # of this one screen
    screen._refresh_layout = _not_now  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        del screen._compositor_refresh, screen._refresh_layout  # noqa: SLF001


def _not_now(*_: object, **__: object) -> None:
    """In place of placing and drawing."""
