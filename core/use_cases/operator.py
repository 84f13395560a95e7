"""What the operator does on the host: make and list accounts, invite, verify the audit trail, look at the mail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.accounts import HOST, Account, Damaged, NameTaken, Role, address_problem, name_problem, passwords
from core.audit import Event, Verdict
from core.backup_code import State
from core.cases import Case, Evidence, Filter, RouteStanding
from core.notices import Listed, case_letters
from core.secret import Secret
from core.text import TextProblem, accept
from core.use_cases.audit_desk import verified
from core.use_cases.case_course import routes
from core.use_cases.completing import advance
from core.use_cases.desk_rules import case_of
from core.use_cases.outcomes import Invalid
from core.use_cases.parts import Parts
from core.use_cases.sign_up import NAME_TAKEN, send_address_code
from core.use_cases.staff import NO_LONGER_STAFF, readmitted, trust_newcomer
from core.use_cases.standing import change, hold, named, seen
from core.use_cases.telling import tell, tell_staff

INVITATION_LIFE = timedelta(days=14)
PAGE = 500
"""Accounts read in one unit while listing."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the operator sees it: never a secret, a hash or a code."""

    account: Account | Damaged
    backup_code: State
    sessions: int
    keys: int


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, to be handed to one person."""

    code: Secret = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the operator sees it; what people wrote is left out."""

    case: Case
    account_name: str
    routes: tuple[RouteStanding, ...]
    evidence: tuple[Evidence, ...]


class _AddressInUse(Exception):
    """Takes back the unit that made an account."""


