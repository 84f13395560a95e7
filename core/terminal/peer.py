"""Who is at the other end of a connection, as far as the wire tells.

peer = local_peer(user="ada", environ={"TERM": "xterm-256color"})
peer.depth  # "256"
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.origin import Origin, ProvedKey


@dataclass(frozen=True, slots=True)
class Peer:
    """One connection. `source` is an IPv4 address, an IPv6 /64 or "local"; the rest is what the client said.

    `fingerprint` and `public_key` are of the key that the client proved to hold, None without one.
    `term`, `colour_term` and `no_colour` are hints for drawing only.
    """

    source: str
    fingerprint: str | None
    public_key: str | None
    user: str
    size: tuple[int, int]
    term: str
    colour_term: str = ""
    no_colour: bool = False

    @property
    def origin(self) -> Origin:
        """Where this comes from, in the domain's words."""
        if self.fingerprint is None or self.public_key is None:
            return Origin(self.source)
        return Origin(self.source, ProvedKey(self.fingerprint, self.public_key))

    @property
    def depth(self) -> str | None:
        """How many colours the terminal shows: "truecolor", "256", "standard", or None for none."""
        if self.no_colour or self.term in {"", "dumb", "unknown"} or self.term.startswith(("vt100", "vt220")):
            return None
        if self.colour_term.strip().lower() in {"truecolor", "24bit"}:
            return "truecolor"
        if "256color" in self.term or self.term.startswith(
            ("xterm-kitty", "xterm-ghostty", "alacritty", "tmux-direct")
        ):
            return "256"
        return "standard"


def local_peer(user: str, environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Peer:
    """The person at this machine's own terminal."""
    return Peer(
        source="local",
        fingerprint=None,
        public_key=None,
        user=user,
        size=size,
        term=environ.get("TERM", ""),
        colour_term=environ.get("COLORTERM", ""),
        no_colour="NO_COLOR" in environ,
    )
