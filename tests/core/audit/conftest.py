import pytest

from core.audit import AuditTrail, Event
from tests.units import InUnits

ADA, BOB, MIA = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def trail(vault, clock, tokens):
    """The audit trail; to be used inside a unit."""
    return AuditTrail(vault, clock, tokens)


@pytest.fixture
def audit(storage, trail):
    """The same, each call in a unit of its own."""
    return InUnits(storage, trail)


@pytest.fixture
def sealed_trail(storage, trail, audit, clock):
    """Forty entries in five seals, and three entries that are not sealed yet."""
    play_forty_three(storage, trail, clock)
    return audit


def play_forty_three(storage, trail, clock):
    """What stands in a `sealed_trail`: forty entries in five seals, and three that are not sealed yet."""
    for batch in range(5):
        with storage.unit():
            for number in range(8):
                account = (ADA, BOB)[number % 2]
                trail.record(Event.SIGNED_IN, account=account, actor=account, source="203.0.113.7", number=number)
                clock.advance(seconds=1)
            assert trail.seal() == 8, batch
    with storage.unit():
        for _ in range(3):
            trail.record(Event.SIGNED_OUT, account=ADA, actor=ADA)
            clock.advance(seconds=1)
