"""A terminal of which only the signs are read, in a twentieth of the time: most of what a session writes is colours."""

import codecs
import re
from typing import Any

import asyncssh

from tests.terminal.ssh.client import Terminal

_PIECE = re.compile(r"([^\x00-\x1f\x7f]+)|\x1b\[(\d*);?(\d*)H|(\n)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|[^\x1b]")
"""Signs, to a place, a row down; and what changes no sign."""


class PlainScreen:
    """What Textual writes to a terminal of one size. Signs are one column wide, as all are that the tests type."""

    def __init__(self, columns: int, rows: int) -> None:
        self.display = [" " * columns] * rows
        self._columns = columns
        self._row = self._column = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._unread = ""

    def feed(self, data: bytes) -> None:
        """Read what is written next; a sequence that is in two parts waits for the second."""
        text, at = self._unread + self._decoder.decode(data), 0
        while found := _PIECE.match(text, at):
            signs, row, column, down = found.groups()
            if signs:
                self._write(signs)
            elif row is not None:
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif down:
                self._row = min(self._row + 1, len(self.display) - 1)
            at = found.end()
        self._unread = text[at:]

    def _write(self, signs: str) -> None:
        line, after = self.display[self._row], self._column + len(signs)
        self.display[self._row] = (line[: self._column] + signs + line[after:])[: self._columns]
        self._column = after


class PlainTerminal(Terminal):
    """A session of which the signs are read."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.screen = self._stream = PlainScreen(columns, rows)


async def opened_plain(connection: asyncssh.SSHClientConnection, size: tuple[int, int]) -> Terminal:
    """A session with a terminal of this size, of which only the signs are read."""
    settings: dict[str, Any] = {"term_type": "xterm-256color", "term_size": size, "encoding": None}
    _, terminal = await connection.create_session(lambda: PlainTerminal(*size), **settings)
    return terminal
