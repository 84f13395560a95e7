"""What a letter is, and how a notice fares."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
"""From its due time on; then a notice counts as failed."""
IN_HAND = timedelta(minutes=5)
"""How long a worker has for a notice that it took, before another may take it; longer than handing over can last."""
KEPT = timedelta(days=90)
"""How long it can be seen what became of a notice."""


class State(StrEnum):
    """How a notice stands."""

    QUEUED = "queued"
    HANDED_OVER = "handed over"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said; a body may hold a code, so it never prints itself."""

    kind: str
    subject: str
    body: str = field(repr=False)
    good_for: timedelta | None = None
    """After this time it says nothing true any more, such as a code that is over, and is not sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice in the hands of one worker."""

    id: str
    kind: str
    account: str | None
    group: str | None
    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    created_at: datetime
    tries: int
    """This one included."""
    held_until: datetime
    """Until then nobody else takes it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one notice of a group stands."""

    state: State
    at: datetime | None
    """When it was settled; None while it is queued."""
    delivers: bool
    """It went by a transport that reaches the person, not into a folder on this machine."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice as the operator sees it, without its body."""

    id: str
    kind: str
    to: str = field(repr=False)
    state: State
    created_at: datetime
    due_at: datetime
    tries: int
    reason: str | None


def retry_after(tries: int) -> timedelta:
    """How long to wait after the `tries`-th try that failed: 1 min, doubling to 1 h."""
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(tries - 1, 10)))
