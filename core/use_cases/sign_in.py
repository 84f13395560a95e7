"""Signing in: name and password, then with 2FA on a token or the backup code (ASVS 6.3, NIST SP 800-63B-4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from core.accounts import Account, Damaged, Lock, Probation
from core.audit import Event
from core.backup_code import clean
from core.errors import HasherBusy
from core.notices import letters
from core.origin import Origin
from core.secret import Secret
from core.sessions import HalfOpen, Session, SessionKind
from core.throttle import Admitted, Disabled, Factor, OnlyKnown, Wait, nobody
from core.two_factor import Accepted
from core.use_cases.case_course import end_by_owner
from core.use_cases.outcomes import (
    Busy,
    FactorBlocked,
    Invalid,
    NotNow,
    Over,
    Throttled,
    TokenRefused,
    TokenWrong,
    Wrong,
)
from core.use_cases.parts import Parts
from core.use_cases.second_factor import check_token
from core.use_cases.standing import NO_ACCOUNT, change, hold, hold_whoever, named
from core.use_cases.telling import tell
from core.use_cases.tries import admit, is_known, settle

DAMAGED = NotNow(
    "The record of this account was changed outside Lockwright and is locked. Write to the people who run this site."
)
LOCKED = NotNow("This account is locked. Write to the people who run this site: a lead can unlock it.")
LOCKED_AFTER_RECOVERY = NotNow(
    "This account is locked: a completed recovery was stopped. With the old device, choose Stop, then Restore, on the "
    "first screen; without it, write to the people who run this site."
)
NO_SUCH_CODE = Invalid("code", "A backup code is 20 letters and digits in four groups of five.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A finished sign-in: `ticket` stands for the session from now on."""

    ticket: Secret
    session: Session
    account: Account


