"""The server's own key: made once, kept in a file that only its owner may read."""

import base64
import hashlib
import os
import stat
from pathlib import Path

from core.errors import LockwrightError


def open_or_make(path: Path) -> int:
    """A descriptor of the host key at `path`, which is made when it is missing.

    Only a process of its own ever has the new key in memory, so that no child of the caller does. Raises
    LockwrightError when the file is not a plain file of ours that nobody else may read.
    """
    if not path.exists():
        _make_elsewhere(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise LockwrightError(f"The host key {path} cannot be read: {error.strerror}.") from error
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
        os.close(descriptor)
        raise LockwrightError(f"The host key {path} must be a file of this user that nobody else may read (chmod 600).")
    return descriptor


def read(descriptor: int) -> bytes:
    """The private key behind `descriptor`, wherever that was read to before."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _make_elsewhere(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pid = os.fork()
    if pid == 0:
        try:
            _make(path)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    if status != 0 and not path.exists():
        raise LockwrightError(f"No host key could be made at {path}.")


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # not in the caller
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)  # never over a key that somebody else made meanwhile
    finally:
        beside.unlink()
    path.with_name(path.name + ".pub").write_bytes(public + b"\n")


def fingerprint(path: Path) -> str:
    """How OpenSSH prints the public key beside the host key at `path`, "unknown" when it is not there."""
    try:
        body = base64.b64decode(path.with_name(path.name + ".pub").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return "unknown"
    return "SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode("ascii").rstrip("=")
