"""What the processes of a server say to each other: one message, one packet of a SOCK_SEQPACKET pair.

The front and a child share a pair of their own, from `Resized` and `Started` to `Over`. Nothing here imports Textual
or asyncssh, so that each process loads only what it needs.
"""

import socket
import struct
from dataclasses import dataclass
from typing import assert_never

from core.terminal.peer import Peer

PACKET = 65536
"""The longest message, in bytes."""

PIECE = 32 * 1024
"""How much of a stream goes into one message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes of the stream: typed by the person when they go to a child, drawn by the app when they come from one."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The terminal has this many columns and rows now."""

    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody is there."""

    peer: Peer


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for the person, from whoever runs the server."""

    sentence: str


@dataclass(frozen=True, slots=True)
class News:
    """Something happened to the session with this tag, elsewhere."""

    tag: str


@dataclass(frozen=True, slots=True)
class KnownAs:
    """The person of this child has signed in: the session's tag, or "" when nobody is signed in."""

    tag: str


@dataclass(frozen=True, slots=True)
class Over:
    """The child ends with this exit code."""

    code: int


Message = Sent | Resized | Started | Told | News | KnownAs | Over


def packed(message: Message) -> bytes:
    """The packet that says `message`."""
    match message:
        case Sent(data):
            return b"d" + data
        case Resized((columns, rows)):
            return b"r" + struct.pack("!HH", columns, rows)
        case Started(peer):
            columns, rows = peer.size
            told = (peer.source, peer.fingerprint or "", peer.public_key or "", peer.user, peer.term, peer.colour_term)
            return b"s" + "\n".join((*told, f"{columns} {rows} {int(peer.no_colour)}")).encode()
        case Told(sentence):
            return b"t" + sentence.encode()
        case News(tag):
            return b"n" + tag.encode()
        case KnownAs(tag):
            return b"k" + tag.encode()
        case Over(code):
            return b"x" + struct.pack("!B", code)
        case _:
            assert_never(message)


def unpacked(packet: bytes) -> Message:
    """The message in `packet`, which is not empty. Raises ValueError when it is none."""
    body = packet[1:]
    match packet[:1]:
        case b"d":
            return Sent(body)
        case b"r":
            return Resized(struct.unpack("!HH", body))
        case b"s":
            source, fingerprint, key, user, term, colour_term, numbers = body.decode().split("\n")
            columns, rows, no_colour = (int(number) for number in numbers.split())
            who = source, fingerprint or None, key or None, user
            return Started(Peer(*who, (columns, rows), term, colour_term, no_colour=bool(no_colour)))
        case b"t":
            return Told(body.decode())
        case b"n":
            return News(body.decode())
        case b"k":
            return KnownAs(body.decode())
        case b"x":
            return Over(body[0])
    raise ValueError("not a message")


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a line that keeps messages apart."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def pieces(data: bytes) -> list[bytes]:
    """`data` in parts that fit into one message each."""
    return [data[start : start + PIECE] for start in range(0, len(data), PIECE)]
