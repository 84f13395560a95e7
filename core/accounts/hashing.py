"""Argon2id hashes, sealed by the vault, and no more of them at a time than the machine has cores (RFC 9106).

A hash lies sealed under the account that it belongs to: a stolen database alone cannot be attacked, and a hash moved
to another account opens nothing.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import NamedTuple, Protocol

import argon2
from argon2.low_level import Type, hash_secret, verify_secret

from core.accounts.passwords import LONGEST, normalised
from core.accounts.unhurried import unhurried
from core.errors import HasherBusy, Unreadable
from core.secret import Secret
from core.tokens import Tokens

QUEUE = 8
"""How many calls may wait for each core; the next one is told to come back."""
LONGEST_WAIT = timedelta(seconds=10)
_LOOKS_EVERY = 0.005  # seconds
_MEMORY_ALLOWED = 256 * 1024  # KiB
_TAG = 32  # bytes; RFC 9106, section 4
_SALT = 16
_ENCODED = re.compile(
    rb"\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}", re.ASCII
)


class Seals(Protocol):
    """The part of the vault that hashes need."""

    def seal(self, plain: bytes, *context: str) -> bytes: ...

    def unseal(self, sealed: bytes, *context: str) -> bytes: ...


class Costs(Protocol):
    """The settings that hashes need."""

    @property
    def argon2_time(self) -> int: ...

    @property
    def argon2_memory_kib(self) -> int: ...

    @property
    def argon2_lanes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an Argon2id hash costs."""

    time: int
    """Passes over the memory."""
    memory: int
    """KiB."""
    lanes: int

    def allowed(self, current: "Parameters") -> bool:
        """Whether a stored hash may ask for this much before it is computed: a tampered 4 GiB would burn 18 s a try.

        Hashes of before a setting was lowered still work, up to 256 MiB in all and a gigabyte passed over.
        """
        return (
            1 <= self.time <= max(20, current.time)
            and 1 <= self.lanes <= max(16, current.lanes)
            and 8 * self.lanes <= self.memory <= max(_MEMORY_ALLOWED, current.memory)
            and self.time * self.memory <= max(4 * _MEMORY_ALLOWED, current.time * current.memory)
        )


def read_parameters(encoded: bytes) -> Parameters | None:
    """What the encoded hash asks for; None when it is no Argon2id hash of the shape that this program makes."""
    found = _ENCODED.fullmatch(encoded)
    if found is None:
        return None
    memory, passes, lanes = (int(number) for number in found.groups())
    return Parameters(passes, memory, lanes)


class Hasher:
    """Makes and checks hashes of passwords and codes; every call counts against the slots of the machine.

    Raises HasherBusy from `hash` and `verify` when the queue is full or a slot does not come free within 10 s.
    """

    def __init__(self, settings: Costs, vault: Seals, home: Path, *, tokens: Tokens | None = None) -> None:
        self._current = Parameters(settings.argon2_time, settings.argon2_memory_kib, settings.argon2_lanes)
        self._vault = vault
        self._slots = Slots(home / "slots")
        self._tokens = tokens or Tokens()

    def hash(self, password: Secret, *context: str) -> bytes:
        """A new hash of `password`, sealed for `context` (account id, and what the hash is for).

        Raises ValueError for what can be no password: check with `passwords.problem` first.
        """
        text = normalised(password)
        if text is None:
            raise ValueError("this can be no password")
        current = self._current
        compute = partial(
            hash_secret,
            text.encode(),
            self._tokens.bytes(_SALT),
            time_cost=current.time,
            memory_cost=current.memory,
            parallelism=current.lanes,
            hash_len=_TAG,
            type=Type.ID,
        )
        with self._slots.taken():
            encoded = unhurried(compute)
        return self._vault.seal(encoded, *context)

    def verify(self, stored: bytes | None, password: Secret, *context: str) -> bool:
        """Whether `password` is the one of `stored`, a hash sealed for `context`.

        No hash (nobody has that name), one that cannot be opened or asks for more than is allowed, and text that can
        be no password cost the same as a right hash and are never right (ASVS 6.3.8).
        """
        encoded = self._open(stored, context)
        text = normalised(password)
        right = encoded is not None and text is not None
        judged = password.reveal()[:LONGEST].encode(errors="replace") if text is None else text.encode()
        with self._slots.taken():
            return unhurried(partial(_matches, encoded or self._dummy(), judged)) and right

    def stale(self, stored: bytes, *context: str) -> bool:
        """Whether `stored` was made with other parameters than those of today: hash anew at the next sign-in."""
        encoded = self._open(stored, context)
        return encoded is not None and read_parameters(encoded) != self._current

    def _open(self, stored: bytes | None, context: tuple[str, ...]) -> bytes | None:
        if stored is None:
            return None
        try:
            encoded = self._vault.unseal(stored, *context)
        except Unreadable:
            return None
        asked = read_parameters(encoded)
        return encoded if asked is not None and asked.allowed(self._current) else None

    def _dummy(self) -> bytes:
        """A hash of nothing, with the parameters of today."""
        current = self._current
        costs = f"m={current.memory},t={current.time},p={current.lanes}"
        return f"$argon2id$v=19${costs}${'A' * 22}${'A' * 43}".encode()


def _matches(encoded: bytes, text: bytes) -> bool:
    try:
        return verify_secret(encoded, text, Type.ID)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


class Slots:
    """As many slots as cores, and a bounded queue before them, shared by all processes that use one home folder.

    Each is a lock on a file, so a process that dies leaves nothing taken.
    """

    def __init__(self, folder: Path, *, cores: int | None = None, queue: int = QUEUE) -> None:
        self._folder = folder
        self._cores = cores or _cores()
        self._places = self._cores * queue
        self._took = 0.05

    @contextmanager
    def taken(self, longest: timedelta = LONGEST_WAIT) -> Iterator[None]:
        """Hold a slot; raises HasherBusy when none comes free in time or too many wait already."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        free = self._free("slot", self._cores)
        slot = self._wait(longest) if free is None else free.held
        began = time.monotonic()
        try:
            yield
        finally:
            self._took = time.monotonic() - began
            os.close(slot)

    def _wait(self, longest: timedelta) -> int:
        place = self._free("queue", self._places)
        if place is None:
            raise HasherBusy(timedelta(seconds=ceil(self._took * self._places / self._cores)))
        try:
            until = time.monotonic() + longest.total_seconds()
            while time.monotonic() < until:
                time.sleep(_LOOKS_EVERY * (1 + place.number))  # whoever came first looks most often
                slot = self._free("slot", self._cores)
                if slot is not None:
                    return slot.held
        finally:
            os.close(place.held)
        raise HasherBusy(max(longest, timedelta(seconds=1)))

    def _free(self, kind: str, count: int) -> "_Place | None":
        """Lock one of `count` files, None when all are locked."""
        for number in range(count):
            held = os.open(self._folder / f"{kind}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return _Place(held, number)
            os.close(held)
        return None


class _Place(NamedTuple):
    """A locked file."""

    held: int
    """Its descriptor; closing it unlocks."""
    number: int


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
