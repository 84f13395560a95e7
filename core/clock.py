"""Where time comes from: handed in by constructor, never read elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time now, aware and in UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def system_clock() -> datetime:
    """The machine's time, aware and in UTC."""
    return datetime.now(UTC)


def micros(moment: datetime) -> int:
    """`moment` in microseconds since 1970: exact and in order, as it is kept and as MACs cover it."""
    return (moment - EPOCH) // MICROSECOND
