"""People at terminals, as the bench plays them: real SSH clients that note when what arrived."""

import asyncio
import itertools
import time
from typing import Any

import asyncssh
import pyte

from bench.subjects import Subject

now = time.perf_counter
_sources = itertools.cycle(range(1, 21))
"""Twenty machines on loopback, so that the limits for one source stand as they are."""


class _Client(asyncssh.SSHClient):
    def kbdint_auth_requested(self) -> str:
        return ""


class Visitor(asyncssh.SSHClientSession[bytes]):
    """One session."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.channel: Any = None
        self.record: list[tuple[float, bytes]] | None = []
        self.began = self.connected = 0.0
        self._wanted: bytes | None = None
        self._seen: asyncio.Future[float] | None = None

    def connection_made(self, chan: Any) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002
        if self.record is not None:
            self.record.append((now(), data))
        if self._wanted is not None and self._wanted in data and self._seen is not None:
            self._wanted = None
            if not self._seen.done():
                self._seen.set_result(now())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._seen is not None and not self._seen.done():
            self._seen.set_exception(ConnectionError("closed"))

    def want(self, text: bytes) -> "asyncio.Future[float]":
        """When `text` is drawn next, in one piece."""
        self._wanted = text
        self._seen = asyncio.get_running_loop().create_future()
        return self._seen

    async def see(self, text: bytes, patience: float = 60) -> float:
        """Wait until `text` has been drawn."""
        if self.record is not None and any(text in data for _, data in self.record):
            return now()
        return await asyncio.wait_for(self.want(text), patience)

    async def settle(self, quiet: float, patience: float = 60) -> None:
        """Wait until something was drawn and then nothing for `quiet` seconds."""
        until = now() + patience
        while now() < until and not (self.record and now() - self.record[-1][0] > quiet):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def type(self, keys: bytes) -> None:
        self.channel.write(keys)

    def leave(self) -> None:
        self.connection.abort()


async def arrive(subject: Subject, size: tuple[int, int] = (80, 24)) -> Visitor:
    """Connect, open a session; returns when it is open, not when it is drawn."""
    began = now()
    connection = await asyncssh.connect(
        "127.0.0.1",
        subject.port,
        local_addr=(f"127.0.1.{next(_sources)}", 0),
        client_factory=_Client,
        known_hosts=None,
        username=subject.user,
        client_keys=[subject.key] if subject.key else None,
        preferred_auth="publickey" if subject.key else "none,keyboard-interactive",
        agent_path=None,
        config=None,
        compression_algs=None,
        kex_algs=["curve25519-sha256"],
        connect_timeout=120,
        login_timeout=120,
    )
    connected = now()
    _, visitor = await connection.create_session(Visitor, term_type="xterm-256color", term_size=size, encoding=None)
    visitor.connection, visitor.began, visitor.connected = connection, began, connected
    return visitor


def first_frame(visitor: Visitor, size: tuple[int, int]) -> tuple[float, str]:
    """When the screen first looked as it does at the end of the record, and how it looks."""
    screen = pyte.Screen(*size)
    stream = pyte.ByteStream(screen)
    looks = []
    for when, data in visitor.record or []:
        stream.feed(data)
        looks.append((when, "\n".join(screen.display)))
    last = looks[-1][1]
    return next(when for when, look in looks if look == last), last
