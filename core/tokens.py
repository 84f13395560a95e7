"""Where randomness comes from: one source of bytes, handed in by constructor."""

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

from core.crockford import ALPHABET

T = TypeVar("T")


class Tokens:
    """Draws identifiers, codes and secrets from a source of random bytes (the operating system's by default).

    The source is called for each draw, so a forked process never repeats its parent (ASVS 6.5.3).
    """

    def __init__(self, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._random_bytes = random_bytes

    def bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        return self._random_bytes(count)

    def identifier(self) -> str:
        """A name for a row: 128 bits as 32 hexadecimal digits."""
        return self._random_bytes(16).hex()

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, `limit`, each as likely as any other."""
        bits = max(1, (limit - 1).bit_length())
        while True:
            number = int.from_bytes(self._random_bytes((bits + 7) // 8)) & ((1 << bits) - 1)
            if number < limit:
                return number

    def digits(self, count: int) -> str:
        """`count` decimal digits."""
        return "".join(str(self.below(10)) for _ in range(count))

    def crockford(self, count: int) -> str:
        """`count` signs of Crockford's base32, five bits each."""
        return "".join(ALPHABET[byte & 31] for byte in self._random_bytes(count))

    def choice(self, options: Sequence[T]) -> T:
        """One of `options`, each as likely as any other."""
        return options[self.below(len(options))]
