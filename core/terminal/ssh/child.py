"""One person's process: it goes on with the app that the zygote composed, and dies with its channel."""

import asyncio
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass, field
from typing import NoReturn

from core.terminal.crash import frames_of
from core.terminal.peer import Peer
from core.terminal.ssh import hardening, modes
from core.terminal.ssh.composing import Composed, fitting
from core.terminal.ssh.driver import ChannelDriver
from core.terminal.ssh.first_frame import greet
from core.terminal.ssh.log import log
from core.terminal.ssh.wire import (
    PACKET,
    KnownAs,
    Message,
    News,
    Over,
    Resized,
    Sent,
    Started,
    Told,
    packed,
    pieces,
    unpacked,
)

HUNG_UP = 129
"""The exit code of a session whose channel went away, as a shell gives it for SIGHUP."""

GRACE = 0.8
"""Seconds that the app has to end in when its channel is gone."""

SWITCH = 0.001
"""Seconds that a call of the domain, in its thread, may keep the screen waiting."""

LAST_WORDS = 2.0
"""Seconds that giving the terminal back may wait for a client that takes nothing."""


@dataclass(slots=True)
class ChannelLink:
    """The child's end of the line to the front."""

    line: socket.socket
    loop: asyncio.AbstractEventLoop
    driver: ChannelDriver
    left: list[bytes] = field(default_factory=list)
    """Packets of a frame that was sent in part; a terminal is never left inside a sequence."""

    def send(self, data: bytes) -> bool:
        """Send all of `data`, or keep what does not fit until there is room."""
        packets = [packed(Sent(piece)) for piece in pieces(data)]
        for number, packet in enumerate(packets):
            if not self._sent(packet):
                self.left = packets[number:]
                self.loop.add_writer(self.line, self._go_on)
                return False
        return True

    def _sent(self, packet: bytes) -> bool:
        try:
            self.line.send(packet)
        except BlockingIOError:
            return False
        except OSError:
            return True  # nobody is there any more; the reader finds out
        return True

    def _go_on(self) -> None:
        while self.left:
            if not self._sent(self.left[0]):
                return
            del self.left[0]
        self.loop.remove_writer(self.line)
        self.driver.flow()

    def say(self, message: Message) -> None:
        """Send a message that must not be lost, waiting for room for a moment."""
        self.insist_packet(packed(message))

    def insist(self, data: bytes) -> None:
        """Send all of `data`, waiting for room for a moment."""
        for packet in [*self.left, *(packed(Sent(piece)) for piece in pieces(data))]:
            self.insist_packet(packet)
        self.left = []
        self.loop.remove_writer(self.line)

    def insist_packet(self, packet: bytes) -> None:
        """Send `packet`, waiting for room for a moment."""
        if not self._sent(packet):
            room = select.poll()
            room.register(self.line, select.POLLOUT)
            room.poll(LAST_WORDS * 1000)
            self._sent(packet)


def live(line: socket.socket, composed: tuple[Composed, ...]) -> NoReturn:
    """Be one session, from the fork to the end of the process."""
    code = 1
    try:
        hardening.call_this("session")
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        arrival = _wait(line)
        if arrival is None:
            os._exit(HUNG_UP)
        code = _Session(line, fitting(composed, arrival), arrival).run()
    except BaseException as error:  # noqa: BLE001  # the process ends here, whatever happened
        log("session failed", error=frames_of(error))
    finally:
        os._exit(code)


def _wait(line: socket.socket) -> Peer | None:
    """Wait until somebody is there, None when nobody comes any more."""
    while packet := line.recv(PACKET):
        match unpacked(packet):
            case Started(peer):
                return peer
    return None


class _Session:
    def __init__(self, line: socket.socket, composed: Composed, peer: Peer) -> None:
        self._line = line
        self._composed = composed
        self._app = composed.app
        self._running = composed.running
        self._loop = composed.loop
        self._driver = composed.driver
        self._peer = peer
        self._link = ChannelLink(line, self._loop, self._driver)
        self._ending: asyncio.Task[None] | None = None

    def run(self) -> int:
        """Go on with the app until it ends; its exit code."""
        sys.setswitchinterval(SWITCH)
        self._loop.part_from_parent()
        self._line.setblocking(False)
        asyncio.set_event_loop(self._loop)
        code = self._loop.run_until_complete(self._until_over())
        self._link.say(Over(code))
        return code

    async def _until_over(self) -> int:
        self._app.farewell = self._last_words
        setattr(self._app, "known_to", self._known_to)  # noqa: B010  # a method, replaced on this one app
        await greet(self._composed, self._link, self._peer)
        self._loop.add_reader(self._line, self._read)
        await self._running
        self._loop.remove_reader(self._line)
        return (self._app.return_code or 0) & 0xFF

    def _read(self) -> None:
        try:
            packet = self._line.recv(PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if not packet:
            self._hang_up()
            return
        match unpacked(packet):
            case Sent(data):
                self._driver.feed(data)
            case Resized(size):
                self._driver.resize(size)
            case Told(sentence):
                self._app.told(sentence)
            case News(tag):
                self._app.news(tag)

    def _hang_up(self) -> None:
        """The channel is gone: end soon, with or without the app."""
        self._loop.remove_reader(self._line)
        self._driver.close()
        self._loop.call_later(GRACE, os._exit, HUNG_UP)
        self._ending = self._loop.create_task(self._app.hang_up(HUNG_UP))

    def _known_to(self, tag: str | None) -> None:
        self._link.say(KnownAs(tag or ""))

    def _last_words(self, sentence: str) -> None:
        self._link.insist(modes.line(sentence))
