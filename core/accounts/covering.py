"""What the MACs over accounts and invitations cover, in an order that never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from core.accounts.model import Account, Grant
from core.vault import Part

PLAIN = tuple(column.name for column in fields(Account) if column.name not in {"grants", "probation"})
"""The fields of an account that are columns under the same name."""

_ACCOUNT = sorted({*PLAIN, "confirmed_address", "probation_by", "probation_since", "probation_session"} - {"theme"})
_INVITATION = ("id", "code", "role", "address", "by", "made_at", "until")


def account_parts(row: Mapping[str, Any], grants: Iterable[Grant]) -> list[Part]:
    """An account's columns but for the theme, and the roles that it holds."""
    held = sorted((grant.role.value, grant.since, grant.by) for grant in grants)
    return [*(row[name] for name in _ACCOUNT), len(held), *(part for grant in held for part in grant)]


def invitation_parts(row: Mapping[str, Any]) -> list[Part]:
    """An invitation's columns, but for when it was used."""
    return [row[name] for name in _INVITATION]
