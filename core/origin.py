"""Where a call comes from."""

import base64
import binascii
import hashlib
import ipaddress
from dataclasses import dataclass

LOCAL_SOURCE = "local"


@dataclass(frozen=True, slots=True)
class ProvedKey:
    """An SSH key whose possession this connection proved."""

    fingerprint: str
    """`SHA256:` and 43 signs of base64, as OpenSSH prints it."""
    public: str
    """One line of an authorized_keys file: type and base64, without comment."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a connection and the key that it proved, if it did."""

    source: str
    """An IPv4 address, an IPv6 /64, or `local`."""
    key: ProvedKey | None = None

    @property
    def fingerprint(self) -> str | None:
        return self.key.fingerprint if self.key else None


LOCAL = Origin(LOCAL_SOURCE)
"""The machine's own terminal."""


def where(source: str) -> str:
    """Where something was done, to be put after what it was."""
    return "on this machine" if source == LOCAL_SOURCE else f"from {source}"


def source_of(address: str) -> str:
    """The source that the IP address `address` belongs to: itself for IPv4, its /64 for IPv6.

    Raises ValueError when `address` is no IP address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def fingerprint_of(public: str) -> str | None:
    """`SHA256:` and the hash of the key in `public`, as `ssh-keygen -l` prints it; None when it is no public key.

    A certificate is none: its fingerprint is that of the key in it, and it ends.
    """
    algorithm, _, encoded = public.strip().partition(" ")
    if not public.isascii() or not algorithm or "-cert-v" in algorithm:
        return None
    try:
        blob = base64.b64decode(encoded.partition(" ")[0], validate=True)
    except binascii.Error:
        return None
    if not blob.startswith(_string(algorithm.encode())):
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _string(text: bytes) -> bytes:
    """`text` as SSH puts it on the wire (RFC 4251 section 5); a key begins with its type again (RFC 4253 section 6.6)."""
    return len(text).to_bytes(4) + text
