"""The backup code: 20 signs of Crockford's base32 (100 bits; NIST SP 800-63B-4, 4.2.1.1 asks for 64), in groups of five."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core import crockford
from core.secret import Secret
from core.tokens import Tokens

LENGTH = 20
GROUP = 5
GROUPS = LENGTH // GROUP


class State(StrEnum):
    """What a screen says about an account's backup code."""

    NONE = "none"
    READY = "ready"
    SPENT = "spent"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Stored:
    """A code as it is kept: its sealed hash, and whether it was spent."""

    account: str
    hash: bytes = field(repr=False)
    made_at: datetime
    used_at: datetime | None
    used_in: str | None
    """The session that spending it opened, while that is known."""


def make(tokens: Tokens) -> Secret:
    """A new code."""
    return Secret(tokens.crockford(LENGTH))


def shown(code: Secret) -> str:
    """The code as it is shown and written down: four groups of five."""
    return crockford.grouped(code.reveal(), GROUP)


def clean(text: str) -> str | None:
    """The code in `text`; case, spaces, hyphens, O for 0 and I or L for 1 are forgiven. None when it is no code."""
    return crockford.code_in(text, LENGTH)


def clean_group(text: str) -> str | None:
    """One group of a code in `text`, as forgiving as `clean`; None when it is none."""
    return crockford.code_in(text, GROUP)


def group(code: Secret, index: int) -> Secret:
    """The group at `index`, from 0 to 3; IndexError beyond."""
    if not 0 <= index < GROUPS:
        raise IndexError(index)
    return Secret(code.reveal()[index * GROUP : (index + 1) * GROUP])
