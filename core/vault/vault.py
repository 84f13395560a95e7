"""Sealing what is secret, and MACs over what must not be changed behind our back."""

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.clock import micros
from core.errors import Unreadable
from core.tokens import Tokens
from core.vault import keys as key_file
from core.vault.keys import ID_SIZE, Keys

_NONCE_SIZE = 12
Part = str | bytes | int | datetime | None


class Vault:
    """Seals and opens with the keys of one installation; safe to share between threads."""

    def __init__(self, keys: Keys, tokens: Tokens) -> None:
        self.installation = keys.installation
        self._tokens = tokens
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys.sealing}
        self._sealing_id = keys.sealing[0].id
        self._mac_keys = {key.id: key.secret for key in keys.mac}
        self._mac_id = keys.mac[0].id

    @classmethod
    def open(cls, home: Path, installation: str, tokens: Tokens | None = None) -> Self:
        """The vault of the keys in `home`; KeysMissing or KeysForeign when they are not those of `installation`."""
        return cls(key_file.read(home, installation), tokens or Tokens())

    @classmethod
    def create(cls, home: Path, installation: str, tokens: Tokens | None = None) -> Self:
        """Make new keys for `installation` and keep them in `home`, over whatever keys are there."""
        tokens = tokens or Tokens()
        keys = key_file.fresh(installation, tokens)
        key_file.write(home, keys)
        return cls(keys, tokens)

    def seal(self, plain: bytes, *context: str) -> bytes:
        """`plain` so that only this installation can read it, and only as what it is in `context`.

        Shape: key id (4 bytes), nonce (12), AES-256-GCM ciphertext and tag (16 more than `plain`). The context, such as
        a table, a column and a row's id, is associated data: a sealed value copied to another row does not open.
        """
        nonce = self._tokens.bytes(_NONCE_SIZE)
        head = self._sealing_id
        return head + nonce + self._ciphers[head].encrypt(nonce, plain, _associated(head, context))

    def unseal(self, sealed: bytes, *context: str) -> bytes:
        """What was sealed in the same `context`; Unreadable when it was changed, moved, or its key is gone."""
        sealed = bytes(sealed)
        head, nonce, rest = sealed[:ID_SIZE], sealed[ID_SIZE : ID_SIZE + _NONCE_SIZE], sealed[ID_SIZE + _NONCE_SIZE :]
        cipher = self._ciphers.get(head)
        if cipher is None:
            raise Unreadable("A sealed value cannot be opened: its key is not in the key file.")
        try:
            return cipher.decrypt(nonce, rest, _associated(head, context))
        except (InvalidTag, ValueError):
            raise Unreadable("A sealed value cannot be opened: it was changed, or belongs elsewhere.") from None

    def mac(self, purpose: str, *parts: Part) -> bytes:
        """A MAC over `parts` for `purpose`: 36 bytes, key id (4) and HMAC-SHA-256 (32).

        Deterministic, so that it can be looked up by. No two lists of parts share one by running together: each
        part goes in with its kind and its length.
        """
        return self._mac(self._mac_id, purpose, parts)

    def macs(self, purpose: str, *parts: Part) -> list[bytes]:
        """The MACs under every key, newest first: what to look up by where values outlive a change of keys."""
        return [self._mac(key_id, purpose, parts) for key_id in self._mac_keys]

    def mac_matches(self, mac: bytes, purpose: str, *parts: Part) -> bool:
        """Whether `mac` is one over these parts, under any of the keys; takes the same time wherever they differ."""
        mac = bytes(mac)
        key_id = mac[:ID_SIZE]
        return key_id in self._mac_keys and hmac.compare_digest(mac, self._mac(key_id, purpose, parts))

    def _mac(self, key_id: bytes, purpose: str, parts: tuple[Part, ...]) -> bytes:
        told = hmac.new(self._mac_keys[key_id], digestmod=hashlib.sha256)
        for part in (purpose, *parts):
            told.update(_encoded(part))
        return key_id + told.digest()


def _associated(head: bytes, context: tuple[str, ...]) -> bytes:
    return head + b"".join(_encoded(part) for part in context)


def _encoded(part: Part) -> bytes:
    """`part` as its kind, its length and itself."""
    match part:
        case None:
            return b"n"
        case str():
            kind, content = b"s", part.encode(errors="surrogatepass")  # an error would hold the text
        case int():
            kind, content = b"i", b"%d" % part
        case datetime():
            kind, content = b"i", b"%d" % micros(part)
        case _:
            kind, content = b"b", bytes(part)
    return kind + len(content).to_bytes(8, "big") + content
