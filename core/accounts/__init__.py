"""Accounts: names that are never used twice, one address each, a password, roles, and one MAC over all that counts."""

from core.accounts import passwords
from core.accounts.hashing import Hasher
from core.accounts.invitations import Invitations
from core.accounts.model import (
    ADDRESS_FROZEN,
    FORMER_ADDRESS_KEPT,
    HOST,
    OWNERS_LOCKS,
    Account,
    AddressTaken,
    Damaged,
    Grant,
    Invitation,
    Lock,
    NameTaken,
    Probation,
    Role,
    address_problem,
    name_problem,
    new_account,
)
from core.accounts.passwords import Strength
from core.accounts.repository import Accounts, unless_lost

__all__ = [
    "ADDRESS_FROZEN",
    "FORMER_ADDRESS_KEPT",
    "HOST",
    "OWNERS_LOCKS",
    "Account",
    "Accounts",
    "AddressTaken",
    "Damaged",
    "Grant",
    "Hasher",
    "Invitation",
    "Invitations",
    "Lock",
    "NameTaken",
    "Probation",
    "Role",
    "Strength",
    "address_problem",
    "name_problem",
    "new_account",
    "passwords",
    "unless_lost",
]
