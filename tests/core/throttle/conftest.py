import pytest

from core.throttle import Throttle
from tests.units import InUnits


@pytest.fixture
def throttle(storage, vault, clock):
    """The throttle, each call a unit of its own."""
    return InUnits(storage, Throttle(vault, clock))
