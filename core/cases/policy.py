"""The recovery policy: data, not code. Which evidence suffices, how long the owner can stop it, how many people decide.

Frozen into each case with its hash when the case opens, so that a later change of the settings moves no live case.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from core.errors import SettingsError


class Kind(StrEnum):
    """What can be recorded as evidence, and the route that rests on it. Nothing else counts (ASVS 6.4.2)."""

    KEY = "key"
    """A registered SSH key, proved by the claimant's own connection."""
    PERSON = "person"
    """Identified in person by staff, with a note."""
    MAIL = "mail"
    """A mail code sent to the confirmed address."""


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of the policy: besides the password, evidence of `kind` suffices."""

    kind: Kind
    enabled: bool
    wait: timedelta
    """In which the owner can stop the case."""
    age: timedelta
    """How old the evidence's source must be when the case opens."""
    people: int
    """How many decide; 1 is for a site with one person, and is shown as a warning everywhere."""
    lead_approves: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """Every route, the quickest first."""

    routes: tuple[Route, ...]

    def route(self, kind: Kind) -> Route:
        """The route that rests on `kind`."""
        return next(route for route in self.routes if route.kind is kind)

    @property
    def warning(self) -> str | None:
        """What every screen says when one person alone can decide; None when two must."""
        if any(route.enabled and route.people < 2 for route in self.routes):
            return "One person alone can verify and approve here (people = 1)."
        return None

    def explain(self) -> tuple[str, ...]:
        """The policy in plain words, a sentence for each route."""
        return tuple(_explained(route) for route in self.routes)

    def to_text(self) -> str:
        """The policy in one canonical line of JSON."""
        return json.dumps(
            [
                {
                    "route": route.kind.value,
                    "enabled": route.enabled,
                    "wait_hours": route.wait // timedelta(hours=1),
                    "age_days": route.age // timedelta(days=1),
                    "people": route.people,
                    "lead_approves": route.lead_approves,
                }
                for route in self.routes
            ],
            sort_keys=True,
            separators=(",", ":"),
        )

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()


DEFAULT = Policy(
    (
        Route(Kind.KEY, True, timedelta(hours=24), timedelta(days=30), 2, lead_approves=False),
        Route(Kind.PERSON, False, timedelta(hours=24), timedelta(0), 2, lead_approves=True),
        Route(Kind.MAIL, True, timedelta(hours=72), timedelta(days=30), 2, lead_approves=False),
    )
)
"""What a site has that changes nothing."""

_LEAST_WAIT = 24
_BOUNDS: dict[str, tuple[int, int, str]] = {
    "wait_hours": (_LEAST_WAIT, 720, "from 24 to 720 hours: the owner needs time to stop it"),
    "age_days": (30, 365, "from 30 to 365 days"),
    "people": (1, 2, "1 or 2"),
}


def read(table: Mapping[str, Any]) -> Policy:
    """The policy in the settings' table `[recovery]`, with the default for whatever it does not name.

    Raises SettingsError naming the key, the value and what would be right.
    """
    unknown = set(table) - {kind.value for kind in Kind}
    if unknown:
        raise SettingsError(
            f"recovery.{min(unknown)}: there is no such route; the routes are {', '.join(kind.value for kind in Kind)}."
        )
    return Policy(tuple(_route(route, table.get(route.kind.value, {})) for route in DEFAULT.routes))


_WORDS = {
    Kind.KEY: "an SSH key, registered {age} before the case in a session with 2FA on and proved by its connection",
    Kind.PERSON: "staff identified the owner in person and wrote down how",
    Kind.MAIL: "a mail code to the address, confirmed {age} before the case, with a password that no mail alone has set",
}


def length(span: timedelta) -> str:
    """`span` in days when it is whole days from three on, else in hours."""
    hours = span // timedelta(hours=1)
    return f"{hours // 24} days" if hours >= 72 and hours % 24 == 0 else f"{hours} hours"


def _explained(route: Route) -> str:
    if not route.enabled:
        return f"Route {route.kind.value} is switched off here."
    people = "one person decides (a warning: nobody checks them)" if route.people < 2 else "two people decide"
    lead = ", the second a lead" if route.lead_approves and route.people > 1 else ""
    lead = ", a lead" if route.lead_approves and route.people < 2 else lead
    what = _WORDS[route.kind].format(age=length(route.age))
    return f"Route {route.kind.value}: {what}; the owner has {length(route.wait)} to stop it; {people}{lead}."


def from_text(text: str) -> Policy:
    """The policy that `to_text` wrote."""
    return Policy(
        tuple(
            Route(
                Kind(entry["route"]),
                entry["enabled"],
                timedelta(hours=entry["wait_hours"]),
                timedelta(days=entry["age_days"]),
                entry["people"],
                lead_approves=entry["lead_approves"],
            )
            for entry in json.loads(text)
        )
    )


def _route(default: Route, table: Any) -> Route:
    where = f"recovery.{default.kind.value}"
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}: {table!r} cannot be used; it must be a table, such as {{ enabled = true }}.")
    for key in table:
        if key not in {"enabled", "lead_approves", *_BOUNDS}:
            raise SettingsError(f"{where}.{key}: there is no such setting.")
    return Route(
        default.kind,
        _truth(where, "enabled", table, default=default.enabled),
        timedelta(hours=_number(where, "wait_hours", table, default.wait // timedelta(hours=1))),
        timedelta(days=_number(where, "age_days", table, default.age // timedelta(days=1))),
        _number(where, "people", table, default.people),
        lead_approves=_truth(where, "lead_approves", table, default=default.lead_approves),
    )


def _truth(where: str, key: str, table: Mapping[str, Any], *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise SettingsError(f"{where}.{key}: {value!r} cannot be used; it must be true or false.")
    return value


def _number(where: str, key: str, table: Mapping[str, Any], default: int) -> int:
    if key not in table:
        return default
    value, (least, most, right) = table[key], _BOUNDS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsError(f"{where}.{key}: {value!r} cannot be used; it must be {right}.")
    return value
