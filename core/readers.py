"""How what an operator wrote, a TOML value or a variable's text, becomes a setting of one kind or another."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from core.origin import fingerprint_of
from core.secret import Secret
from core.text import TextProblem, accept

_SPAN = re.compile(r"(\d{1,6}) *(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")

Read = Callable[[object], Any]
"""Gives the setting, or raises a ValueError that says what would be right."""


def one_of(*choices: str) -> Read:
    def read(written: object) -> str:
        if written not in choices:
            raise ValueError("one of " + ", ".join(f'"{choice}"' for choice in choices))
        return str(written)

    return read


def whole(least: int, most: int) -> Read:
    def read(written: object) -> int:
        if isinstance(written, str) and re.fullmatch(r"[0-9]{1,9}", written):
            written = int(written)
        if not isinstance(written, int) or isinstance(written, bool) or not least <= written <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return written

    return read


def yes_or_no(written: object) -> bool:
    if isinstance(written, bool):
        return written
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if not isinstance(written, str) or written.lower() not in known:
        raise ValueError("true or false")
    return known[written.lower()]


def span(least: str, most: str) -> Read:
    """A length of time such as `30 min`."""

    def parsed(written: object) -> timedelta | None:
        found = _SPAN.fullmatch(written) if isinstance(written, str) else None
        return timedelta(seconds=int(found[1]) * _SECONDS[found[2]]) if found else None

    shortest, longest = parsed(least), parsed(most)
    assert shortest is not None and longest is not None  # noqa: PT018  # they are written below

    def read(written: object) -> timedelta:
        length = parsed(written)
        if length is None or not shortest <= length <= longest:
            raise ValueError(f'a time from "{least}" to "{most}", in s, min, h or d')
        return length

    return read


def words(limit: int) -> Read:
    def read(written: object) -> str:
        text = accept(written, limit=limit) if isinstance(written, str) else TextProblem.CONTROL
        if isinstance(text, TextProblem) or not text:
            raise ValueError(f"1 to {limit} visible characters in one line")
        return text

    return read


def issuer(written: object) -> str:
    """What an authenticator app shows beside the token; a colon would end it (Key URI format)."""
    if not isinstance(written, str) or not re.fullmatch(r"[!-9;-~]([ -9;-~]{0,30}[!-9;-~])?", written):
        raise ValueError("1 to 32 ASCII characters without a colon")
    return written


def database(written: object) -> str:
    right = '"sqlite", or "postgresql://user:password@host/name"'
    if written == "sqlite":
        return "sqlite"
    if not isinstance(written, str):
        raise ValueError(right)  # noqa: TRY004  # every reader says it in the same way
    try:
        url = urlsplit(written)
    except ValueError:
        raise ValueError(right) from None
    named = url.scheme in {"postgresql", "postgres"} and url.path.strip("/") and "/" not in url.path.strip("/")
    if not named and not written.startswith("sqlite:////"):
        raise ValueError(right)
    return written


def host(written: object) -> str:
    if not isinstance(written, str) or not re.fullmatch(r"[A-Za-z0-9:._-]{1,253}", written):
        raise ValueError('a host name or an IP address such as "mail.example.org"')
    return written


def mail_address(written: object) -> str:
    if not isinstance(written, str) or not re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,253}", written):
        raise ValueError('an e-mail address such as "accounts@example.org"')
    return written


def several(each: Callable[[str], str], right: str) -> Read:
    """A list in the file, or texts with commas between them."""

    def read(written: object) -> tuple[str, ...]:
        texts = [text for text in written.split(",") if text] if isinstance(written, str) else written
        if not isinstance(texts, list):
            raise ValueError(right)  # noqa: TRY004  # as every reader says it
        try:
            return tuple(each(text.strip()) for text in texts)
        except (AttributeError, ValueError):
            raise ValueError(right) from None

    return read


def network(text: str) -> str:
    """An IP address or network, as a network."""
    return str(ipaddress.ip_network(text))


def ssh_key(text: str) -> str:
    """The fingerprint of an SSH key, from a line of a .pub file or as it is."""
    fingerprint = text if _FINGERPRINT.fullmatch(text) else fingerprint_of(text)
    if fingerprint is None:
        raise ValueError(text)
    return fingerprint


def hidden(written: object) -> Secret:
    if not isinstance(written, str) or not written or not written.isprintable():
        raise ValueError("text without control characters")
    return Secret(written)


def table(written: object) -> Mapping[str, Any]:
    if not isinstance(written, dict):
        raise ValueError("a table in the file, such as [recovery.mail]")  # noqa: TRY004  # as every reader says it
    return written


def texts(written: object) -> Mapping[str, str]:
    right = "a table of texts in the file, each up to 2000 characters"
    if not isinstance(written, dict):
        raise ValueError(right)  # noqa: TRY004
    read = {}
    for name, text in written.items():
        label = accept(name, limit=40)
        body = accept(text, limit=2000, lines=40) if isinstance(text, str) else TextProblem.CONTROL
        if isinstance(label, TextProblem) or isinstance(body, TextProblem) or not label or not body:
            raise ValueError(right)
        read[label] = body
    return read
