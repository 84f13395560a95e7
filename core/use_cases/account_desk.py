"""Staff look accounts up, lock and unlock them, void a leaked backup code, lift blocks.

Secrets are never shown, and nothing here lets staff choose a password or a factor (ASVS 6.4.6).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from core.accounts import Account, Damaged, Lock, Probation, Role
from core.audit import Entry, Event
from core.backup_code import State as CodeState
from core.cases import CONTACT_LIMIT, shown_reference
from core.notices import case_letters
from core.secret import Secret
from core.staff import Right, why_not
from core.text import TextProblem, accept
from core.throttle import Factor, Standing
from core.use_cases.console import Worker, never_fresh, worker
from core.use_cases.desk import Desk
from core.use_cases.desk_acts import Refused
from core.use_cases.desk_rules import DAMAGED_ACCOUNT, case_of
from core.use_cases.desk_view import CaseLine, masked
from core.use_cases.outcomes import Done, Invalid, NeedsFresh, NotNow, Over
from core.use_cases.parts import Parts
from core.use_cases.standing import change, hold, seen
from core.use_cases.telling import tell
from core.use_cases.ways_back import WayBack, ways_back

FOUND = 50
ID = re.compile("[0-9a-f]{32}")
NO_ACCOUNT = NotNow("There is no such account.")
STAFF_BY_ADMIN = NotNow("Staff accounts are disabled by an admin, and recovered by the operator.")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account that was found."""

    account_id: str
    name: str
    two_factor: bool
    locked: bool
    staff: bool
    damaged: bool
    live_case: str | None
    """The reference of its live case."""


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as staff see it: state, never a secret."""

    account_id: str
    name: str
    damaged: bool
    address: str = field(repr=False)
    """Masked."""
    address_confirmed_at: datetime | None
    created_at: datetime | None
    roles: frozenset[Role]
    two_factor_since: datetime | None
    backup_code: CodeState
    locked_at: datetime | None
    lock_reason: str = field(repr=False)
    """As staff wrote it, if it was they who locked."""
    contested_until: datetime | None
    probation: Probation | None
    sessions: int
    keys: int
    blocks: tuple[Standing, ...]
    ways: tuple[WayBack, ...]
    cases: tuple[CaseLine, ...]
    history: tuple[Entry, ...]
    """The newest of it."""
    acts: tuple[tuple[Right, str], ...]
    """What can be done here, and why not; an empty sentence when it can."""


class AccountDesk:
    """Accounts, for those of the staff who may."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self._parts = parts
        self._desk = desk

    def find(self, ticket: Secret, text: str) -> tuple[AccountLine, ...] | NotNow | Over:
        """Accounts whose name or address begins with `text`, or that of a case's reference."""
        parts, wanted = self._parts, text.strip().lower()
        with parts.storage.unit():
            found = worker(parts, ticket, Right.LOOK_UP)
            if not isinstance(found, Worker):
                return never_fresh(found)
            if not wanted or not (wanted.isascii() and wanted.isprintable()):
                return ()
            case = case_of(parts, wanted) if wanted.startswith("lw") else None
            accounts: list[Account | Damaged] = []
            if case is not None:
                accounts += [account for account in (parts.accounts.get(case.account),) if account is not None]
            if "@" not in wanted:
                accounts += parts.accounts.page(prefix=wanted, limit=FOUND)
            if len(accounts) < FOUND:
                accounts += parts.accounts.page_by_address(wanted, limit=FOUND)
            unique = {account.id: account for account in accounts}
            shown = list(unique.values())[:FOUND]
            live = parts.cases.live_references(account.id for account in shown)
            return tuple(_line(account, live.get(account.id)) for account in shown)

    def card(self, ticket: Secret, account_id: str, *, peek: bool = False) -> AccountCard | NotNow | Over:
        """One account; that staff looked is recorded, and its owner sees it. `peek`: for the refresh."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.LOOK_UP, peek=peek)
            if not isinstance(found, Worker):
                return never_fresh(found)
            account = seen(parts, account_id) if ID.fullmatch(account_id) else None
            if account is None:
                return NO_ACCOUNT
            if not peek:
                parts.audit.record(Event.STAFF_LOOKED, account=account_id, actor=found.id, source=found.session.source)
            return self._card(found.account, account)

    def history(self, ticket: Secret, account_id: str, before: Entry) -> tuple[Entry, ...] | NotNow | Over:
        """What happened to the account of a card before that entry, newest first, fifty at a time."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.LOOK_UP)
            if not isinstance(found, Worker):
                return never_fresh(found)
            return tuple(parts.audit.history(account_id, before=before, reasons=True))

    def unmask(self, ticket: Secret, account_id: str) -> str | Refused:
        """The address in full; recorded."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, account_id, Right.UNMASK)
            if not isinstance(at, _At):
                return at
            self._record(at, Event.STAFF_UNMASKED)
            return at.account.address

    def lock(self, ticket: Secret, account_id: str, reason: str) -> Done | Refused:
        """Lock the account and end its sessions."""
        parts = self._parts
        accepted = _reason(reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, account_id, Right.LOCK)
            if not isinstance(at, _At):
                return at
            if at.account.is_staff:
                return STAFF_BY_ADMIN
            if at.account.locked_at is not None:
                return NotNow("The account is locked already.")
            changed = change(parts, at.account, locked_at=parts.clock(), lock_reason=Lock.BY_STAFF.value)
            parts.sessions.end_all(changed.id, reason="locked by staff")
            parts.sessions.end_sign_ins(changed.id)
            self._record(at, Event.ACCOUNT_LOCKED, accepted)
            tell(parts, changed, case_letters.locked(parts.settings.site, changed.name))
            return Done()

    def unlock(self, ticket: Secret, account_id: str, reason: str) -> Done | Refused:
        """Unlock the account, for whoever was found to be its owner."""
        parts = self._parts
        accepted = _reason(reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, account_id, Right.LOCK)
            if not isinstance(at, _At):
                return at
            if at.account.locked_at is None:
                return NotNow("The account is not locked.")
            changed = change(parts, at.account, locked_at=None, lock_reason="")
            self._record(at, Event.ACCOUNT_UNLOCKED, accepted)
            tell(parts, changed, case_letters.unlocked(parts.settings.site, changed.name))
            return Done()

    def void_backup_code(self, ticket: Secret, account_id: str, reason: str) -> Done | Refused:
        """Make a leaked backup code worthless; 2FA stays on."""
        parts = self._parts
        accepted = _reason(reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, account_id, Right.VOID_BACKUP_CODE)
            if not isinstance(at, _At):
                return at
            if not parts.backup_codes.void(account_id):
                return NotNow("There is no backup code that could be made void.")
            self._record(at, Event.BACKUP_CODE_VOIDED, accepted)
            tell(parts, at.account, case_letters.backup_code_voided(parts.settings.site, at.account.name))
            return Done()

    def lift(self, ticket: Secret, account_id: str, factor: Factor | None = None) -> Done | Refused:
        """Clear the failures at one factor, or at all."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, account_id, Right.LIFT_BLOCKS)
            if not isinstance(at, _At):
                return at
            if not parts.throttle.lift(account_id, factor):
                return NotNow("There is no block to lift.")
            self._record(at, Event.BLOCK_LIFTED, factor=factor.value if factor is not None else "all")
            return Done()

    def _at(self, ticket: Secret, account_id: str, right: Right) -> "_At | NotNow | NeedsFresh | Over":
        parts = self._parts
        found = worker(parts, ticket, right)
        if not isinstance(found, Worker):
            return found
        account = hold(parts, account_id) if ID.fullmatch(account_id) else None
        if account is None:
            return NO_ACCOUNT
        if isinstance(account, Damaged):
            return NotNow(DAMAGED_ACCOUNT)
        if account.id == found.id and right is not Right.UNMASK:
            return NotNow("This is your own account: somebody else has to do it.")
        return _At(found, account)

    def _record(self, at: "_At", event: Event, reason: str = "", **detail: str) -> None:
        self._parts.audit.record(
            event, reason, account=at.account.id, actor=at.worker.id, source=at.worker.session.source, **detail
        )

    def _card(self, me: Account, found: Account | Damaged) -> AccountCard:
        parts, now = self._parts, self._parts.clock()
        account = found if isinstance(found, Account) else None
        rights = (Right.UNMASK, Right.LOCK, Right.VOID_BACKUP_CODE, Right.LIFT_BLOCKS)
        return AccountCard(
            account_id=found.id,
            name=found.name,
            damaged=account is None,
            address=masked(account.address) if account else "",
            address_confirmed_at=account.address_confirmed_at if account else None,
            created_at=account.created_at if account else None,
            roles=account.roles if account else frozenset(),
            two_factor_since=account.two_factor_since if account else None,
            backup_code=parts.backup_codes.state(found.id),
            locked_at=account.locked_at if account else None,
            lock_reason=self._lock_reason(account) if account else "",
            contested_until=account.contested_until if account else None,
            probation=account.probation if account else None,
            sessions=len(parts.sessions.live(found.id)),
            keys=len(parts.ssh_keys.of(found.id)),
            blocks=tuple(parts.throttle.standing(found.id)),
            ways=tuple(ways_back(parts, account)) if account else (),
            cases=self._desk.lines_of(found.id, me),
            history=tuple(parts.audit.history(found.id, reasons=True)),
            acts=tuple((right, why_not(me, right, now) or "") for right in rights),
        )

    def _lock_reason(self, account: Account) -> str:
        if account.lock_reason != Lock.BY_STAFF:
            return account.lock_reason
        locks = self._parts.audit.search(account=account.id, event=Event.ACCOUNT_LOCKED, limit=1, reasons=True)
        return next((lock.reason for lock in locks if lock.reason), account.lock_reason)


@dataclass(frozen=True, slots=True)
class _At:
    """Somebody of the staff, and the account before them, held."""

    worker: Worker
    account: Account


def _line(account: Account | Damaged, live: str | None) -> AccountLine:
    reference = shown_reference(live) if live is not None else None
    if isinstance(account, Damaged):
        return AccountLine(account.id, account.name, False, True, False, True, reference)
    locked = account.locked_at is not None
    return AccountLine(account.id, account.name, account.two_factor_on, locked, account.is_staff, False, reference)


def _reason(text: str) -> str | Invalid:
    accepted = accept(text, limit=CONTACT_LIMIT)
    if isinstance(accepted, TextProblem):
        return Invalid("reason", str(accepted))
    return accepted or Invalid("reason", "Type a reason: it becomes part of the record.")
