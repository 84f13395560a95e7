"""An event loop that goes on in a forked child."""

import asyncio
import os
import selectors
import socket
from typing import cast


class ForkedLoop(asyncio.SelectorEventLoop):
    """Stopped in the parent, run on in the child. Its selector keeps no state in the kernel that a fork would share."""

    def __init__(self) -> None:
        super().__init__(selectors.PollSelector())

    def part_from_parent(self) -> None:
        """Called in the child: a wake-up pipe of its own, else siblings take each other's wake-ups."""
        own = cast("tuple[socket.socket, socket.socket]", (self._ssock, self._csock))  # type: ignore[attr-defined]
        for inherited, fresh in zip(
            own, socket.socketpair(), strict=True
        ):  # asyncio's names; a test fails when they go
            fresh.setblocking(False)
            os.dup2(fresh.fileno(), inherited.fileno(), inheritable=False)
            fresh.close()
