"""One SSH connection: who it comes from, which key it proved, and what it may take."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from core.origin import source_of
from core.terminal.ssh.budget import full
from core.terminal.ssh.front.children import Child, Nursery
from core.terminal.ssh.front.relay import Lines, Relay
from core.terminal.ssh.lately import Kind
from core.terminal.ssh.log import log
from core.terminal.ssh.settings import Guests, Limits

_NOTHING_FORWARDED = "Nothing is forwarded here."
_TOO_MANY = "No more sessions on this connection."
_IDLE = "Nobody signed in for a while, so this session has ended. Come back any time."
_WINDOW = 64 * 1024


@dataclass(slots=True)
class House:
    """All connections of this front."""

    limits: Limits
    lines: Lines
    nursery: Nursery
    guests: Guests | None = None
    """Who may come in; everybody when None."""
    inside: set["Connection"] = field(default_factory=set)
    unauthenticated: dict[str, int] = field(default_factory=dict)
    """How many of each source have not finished SSH authentication."""
    of_source: dict[str, int] = field(default_factory=dict)
    closing: bool = False

    def admits(self, source: str, *, stranger: bool) -> bool:
        """Whether one more from `source` may come in; strangers, who will be refused, leave half of the room to others."""
        limits = self.limits
        share = 2 if stranger else 1
        return (
            not self.closing
            and len(self.inside) < limits.connections // share
            and self.of_source.get(source, 0) < limits.connections_of_source
            and sum(self.unauthenticated.values()) < limits.unauthenticated // share
            and self.unauthenticated.get(source, 0) < limits.unauthenticated_of_source
        )

    def relays(self) -> list[Relay]:
        """Every session."""
        return [relay for connection in self.inside for relay in connection.relays]


def _count(counts: dict[str, int], source: str, by: int) -> None:
    left = counts.get(source, 0) + by
    if left > 0:
        counts[source] = left
    else:
        counts.pop(source, None)


class Connection(asyncssh.SSHServer):
    """Lets everybody in whom the limits admit: a key that is proved is remembered, and proves nothing else here."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clock = asyncio.get_running_loop().time
        self._ssh: Any = None
        self._offered: asyncssh.SSHKey | None = None
        self._authenticated = False
        self._counted = False
        self._since = self._clock()
        """When there was last a session, or the connection began."""
        self._budget = full(house.limits.bytes_per_second, house.limits.burst, self._since)
        self._received = 0
        """Bytes before authentication has finished."""
        self.lines = house.lines
        self.source = ""
        self.user = ""
        self.fingerprint: str | None = None
        self.public_key: str | None = None
        self._spare: Child | None = None
        """The child of the first session, which gets ready while the client still says what it wants."""
        self.unwelcome = False
        """Whether the settings let in neither its address nor its key: it is told so, and no process is started."""
        self.full = False
        """Whether the client takes less than is sent."""
        self.relays: set[Relay] = set()

    # Coming in

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Count it, or turn it away before it costs anything."""
        self._ssh = conn
        peer = conn.get_extra_info("peername")
        self.source = source_of(peer[0]) if peer else ""
        guests = self._house.guests
        self.unwelcome = guests is not None and bool(peer) and not guests.live_at(peer[0])
        if not peer or not self._house.admits(self.source, stranger=self.unwelcome):
            log("turned away", source=self.source)
            conn.abort()
            return
        self._counted = True
        self._house.inside.add(self)
        _count(self._house.unauthenticated, self.source, 1)
        _count(self._house.of_source, self.source, 1)
        self._stand_before(conn)

    def _stand_before(self, connection: Any) -> None:
        """Measure what comes in before anything reads it, and learn when the client takes nothing.

        asyncssh is the protocol of an asyncio transport and leaves both to whoever wants them: the transport calls
        these three methods of the protocol object.
        """
        read = connection.data_received
        transport = connection._transport  # noqa: SLF001  # asyncssh has no public name; a test fails when it goes
        loop = asyncio.get_running_loop()

        def measured(data: bytes) -> None:
            if not self._authenticated:
                self._received += len(data)
                if self._received > self._house.limits.bytes_unauthenticated:
                    log("disconnected", source=self.source, reason="sends too much before it is authenticated")
                    connection.abort()
                    return
            wait = self._budget.spend(len(data), loop.time())
            if wait > 0:
                transport.pause_reading()
                loop.call_later(wait, lambda: transport.is_closing() or transport.resume_reading())
            read(data)

        connection.data_received = measured
        connection.pause_writing = self._client_full
        connection.resume_writing = self._client_has_room

    def begin_auth(self, username: str) -> bool:
        """Something must be proved or at least answered: `none` lets nobody in, so that keys are offered first."""
        self.user = username if username.isascii() and username.isprintable() and len(username) <= 64 else ""
        return True

    def public_key_auth_supported(self) -> bool:
        """Any key."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Yes to every key: an answer that depends on the key would tell who has an account (ASVS 6.3.8).

        asyncssh checks the signature right after this, so that the last key offered is the proved one exactly when
        authentication succeeds without another step.
        """
        self._offered = key
        return True

    def password_auth_supported(self) -> bool:
        """The password belongs on the screen, not here."""
        return False

    def kbdint_auth_supported(self) -> bool:
        """For those without a key."""
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> bool:
        """Nothing is asked; whatever key was offered before was not proved."""
        self._offered = None
        return True

    def auth_completed(self) -> None:
        """Inside; the sign-in is on the screen."""
        self._authenticated = True
        _count(self._house.unauthenticated, self.source, -1)
        self._since = self._clock()
        if self._offered is not None:
            self.fingerprint = self._offered.get_fingerprint()
            self.public_key = " ".join(self._offered.export_public_key("openssh").decode("ascii").split()[:2])
        guests = self._house.guests
        self.unwelcome = self.unwelcome or (guests is not None and not guests.hold(self.fingerprint))
        if self.unwelcome:
            log("not let in", source=self.source, key=self.fingerprint)
            return
        self._spare = self._house.nursery.ask()
        log("connected", source=self.source, key=self.fingerprint)

    def came_with(self, kind: Kind) -> None:
        """A session of this connection has a terminal of this kind."""
        self._house.nursery.note(kind)

    # What it may ask for

    def session_requested(self) -> Any:
        """A session and the process for it."""
        most = self._house.limits.channels
        if sum(not relay.leaving for relay in self.relays) >= most or len(self.relays) >= most * 4:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_RESOURCE_SHORTAGE, _TOO_MANY)
        child = self._spare
        self._spare = None
        if not self.unwelcome and (child is None or child.closed):
            child = self._house.nursery.ask()
        relay = Relay(self, child)
        self.relays.add(relay)
        return self._ssh.create_server_channel(encoding=None, window=_WINDOW), relay

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> Any:
        """Refused."""
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, _NOTHING_FORWARDED)

    def unix_connection_requested(self, dest_path: str) -> Any:
        """Refused."""
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, _NOTHING_FORWARDED)

    def server_requested(self, listen_host: str, listen_port: int) -> bool:
        """Refused."""
        return False

    def unix_server_requested(self, listen_path: str) -> bool:
        """Refused."""
        return False

    # What it takes

    def _client_full(self) -> None:
        self.full = True
        for relay in self.relays:
            relay.throttle()

    def _client_has_room(self) -> None:
        self.full = False
        for relay in self.relays:
            relay.throttle()

    def left(self, relay: Relay) -> None:
        """A session has ended."""
        self.relays.discard(relay)
        self._since = self._clock()

    def look_after(self, now: float) -> None:
        """End what has lasted too long."""
        limits = self._house.limits
        if not self._authenticated:
            return  # asyncssh's own timer ends it
        if not self.relays and now - self._since > limits.login:
            self._ssh.abort()
            return
        for relay in list(self.relays):
            if relay.blocked is not None and now - relay.blocked > limits.blocked:
                log("disconnected", source=self.source, reason="takes nothing")
                self._ssh.abort()
                return
            began = relay.started if relay.started is not None else self._since
            if relay.started is None and now - began > limits.login:
                self._ssh.abort()
                return
            if not relay.tag and (
                now - began > limits.total_before_sign_in or now - relay.typed > limits.idle_before_sign_in
            ):
                relay.end(_IDLE)

    # Leaving

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None
        if self._counted:
            self._counted = False
            self._house.inside.discard(self)
            _count(self._house.of_source, self.source, -1)
            if not self._authenticated:
                _count(self._house.unauthenticated, self.source, -1)
        self._ssh = None
