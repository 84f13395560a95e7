"""One knob for races, kills, fuzz and soaks: small in `make test`, full in `make soak`."""

import os


def soaking() -> bool:
    """Whether this run is at full count."""
    return bool(os.environ.get("LOCKWRIGHT_SOAK"))


def soak_count(small: int, full: int) -> int:
    """How often to do it in this run."""
    return full if soaking() else small
