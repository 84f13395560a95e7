"""Textual's driver for a terminal at the far end of a channel: everything on the event loop, no thread, no signal.

An app is composed with this driver while nobody is there; what it draws goes nowhere. When somebody arrives,
`attach` takes the terminal and draws one whole frame.
"""

import asyncio
import codecs
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, TextIO

from textual import constants, events, messages
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from core.terminal.ssh import modes
from core.terminal.ssh.budget import full
from core.terminal.ssh.pastes import PasteGauge

PASTE_LIMIT = 64 * 1024
KEYS_A_SECOND = 100
KEYS_AT_ONCE = 4096
"""Nobody types faster; what more comes is left out, with a bell, before it costs anything."""


class Link(Protocol):
    """Where a driver's bytes go."""

    def send(self, data: bytes) -> bool:
        """Take all of `data`; False when there is no room now, and then `ChannelDriver.flow` is called later."""

    def insist(self, data: bytes) -> None:
        """Take all of `data`, waiting for room for a moment."""


class ChannelDriver(Driver):
    """Draws on a `Link`, reads what `feed` is given."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = False, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=False, mouse=mouse, size=size)
        self._link: Link | None = None
        self._waiting: list[str] = []
        self._flushing = False
        self._blocked = False
        self._dropped = False
        self._closed = False
        self._parser = XTermParser()
        self._pastes = PasteGauge(PASTE_LIMIT)
        self._keys = full(KEYS_A_SECOND, KEYS_AT_ONCE, self._loop.time())
        self._flooded = False
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._escape: asyncio.TimerHandle | None = None

    @property
    def is_headless(self) -> bool:
        """Whether nobody is there. Nothing is turned into sequences then: what is kept of it has one depth of colour."""
        return self._link is None

    # Drawing

    def write(self, data: str) -> None:
        """Draw `data` at the end of this turn of the loop; while the client takes nothing, it is dropped."""
        if self._closed or self._link is None:
            return
        if self._blocked:
            self._dropped = True
            return
        self._waiting.append(data)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Draw what waits, now."""
        self._flushing = False
        if self._waiting and self._link is not None and not self._closed:
            data = "".join(self._waiting).encode("utf-8", "replace")
            self._waiting.clear()
            self._blocked = not self._link.send(data)

    def flow(self) -> None:
        """The client takes data again: show it where things stand."""
        self._blocked = False
        if self._dropped:
            self._dropped = False
            self.repaint()

    def repaint(self) -> None:
        """Draw the whole screen."""
        app = self._app
        if app.screen_stack:
            with app._context():  # noqa: SLF001  # as Textual enters it for its own callbacks
                frame = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)  # noqa: SLF001
                app._display(app.screen, frame)  # noqa: SLF001

    # Somebody is there

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._size or (80, 24)

    def attach(self, link: Link) -> None:
        """Take the terminal behind `link` and draw the whole screen, now."""
        self._link = link
        self.write(modes.TAKE)
        if self._mouse:
            self.write(modes.TAKE_MOUSE)
        self.repaint()
        self.flush()

    def go_on(self, link: Link) -> None:
        """The terminal behind `link` shows what was drawn before."""
        self._link = link

    def detach(self) -> None:
        """Nobody is there."""
        self._link = None

    def resize(self, size: tuple[int, int]) -> None:
        """The terminal has this many columns and rows now."""
        if size != self._size:
            self._size = size
            self._app.post_message(events.Resize(Size(*size), Size(*size)))

    # What is typed

    def feed(self, data: bytes) -> None:
        """Read what the person sent."""
        text = self._decode(self._pastes.admit(data))
        if text:
            self._parse(text)
        self._watch_escape()

    def _parse(self, text: str) -> None:
        read: list[Message] = []
        try:
            read.extend(self._parser.feed(text))
        except Exception:  # noqa: BLE001  # a sequence that no terminal sends: the parser cannot go on, a new one can
            self._parser = XTermParser()
        for message in read:
            self.process_message(message)

    def _watch_escape(self) -> None:
        """Wait whether more follows an escape, as long as the parser does."""
        if self._escape is None and self._parser._timeout_time is not None:  # noqa: SLF001
            self._escape = self._loop.call_later(constants.ESCAPE_DELAY + 0.001, self._escape_is_a_key)

    def _escape_is_a_key(self) -> None:
        self._escape = None
        for message in self._parser.tick():
            self._pastes.interrupted()
            self.process_message(message)
        self._watch_escape()

    def process_message(self, message: Message) -> None:
        """Hand on what a person can mean; sizes come from the channel, never from the stream."""
        match message:
            case events.Resize() | messages.InBandWindowResize() | events.CursorPosition():
                return
            case events.MouseEvent() if not self._mouse:
                return
            case events.Key():
                if not self._keys.allows(self._loop.time()):
                    if not self._flooded:
                        self._flooded = True
                        self._app.call_later(self._app.bell)
                    return
                self._flooded = False
            case events.Paste() if self._pastes.take_overlong():
                self._app.call_later(self._refuse_paste)
                return
        super().process_message(message)

    def _refuse_paste(self) -> None:
        self._app.bell()
        sentence = f"That paste was left out: it is longer than {PASTE_LIMIT // 1024} KiB."
        self._app.notify(sentence, severity="warning", markup=False)

    def send_message(self, message: Message) -> None:
        """We are on the app's own loop: no need to go by a thread."""
        self._app.post_message(message)

    # Beginning and end

    def start_application_mode(self) -> None:
        """Nothing: the terminal is taken when it is there."""

    def disable_input(self) -> None:
        """Read nothing more."""
        if self._escape is not None:
            self._escape.cancel()
            self._escape = None

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.disable_input()
        if self._link is not None and not self._closed:
            data = "".join([*self._waiting, modes.GIVE_BACK]).encode("utf-8", "replace")
            self._waiting.clear()
            self._link.insist(data)
        self._closed = True

    def close(self) -> None:
        """Draw nothing more."""
        self._closed = True

    # What happens at the server, not at the person's machine, and so not at all

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing: the browser would open on the server."""

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Nothing: the file would be written on the server."""
        binary.close()