class Operator:
    """The operator's use cases; the right to them is the right to read the home folder."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_account(
        self, name: str, address: str, password: Secret, *, confirmed: bool, roles: frozenset[Role]
    ) -> Account | Invalid:
        """Make an account; a role given here counts at once."""
        parts = self._parts
        name, address = name.strip().lower(), address.strip()
        checks = (
            ("name", name_problem(name)),
            ("address", address_problem(address)),
            (
                "password",
                passwords.problem(
                    password,
                    name=name,
                    address=address,
                    site=parts.settings.site,
                    least=parts.settings.password_min,
                ),
            ),
        )
        for what, problem in checks:
            if problem is not None:
                return Invalid(what, problem)
        account_id = parts.accounts.new_id()
        hashed = parts.hasher.hash(password, account_id, "password")
        try:
            with parts.storage.unit():
                account = parts.accounts.register(account_id, name, address, hashed, roles=roles)
                if isinstance(account, NameTaken):
                    return NAME_TAKEN
                parts.audit.record(Event.ACCOUNT_CREATED, account=account.id, actor=HOST)
                for role in sorted(roles - {Role.MEMBER}):
                    parts.audit.record(Event.ROLE_GIVEN, account=account.id, actor=HOST, role=role.value)
                if confirmed:
                    return self._confirmed(account)
                send_address_code(parts, account, address)
                return account
        except _AddressInUse:
            return Invalid("address", "Another account confirmed this address, so no account was made.")

    def _confirmed(self, account: Account) -> Account:
        settled = self._parts.accounts.confirm_address(account)
        if not isinstance(settled, Account):
            raise _AddressInUse
        self._parts.audit.record(Event.ADDRESS_CONFIRMED, account=account.id, actor=HOST)
        return settled

    def show(self, name: str) -> AccountFacts | None:
        """The facts of one account; None when there is none of that name."""
        with self._parts.storage.unit():
            account = named(self._parts, name)
            return None if account is None else self._facts(account)

    def accounts(self) -> list[AccountFacts]:
        """The facts of every account, by name."""
        facts: list[AccountFacts] = []
        after = ""
        while True:
            with self._parts.storage.unit():
                page = self._parts.accounts.page(after=after, limit=PAGE)
                facts += [self._facts(account) for account in page]
            if len(page) < PAGE:
                return facts
            after = page[-1].name

    def _facts(self, account: Account | Damaged) -> AccountFacts:
        parts = self._parts
        return AccountFacts(
            seen(parts, account.id) or account,
            parts.backup_codes.state(account.id),
            len(parts.sessions.live(account.id)),
            len(parts.ssh_keys.of(account.id)),
        )

    def invite(self, address: str | None = None) -> Invited | Invalid:
        """An invitation to sign up, good once and for 14 days."""
        parts = self._parts
        problem = address_problem(address) if address else None
        if problem is not None:
            return Invalid("address", problem)
        until = parts.clock() + INVITATION_LIFE
        with parts.storage.unit():
            code = parts.invitations.make(role=None, address=address, by=HOST, until=until)
            parts.audit.record(Event.INVITED, actor=HOST)
        return Invited(code, until)

    def give_role(self, name: str, role: Role) -> Account | Invalid:
        """Give a role on the host: it counts at once; all staff are told."""
        parts = self._parts
        with parts.storage.unit():
            account = self._held(name)
            if isinstance(account, Invalid):
                return account
            if role is Role.MEMBER or account.grant(role) is not None:
                return Invalid("role", "They have that role already.")
            trust_newcomer(parts, account, by=HOST)
            changed = parts.accounts.grant(account, role, by=HOST)
            self._tell(changed, Event.ROLE_GIVEN, f"gave {account.name} the role {role.value}", role=role.value)
            return changed

    def take_role(self, name: str, role: Role) -> Account | Invalid:
        """Take a role away; all staff are told."""
        parts = self._parts
        with parts.storage.unit():
            account = self._held(name)
            if isinstance(account, Invalid):
                return account
            if account.grant(role) is None:
                return Invalid("role", "They do not have that role.")
            changed = parts.accounts.revoke(account, role)
            if not changed.is_staff:
                parts.sessions.end_all(account.id, reason=NO_LONGER_STAFF)
            self._tell(changed, Event.ROLE_TAKEN, f"took the role {role.value} from {account.name}", role=role.value)
            return changed

    def reset_two_factor(self, name: str, reason: str) -> Account | Invalid:
        """Switch a staff account's 2FA off, for whoever lost the device: the operator's way, told to all staff.

        They enrol again on the host, and stay out of the console until another admin or the operator readmits them.
        """
        parts = self._parts
        said = accept(reason, limit=200)
        if isinstance(said, TextProblem) or not said:
            return Invalid("reason", "Say why, in one line.")
        with parts.storage.unit():
            account = self._held(name)
            if isinstance(account, Invalid):
                return account
            if not account.is_staff:
                return Invalid("name", "Only staff accounts are reset here; everybody else opens a recovery case.")
            if not account.two_factor_on:
                return Invalid("name", "Two-factor authentication is off already.")
            changed = change(parts, account, two_factor_since=None, password_proved_at=None)
            parts.two_factor.erase(account.id)
            parts.backup_codes.forget(account.id)
            parts.sessions.end_all(account.id, reason="two-factor authentication reset")
            parts.sessions.end_sign_ins(account.id)
            fact = f"reset two-factor authentication of {account.name}: {said}"
            self._tell(changed, Event.TWO_FACTOR_RESET, fact, reason=said)
            tell(parts, changed, case_letters.two_factor_reset(parts.settings.site, account.name))
            return changed

    def readmit(self, name: str) -> Account | Invalid:
        """Let somebody of the staff whose 2FA was set up anew into the console again."""
        parts = self._parts
        with parts.storage.unit():
            account = self._held(name)
            if isinstance(account, Invalid):
                return account
            refused = readmitted(parts, account, by=HOST)
            if refused is not None:
                return refused
            self._tell(account, Event.STAFF_READMITTED, f"let {account.name} into the console again")
            return account

    def _held(self, name: str) -> Account | Invalid:
        parts = self._parts
        found = named(parts, name)
        account = hold(parts, found.id) if found is not None else None
        if isinstance(account, Damaged):
            return Invalid("name", "The record of that account was changed outside Lockwright.")
        return account or Invalid("name", "There is no account of that name.")

    def _tell(self, account: Account, event: Event, fact: str, *, reason: str = "", **detail: str) -> None:
        parts = self._parts
        parts.audit.record(event, reason, account=account.id, actor=HOST, **detail)
        tell_staff(parts, case_letters.for_staff(parts.settings.site, f"The operator {fact}."))

    def cases(self, *, ended: bool = False) -> list[CaseFacts]:
        """Live cases in the queue's order, or ended ones, the newest first."""
        parts = self._parts
        which = Filter.ENDED if ended else Filter.ALL
        facts: list[CaseFacts] = []
        after = None
        while True:
            with parts.storage.unit():
                page = parts.queue.page(which, me="", after=after, limit=PAGE)
                facts += [CaseFacts(case, name, (), ()) for case, name in page]
                after = parts.queue.place(page[-1][0]) if page else None
            if len(page) < PAGE:
                return facts

    def case(self, reference: str) -> CaseFacts | None:
        """One case with its routes and evidence, after everything that was due in it; None when there is none."""
        parts = self._parts
        with parts.storage.unit():
            found = case_of(parts, reference)
            looked = advance(parts, found.id) if found is not None else None
            if looked is None:
                return None
            standings = routes(parts, looked.case, looked.account) if isinstance(looked.account, Account) else ()
            evidence = tuple(parts.case_file.evidence(looked.case))
            return CaseFacts(looked.case, looked.account.name, standings, evidence)

    def verify_audit(self) -> Verdict:
        """Whether the audit trail is whole: every entry genuine, none missing, every seal in its place."""
        return verified(self._parts)

    def mail(self) -> list[Listed]:
        """Every notice in the outbox, newest first, without its body."""
        with self._parts.storage.unit():
            return self._parts.notices.listed()
