"""What is done once before the first fork, so that no child does it again: code is loaded, caches are filled."""

import asyncio

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, Static

from core.terminal.app import TerminalApp
from core.terminal.crash import frames_of
from core.terminal.offload import end_threads
from core.terminal.peer import Peer
from core.terminal.ssh.composing import LOOK_EVERY, STILL, Sheets
from core.terminal.ssh.driver import ChannelDriver
from core.terminal.ssh.log import log
from core.terminal.ssh.rehearsal import Rehearsal

_SOMEBODY = Peer("192.0.2.1", None, None, "", (80, 24), "xterm-256color")
_LONGEST = 10.0
"""Seconds that a rehearsal waits for what a key sets off."""


class _Form(Screen[None]):
    def compose(self) -> ComposeResult:
        """One line and one field."""
        yield Static("Rehearsal", markup=False)
        yield Input()


class _Nothing(TerminalApp):
    """A field to type in, for the code behind keys, layout and drawing."""

    def get_default_screen(self) -> Screen[None]:
        return _Form()


KEYS_ALONE = Rehearsal(_Nothing, (b"a", b"b", b"\x1b[D", b"\t", b"\x15"), opening=0)
"""A rehearsal of no meaning, for a server that was given none."""


class _Unseen:
    """A terminal that nobody looks at."""

    def send(self, data: bytes) -> bool:
        """Take it."""
        return bool(data) or True

    def insist(self, data: bytes) -> None:
        """Take it."""


def rehearse(rehearsal: Rehearsal) -> Sheets:
    """Play `rehearsal` to its end; the style sheets that it came by.

    What goes wrong in it is logged: sessions then do it for the first time.
    """
    sheets: Sheets = {}
    try:
        with asyncio.Runner() as runner:
            sheets = runner.run(_play(rehearsal))
    except Exception as error:  # noqa: BLE001  # serving goes on without
        log("rehearsal failed", error=frames_of(error))
    finally:
        end_threads()
        rehearsal.close()
    return sheets


async def _play(rehearsal: Rehearsal) -> Sheets:
    app = rehearsal.open_app()
    app.farewell = lambda _: None
    app.driver_class = ChannelDriver
    app.suit(_SOMEBODY)
    running = asyncio.create_task(app.run_async(size=_SOMEBODY.size))
    await _rest(app)
    driver = app._driver  # noqa: SLF001  # Textual has no public name for it
    assert isinstance(driver, ChannelDriver)
    with app._context():  # noqa: SLF001  # as Textual enters it for its own callbacks
        app.welcome(_SOMEBODY)
        driver.attach(_Unseen())
        app.arrived(_SOMEBODY)
    await asyncio.sleep(rehearsal.opening)
    await _rest(app)
    for typed in rehearsal.keys:
        driver.feed(typed)
        await _rest(app)
    driver.resize((100, 30))
    await _rest(app)
    sheets = dict(app.stylesheet.source)
    app.exit()
    await running
    return sheets


async def _rest(app: TerminalApp) -> None:
    """Wait until nothing has been left to do for a while, but not for ever."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _LONGEST
    still = 0
    while still < STILL and loop.time() < until:
        await asyncio.sleep(LOOK_EVERY)
        still = still + 1 if app.keys.nothing_to_do else 0
