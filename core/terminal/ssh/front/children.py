"""The front's end of the lines to its children."""

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import Callable

from core.terminal.ssh.lately import Kind
from core.terminal.ssh.log import log
from core.terminal.ssh.wire import PACKET, Message, packed, pair, unpacked


class Child:
    """One process of one session, from the request for it to its end."""

    def __init__(self, line: socket.socket, hang: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._line = line
        self._hang = hang
        self._unsent: deque[bytes] = deque()
        self._handle: int | None = None
        self._killing: asyncio.TimerHandle | None = None
        self._listening = False
        self.closed = False
        self.hear: Callable[[Message | None], None] = lambda _: None
        """Called with each message, and with None when the line ends."""
        self.drained: Callable[[], None] = lambda: None
        """Called when what could not be sent at once has been sent."""

    def born(self, handle: int | None) -> None:
        """The zygote answered: `handle` is a pidfd, None when there is no process."""
        if handle is None:
            if not self.closed:
                self._end()
            return
        self._handle = handle
        if self.closed:
            self._see_it_end()

    def say(self, message: Message) -> bool:
        """Send `message`; False when it has to wait, and then `drained` is called later."""
        if self.closed:
            return True
        packet = packed(message)
        if not self._unsent and self._sent(packet):
            return True
        if not self._unsent:
            self._loop.add_writer(self._line, self._send_rest)
        self._unsent.append(packet)
        return False

    def _sent(self, packet: bytes) -> bool:
        try:
            self._line.send(packet)
        except BlockingIOError:
            return False
        except OSError:
            return True  # it is ending; reading finds out
        return True

    def _send_rest(self) -> None:
        while self._unsent:
            if not self._sent(self._unsent[0]):
                return
            self._unsent.popleft()
        self._loop.remove_writer(self._line)
        self.drained()

    def listen(self, on: bool) -> None:
        """Whether messages are taken from the child: it stops drawing when they are not."""
        if on != self._listening and not self.closed:
            self._listening = on
            if on:
                self._loop.add_reader(self._line, self._read)
            else:
                self._loop.remove_reader(self._line)

    def _read(self) -> None:
        try:
            packet = self._line.recv(PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if packet:
            self.hear(unpacked(packet))
        else:
            self._end()

    def _end(self) -> None:
        hear = self.hear
        self.close()
        hear(None)

    def close(self) -> None:
        """Hang up. The child ends by itself, or is killed when it hangs."""
        if self.closed:
            return
        self.listen(on=False)
        self.closed = True
        self.hear = lambda _: None
        self.drained = lambda: None
        self._loop.remove_writer(self._line)
        self._line.close()
        if self._handle is not None:
            self._see_it_end()

    def _see_it_end(self) -> None:
        assert self._handle is not None
        self._loop.add_reader(self._handle, self._ended)
        self._killing = self._loop.call_later(self._hang, self._kill)

    def _kill(self) -> None:
        assert self._handle is not None
        log("child killed", reason="outlived its channel")
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _ended(self) -> None:
        assert self._handle is not None
        if self._killing is not None:
            self._killing.cancel()
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        self._handle = None


class Nursery:
    """Asks the zygote for children and takes its answers."""

    def __init__(self, line: socket.socket, *, hang: float, patience: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._line = line
        self._hang = hang
        self._patience = patience
        self._asked = 0
        self._waiting: dict[bytes, Child] = {}
        line.setblocking(False)
        self._loop.add_reader(line, self._answer)

    def ask(self) -> Child | None:
        """A child that will be there soon, None when the zygote has more to do than it can."""
        ours, theirs = pair()
        ours.setblocking(False)
        self._asked += 1
        request = b"%d" % self._asked
        try:
            socket.send_fds(self._line, [request], [theirs.fileno()])
        except OSError:
            ours.close()
            return None
        finally:
            theirs.close()
        child = self._waiting[request] = Child(ours, self._hang)
        self._loop.call_later(self._patience, self._give_up, request)
        return child

    def note(self, kind: Kind) -> None:
        """Tell the zygote with which kind of terminal somebody came."""
        with contextlib.suppress(OSError):  # it has more to do than it can, and this can wait
            self._line.send(kind.packed())

    def _answer(self) -> None:
        try:
            request, handles, _, _ = socket.recv_fds(self._line, 64, 1)
        except BlockingIOError:
            return
        child = self._waiting.pop(request, None)
        if child is not None:
            child.born(handles[0] if handles else None)
        elif handles:
            os.close(handles[0])  # asked for by the front before this one

    def _give_up(self, request: bytes) -> None:
        child = self._waiting.pop(request, None)
        if child is not None and not child.closed:
            log("no child", reason="the zygote did not answer")
            child.born(None)
