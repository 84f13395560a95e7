"""The ways back into an account when the device is lost, and from when each counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.accounts import Account
from core.cases import Kind
from core.use_cases.parts import Parts

UNCONFIRMED = "none; confirm your address"
"""The notices of a case go to a confirmed address, and without them none is completed."""


class Way(StrEnum):
    """What gets the owner back in."""

    BACKUP_CODE = "backup code"
    SSH_KEY = "SSH key"
    MAIL = "mail"
    PERSON = "in person"


@dataclass(frozen=True, slots=True)
class WayBack:
    """One way back: whether it is there, and from when it counts."""

    kind: Way
    ready: bool
    sentence: str
    """Its state in plain words, or what to do to have it."""
    counts_from: datetime | None = None
    """When it begins to count, None when it counts now or is not there."""


def ways_back(parts: Parts, account: Account) -> list[WayBack]:
    """Every way back of `account` under the policy of this site, inside the caller's unit, surest first."""
    ways = [_backup_code(parts, account), _ssh_key(parts, account), _mail(parts, account)]
    if parts.policy.route(Kind.PERSON).enabled:
        barred = _barred(parts, account, Kind.PERSON)
        ways.append(WayBack(Way.PERSON, ready=not barred, sentence=barred or "ready, where staff can see you"))
    return ways


def _backup_code(parts: Parts, account: Account) -> WayBack:
    stored = parts.backup_codes.current(account.id)
    if stored is None or stored.used_at is not None or not account.two_factor_on:
        return WayBack(Way.BACKUP_CODE, ready=False, sentence="none; two-factor authentication makes one")
    return WayBack(Way.BACKUP_CODE, ready=True, sentence="ready, works once")


def _ssh_key(parts: Parts, account: Account) -> WayBack:
    barred = _barred(parts, account, Kind.KEY)
    keys = [key for key in parts.ssh_keys.of(account.id) if key.with_two_factor]
    if barred is None and not keys:
        barred = "none; add one under SSH keys while 2FA is on"
    if barred is not None:
        return WayBack(Way.SSH_KEY, ready=False, sentence=barred)
    return _from(parts, Way.SSH_KEY, min(key.added_at for key in keys) + parts.policy.route(Kind.KEY).age)


def _mail(parts: Parts, account: Account) -> WayBack:
    barred = _barred(parts, account, Kind.MAIL)
    if barred is None and account.password_by_mail and account.password_proved_at is None:
        barred = "none; sign in once with password and token"
    since = account.address_confirmed_at
    if barred is not None or since is None:
        return WayBack(Way.MAIL, ready=False, sentence=barred or UNCONFIRMED)
    if account.password_by_mail and account.password_proved_at is not None:
        since = max(since, account.password_proved_at)
    start = since + parts.policy.route(Kind.MAIL).age
    return _from(parts, Way.MAIL, max(start, account.contested_until or start))


def _barred(parts: Parts, account: Account, kind: Kind) -> str | None:
    """Why no case of `account` could be completed by `kind` now, whatever evidence there is."""
    if not parts.policy.route(kind).enabled:
        return "not at this site"
    if account.address_confirmed_at is None:
        return UNCONFIRMED
    if not parts.settings.mail_delivers:
        return "not yet: no mail leaves this machine"
    return None


def _from(parts: Parts, way: Way, start: datetime) -> WayBack:
    if start <= parts.clock():
        return WayBack(way, ready=True, sentence="ready, a person checks it")
    return WayBack(way, ready=True, sentence="counts later", counts_from=start)
