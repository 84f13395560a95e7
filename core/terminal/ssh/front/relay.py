"""One SSH session: a channel on one side, a child on the other."""

import asyncio
import re
from dataclasses import dataclass
from typing import Protocol

import asyncssh

from core.terminal.peer import Peer
from core.terminal.ssh import modes
from core.terminal.ssh.front.children import Child
from core.terminal.ssh.lately import Kind, kind_of
from core.terminal.ssh.log import log
from core.terminal.ssh.wire import KnownAs, Message, News, Over, Resized, Sent, Started, Told, pieces

_TERM = re.compile(r"[A-Za-z0-9._+-]{1,32}")
_VALUE = re.compile(r"[A-Za-z0-9._-]{1,32}")
PLAIN_TERM = "xterm-256color"


@dataclass(frozen=True, slots=True)
class Lines:
    """What is said to a client that wants something else than the screen."""

    name: str

    @property
    def no_pty(self) -> str:
        return f"{self.name} needs a terminal. Come back with ssh -t."

    @property
    def no_command(self) -> str:
        return f"{self.name} runs no commands. Come back without one."

    @property
    def no_subsystem(self) -> str:
        return f"{self.name} has no files to transfer. Come back with ssh."

    @property
    def not_open(self) -> str:
        return (
            f"{self.name} is not open to this address or SSH key. "
            "If one of your keys is let in: ssh -i KEY -o IdentitiesOnly=yes."
        )

    @property
    def busy(self) -> str:
        return f"{self.name} has no room just now. Try again in a minute."

    @property
    def failed(self) -> str:
        return f"{self.name} had to stop. What was not finished was not kept. Come back to go on."


class Client(Protocol):
    """What a session asks of the connection that it belongs to."""

    lines: Lines
    source: str
    user: str
    fingerprint: str | None
    public_key: str | None
    unwelcome: bool
    full: bool

    def came_with(self, kind: Kind) -> None:
        """A session has a terminal of this kind."""

    def left(self, relay: "Relay") -> None:
        """The session has ended."""


