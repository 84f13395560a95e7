"""The throttle: who may try a factor now, who has to wait, and who has tried too often (NIST SP 800-63B-4, 3.2.2)."""

from core.throttle.model import (
    LONGEST_WAIT,
    NOBODY,
    Admitted,
    Disabled,
    Factor,
    OnlyKnown,
    Standing,
    Wait,
    nobody,
    wait_after,
)
from core.throttle.repository import Throttle

__all__ = [
    "LONGEST_WAIT",
    "NOBODY",
    "Admitted",
    "Disabled",
    "Factor",
    "OnlyKnown",
    "Standing",
    "Throttle",
    "Wait",
    "nobody",
    "wait_after",
]
