"""The key file: written whole or not at all, and readable by its owner only."""

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import HomeError, KeysForeign, KeysMissing
from core.home import private_file
from core.tokens import Tokens

KEY_FILE = "keys.json"
_UNFINISHED = "keys.json.new"
ID_SIZE = 4
KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the id that whatever it sealed begins with."""

    id: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one installation, newest first: new things are sealed with the first, old ones opened with any."""

    installation: str
    sealing: tuple[Key, ...]
    """AES-256-GCM (NIST SP 800-38D)."""
    mac: tuple[Key, ...]
    """HMAC-SHA-256 (RFC 2104)."""


def fresh(installation: str, tokens: Tokens) -> Keys:
    """New keys for a new installation."""
    return Keys(installation, (_fresh_key(tokens),), (_fresh_key(tokens),))


def read(home: Path, installation: str) -> Keys:
    """The keys in `home`; KeysMissing or KeysForeign when they are not those of `installation`."""
    path = home / KEY_FILE
    if not path.exists():
        raise KeysMissing(
            f"{path} is missing, and without it nothing sealed in the database can be read. "
            "Copy it from the backup of the home folder, or from the host that this database was first used on."
        )
    private_file(path)
    keys = _parsed(path)
    if keys.installation != installation:
        raise KeysForeign(
            f"{path} belongs to installation {keys.installation}, the database to {installation or 'none yet'}. "
            "Point `database` at the right one, or put the right key file there; never delete the only copy of either."
        )
    return keys


def write(home: Path, keys: Keys) -> None:
    """Put `keys` in `home` in one step: after a crash there are the old ones or the new ones, never a part."""
    _write_file(home, KEY_FILE, keys)


def write_unfinished(home: Path, keys: Keys) -> None:
    """Put down the keys of an installation that the database does not know yet."""
    _write_file(home, _UNFINISHED, keys)


def finish(home: Path, installation: str) -> bool:
    """Make the unfinished keys the real ones if they are those of `installation`; any others are thrown away."""
    unfinished = home / _UNFINISHED
    if not unfinished.exists():
        return False
    if _parsed(unfinished).installation != installation:
        unfinished.unlink()
        return False
    unfinished.replace(home / KEY_FILE)
    _flush_folder(home)
    return True


def _fresh_key(tokens: Tokens) -> Key:
    return Key(tokens.bytes(ID_SIZE), tokens.bytes(KEY_SIZE))


def _write_file(home: Path, name: str, keys: Keys) -> None:
    text = json.dumps(
        {
            "what": "The keys of a Lockwright installation. Keep a copy apart from the database; show it to nobody.",
            "installation": keys.installation,
            "sealing": [_written(key) for key in keys.sealing],
            "mac": [_written(key) for key in keys.mac],
        },
        indent=2,
    )
    part = home / f".{name}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(home / name)
    _flush_folder(home)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(key: Key) -> dict[str, str]:
    return {"id": key.id.hex(), "key": base64.b64encode(key.secret).decode("ascii")}


def _parsed(path: Path) -> Keys:
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        keys = Keys(
            str(content["installation"]),
            tuple(_parsed_key(entry) for entry in content["sealing"]),
            tuple(_parsed_key(entry) for entry in content["mac"]),
        )
    except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise HomeError(f"{path} is not a key file any more ({type(error).__name__}): put its backup back.") from None
    if not keys.sealing or not keys.mac:
        raise HomeError(f"{path} holds no keys: put its backup back.")
    return keys


def _parsed_key(entry: dict[str, Any]) -> Key:
    key = Key(bytes.fromhex(entry["id"]), base64.b64decode(entry["key"], validate=True))
    if len(key.id) != ID_SIZE or len(key.secret) != KEY_SIZE:
        raise ValueError("a key of another size")
    return key
