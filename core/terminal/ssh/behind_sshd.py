"""Running as the forced command of an ordinary sshd: who is there, as far as sshd says.

Nothing that the client chose is believed but the kind of its terminal, and that only for drawing. sshd must run with
`ExposeAuthInfo yes`, so that it tells which key was proved; see `deploy/sshd/`.
"""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from core.errors import LockwrightError
from core.origin import source_of
from core.terminal.peer import Peer

_TERM = re.compile(r"[A-Za-z0-9._+-]{1,32}")
_COLOUR_TERM = re.compile(r"[A-Za-z0-9._-]{0,32}")
_AUTH_INFO_MOST = 64 * 1024


def peer_behind_sshd(environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> Peer:
    """The peer that sshd let in. Raises LockwrightError, with a sentence, when sshd did not start this process."""
    try:
        source = source_of(environ.get("SSH_CONNECTION", "").split(" ")[0])
    except ValueError:
        raise LockwrightError("sshd did not say where this connection comes from (SSH_CONNECTION).") from None
    key = _proved_key(environ.get("SSH_USER_AUTH", ""))
    term, colour_term = environ.get("TERM", ""), environ.get("COLORTERM", "")
    return Peer(
        source=source,
        fingerprint=_fingerprint(key) if key else None,
        public_key=key,
        user="",  # all come in by the one account of the system
        size=size,
        term=term if _TERM.fullmatch(term) else "xterm-256color",
        colour_term=colour_term if _COLOUR_TERM.fullmatch(colour_term) else "",
        no_colour="NO_COLOR" in environ,
    )


def _proved_key(auth_info: str) -> str | None:
    """The key in the file that sshd wrote for this session, as type and base64; None when no key was proved."""
    if not auth_info:
        return None
    try:
        with Path(auth_info).open("rb") as file:
            if os.fstat(file.fileno()).st_uid not in (0, os.geteuid()):
                return None
            lines = file.read(_AUTH_INFO_MOST).decode("ascii", "replace").splitlines()
    except OSError:
        return None
    for line in lines:
        method, _, rest = line.partition(" ")
        parts = rest.split(" ")
        if method == "publickey" and len(parts) >= 2:
            return f"{parts[0]} {parts[1]}"
    return None


def _fingerprint(key: str) -> str | None:
    """How OpenSSH prints `key`."""
    try:
        body = base64.b64decode(key.split(" ")[1], validate=True)
    except ValueError:
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode("ascii").rstrip("=")
