"""What a use case answers when it does not do what was asked: values, matched by the caller, never raised.

Raising would roll back the very failure that must be counted.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from core.secret import Secret


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""

    told: int = field(default=0, compare=False)
    """To how many addresses a notice about it goes: to confirmed ones only, so it may be none."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """What was typed in `field` cannot be used; `sentence` says why and what would do."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """The name and password, or the code, are not right; which of them is never said."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many tries: the next counts only after `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Busy:
    """The machine computes as many password hashes as it can; nothing was counted for good. Try again after `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Over:
    """The session, half-open sign-in or enrolment that was spoken of has ended."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """A rule forbids it at present; `sentence` says which and what to do instead."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TokenWrong:
    """The token or code is not right; `left` tries remain, None where the throttle alone counts."""

    left: int | None = None


@dataclass(frozen=True, slots=True)
class TokenUsed:
    """The token was used already (RFC 6238 section 5.2); the next one comes after `wait`."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class ClockOff:
    """Two tokens in a row were right for another time: the device's clock is off by `offset`, ahead when positive."""

    offset: timedelta


@dataclass(frozen=True, slots=True)
class FactorBlocked:
    """The factor takes no more tries from here; `sentence` says what is open instead (NIST SP 800-63B-4, 3.2.2)."""

    sentence: str


@dataclass(frozen=True, slots=True)
class FactorBroken:
    """The second factor's secret cannot be read; the backup code or recovery is the way on, never "no 2FA"."""

    ways_on: str = field(default="", compare=False)
    """A sentence that names those that the account has."""


@dataclass(frozen=True, slots=True)
class WayNeeded:
    """Probation, in another session than the one that opened it: what switched 2FA off must be shown again."""

    by: str
    """`backup_code` or `case` (the completed case's return code)."""


@dataclass(frozen=True, slots=True)
class NeedsFresh:
    """Staff have to show a token of the last 5 minutes for this: ask for one, then do it again (ASVS 7.5.3)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person shows again before security changes (ASVS 7.5.1)."""

    password: Secret
    token: str = field(default="", repr=False)
    """Asked when 2FA is on."""
    way: Secret | None = None
    """In probation: the spent backup code or the completed case's return code."""


TokenRefused = Invalid | TokenWrong | TokenUsed | ClockOff | FactorBlocked | FactorBroken | Throttled
ProofRefused = TokenRefused | Wrong | Busy | Over | NotNow | WayNeeded
