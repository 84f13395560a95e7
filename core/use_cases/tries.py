"""Counting a try before anything is compared, so that no guess is free."""

from datetime import timedelta
from typing import assert_never

from core.accounts import Account
from core.audit import Event
from core.origin import Origin
from core.throttle import LONGEST_WAIT, NOBODY, Admitted, Disabled, Factor, OnlyKnown, Wait
from core.use_cases.outcomes import FactorBlocked, Throttled
from core.use_cases.parts import Parts
from core.use_cases.ways_on import ways_on


def is_known(parts: Parts, account_id: str, origin: Origin) -> bool:
    """Whether `origin` is the account's known lane: a source that signed in before, or a proved key of its own."""
    own_key = origin.key is not None and parts.ssh_keys.owner(origin.key.fingerprint) == account_id
    return parts.sessions.known(account_id, origin.source) or own_key


def admit(
    parts: Parts, account: Account, factor: Factor, origin: Origin, *, source_counted: bool = False
) -> Admitted | Throttled | FactorBlocked:
    """Count one try at `factor` of `account`, inside the caller's unit and before anything is compared.

    `source_counted`: it belongs to a try of which another factor was counted at the source.
    """
    known = is_known(parts, account.id, origin)
    match parts.throttle.admit(account.id, factor, origin, known=known, source_counted=source_counted):
        case Admitted() as admitted:
            return admitted
        case Wait() as wait:
            return Throttled(timedelta(seconds=wait.seconds))
        case OnlyKnown():
            return FactorBlocked(
                "Too many wrong tries from places you never signed in from. "
                "It works only from where you signed in before, or with your own SSH key."
            )
        case Disabled():
            name = factor.value.replace("_", " ")
            return FactorBlocked(f"Too many wrong tries: the {name} is switched off. {ways_on(parts, account, factor)}")
        case other:
            assert_never(other)


def settle(parts: Parts, admitted: Admitted, origin: Origin, *, success: bool, whole_try: bool | None = None) -> None:
    """Say how a counted try ended, inside the caller's unit; a failure that blocks or disables a factor is written down.

    `whole_try`: whether every factor of the try was right, where it had several.
    """
    closed = parts.throttle.settle(admitted, success=success, whole_try=whole_try)
    if closed is not None:
        event = Event.FACTOR_DISABLED if isinstance(closed, Disabled) else Event.FACTOR_BLOCKED
        about = None if admitted.subject.startswith(NOBODY) else admitted.subject
        parts.audit.record(event, account=about, source=origin.source, factor=admitted.factor.value)


def admit_stranger(parts: Parts, subject: str, factor: Factor, origin: Origin) -> Admitted | Throttled:
    """Count one try of somebody who speaks for no account yet: a sign-up, a forgotten password, a stop code."""
    match parts.throttle.admit(subject, factor, origin, known=False, stranger=True):
        case Admitted() as admitted:
            return admitted
        case Wait() as wait:
            return Throttled(timedelta(seconds=wait.seconds))
        case OnlyKnown() | Disabled():
            return Throttled(LONGEST_WAIT)
        case other:
            assert_never(other)
