"""The head of the audit trail, kept in a file of its own each minute or so: it shows when the database is cut.

Whoever can change the database and not this file cannot cut the trail unseen. Copied to where even the host's operator
cannot change it, it shows what the operator cuts.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from core.audit.model import Seal
from core.clock import EPOCH

HEADS_FILE = "audit-heads"
_TAIL = 4096
"""Bytes, longer than any line."""


class HeadsFile:
    """An append-only file in the home folder, one seal a line as JSON; any number of processes may append."""

    def __init__(self, home: Path) -> None:
        self.path = home / HEADS_FILE

    def keep(self, head: Seal) -> bool:
        """Append `head`; False when the file holds it, or a later one, already. Raises OSError."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "rb+", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(max(0, os.fstat(descriptor).st_size - _TAIL))
            tail = file.read()
            lines = tail.decode("ascii", "replace").splitlines()
            if lines and _parsed(lines[-1]).number >= head.number:
                return False
            unfinished = tail and not tail.endswith(b"\n")  # a power cut came while somebody appended
            file.write((b"\n" if unfinished else b"") + _line(head).encode("ascii"))
            os.fsync(descriptor)
        return True

    def read(self) -> list[Seal]:
        """Every head in the file, oldest first; a line that is none reads as seal 0, which nobody signed."""
        try:
            lines = self.path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return [_parsed(line) for line in lines if line]


def _line(head: Seal) -> str:
    said: dict[str, Any] = {
        "number": head.number,
        "count": head.count,
        "total": head.total,
        "at": head.at.isoformat(),
        "digest": head.digest.hex(),
        "previous": head.previous.hex(),
        "signature": head.signature.hex(),
    }
    return json.dumps(said) + "\n"


def _parsed(line: str) -> Seal:
    try:
        said = json.loads(line)
        return Seal(
            int(said["number"]),
            int(said["count"]),
            int(said["total"]),
            datetime.fromisoformat(said["at"]),
            bytes.fromhex(said["digest"]),
            bytes.fromhex(said["previous"]),
            bytes.fromhex(said["signature"]),
        )
    except (ValueError, KeyError, TypeError):
        return Seal(0, 0, 0, EPOCH, b"", b"")
