"""Time-based one-time passwords (RFC 6238) as every authenticator app computes them: SHA-1, six digits, 30 seconds.

Pure: the clock's reading and the last step that was accepted come in, a verdict goes out.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pyotp

STEP = timedelta(seconds=30)
DIGITS = 6
SECRET_BYTES = 20
"""160 bits, as RFC 4226 R6 recommends."""
WINDOW = 1
"""Steps before and after the present one that count (RFC 6238 section 5.2 advises one for the delay of the network)."""
SEARCH = 10
"""Steps before and after the present one in which a token shows that the device's clock is off."""
NEVER = -1
"""The last accepted step of a device that had no token accepted yet."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TYPED = 64


@dataclass(frozen=True, slots=True)
class Match:
    """The token is right, for a step that had none accepted yet."""

    step: int


@dataclass(frozen=True, slots=True)
class Used:
    """The token is right but its step, or a later one, was accepted before; the device shows a new one after `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Off:
    """The token is right for another time: `steps` of 30 seconds ahead of ours, behind when negative."""

    steps: int
    twice: bool = False
    """The token before it was another one with the same offset: only then is the clock to blame, not a guess."""


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The token is right for no time near the present one."""


def clean_token(text: str) -> str | None:
    """The six ASCII digits in `text`, spaces and hyphens forgiven; None when it is anything else.

    pyotp compares after NFKC, so full-width and superscript digits would pass it: they stop here.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    token = "".join(text.split()).replace("-", "")
    return token if len(token) == DIGITS and token.isascii() and token.isdigit() else None


def step_at(moment: datetime) -> int:
    """The number of the 30-second step that `moment` lies in, counted from 1970 (RFC 6238 section 4.2)."""
    return (moment - _EPOCH) // STEP


def token_at(secret: bytes, step: int) -> str:
    """The six digits that a device with `secret` shows during `step`; ValueError before 1970 or under 112 bits."""
    return pyotp.TOTP(base32(secret)).generate_otp(step)


def match(secret: bytes, token: str, now: datetime, last_step: int) -> Match | Used | Off | NoMatch:
    """What `token` is at `now`, when `last_step` was the newest step accepted so far (`NEVER` when none was).

    The newest step is tried first, so that one accepted token closes all older ones.
    """
    digits = clean_token(token)
    if digits is None:
        return NoMatch()
    present = step_at(now)
    for offset in _BY_LIKELIHOOD:
        step = present + offset
        if step < 0 or not hmac.compare_digest(token_at(secret, step), digits):
            continue
        if abs(offset) <= WINDOW:
            return Match(step) if step > last_step else Used(wait_after(last_step, now))
        return Used(wait_after(last_step, now)) if step == last_step else Off(offset)
    return NoMatch()


_BY_LIKELIHOOD = (
    *range(WINDOW, -WINDOW - 1, -1),
    *(sign * distance for distance in range(WINDOW + 1, SEARCH + 1) for sign in (1, -1)),
)


def wait_after(last_step: int, now: datetime) -> timedelta:
    """How long from `now` until a device shows a token that is newer than `last_step` and than the one it shows now."""
    return _EPOCH + (max(last_step, step_at(now)) + 1) * STEP - now


def base32(secret: bytes) -> str:
    """`secret` as it is put into a QR code or typed: RFC 4648 base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def key_groups(secret: bytes) -> tuple[str, ...]:
    """`secret` in base32, in groups of four for typing."""
    key = base32(secret)
    return tuple(key[start : start + 4] for start in range(0, len(key), 4))


NAMES_OF_VERSION_5 = 50
"""Percent-encoded bytes of label and issuer together that a code of version 5 has room for beside a key of 20 bytes
without a prefix (measured); that code and its quiet zone fit 24 rows."""
LEAST_OF_ISSUER = 12
"""Of these, the bytes that the issuer may have beside the longest of labels."""


def cut_names(issuer: str, label: str, *, room: int = NAMES_OF_VERSION_5) -> tuple[str, str]:
    """Both names so short that a small code holds them: whole characters, the label first, for it tells entries apart."""
    label = _cut(_plain(label), room - LEAST_OF_ISSUER)
    return _cut(_plain(issuer), room - len(_encoded(label))), label


def _cut(name: str, room: int) -> str:
    while len(_encoded(name)) > room:
        name = name[:-1]
    return name.rstrip()


def _plain(name: str) -> str:
    """`name` without what would end it in the URI."""
    return name.replace(":", " ").strip()


def _encoded(name: str) -> str:
    return quote(name, safe="@()")


def uri(issuer: str, label: str, secret: bytes, *, prefix: bool = True) -> str:
    """The otpauth URI that authenticator apps scan (Key URI Format); without `prefix` the issuer stands in it once.

    SHA1, six digits and 30 seconds are its defaults and left out: 34 bytes less make a smaller code.
    A colon would end the issuer, so both names lose theirs.
    """
    issued_by = quote(_plain(issuer), safe="")
    named = _encoded(_plain(label))
    path = f"{issued_by}:{named}" if prefix else named
    return f"otpauth://totp/{path}?secret={base32(secret)}&issuer={issued_by}"
