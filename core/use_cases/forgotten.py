"""A forgotten password: a mail code to the confirmed address sets a new one; 2FA stays on (ASVS 6.4.3)."""

from typing import assert_never

from core.accounts import Account, address_problem, name_problem, passwords
from core.audit import Event
from core.cases import OWNER, Action
from core.errors import HasherBusy
from core.mail_codes import Ask, Issued, NoneOpen, Purpose, Right, StopKind, WrongCode, clean
from core.notices import letters
from core.origin import Origin
from core.secret import Secret
from core.storage import savepoint
from core.throttle import Factor
from core.use_cases.case_course import end_live
from core.use_cases.outcomes import Busy, Done, Invalid, NotNow, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.standing import NO_ACCOUNT, change, hold_whoever, named
from core.use_cases.telling import STOP_CODE_LIFE, tell
from core.use_cases.tries import admit_stranger

NO_CODE_OPEN = TokenWrong(None)
"""The answer to a code for an account without one looks like a wrong one."""
NO_ADDRESS = "nobody@nowhere.invalid"
"""Judged against where nobody has that name, so that it takes as long."""

AT_ONCE = 200
"""Asks that are looked at in one round of the due work, at most."""


class _CodeKept(Exception):
    """The code was right and the new password was not: the code still counts."""


class ForgottenPassword:
    """Asks for a mail code, and sets a new password with it; it never signs in (OWASP forgot-password sheet)."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def ask(self, name: str, address: str, origin: Origin) -> Done | Invalid | Throttled:
        """Have a mail code sent if `name` has the confirmed address `address`; the answer is the same when it has not.

        Whether it has is looked up by the due work, so the answer takes the same time, too.
        """
        parts = self._parts
        name, address = name.strip().lower(), address.strip()
        problem = name_problem(name)
        if problem is not None and "reserved" not in problem:
            return Invalid("name", problem)
        problem = address_problem(address)
        if problem is not None:
            return Invalid("address", problem)
        with parts.storage.unit():
            admitted = admit_stranger(parts, f"forgotten {origin.source}", Factor.MAIL_CODE, origin)
            if isinstance(admitted, Throttled):
                return admitted
            parts.password_asks.put(Ask(name, address, origin.source))
            return Done()

    def waiting(self) -> bool:
        """Whether somebody asked and nobody has looked yet: one quick look, inside the caller's unit."""
        return self._parts.password_asks.any()

    def answer(self) -> None:
        """Send a mail code to everybody who asked with the right name and address, each in a unit of its own."""
        for _ in range(AT_ONCE):
            with self._parts.storage.unit():
                ask = self._parts.password_asks.take()
                if ask is None:
                    return
                self._send(ask)

    def _send(self, ask: Ask) -> None:
        parts = self._parts
        account = parts.accounts.by_name(ask.name)
        if not isinstance(account, Account) or not account.confirmed(ask.address):
            return
        issued = parts.mail_codes.issue(Purpose.PASSWORD, account=account.id, address=account.address)
        if isinstance(issued, Issued):
            letter = letters.password_code(parts.settings.site, account.name, issued.code)
            parts.notices.post(letter, to=account.address, account=account.id)
            parts.audit.record(Event.PASSWORD_RESET_ASKED, account=account.id, source=ask.source)

    def reset(
        self, name: str, code: str, new: Secret, origin: Origin
    ) -> Done | Invalid | TokenWrong | Throttled | Busy | NotNow:
        """Set `new` with the mail code; every session ends and a half-open sign-in with it.

        2FA stays as it is: the next sign-in asks for the second factor like any other (ASVS 6.4.3).
        """
        parts = self._parts
        name = name.strip().lower()
        digits = clean(code)
        if digits is None:
            return Invalid("code", "A mail code is eight digits.")
        with parts.storage.unit():
            account = named(parts, name)
        problem = self._problem(new, name, address="")
        if problem is not None:
            return Invalid("new", problem)
        # told only to who reads the address's mail: said before, it would tell anybody whose address it is
        too_like = self._problem(new, name, account.address if isinstance(account, Account) else NO_ADDRESS)
        try:
            hashed = parts.hasher.hash(new, account.id if account is not None else "", "password")
        except HasherBusy as busy:
            return Busy(busy.wait)
        with parts.storage.unit():
            # the account before its source's counter, as at sign-in, so that nobody waits in a circle
            held = hold_whoever(parts, account)
            admitted = admit_stranger(parts, f"reset {origin.source}", Factor.MAIL_CODE, origin)
            if isinstance(admitted, Throttled):
                return admitted
            try:
                with savepoint():
                    refused = self._try_code(held if isinstance(held, Account) else None, digits, origin)
                    if refused is None and too_like is not None:
                        raise _CodeKept  # noqa: TRY301  # it rolls the savepoint back
            except _CodeKept:
                parts.throttle.settle(admitted, success=True)
                return Invalid("new", too_like or "")
            if refused is not None:
                return refused
            assert isinstance(held, Account)
            parts.throttle.settle(admitted, success=True)
            self._set(held, hashed, origin)
            return Done()

    def _try_code(self, account: Account | None, digits: str, origin: Origin) -> TokenWrong | None:
        """Try the mail code, inside the caller's unit; None when it is right and now spent."""
        parts = self._parts
        asked = account.id if account is not None else NO_ACCOUNT
        match parts.mail_codes.try_code(Purpose.PASSWORD, asked, "", digits):
            case WrongCode() | NoneOpen():
                about = account.id if account is not None else None
                parts.audit.record(Event.PASSWORD_RESET_WRONG, account=about, source=origin.source)
                return NO_CODE_OPEN
            case Right(address=address):
                return None if account is not None and account.confirmed(address) else NO_CODE_OPEN
            case other:
                assert_never(other)

    def _problem(self, new: Secret, name: str, address: str) -> str | None:
        settings = self._parts.settings
        return passwords.problem(new, name=name, address=address, site=settings.site, least=settings.password_min)

    def _set(self, account: Account, hashed: bytes, origin: Origin) -> None:
        parts = self._parts
        now = parts.clock()
        end_live(
            parts, account.id, Action.WITHDRAW, by=OWNER, why="a new password was set by mail", source=origin.source
        )
        changed = change(
            parts,
            account,
            password_hash=hashed,
            password_set_at=now,
            password_by_mail=True,
            password_proved_at=None,
        )
        parts.sessions.end_all(account.id, reason="password reset")
        parts.sessions.end_sign_ins(account.id)
        parts.throttle.lift(account.id, Factor.PASSWORD)
        parts.audit.record(Event.PASSWORD_RESET, account=account.id, actor=account.id, source=origin.source)
        stop = parts.stop_codes.issue(StopKind.PASSWORD, account.id, until=now + STOP_CODE_LIFE)
        tell(parts, changed, letters.password_changed(parts.settings.site, account.name, stop))
