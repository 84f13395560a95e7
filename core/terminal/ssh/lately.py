"""Which terminals people came with lately: the zygote keeps a first screen ready for those that come again and again.

A terminal is known here by its size and by how many colours it shows, and by nothing else.
"""

from collections import Counter
from dataclasses import dataclass, field

from core.terminal.peer import Peer
from core.terminal.ssh import modes

AGAIN = 2
"""How often one must have come before a screen is made for it."""
PAUSE = 10.0
"""Seconds between two screens that are made: nobody keeps the zygote busy by coming in ever new sizes."""
MOST = 8
"""Screens that are made so; each costs some megabytes, once for all."""
REMEMBERED = 64
"""Kinds of terminals that are counted; then counting begins anew."""
_DEPTHS = {"-": None, "standard": "standard", "256": "256", "truecolor": "truecolor"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of terminal."""

    depth: str | None
    size: tuple[int, int]

    def packed(self) -> bytes:
        """What `told` reads."""
        return f"{self.depth or '-'} {self.size[0]} {self.size[1]}".encode()


def kind_of(peer: Peer) -> Kind:
    """The kind of terminal that `peer` has."""
    return Kind(peer.depth, peer.size)


def told(packet: bytes) -> Kind:
    """The kind in `packet`. Raises ValueError when it is none."""
    depth, columns, rows = packet.decode().split(" ")
    if depth not in _DEPTHS:
        raise ValueError("not a depth")
    return Kind(_DEPTHS[depth], modes.clamped(int(columns), int(rows)))


@dataclass(slots=True)
class Lately:
    """Counts the kinds for which nothing is kept ready yet."""

    ready: set[Kind]
    came: Counter[Kind] = field(default_factory=Counter)
    made: int = 0
    rest_until: float = 0.0

    def note(self, kind: Kind) -> None:
        """Somebody came with a terminal of this kind."""
        if kind in self.ready or self.made >= MOST:
            return
        if len(self.came) >= REMEMBERED:
            self.came.clear()
        self.came[kind] += 1

    def due(self, now: float) -> Kind | None:
        """The kind to make a screen for now, if there is one; it counts as made."""
        if now < self.rest_until or self.made >= MOST:
            return None
        for kind, times in self.came.most_common(1):
            if times >= AGAIN:
                del self.came[kind]
                self.ready.add(kind)
                self.made += 1
                self.rest_until = now + PAUSE
                return kind
        return None

    @property
    def hopes(self) -> bool:
        """Whether a screen may be due soon, without anybody coming."""
        return self.made < MOST and any(times >= AGAIN for times in self.came.values())
