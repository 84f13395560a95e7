"""An installation: a database and the keys it was first used with, bound to each other by an id that both hold."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.clock import Clock
from core.errors import KeysForeign
from core.home import prepare
from core.storage import Storage, claim_installation, installation_id
from core.tokens import Tokens
from core.vault import KEY_FILE, Vault, keys


def open_vault(storage: Storage, home: Path, clock: Clock, tokens: Tokens) -> Vault:
    """The vault of this installation, its tables brought up to this program; on the first start both are made.

    The keys are put down first, under another name; then the database is told their id; then they get their name.
    So whatever moment a start is killed at, the next one either begins anew or finishes, and of several that start at
    once one makes the keys and all use them.

    Raises KeysMissing, KeysForeign or HomeError, saying what to do, and what a unit raises.
    """
    home = prepare(home)
    storage.migrate()
    known = _known(storage)
    if known is None or not (home / KEY_FILE).exists():
        with _alone(home):
            known = _first_start(storage, home, clock, tokens)
    return Vault.open(home, known, tokens)


def _first_start(storage: Storage, home: Path, clock: Clock, tokens: Tokens) -> str:
    known = _known(storage)
    if known is None:
        if (home / KEY_FILE).exists():
            raise KeysForeign(
                f"{home / KEY_FILE} belongs to another database: this one is new. Point `database` at the right one, "
                "or, to begin anew, move the key file away; never delete its only copy."
            )
        fresh = keys.fresh(tokens.identifier(), tokens)
        keys.write_unfinished(home, fresh)
        with storage.unit():
            known = claim_installation(fresh.installation, clock())
    keys.finish(home, known)
    return known


def _known(storage: Storage) -> str | None:
    with storage.unit():
        return installation_id()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process of this host at a time."""
    descriptor = os.open(home / "first-start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
