"""What a session and a half-open sign-in are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.secret import Secret

TOKEN_BYTES = 16
"""128 bits from the machine's source of randomness (ASVS 7.2.3)."""
WRITTEN_EVERY = timedelta(seconds=5)
"""A session in use is written so often and not at each key; it may therefore end so much before its idle time."""
SIGN_IN_LIFE = timedelta(minutes=5)
WRONG_TOKENS = 3
ENDED_KEPT = timedelta(days=30)
SOURCE_KEPT = timedelta(days=365)
"""How long a source stays known after the last sign-in from it: addresses pass on to other people."""


class SessionKind(StrEnum):
    """What a session may do."""

    FULL = "full"
    PROBATION = "probation"
    """Only enrol, change the password and sign out."""
    CLAIMANT = "claimant"
    """Only this recovery case."""
    CONSOLE = "console"
    """The support console, and nothing of one's own account."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a finished sign-in gives."""

    id: str
    """The id of its row; not a secret, and no proof of anything."""
    account: str
    kind: SessionKind
    source: str
    fingerprint: str | None
    """Of the SSH key that its connection proved."""
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    """It ends then, whatever happens."""
    idle: timedelta
    """It ends when unused for so long."""
    evidence: frozenset[str]
    """What was shown to open it: password, token, backup_code, return_code."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session, and the secret that stands for it."""

    session: Session
    token: Secret = field(repr=False)


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """A sign-in whose password was right and that waits for the second factor."""

    id: str
    account: str
    source: str
    fingerprint: str | None
    until: datetime
    wrong: int
    """Wrong tokens so far; the third ends it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The secret that stands for a half-open sign-in, and until when."""

    token: Secret = field(repr=False)
    until: datetime
