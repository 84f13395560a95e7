"""What can be asked for in the queue, and everywhere else one can go from one place to another."""

from dataclasses import dataclass
from enum import Enum, auto

from core.staff import Right


class Place(Enum):
    """Another part of the console."""

    ACCOUNTS = auto()
    AUDIT = auto()
    FIGURES = auto()
    STAFF = auto()


@dataclass(frozen=True, slots=True)
class Way:
    """How one gets to another part, and who may."""

    key: str
    word: str
    right: Right


WAYS = {
    Place.ACCOUNTS: Way("g", "accounts", Right.LOOK_UP),
    Place.AUDIT: Way("t", "audit", Right.AUDIT),
    Place.FIGURES: Way("f", "figures", Right.OVERVIEW),
    Place.STAFF: Way("s", "staff", Right.SEE_STAFF),
}


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case, by its reference."""

    reference: str


NEEDS = {"claim": Right.CLAIM} | {f"go('{place.name}')": way.right for place, way in WAYS.items()}
"""The right that an action of the queue needs."""

Wished = Place | OpenCase
