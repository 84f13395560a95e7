"""Codes that travel by mail: mail codes, which prove a mailbox, and stop codes, which stop or undo without sign-in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core import crockford
from core.secret import Secret

DIGITS = 8
"""Of a mail code: more than the 20 bits that ASVS 6.5.4 asks for."""
TRIES = 5
PAUSE = timedelta(minutes=1)
"""Between two mail codes to one address for one purpose."""
DAY = timedelta(days=1)

STOP_LENGTH = 12

_LONGEST_TYPED = 64


class Purpose(StrEnum):
    """What a mail code is for; a code for one purpose is wrong for every other."""

    ADDRESS = "address"
    PASSWORD = "password"  # noqa: S105 - a purpose, no password
    EVIDENCE = "evidence"

    @property
    def life(self) -> timedelta:
        """How long such a code counts (ASVS 6.5.5: 10 minutes; NIST SP 800-63B-4, 4.2.1.2: 24 hours by mail)."""
        return DAY if self is Purpose.EVIDENCE else timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new mail code, to be put into a letter at once; any older one for the account and purpose is void."""

    code: Secret
    until: datetime


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The address was sent enough codes for this purpose: the next can go after `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the codes of an account for an address, asked without sending one."""

    counts_until: datetime | None
    """Until when the code that was sent there counts; None when none does."""
    next_from: datetime | None
    """From when another can be sent, None for now."""
    day_is_full: bool = False
    """As many codes went to the address as may in 24 hours."""


@dataclass(frozen=True, slots=True)
class Right:
    """The code was right and is spent; it had been sent to `address`."""

    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The code is not right; after `left` more tries it is void."""

    left: int


@dataclass(frozen=True, slots=True)
class NoneOpen:
    """There is no code to try: none was sent, or it was spent, replaced, expired, or tried too often."""


def clean(text: str) -> str | None:
    """The eight ASCII digits in `text`, spaces and hyphens forgiven; None when it is anything else."""
    if len(text) > _LONGEST_TYPED:
        return None
    code = "".join(text.split()).replace("-", "")
    return code if len(code) == DIGITS and code.isascii() and code.isdigit() else None


class StopKind(StrEnum):
    """What a stop code stops or undoes."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    PASSWORD = "password"  # noqa: S105 - a kind of change, no password
    ADDRESS = "address"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a stop code, now spent, was given out for."""

    kind: StopKind
    account: str
    case: str | None


def clean_stop(text: str) -> str | None:
    """The stop code in `text`, as forgiving as a backup code; None when it is none."""
    return crockford.code_in(text, STOP_LENGTH)