@dataclass(frozen=True, slots=True)
class TokenNeeded:
    """The password was right and 2FA is on: `half` stands for the half-open sign-in until `until`."""

    half: Secret
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A password try that was counted, before its hash is computed."""

    account: Account | Damaged | None
    admitted: Admitted


class SignIn:
    """The password step, the second-factor step, and the life of a session."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def with_password(
        self, name: str, password: Secret, origin: Origin
    ) -> SignedIn | TokenNeeded | Invalid | Wrong | Throttled | Busy | NotNow:
        """The password step; a wrong name and a wrong password look and take the same (ASVS 6.3.8)."""
        parts = self._parts
        name = name.strip().lower()
        if not name:
            return Invalid("name", "Type the name of your account.")
        if not password:
            return Invalid("password", "Type your password.")
        with parts.storage.unit():
            counted = self.count(name, origin)
        if not isinstance(counted, Counted):
            return counted
        account = counted.account
        stored = account.password_hash if account else None
        context = (account.id if account else "", "password")
        renewed: bytes | None = None
        try:
            right = parts.hasher.verify(stored, password, *context)
            if right and stored is not None and isinstance(account, Account) and parts.hasher.stale(stored, *context):
                renewed = parts.hasher.hash(password, *context)
        except HasherBusy as busy:
            with parts.storage.unit():
                parts.throttle.take_back(counted.admitted)
            return Busy(busy.wait)
        with parts.storage.unit():
            return self._settle(counted, origin, right=right, renewed=renewed)

    def count(self, name: str, origin: Origin) -> Counted | Throttled | NotNow:
        """Count a password try at `name`, inside the caller's unit; a name that nobody has is counted like any other."""
        parts = self._parts
        account = named(parts, name)
        subject = account.id if account is not None else nobody(name)
        known = is_known(parts, NO_ACCOUNT if account is None else account.id, origin)
        match parts.throttle.admit(subject, Factor.PASSWORD, origin, known=known):
            case Admitted() as admitted:
                return Counted(account, admitted)
            case Wait() as wait:
                return Throttled(timedelta(seconds=wait.seconds))
            case OnlyKnown():
                return NotNow(
                    "Too many wrong passwords for this name from new places. "
                    "Sign in from where you did before, offer your SSH key, or use Forgot password."
                )
            case Disabled():
                return NotNow("Too many wrong passwords for this name. Set a new one with Forgot password.")
            case other:
                assert_never(other)

    def _settle(
        self, counted: Counted, origin: Origin, *, right: bool, renewed: bytes | None
    ) -> SignedIn | TokenNeeded | Wrong | NotNow:
        parts = self._parts
        account = hold_whoever(parts, counted.account)
        before = counted.account
        right = right and account is not None and before is not None and account.password_hash == before.password_hash
        settle(parts, counted.admitted, origin, success=right)
        if isinstance(account, Damaged):
            parts.audit.record(Event.ACCOUNT_DAMAGED, account=account.id, source=origin.source)
            return DAMAGED if right else Wrong()  # it says that the name is there, so the password comes first
        if not right or account is None:
            parts.audit.record(
                Event.SIGN_IN_PASSWORD_WRONG, account=account.id if account else None, source=origin.source
            )
            return Wrong()
        if account.locked_at is not None:
            parts.audit.record(Event.SIGN_IN_REFUSED, account=account.id, source=origin.source, why="locked")
            return LOCKED_AFTER_RECOVERY if account.lock_reason == Lock.AFTER_RECOVERY else LOCKED
        if renewed is not None:
            account = change(parts, account, password_hash=renewed)
        if account.two_factor_on:
            half = parts.sessions.begin_sign_in(account.id, origin)
            return TokenNeeded(half.token, account.name, half.until)
        kind = SessionKind.FULL if account.probation is None else SessionKind.PROBATION
        return self._open(account, kind, origin, evidence=frozenset({"password"}))

    def with_token(self, half: Secret, token: str, origin: Origin) -> SignedIn | Over | TokenRefused:
        """The second-factor step with a token; each counts once (ASVS 6.5.1), three wrong ones end the half-open sign-in.

        Over once it ended, by itself after 5 minutes.
        """
        parts = self._parts
        with parts.storage.unit():
            found = self.half_open(half)
            if isinstance(found, Over):
                return found
            sign_in, account = found
            checked = check_token(parts, account, token, origin)
            if isinstance(checked, TokenWrong):
                return self.wrong_token(sign_in, account, origin)
            if not isinstance(checked, Accepted):
                return checked
            if not parts.sessions.finish_sign_in(sign_in):
                return Over()
            if account.password_proved_at is None:
                account = change(parts, account, password_proved_at=parts.clock())
            account = self._end_case(account, origin)
            return self._open(account, SessionKind.FULL, origin, evidence=frozenset({"password", "token"}))

    def wrong_token(self, sign_in: HalfOpen, account: Account, origin: Origin) -> TokenWrong:
        """Count a wrong token, inside the caller's unit; the third ends the half-open sign-in and is told."""
        parts = self._parts
        left = parts.sessions.count_wrong(sign_in)
        parts.audit.record(Event.SIGN_IN_TOKEN_WRONG, account=account.id, source=origin.source)
        if left == 0:  # somebody has the password and not the device (ASVS 6.3.5)
            tell(parts, account, letters.suspicious_sign_in(parts.settings.site, account.name, origin.source))
        return TokenWrong(left)

    def with_backup_code(
        self, half: Secret, code: Secret, origin: Origin
    ) -> SignedIn | Invalid | Wrong | Throttled | Busy | Over | FactorBlocked:
        """The second-factor step with the backup code: it is spent, 2FA goes off, and probation begins."""
        parts = self._parts
        cleaned = clean(code.reveal())
        if cleaned is None:
            return NO_SUCH_CODE
        with parts.storage.unit():
            found = self.half_open(half)
            if isinstance(found, Over):
                return found
            _, account = found
            admitted = admit(parts, account, Factor.BACKUP_CODE, origin)
            if not isinstance(admitted, Admitted):
                return admitted
            stored = parts.backup_codes.current(account.id)
        try:
            right = parts.hasher.verify(stored.hash if stored else None, Secret(cleaned), account.id, "backup code")
        except HasherBusy as busy:
            with parts.storage.unit():
                parts.throttle.take_back(admitted)
            return Busy(busy.wait)
        with parts.storage.unit():
            found = self.half_open(half)
            if isinstance(found, Over):
                return found
            _, account = found
            settle(parts, admitted, origin, success=right)
            if not right or stored is None:
                parts.audit.record(Event.SIGN_IN_BACKUP_CODE_WRONG, account=account.id, source=origin.source)
                return Wrong()
            if not parts.sessions.finish_sign_in(found[0]):
                return Over()
            if not parts.backup_codes.spend(stored):
                return Wrong()
            return self._let_in_by_backup_code(account, origin)

    def _let_in_by_backup_code(self, account: Account, origin: Origin) -> SignedIn:
        """Switch 2FA off, end every other session and begin probation, all in the unit that spent the code."""
        parts = self._parts
        account = self._end_case(account, origin)
        parts.two_factor.erase(account.id)
        parts.sessions.end_all(account.id, reason="backup code used")
        signed_in = self._open(
            account, SessionKind.PROBATION, origin, evidence=frozenset({"password", "backup_code"}), quiet=True
        )
        probation = Probation(by="backup_code", since=parts.clock(), session=signed_in.session.id)
        changed = change(parts, account, two_factor_since=None, probation=probation)
        parts.audit.record(Event.BACKUP_CODE_USED, account=account.id, actor=account.id, source=origin.source)
        tell(parts, changed, letters.backup_code_used(parts.settings.site, account.name, origin.source))
        return SignedIn(signed_in.ticket, signed_in.session, changed)

    def _end_case(self, account: Account, origin: Origin) -> Account:
        why = "its owner signed in with a second factor"
        return end_by_owner(self._parts, account, why=why, source=origin.source)

    def session(self, ticket: Secret) -> Session | None:
        """The live session behind `ticket`, without renewing it; None once it has ended."""
        with self._parts.storage.unit():
            return self._parts.sessions.find(ticket)

    def touch(self, ticket: Secret) -> Session | None:
        """The live session behind `ticket`, its idle time begun anew; None once it has ended."""
        with self._parts.storage.unit():
            return self._parts.sessions.touch(ticket)

    def sign_out(self, ticket: Secret) -> None:
        """End the session behind `ticket`."""
        parts = self._parts
        with parts.storage.unit():
            session = parts.sessions.find(ticket)
            if session is not None and parts.sessions.end(session.id, "signed out"):
                parts.audit.record(Event.SIGNED_OUT, account=session.account, source=session.source)

    def hint(self, origin: Origin) -> str | None:
        """The name to prefill: whose key this connection proved (a hint, never a proof)."""
        parts = self._parts
        if origin.key is None:
            return None
        with parts.storage.unit():
            owner = parts.ssh_keys.owner(origin.key.fingerprint)
            account = parts.accounts.get(owner) if owner else None
            return account.name if isinstance(account, Account) else None

    def half_open(self, half: Secret) -> tuple[HalfOpen, Account] | Over:
        """The half-open sign-in and its account, held, inside the caller's unit."""
        parts = self._parts
        sign_in = parts.sessions.sign_in(half)
        if sign_in is None:
            return Over()
        account = hold(parts, sign_in.account)
        if not isinstance(account, Account) or account.locked_at is not None or not account.two_factor_on:
            return Over()
        return sign_in, account

    def _open(
        self, account: Account, kind: SessionKind, origin: Origin, *, evidence: frozenset[str], quiet: bool = False
    ) -> SignedIn:
        parts = self._parts
        opened = parts.sessions.open(account.id, kind, origin, evidence=evidence, staff=account.is_staff)
        parts.sessions.remember(account.id, origin.source)
        if not quiet:
            parts.audit.record(Event.SIGNED_IN, account=account.id, actor=account.id, source=origin.source)
        return SignedIn(opened.token, opened.session, account)
