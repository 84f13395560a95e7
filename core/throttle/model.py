"""How many tries a factor takes, and how long to wait between them: the numbers and the pure rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

FREE = 5
"""Failures in a row at one factor that cost no wait."""
FREE_PER_SOURCE = 50
CLOSES_AT = 50
"""Failures in a row that close a lane; two lanes make the 100 of NIST SP 800-63B-4, 3.2.2."""
LONGEST_WAIT = timedelta(minutes=15)
QUIET = timedelta(days=1)
"""After so long without a try, the failures of a source, and of somebody who speaks for no account, are forgotten."""
STRANGERS_KEPT = timedelta(days=30)
"""How long the failures at a name that no account has are kept."""
NOBODY = "name "


class Factor(StrEnum):
    """What is guessed at; each has counters of its own, so that a token never counts against the backup code."""

    PASSWORD = "password"  # noqa: S105  # the word, not one
    TOKEN = "token"  # noqa: S105
    BACKUP_CODE = "backup_code"
    MAIL_CODE = "mail_code"
    RETURN_CODE = "return_code"
    STOP_CODE = "stop_code"


class Lane(StrEnum):
    """Who counts together. Failures in one lane never slow the others."""

    OUTSIDE = "outside"
    """Tries from anywhere at one factor of one account."""
    KNOWN = "known"
    """Those from where the account signed in before, or with its own SSH key."""
    STRANGER = "stranger"
    """Tries of somebody who speaks for no account: it only ever waits, and is forgotten after a quiet day."""
    SOURCE = "source"
    """Every try from one source, at whatever."""

    @property
    def free(self) -> int:
        return FREE_PER_SOURCE if self is Lane.SOURCE else FREE

    @property
    def closes(self) -> bool:
        """Whether 50 failures in a row close it; otherwise it is forgotten after a quiet day."""
        return self in {Lane.OUTSIDE, Lane.KNOWN}


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter that a try was added to, and how to take it back."""

    lane: Lane
    subject: str = field(repr=False)
    """People type passwords where a name belongs."""
    factor: str
    streak: int
    """Which run of failures it belongs to; a success begins a new one."""
    failures: int
    """In a row, this one included."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A try that may be made and is counted as a failure already, until it is settled."""

    subject: str = field(repr=False)
    factor: Factor
    known: bool
    counted: tuple[Counted, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before `until`; this try was not counted and the wait not made longer."""

    until: datetime
    seconds: int
    """How long that is from now, rounded up."""


@dataclass(frozen=True, slots=True)
class OnlyKnown:
    """After 50 failures in a row the factor works only in the known lane."""


@dataclass(frozen=True, slots=True)
class Disabled:
    """After 50 more inside it the factor is off, until it is set anew or the block is lifted."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The failures in a row at one factor, for those who may lift blocks."""

    factor: Factor
    outside: int
    known: int
    until: datetime | None
    """Until when one has to wait in the lane that waits longest, None when in neither."""

    @property
    def only_known(self) -> bool:
        return self.outside >= CLOSES_AT

    @property
    def disabled(self) -> bool:
        return self.only_known and self.known >= CLOSES_AT


def wait_after(failures: int, free: int = FREE) -> timedelta:
    """How long to wait after so many failures in a row: nothing while free, then 1 s doubling to 15 min."""
    if failures < free:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - free, 10)))


def nobody(name: str) -> str:
    """The subject of tries at `name` when no account has it: they are counted like any other's (ASVS 6.3.8)."""
    return NOBODY + name[:64].encode(errors="backslashreplace").decode()
