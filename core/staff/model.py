"""Who among staff is let into the console, and with what their rights count. Pure rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts import Account
from core.staff.rights import RIGHTS, SETTLED, Right

FRESH_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Readmission:
    """Somebody trusted a staff account with the 2FA that it has had since `two_factor_since`."""

    account: str
    two_factor_since: datetime
    by: str
    at: datetime


def has(account: Account, right: Right, now: datetime) -> bool:
    """Whether `account` may do what `right` names at present; roles that have to settle first count where they may."""
    if account.locked_at is not None:
        return False
    holding = [grant for grant in account.grants if right in RIGHTS.get(grant.role, frozenset())]
    return any(right not in SETTLED or grant.counts(now) for grant in holding)


def why_not(account: Account, right: Right, now: datetime) -> str | None:
    """Why `account` may not do what `right` names; None when it may."""
    if has(account, right, now):
        return None
    later = [grant for grant in account.grants if right in RIGHTS.get(grant.role, frozenset())]
    if later and account.locked_at is None:
        return "Your role was given in the console: verifying and approving begins 7 days later."
    return f"Your role may not do this ({right.value})."


def admitted(account: Account, readmission: Readmission | None) -> bool:
    """Whether `account` is let into the console: with 2FA on, and the same 2FA as when somebody trusted it.

    The first device of an account is trusted. Staff whose 2FA was switched off enrol again, and are out until another
    admin or the operator readmits them; a further role does not.
    """
    since = account.two_factor_since
    if since is None or not account.grants or account.probation is not None or account.locked_at is not None:
        return False
    return account.enrolments <= 1 or (readmission is not None and readmission.two_factor_since == since)
