"""What can be read of accounts and done with them, inside the caller's unit."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from peewee import JOIN, PostgresqlDatabase, fn

from core.accounts.covering import PLAIN, account_parts
from core.accounts.model import (
    HOST,
    Account,
    AddressTaken,
    Damaged,
    Grant,
    NameTaken,
    Probation,
    Role,
    folded,
    new_account,
)
from core.accounts.tables import AccountRow, NameRow, RoleRow
from core.clock import EPOCH, Clock
from core.errors import Conflict
from core.storage import savepoint
from core.storage.rows import database_of_the_unit
from core.tokens import Tokens
from core.vault import Vault

_UNREADABLE = (OverflowError, TypeError, ValueError)
_FIXED = frozenset({"id", "name", "grants", "created_at", "version"})


class Accounts:
    """Every account, each under a MAC: a row or a role that was changed behind our back reads as `Damaged`.

    A whole row put back as it was once, with its roles, cannot be told from the present one by itself: its MAC is
    genuine. What else is stored tells: an enrolled device beside 2FA off, which the use cases take for damaged (`hold`
    in `standing.py`), and the sealed audit trail.
    """

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens
        self._nobody = {
            name: getattr(AccountRow, name).db_value(value) for name, value in self._columns(_NOBODY).items()
        }

    def new_id(self) -> str:
        """An id for an account to come: its password is sealed for it before it is registered."""
        return self._tokens.identifier()

    def register(
        self,
        account_id: str,
        name: str,
        address: str,
        password_hash: bytes,
        *,
        roles: Iterable[Role] = (),
        by: str = HOST,
    ) -> Account | NameTaken:
        """Make the account: 2FA off, the address not confirmed. `by` gave its roles (an account's id, or `host`)."""
        now = self._clock()
        taken = NameRow.insert(name=name, taken_at=now).on_conflict_ignore().as_rowcount().execute()
        if taken == 0:
            return NameTaken()
        grants = tuple(Grant(role, now, by) for role in sorted(set(roles) - {Role.MEMBER}))
        account = new_account(account_id, name, address, password_hash, grants, now)
        AccountRow.insert(**self._columns(account)).execute()
        for grant in account.grants:
            RoleRow.insert(account=account.id, role=grant.role.value, since=grant.since, by=grant.by).execute()
        return account

    def get(self, account_id: str, *, hold: bool = False) -> Account | Damaged | None:
        """The account with that id; `hold` keeps everybody else from changing it until the unit ends."""
        if hold:
            _hold(account_id)
        return self._one(AccountRow.id == account_id)

    def by_name(self, name: str) -> Account | Damaged | None:
        """The account of that name; None when there is none (or none any more)."""
        return self._one(AccountRow.name == name)

    def by_confirmed_address(self, address: str) -> Account | Damaged | None:
        """The one account that confirmed `address`, in whatever case it is written."""
        return self._one(AccountRow.confirmed_address == folded(address))

    def page(self, *, prefix: str = "", after: str = "", limit: int = 50) -> list[Account | Damaged]:
        """Accounts whose name begins with `prefix`, by name, those behind the name `after`."""
        first = AccountRow.name >= prefix if prefix > after else AccountRow.name > after
        named = AccountRow.select(AccountRow.name).where(first)
        if prefix:
            named = named.where(AccountRow.name < prefix + "\x7f")
        page = named.order_by(AccountRow.name).limit(limit).alias("page")
        last = AccountRow.select(fn.MAX(page.c.name)).from_(page)
        return self._many(first & (AccountRow.name <= last))  # one bound at each end: SQLite seeks to one only

    def page_by_address(self, prefix: str, *, limit: int = 50) -> list[Account | Damaged]:
        """Accounts whose present address, confirmed or not, begins with `prefix`, by name."""
        start = folded(prefix)
        inside = (AccountRow.address_folded >= start) & (AccountRow.address_folded < start + "\x7f")
        wanted = AccountRow.select(AccountRow.id).where(inside).order_by(AccountRow.address_folded).limit(limit)
        return self._many(AccountRow.id.in_(wanted))

    def staff(self, role: Role | str | None = None) -> list[Account]:
        """Accounts that hold `role`, or any staff role, by name; damaged ones are nobody's staff."""
        holding = RoleRow.select(RoleRow.account)
        if role is not None:
            holding = holding.where(RoleRow.role == Role(role))
        found = self._many(AccountRow.id.in_(holding))
        return [account for account in found if isinstance(account, Account)]

    def addresses(self, account: Account) -> tuple[str, ...]:
        """Every confirmed address that notices go to: the present one, and one replaced in the last 30 days."""
        present = (account.address,) if account.address_confirmed_at is not None else ()
        still = account.former_until is not None and account.former_until > self._clock()
        former = (account.former_address,) if account.former_address is not None and still else ()
        return tuple(dict.fromkeys(present + former))

    def change(self, account: Account, **columns: Any) -> Account | None:
        """`account` with `columns` changed and its MAC made anew; None when somebody else changed it first.

        The address is confirmed by `confirm_address`; roles go through `grant` and `revoke`.
        """
        if _FIXED & columns.keys():
            raise TypeError(f"not changed this way: {sorted(_FIXED & columns.keys())}")
        changed = replace(account, **columns)
        if changed.address_confirmed_at is not None and (
            account.address_confirmed_at is None or folded(changed.address) != folded(account.address)
        ):
            raise TypeError("an address is confirmed by confirm_address")
        return self._write(account, changed)

    def confirm_address(self, account: Account, address: str | None = None) -> Account | AddressTaken:
        """The present address, or `address` in its place, as confirmed now, unless another account confirmed it.

        Raises Conflict when somebody else changed the account first.
        """
        confirmed = replace(account, address=address or account.address, address_confirmed_at=self._clock())
        try:
            with savepoint():  # the refusal must not end the unit
                changed = self._write(account, confirmed)
        except Conflict:
            return AddressTaken()
        return unless_lost(changed)

    def grant(self, account: Account, role: Role, by: str) -> Account:
        """`account` with `role`, given now by the account `by` or the `host`.

        Raises Conflict when somebody else changed the account first.
        """
        if role is Role.MEMBER or account.grant(role) is not None:
            return account
        given = Grant(role, self._clock(), by)
        changed = unless_lost(self._write(account, replace(account, grants=(*account.grants, given))))
        RoleRow.insert(account=account.id, role=role.value, since=given.since, by=by).execute()
        return changed

    def revoke(self, account: Account, role: Role) -> Account:
        """`account` without `role`; raises Conflict when somebody else changed it first."""
        if account.grant(role) is None:
            return account
        kept = tuple(grant for grant in account.grants if grant.role is not role)
        changed = unless_lost(self._write(account, replace(account, grants=kept)))
        RoleRow.delete().where(RoleRow.account == account.id, RoleRow.role == role.value).execute()
        return changed

    def _write(self, before: Account, after: Account) -> Account | None:
        after = replace(after, version=before.version + 1)
        same = (AccountRow.id == before.id) & (AccountRow.version == before.version)
        written = AccountRow.update(**self._columns(after)).where(same).execute()
        return after if written else None

    def _columns(self, account: Account) -> dict[str, Any]:
        probation = account.probation
        columns = {name: getattr(account, name) for name in PLAIN}
        columns["address_folded"] = folded(account.address)
        columns["confirmed_address"] = folded(account.address) if account.address_confirmed_at is not None else None
        columns["probation_by"] = probation.by if probation else None
        columns["probation_since"] = probation.since if probation else None
        columns["probation_session"] = probation.session if probation else None
        columns["mac"] = self._vault.mac("account", *account_parts(columns, account.grants))
        return columns

    def _one(self, condition: Any) -> Account | Damaged | None:
        found = self._many(condition)
        if found:
            return found[0]
        self._read({name: getattr(AccountRow, name).python_value(kept) for name, kept in self._nobody.items()}, [])
        return None  # after the work of reading an account, so that nobody's name takes as long as somebody's

    def _many(self, condition: Any) -> list[Account | Damaged]:
        """Accounts by name; where a forged row cannot even be read, the others are."""
        try:
            return self._together(condition)
        except _UNREADABLE:
            rows: Any = AccountRow.select(AccountRow.id, AccountRow.name).where(condition).order_by(AccountRow.name)
            return [self._alone(account_id, name) for account_id, name in rows.tuples()]

    def _alone(self, account_id: str, name: str) -> Account | Damaged:
        try:
            found = self._together(AccountRow.id == account_id)
        except _UNREADABLE:
            return Damaged(account_id, name)
        return found[0] if found else Damaged(account_id, name)

    def _together(self, condition: Any) -> list[Account | Damaged]:
        """Accounts with their roles in one statement: two would see two moments on PostgreSQL."""
        rows: Any = (
            AccountRow.select(AccountRow, RoleRow.role, RoleRow.since, RoleRow.by)
            .join(RoleRow, JOIN.LEFT_OUTER, on=(RoleRow.account == AccountRow.id))
            .where(condition)
            .order_by(AccountRow.name, RoleRow.role)
            .dicts()
        )
        found: dict[str, tuple[dict[str, Any], list[Grant | None]]] = {}
        for row in rows:
            _, grants = found.setdefault(row["id"], (row, []))
            if row["role"] is not None:
                grants.append(_grant(row))
        return [self._read(row, grants) for row, grants in found.values()]

    def _read(self, row: dict[str, Any], grants: list[Grant | None]) -> Account | Damaged:
        held = tuple(grant for grant in grants if grant is not None)
        genuine = len(held) == len(grants) and self._vault.mac_matches(row["mac"], "account", *account_parts(row, held))
        if not genuine:
            return Damaged(row["id"], row["name"], row["password_hash"])
        probation = None
        if row["probation_by"] is not None:
            probation = Probation(row["probation_by"], row["probation_since"], row["probation_session"])
        return Account(**{name: row[name] for name in PLAIN}, grants=held, probation=probation)


_NOBODY = replace(
    new_account("0" * 32, "nobody", "nobody@nowhere.invalid", bytes(129), (), EPOCH), address_confirmed_at=EPOCH
)
"""Read where nobody is found."""


def _grant(row: dict[str, Any]) -> Grant | None:
    """The role in `row`, None when it is none of ours."""
    known = row["role"] in set(Role) - {Role.MEMBER}
    return Grant(Role(row["role"]), row["since"], row["by"]) if known else None


def unless_lost(changed: Account | None) -> Account:
    """`changed`; raises Conflict when there is none, because somebody else changed the account first."""
    if changed is None:
        raise Conflict("Somebody else changed this account at the same moment. Nothing was changed; try again.")
    return changed


def _hold(account_id: str) -> None:
    """Lock the row until the unit ends: a SQLite unit holds the whole database already.

    Not against new rows that refer to it, so that a session can be opened meanwhile.
    """
    if isinstance(database_of_the_unit(), PostgresqlDatabase):
        row: Any = AccountRow.select(AccountRow.id).where(AccountRow.id == account_id)
        row.for_update("FOR NO KEY UPDATE").execute()