class Relay(asyncssh.SSHServerSession[bytes]):
    """Hands bytes on, both ways, and knows since when the client has been silent or has taken nothing."""

    def __init__(self, connection: Client, child: Child | None) -> None:
        self._connection = connection
        self._child = child
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._size: tuple[int, int] | None = None
        self._term = PLAIN_TERM
        self._refusal: str | None = None
        self._code: int | None = None
        self._clock = asyncio.get_running_loop().time
        self._channel_full = False
        self.leaving = False
        """Whether the client has only to take what was sent."""
        self.started: float | None = None
        self.typed = self._clock()
        """When the client last sent something."""
        self.blocked: float | None = None
        """Since when the client has taken nothing, None while it does."""
        self.tag = ""
        """Who is signed in, "" for nobody."""
        if child is not None:
            child.hear = self._heard
            child.drained = self._child_has_room

    # What the client asks for

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        """The channel is open."""
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object) -> bool:
        """A terminal of some kind and size; what could not be one is taken for a usual one."""
        self._term = term_type if _TERM.fullmatch(term_type) else PLAIN_TERM
        self._size = modes.clamped(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """The screen, which needs a terminal."""
        if self._size is None:
            self._refusal = self._connection.lines.no_pty
        elif self._child is None:
            self._refusal = self._connection.lines.busy
        return True

    def exec_requested(self, command: str) -> bool:  # not even looked at
        """Refused with a line that says so."""
        self._refusal = self._connection.lines.no_command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Refused with a line that says so."""
        self._refusal = self._connection.lines.no_subsystem
        return True

    def session_started(self) -> None:
        """Tell the child who is there, or the client why not."""
        assert self._channel is not None
        if self._connection.unwelcome:
            self._refusal = self._connection.lines.not_open
        if self._refusal is not None or self._child is None or self._size is None:
            self._channel.write_stderr(f"{self._refusal}\r\n".encode())
            self._leave(1)
            return
        self.started = self.typed = self._clock()
        peer = self._peer(self._size)
        self._child.say(Started(peer))
        self._connection.came_with(kind_of(peer))
        self._child.listen(on=not self._held)

    def _peer(self, size: tuple[int, int]) -> Peer:
        assert self._channel is not None
        told = self._channel.get_environment_bytes()
        colour_term = told.get(b"COLORTERM", b"").decode("ascii", "replace")
        who = self._connection
        return Peer(
            source=who.source,
            fingerprint=who.fingerprint,
            public_key=who.public_key,
            user=who.user,
            size=size,
            term=self._term,
            colour_term=colour_term if _VALUE.fullmatch(colour_term) else "",
            no_colour=b"NO_COLOR" in told,
        )

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """The window was resized."""
        self._size = modes.clamped(width, height)
        if self._child is not None and self.started is not None:
            self._child.say(Resized(self._size))

    # From the client to the child

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Keys, on their way to the child; while it takes none, none are taken from the client."""
        self.typed = self._clock()
        if self._child is not None:
            took = [self._child.say(Sent(piece)) for piece in pieces(data)]
            if not all(took) and self._channel is not None:
                self._channel.pause_reading()

    def _child_has_room(self) -> None:
        if self._channel is not None:
            self._channel.resume_reading()

    # From the child to the client

    def _heard(self, message: Message | None) -> None:
        match message:
            case Sent(data) if self._channel is not None:
                self._channel.write(data)
            case KnownAs(tag):
                self.tag = tag
            case Over(code):
                self._code = code
            case None:
                self._child_ended()

    def _child_ended(self) -> None:
        if self._channel is None:
            return
        if self._code is None:
            log("session lost", source=self._connection.source)
            if self.started is not None:
                self._channel.write(modes.GIVE_BACK.encode())
            self._channel.write_stderr(f"{self._connection.lines.failed}\r\n".encode())
        self._leave(1 if self._code is None else self._code)

    def _leave(self, code: int) -> None:
        """End the session at the client, when it has taken what was sent."""
        channel, child = self._channel, self._child
        self._child = None
        self.leaving = True
        if child is not None:
            child.close()
        if channel is not None and not channel.is_closing():
            if self.blocked is None:
                self.blocked = self._clock()  # from here it has as long as one that takes nothing
            channel.exit(code)

    def tell(self, sentence: str) -> None:
        """Show the person a sentence."""
        if self._child is not None:
            self._child.say(Told(sentence))

    def news(self, tag: str) -> None:
        """Let the child look after its session, if it is the one that `tag` names."""
        if self._child is not None and tag == self.tag:
            self._child.say(News(tag))

    def end(self, sentence: str) -> None:
        """End the session, saying why."""
        if self._channel is not None and not self._channel.is_closing():
            if self.started is not None:
                self._channel.write(modes.GIVE_BACK.encode())
            self._channel.write_stderr(f"{sentence}\r\n".encode())
            self._leave(1)

    # How much the client takes

    @property
    def _held(self) -> bool:
        return self._channel_full or self._connection.full

    def pause_writing(self) -> None:
        """The channel has more than the client takes."""
        self._channel_full = True
        self.throttle()

    def resume_writing(self) -> None:
        """The channel has room again."""
        self._channel_full = False
        self.throttle()

    def throttle(self) -> None:
        """Take from the child only what the client takes."""
        if self._child is not None:
            if self._held and self.blocked is None:
                self.blocked = self._clock()
            elif not self._held:
                self.blocked = None
            if self.started is not None:
                self._child.listen(on=not self._held)

    # The end

    def eof_received(self) -> bool:
        """The client sends nothing more, and so has left."""
        self._leave(0)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel is gone, and the child goes with it."""
        self._channel = None
        child, self._child = self._child, None
        if child is not None:
            child.close()
        self._connection.left(self)
