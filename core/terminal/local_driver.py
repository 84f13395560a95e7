"""Textual's driver for the terminal that a program runs in, made to read whatever a terminal may send.

Textual decodes strictly, so one byte that is not UTF-8 (a Latin-1 paste, line noise) would end the app.
"""

import codecs
import os
import selectors

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_LOOK_EVERY = 0.1
"""Seconds between two looks whether an escape stands alone or the app ends."""


class LocalDriver(LinuxDriver):
    """Reads on, whatever is typed; what is no text shows as a replacement sign."""

    def _run_input_thread(self) -> None:
        """Read until the end; a failure is told with the place where it happened."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # nothing else would say that no key is read any more
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001  # as Textual's own pumps do

    def run_input_thread(self) -> None:
        """Read, decode and hand on what is typed."""
        parser = XTermParser()
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_EVERY):
                    data = os.read(self.fileno, 4096)
                    if not data:
                        return
                    parser = self._parse(parser, decode(data))
                for message in parser.tick():
                    self.process_message(message)

    def _parse(self, parser: XTermParser, text: str) -> XTermParser:
        """Hand on what `text` means; the parser to go on with."""
        read: list[Message] = []
        try:
            if text:
                read.extend(parser.feed(text))
        except Exception:  # noqa: BLE001  # a sequence that no terminal sends: the parser cannot go on, a new one can
            parser = XTermParser()
        for message in read:
            self.process_message(message)
        return parser
