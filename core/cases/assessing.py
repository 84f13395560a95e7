"""What the policy says of a case: which routes are met, what is missing, when the wait is over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.cases.model import Evidence
from core.cases.policy import Kind, Policy, Route, length
from core.notices import Standing
from core.notices import State as NoticeState


class Delivery(StrEnum):
    """How the opening notice fares."""

    NO_ADDRESS = "no confirmed address"
    NO_TRANSPORT = "no transport that delivers"
    QUEUED = "queued"
    FAILED = "failed for good"
    HANDED_OVER = "handed over"

    @property
    def reaches(self) -> bool:
        """The owner was told, or will be: without that only a person can be met."""
        return self in {Delivery.QUEUED, Delivery.HANDED_OVER}


@dataclass(frozen=True, slots=True)
class Told:
    """Whether every confirmed address was told of the case, and when the last one was."""

    delivery: Delivery
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a case rests on, read in one unit."""

    opened_at: datetime
    round_began_at: datetime
    evidence: tuple[Evidence, ...]
    """Genuine, not void, its sources unchanged."""
    told: Told
    contested: bool
    """Somebody said within 30 days that a case of this account was not theirs."""
    repeated: bool
    key_since: datetime | None
    """When the oldest SSH key was registered that was added with 2FA on."""
    address_since: datetime | None
    """When the present address was confirmed."""
    password_by_mail: bool
    password_proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """One route in one case."""

    route: Route
    met: bool
    missing: tuple[str, ...]
    """Sentences; empty exactly when it is met."""
    possible: bool
    """It can still be met in this case."""
    lead_approves: bool
    began_at: datetime | None
    """From when the wait counts; None while the notice is on its way."""

    @property
    def over_at(self) -> datetime | None:
        """When the wait is over."""
        return None if self.began_at is None else self.began_at + self.route.wait


def told(standings: Iterable[Standing]) -> Told:
    """What the notices to every confirmed address add up to (the wait counts from the last hand-over)."""
    sent = list(standings)
    if not sent:
        return Told(Delivery.NO_ADDRESS, None)
    if any(one.state in {NoticeState.FAILED, NoticeState.CANCELLED} for one in sent):
        return Told(Delivery.FAILED, None)
    if any(one.state is NoticeState.QUEUED for one in sent):
        return Told(Delivery.QUEUED, None)
    if not all(one.delivers for one in sent):
        return Told(Delivery.NO_TRANSPORT, None)
    return Told(Delivery.HANDED_OVER, max(one.at for one in sent if one.at is not None))


def assess(policy: Policy, facts: Facts) -> tuple[RouteStanding, ...]:
    """Every route of `policy`, in its order."""
    return tuple(_standing(route, facts) for route in policy.routes)


def _standing(route: Route, facts: Facts) -> RouteStanding:
    if not route.enabled:
        missing, possible = ["This route is switched off here."], False
    else:
        barred = _barred(route, facts)
        given = any(_counts(route, each, facts.opened_at) for each in facts.evidence)
        missing = [*barred, *([] if given else [_WANTED[route.kind].format(age=length(route.age))])]
        possible = not barred
    return RouteStanding(
        route=route,
        met=not missing,
        missing=tuple(missing),
        possible=possible,
        lead_approves=route.lead_approves or facts.contested or facts.repeated,
        began_at=_began(route, facts),
    )


_WANTED = {
    Kind.KEY: "No connection has proved an SSH key yet that was registered {age} before the case with 2FA on.",
    Kind.PERSON: "Nobody has identified them in person yet.",
    Kind.MAIL: "No code has been typed yet that was sent to the confirmed address.",
}


def _counts(route: Route, evidence: Evidence, opened_at: datetime) -> bool:
    return evidence.kind is route.kind and (evidence.kind is Kind.PERSON or evidence.since <= opened_at - route.age)


def _barred(route: Route, facts: Facts) -> list[str]:
    """What keeps the route from being met in this case, whatever evidence is given."""
    if route.kind is Kind.PERSON:
        return []
    barred = [] if facts.told.delivery.reaches else [f"The owner could not be told: {facts.told.delivery.value}."]
    oldest = facts.opened_at - route.age
    if route.kind is Kind.KEY:
        if facts.key_since is None:
            barred.append("The account has no SSH key that was registered with 2FA on.")
        elif facts.key_since > oldest:
            barred.append(f"No SSH key was registered {length(route.age)} before the case was opened.")
        return barred
    if facts.contested:
        barred.append("Somebody said of a case that it was not theirs: for 30 days a mail code does not count.")
    if facts.address_since is None:
        barred.append("The account has no confirmed address.")
    elif facts.address_since > oldest:
        barred.append(f"The address was confirmed less than {length(route.age)} before the case was opened.")
    if facts.password_by_mail and (facts.password_proved_at is None or facts.password_proved_at > oldest):
        barred.append(
            f"The password was set by mail and not used with a token {length(route.age)} before the case was opened."
        )
    return barred


def _began(route: Route, facts: Facts) -> datetime | None:
    if facts.told.at is not None:
        return max(facts.told.at, facts.round_began_at)
    if route.kind is Kind.PERSON and not facts.told.delivery.reaches:
        return facts.round_began_at
    return None
