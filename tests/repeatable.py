"""Time and randomness that are the same in every run; knows no part, so that every part's tests can stand on it."""

import hashlib
import itertools
import threading
from datetime import UTC, datetime, timedelta

from core.tokens import Tokens

BEGINNING = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class WorldClock:
    """A `Clock` that stands still until it is told to go on."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Let time pass, in the words of `timedelta`: `clock.advance(seconds=30)`; the new time."""
        self.now += timedelta(**by)
        return self.now


def counted_tokens(seed: str = "") -> Tokens:
    """`Tokens` that look random, and are the same in every run with the same seed; safe to share between threads."""
    count = itertools.count()
    lock = threading.Lock()

    def random_bytes(size: int) -> bytes:
        with lock:
            draw = next(count)
        return hashlib.shake_256(f"{seed} {draw}".encode()).digest(size)

    return Tokens(random_bytes)
