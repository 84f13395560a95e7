"""Passwords, secrets and codes while they travel."""

import hmac
from typing import NoReturn


class Secret:
    """Text that does not print, log, pickle or copy itself; `reveal()` is the only way to read it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: call it where the text is used, and keep no other reference."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # a lone surrogate is no reason for an error, which would hold the text
        return hmac.compare_digest(
            self._text.encode(errors="surrogatepass"), other._text.encode(errors="surrogatepass")
        )

    __hash__ = None  # type: ignore[assignment]  # a secret is no key of a table

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not written down")
