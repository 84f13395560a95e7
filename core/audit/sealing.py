"""The arithmetic of seals: what a seal covers, and who signs it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.model import Seal
from core.vault import Vault

GENESIS = bytes(32)
"""What the first seal names as the one before it."""
SPOILT = (sqlite3.Error, ValueError, TypeError, AttributeError, OverflowError, LookupError)
"""What reading a row can raise when somebody put a value of another kind into it: SQLite keeps whatever it is given."""
_KEY_ID_SIZE = 4


def digest(entries: Iterable[tuple[int, bytes]]) -> bytes:
    """SHA-256 over the id (8 bytes, big-endian) and the MAC (after its length in 4 bytes) of every entry in order."""
    said = hashlib.sha256()
    for entry_id, mac in entries:
        said.update(entry_id.to_bytes(8, "big", signed=True) + len(mac).to_bytes(4, "big") + bytes(mac))
    return said.digest()


def listed(ids: Iterable[int]) -> str:
    """Ids as a seal lists them."""
    return json.dumps(list(ids), separators=(",", ":"))


def unlisted(ids: str) -> list[int]:
    """The ids that a seal lists; none when the list was spoilt."""
    try:
        return [int(entry_id) for entry_id in json.loads(ids)]
    except SPOILT:
        return []


def seal_of(row: Any) -> Seal:
    """The seal that a row of the table holds."""
    return Seal(row.number, row.count, row.total, row.at, bytes(row.digest), bytes(row.previous), bytes(row.signature))


class Signer:
    """Signs seals with Ed25519 keys (RFC 8032) derived from the vault's MAC keys.

    A private key is the HMAC-SHA-256 of a fixed purpose under a MAC key, and bears that key's id. So the key file needs
    no key more, a seal lives through a change of keys, and whoever is given the public keys can check an export.
    """

    def __init__(self, vault: Vault) -> None:
        derived = vault.macs("audit seal signing key")
        self._keys = {mac[:_KEY_ID_SIZE]: Ed25519PrivateKey.from_private_bytes(mac[_KEY_ID_SIZE:]) for mac in derived}
        self._newest = derived[0][:_KEY_ID_SIZE]

    def sign(self, seal: Seal) -> bytes:
        """A signature of `seal`: key id (4 bytes) and signature (64)."""
        return self._newest + self._keys[self._newest].sign(seal.hash)

    def signed(self, seal: Seal) -> bool:
        """Whether the signature that `seal` bears is ours and is over it."""
        key = self._keys.get(seal.signature[:_KEY_ID_SIZE])
        if key is None:
            return False
        try:
            key.public_key().verify(seal.signature[_KEY_ID_SIZE:], seal.hash)
        except InvalidSignature:
            return False
        return True

    def public_keys(self) -> dict[str, str]:
        """The public keys by their id, both in hexadecimal: what an outsider needs to check seals."""
        return {key_id.hex(): key.public_key().public_bytes_raw().hex() for key_id, key in self._keys.items()}
