"""Notices: queued in the unit of the fact that they tell."""

from datetime import datetime, timedelta

from core.accounts import Account, Role
from core.notices import Letter
from core.use_cases.parts import Parts

STOP_CODE_LIFE = timedelta(days=7)


def tell(
    parts: Parts, account: Account, letter: Letter, *, group: str | None = None, due: datetime | None = None
) -> int:
    """Queue `letter` for every confirmed address of `account`: the present one, and those replaced in the last 30 d.

    To how many that is; none while no address is confirmed.
    """
    addresses = parts.accounts.addresses(account)
    for address in addresses:
        parts.notices.post(letter, to=address, account=account.id, group=group, due=due)
    return len(addresses)


def tell_leads(parts: Parts, letter: Letter) -> None:
    """Queue `letter` for every lead."""
    for lead in parts.accounts.staff(Role.LEAD):
        tell(parts, lead, letter)


def tell_staff(parts: Parts, letter: Letter) -> None:
    """Queue `letter` for everybody with a staff role."""
    for one in parts.accounts.staff():
        tell(parts, one, letter)
