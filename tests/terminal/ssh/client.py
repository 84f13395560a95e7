"""A real SSH client with a terminal to read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncssh
import pyte

PATIENCE = 60.0


class Anybody(asyncssh.SSHClient):
    """Has no password, and answers when nothing is asked."""

    def kbdint_auth_requested(self) -> str:
        return ""


class Terminal(asyncssh.SSHClientSession[bytes]):
    """A session and what its terminal shows."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.errors = b""
        self.code: int | None = None
        self.closed = asyncio.Event()
        self._news = asyncio.Event()
        self.channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        if datatype == asyncssh.EXTENDED_DATA_STDERR:
            self.errors += data
        else:
            self.raw += data
            self._stream.feed(data)
        self._news.set()

    def exit_status_received(self, status: int) -> None:
        self.code = status

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._news.set()

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def see(self, *sentences: str) -> str:
        """Wait until all of `sentences` are on the screen; its text."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not all(sentence in self.text for sentence in sentences):
                    if self.closed.is_set():
                        raise AssertionError(f"closed before {sentences} were seen:\n{self.text}\n{self.errors!r}")
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{sentences} were not seen:\n{self.text}") from None
        return self.text

    def type(self, keys: str | bytes) -> None:
        assert self.channel is not None
        self.channel.write(keys.encode() if isinstance(keys, str) else keys)

    async def say(self, word: str, answer: str) -> str:
        """Put `word` into the porch's field and read the answer."""
        self.type(f"\x15{word}\t\r")
        return await self.see(answer)

    async def end(self) -> int | None:
        """Wait until the session is over; its exit code."""
        async with asyncio.timeout(PATIENCE):
            await self.closed.wait()
        return self.code


@asynccontextmanager
async def connected(port: int, **options: Any) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection that is cut at the end, whatever state it is in."""
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "known_hosts": None,
        "username": "ada",
        "client_keys": None,
        "agent_path": None,
        "config": None,
        "client_factory": Anybody,
        **options,
    }
    connection = await asyncssh.connect(port=port, **settings)
    try:
        yield connection
    finally:
        connection.abort()
        await connection.wait_closed()


async def opened(
    connection: asyncssh.SSHClientConnection,
    *,
    term: str = "xterm-256color",
    size: tuple[int, int] = (80, 24),
    **options: Any,
) -> Terminal:
    """A session with a terminal of this kind and size."""
    shown = (min(max(size[0], 20), 500) if size[0] else 80, min(max(size[1], 10), 200) if size[1] else 24)
    _, terminal = await connection.create_session(
        lambda: Terminal(*shown), term_type=term, term_size=size, encoding=None, **options
    )
    return terminal
