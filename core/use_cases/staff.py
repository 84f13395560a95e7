"""Admins: who is staff, with which roles, and who is let into the console. All staff are told of every change."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.accounts import Account, Grant, Role, address_problem
from core.audit import Event
from core.notices import case_letters
from core.secret import Secret
from core.staff import Right, admitted
from core.use_cases.console import Worker, never_fresh, worker
from core.use_cases.desk_acts import Refused
from core.use_cases.outcomes import Done, Invalid, NotNow, Over
from core.use_cases.parts import Parts
from core.use_cases.standing import hold, named
from core.use_cases.telling import tell_staff

INVITATION_LIFE = timedelta(days=14)
ANOTHER_ADMIN = NotNow("Your own roles are changed by another admin.")
NO_LONGER_STAFF = "no longer staff"
"""Why a session ended, as it is recorded."""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One of the staff."""

    account_id: str
    name: str
    grants: tuple[Grant, ...]
    two_factor: bool
    admitted: bool
    why_not: str
    """Why they are not let into the console; empty when they are."""


@dataclass(frozen=True, slots=True)
class StaffInvited:
    """An invitation to sign up with a role, to be handed to one person."""

    code: Secret = field(repr=False)
    until: datetime


class Staff:
    """Invites staff, gives and takes roles, disables and readmits; nothing in cases."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list(self, ticket: Secret) -> tuple[StaffLine, ...] | NotNow | Over:
        """Everybody with a role."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.SEE_STAFF)
            if not isinstance(found, Worker):
                return never_fresh(found)
            return tuple(self._line(account) for account in parts.accounts.staff())

    def _line(self, account: Account) -> StaffLine:
        let_in = admitted(account, self._parts.staff_room.readmission(account.id))
        why = ""
        if not let_in:
            why = "two-factor authentication is off" if not account.two_factor_on else "waits to be readmitted"
            why = "the account is locked" if account.locked_at is not None else why
        return StaffLine(account.id, account.name, account.grants, account.two_factor_on, let_in, why)

    def invite(self, ticket: Secret, address: str, role: Role) -> StaffInvited | Refused:
        """An invitation to sign up as `role`; the role settles for 7 days before it verifies and approves."""
        parts, address = self._parts, address.strip()
        problem = address_problem(address)
        if problem is not None:
            return Invalid("address", problem)
        if role is Role.MEMBER:
            return Invalid("role", "Choose a staff role.")
        with parts.storage.unit():
            found = worker(parts, ticket, Right.INVITE, holding=True)
            if not isinstance(found, Worker):
                return found
            until = parts.clock() + INVITATION_LIFE
            code = parts.invitations.make(by=found.id, until=until, role=role, address=address)
            parts.audit.record(Event.INVITED, actor=found.id, source=found.session.source, role=role.value)
            return StaffInvited(code, until)

    def give_role(self, ticket: Secret, name: str, role: Role) -> Done | Refused:
        """Give a role; it counts at once, but for verifying and approving after 7 days."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, name, Right.CHANGE_ROLES)
            if not isinstance(at, tuple):
                return at
            found, account = at
            if role is Role.MEMBER or account.grant(role) is not None:
                return Invalid("role", "They have that role already.")
            trust_newcomer(parts, account, by=found.id)
            parts.accounts.grant(account, role, by=found.id)
            self._tell(found, account, Event.ROLE_GIVEN, f"{account.name} was given the role {role.value}", role)
            return Done()

    def take_role(self, ticket: Secret, name: str, role: Role) -> Done | Refused:
        """Take a role away; they are out of whatever it allowed at their next action."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, name, Right.CHANGE_ROLES)
            if not isinstance(at, tuple):
                return at
            found, account = at
            if account.grant(role) is None:
                return Invalid("role", "They do not have that role.")
            if not parts.accounts.revoke(account, role).is_staff:
                parts.sessions.end_all(account.id, reason=NO_LONGER_STAFF)
            self._tell(found, account, Event.ROLE_TAKEN, f"the role {role.value} was taken from {account.name}", role)
            return Done()

    def disable(self, ticket: Secret, name: str) -> Done | Refused:
        """Take every role away and end every session; the account stays a member's."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, name, Right.DISABLE)
            if not isinstance(at, tuple):
                return at
            found, account = at
            if not account.is_staff:
                return Invalid("name", "That account has no role.")
            for grant in account.grants:
                account = parts.accounts.revoke(account, grant.role)
            parts.sessions.end_all(account.id, reason=NO_LONGER_STAFF)
            self._tell(found, account, Event.STAFF_DISABLED, f"{account.name} is no longer staff")
            return Done()

    def readmit(self, ticket: Secret, name: str) -> Done | Refused:
        """Let somebody whose 2FA was set up anew into the console again, with this device and no other."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, name, Right.READMIT)
            if not isinstance(at, tuple):
                return at
            found, account = at
            refused = readmitted(parts, account, by=found.id)
            if refused is not None:
                return refused
            self._tell(found, account, Event.STAFF_READMITTED, f"{account.name} was let into the console again")
            return Done()

    def _at(self, ticket: Secret, name: str, right: Right) -> tuple[Worker, Account] | Refused:
        parts = self._parts
        found = worker(parts, ticket, right, holding=True)
        if not isinstance(found, Worker):
            return found
        seen = named(parts, name)
        account = hold(parts, seen.id) if seen is not None else None
        if not isinstance(account, Account):
            return Invalid("name", "There is no account of that name.")
        return ANOTHER_ADMIN if account.id == found.id else (found, account)

    def _tell(self, found: Worker, account: Account, event: Event, fact: str, role: Role | None = None) -> None:
        parts = self._parts
        detail = {"role": role.value} if role is not None else {}
        parts.audit.record(event, account=account.id, actor=found.id, source=found.session.source, **detail)
        tell_staff(parts, case_letters.for_staff(parts.settings.site, f"{found.account.name}: {fact}."))


def trust_newcomer(parts: Parts, account: Account, *, by: str) -> None:
    """Whoever makes `account` staff trusts it with the 2FA that it has, inside the caller's unit, before the role.

    A further role of somebody who is staff says nothing of that: see `readmitted`.
    """
    if not account.is_staff and account.two_factor_since is not None:
        parts.staff_room.readmit(account.id, account.two_factor_since, by)


def keep_trust(parts: Parts, account: Account) -> None:
    """Staff trusted with their first device are so with the one that replaces it, inside the caller's unit, before it counts.

    2FA was on all the time, and a token of the old device was shown.
    """
    if admitted(account, None):
        assert account.two_factor_since is not None
        parts.staff_room.readmit(account.id, account.two_factor_since, account.id)


def readmitted(parts: Parts, account: Account, *, by: str) -> Invalid | None:
    """Readmit `account` inside the caller's unit; why not, when it cannot be."""
    if not account.is_staff:
        return Invalid("name", "That account has no role.")
    if account.two_factor_since is None:
        return Invalid("name", "Two-factor authentication is off: they have to enable it first.")
    parts.staff_room.readmit(account.id, account.two_factor_since, by)
    return None
