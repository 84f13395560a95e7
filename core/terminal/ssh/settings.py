"""What serving needs to be told."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection, one source and all together may take. Seconds and bytes, unless said otherwise."""

    login: float = 20
    """From the connection to the end of SSH authentication, and for an open connection without a session."""
    unauthenticated: int = 200
    """Connections that have not finished SSH authentication."""
    unauthenticated_of_source: int = 20
    bytes_unauthenticated: int = 64 * 1024
    """What a connection may send before SSH authentication has finished: some fifty keys to try."""
    connections: int = 1500
    connections_of_source: int = 300
    channels: int = 2
    """Sessions on one connection."""
    idle_before_sign_in: float = 600
    total_before_sign_in: float = 1800
    bytes_per_second: int = 64 * 1024
    """What a connection may send, before anything reads it."""
    burst: int = 1024 * 1024
    blocked: float = 30
    """A client that takes nothing for this long is disconnected."""
    hang: float = 3
    """A child that outlives its channel for this long is killed."""
    start: float = 20
    """From the request for a session to its child."""
    keep_alive: float = 60
    keep_alive_missed: int = 3
    memory: int = 512 * 1024 * 1024
    """What one child may allocate (RLIMIT_DATA)."""
    files: int = 256
    """Descriptors of one child."""


@dataclass(frozen=True, slots=True)
class Guests:
    """Who may come in, where not everybody may: from one of `networks`, and with one of `keys` if there are any."""

    networks: tuple[str, ...]
    """IPv4 and IPv6 networks, such as `203.0.113.0/24`."""
    keys: tuple[str, ...] = ()
    """Fingerprints of SSH keys, as OpenSSH prints them: `SHA256:` and 43 signs."""

    def live_at(self, address: str) -> bool:
        """Whether somebody at the IP address `address` may come in, as far as that tells."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None)
        return any((mapped or ip) in ipaddress.ip_network(network) for network in self.networks)

    def hold(self, fingerprint: str | None) -> bool:
        """Whether whoever proved to hold this key may come in, as far as that tells."""
        return not self.keys or fingerprint in self.keys


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where and as whom to serve.

    `user` and `front_user` are names of system users that the processes become when serving starts as root: the
    children, which may read the home folder, and the front, which must not. `host_key` is made when it is missing.
    """

    host_key: Path
    host: str = ""
    """The address to listen on; all of them when empty."""
    port: int = 2222
    name: str = "Lockwright"
    """How lines to a client's shell call this server."""
    user: str | None = None
    front_user: str | None = None
    drain: float = 30
    """Seconds between the notice that the server goes down and its end."""
    guests: Guests | None = None
    """Who may come in; everybody when None."""
    limits: Limits = field(default_factory=Limits)
