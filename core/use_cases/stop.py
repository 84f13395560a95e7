"""Stop: the code from a notice stops or undoes what the notice tells, without sign-in."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import FORMER_ADDRESS_KEPT, Account, Damaged
from core.audit import Event
from core.cases import CONTESTED_FOR, OWNER, Case, MomentKind, State, shown_reference
from core.errors import DatabaseBusy, HasherBusy
from core.mail_codes import Stop as StopGiven
from core.mail_codes import StopKind, clean_stop
from core.notices import case_letters, letters
from core.origin import Origin
from core.secret import Secret
from core.throttle import Admitted, Factor
from core.two_factor import Accepted, NoMatch, Off, Used, clean_token
from core.use_cases.case_course import freeze
from core.use_cases.outcomes import (
    Busy,
    ClockOff,
    FactorBlocked,
    FactorBroken,
    Invalid,
    NotNow,
    Throttled,
    TokenUsed,
    TokenWrong,
    Wrong,
)
from core.use_cases.parts import Parts
from core.use_cases.second_factor import SIX_DIGITS, token_refused
from core.use_cases.sign_in import Counted, SignIn
from core.use_cases.standing import AFTER_RECOVERY, change, hold, hold_whoever
from core.use_cases.telling import STOP_CODE_LIFE, tell, tell_leads
from core.use_cases.tries import admit, admit_stranger, settle

NOTHING_TO_RESTORE = NotNow(
    "There is nothing to restore: that takes an account that was locked with a stop code after a recovery, within 7 "
    "days. Write to the people who run this site."
)
PERSISTS = 3
"""How often a stop is tried again when the database is busy."""
_TOLD = "The people who run this site have been told"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The change was stopped; `sentences` say what that did, and what comes next."""

    sentences: tuple[str, ...]
    restorable: bool = False
    """The old device can be restored now, with the password and a token of it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The old device counts again."""

    sentences: tuple[str, ...]


RestoreRefused = (
    Invalid | Wrong | Throttled | Busy | NotNow | FactorBlocked | TokenWrong | TokenUsed | ClockOff | FactorBroken
)


class Stop:
    """Takes stop codes; whoever holds one can only stop, never gain."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def stop(self, code: str, origin: Origin) -> Stopped | Invalid | Wrong | Throttled:
        """Lock the account that `code` is for, end its sessions, restore its replaced address, tell the leads.

        The code of a recovery case freezes it; once it is completed, the code locks the account.
        """
        cleaned = clean_stop(code)
        if cleaned is None:
            return Invalid("code", "A stop code is 12 letters and digits in three groups of four.")
        for _ in range(PERSISTS):
            try:
                return self._stop(cleaned, origin)
            except DatabaseBusy:  # whoever else is at work on the account: stopping does not give way
                continue
        return self._stop(cleaned, origin)

    def _stop(self, cleaned: str, origin: Origin) -> Stopped | Wrong | Throttled:
        parts = self._parts
        with parts.storage.unit():
            # the account before its source's counter, as at sign-in, so that nobody waits in a circle
            account = parts.stop_codes.account_of(cleaned)
            if account is not None:
                hold(parts, account)
            admitted = admit_stranger(parts, f"stop {origin.source}", Factor.STOP_CODE, origin)
            if isinstance(admitted, Throttled):
                return admitted
            given = parts.stop_codes.take(cleaned)
            parts.throttle.settle(admitted, success=given is not None)
            if given is None:
                return Wrong()
            if given.kind is StopKind.CASE and given.case is not None:
                return self._stop_case(given, given.case, origin)
            return self._lock(given, origin)

    def _stop_case(self, given: StopGiven, case_id: str, origin: Origin) -> Stopped:
        """Freeze the case as it is: what else would be due in it comes after."""
        parts = self._parts
        account = hold(parts, given.account)
        case = parts.cases.get(case_id)
        if case is None or account is None or (not case.live and case.state is not State.COMPLETED):
            return Stopped(("The case had ended already. Nothing was changed.",))
        reference = shown_reference(case.reference)
        if case.state is State.COMPLETED or case.damaged:
            return self._lock_after(case, account, origin)
        if case.state is State.FROZEN:
            return Stopped((f"The case {reference} was frozen already. Nothing is changed while it is.",))
        freeze(parts, case, account, by=OWNER, source=origin.source)
        return Stopped(
            (
                f"The case {reference} is frozen: nothing is changed while it is.",
                f"{_TOLD}. It goes on only when a lead has seen new evidence; then you get a new letter and code.",
                "Somebody knows your password: change it as soon as you are signed in.",
            )
        )

    def _lock_after(self, case: Case, account: Account | Damaged, origin: Origin) -> Stopped:
        """Lock the account after a completed case; the old device can be restored.

        The return code counts no more: whoever the account is unlocked for, the claimant has to prove it anew.
        """
        parts = self._parts
        reference = shown_reference(case.reference)
        ended = parts.sessions.end_all(case.account, reason="stopped")
        parts.sessions.end_sign_ins(case.account)
        parts.notices.cancel(case.later_notices)
        if isinstance(account, Account):
            now = parts.clock()
            account = change(
                parts, account, locked_at=now, lock_reason=AFTER_RECOVERY, contested_until=now + CONTESTED_FOR
            )
            parts.audit.record(Event.ACCOUNT_CONTESTED, account=account.id, case=case.id, source=origin.source)
            tell(parts, account, case_letters.undone(parts.settings.site, account.name, reference))
        parts.cases.void_code(case)
        parts.case_file.note(case, MomentKind.UNDONE, OWNER, detail="the account is locked")
        parts.audit.record(
            Event.ACCOUNT_STOPPED,
            account=case.account,
            case=case.id,
            source=origin.source,
            kind=StopKind.CASE.value,
            sessions=ended,
        )
        fact = "the owner stopped it after completion; the account is locked"
        tell_leads(parts, case_letters.for_leads(parts.settings.site, reference, fact))
        return Stopped(
            (
                "The account is locked and every session has ended.",
                f"{_TOLD}.",
                "To have your old device back, show your password and a token of it now.",
            ),
            restorable=True,
        )

    def restore(self, name: str, password: Secret, token: str, origin: Origin) -> Restored | RestoreRefused:
        """Bring the old device back after a stopped recovery, with the password and a token of that device.

        It is kept for 7 days after the recovery was completed; from then on there is nothing to restore.
        """
        parts = self._parts
        if not password:
            return Invalid("password", "Type your password.")
        digits = clean_token(token)
        if digits is None:
            return SIX_DIGITS
        with parts.storage.unit():
            counted = SignIn(parts).count(name.strip().lower(), origin)
        if not isinstance(counted, Counted):
            return counted
        account = counted.account if isinstance(counted.account, Account) else None
        stored = account.password_hash if account is not None else None
        try:
            right = parts.hasher.verify(stored, password, account.id if account else "", "password")
        except HasherBusy as busy:
            with parts.storage.unit():
                parts.throttle.take_back(counted.admitted)
            return Busy(busy.wait)
        with parts.storage.unit():
            held = hold_whoever(parts, account)
            right = right and isinstance(held, Account) and held.password_hash == stored
            settle(parts, counted.admitted, origin, success=right)
            if not right or not isinstance(held, Account):
                parts.audit.record(
                    Event.SIGN_IN_PASSWORD_WRONG, account=account.id if account else None, source=origin.source
                )
                return Wrong()
            if held.locked_at is None or held.lock_reason != AFTER_RECOVERY:
                return NOTHING_TO_RESTORE
            return self._restore(held, digits, origin)

    def _restore(self, account: Account, digits: str, origin: Origin) -> Restored | RestoreRefused:
        parts, now = self._parts, self._parts.clock()
        counted = admit(parts, account, Factor.TOKEN, origin)
        if not isinstance(counted, Admitted):
            return counted
        answer = parts.two_factor.check_aside(account.id, digits)
        settle(parts, counted, origin, success=isinstance(answer, Accepted))
        match answer:
            case Accepted(device=device):
                if not parts.two_factor.restore(account.id, device):
                    return NOTHING_TO_RESTORE
            case Used() | Off() | NoMatch():
                refused = token_refused(answer)
                if isinstance(refused, TokenWrong):
                    parts.audit.record(Event.SIGN_IN_TOKEN_WRONG, account=account.id, source=origin.source)
                return refused
            case _:
                return NOTHING_TO_RESTORE
        parts.backup_codes.forget(account.id)
        parts.sessions.end_all(account.id, reason="old device restored")
        changed = change(
            parts,
            account,
            two_factor_since=now,
            probation=None,
            locked_at=None,
            lock_reason="",
            contested_until=now + CONTESTED_FOR,
        )
        case = parts.cases.completed_last(account.id)
        if case is not None:
            parts.stop_codes.void_case(case.id)
            parts.case_file.note(case, MomentKind.UNDONE, OWNER, detail="the old device is back")
        parts.audit.record(
            Event.TWO_FACTOR_RESTORED, account=account.id, case=case.id if case else None, source=origin.source
        )
        parts.audit.record(Event.ACCOUNT_CONTESTED, account=account.id, source=origin.source)
        tell(parts, changed, case_letters.restored(parts.settings.site, account.name))
        return Restored(
            (
                "Your old device counts again, and two-factor authentication is on.",
                "Sign in, change your password, and make a new backup code: the old one is gone.",
            )
        )

    def _lock(self, given: StopGiven, origin: Origin) -> Stopped:
        parts = self._parts
        ended = parts.sessions.end_all(given.account, reason="stopped")
        parts.sessions.end_sign_ins(given.account)
        sentences = ["The account is locked and every session has ended."]
        account = hold(parts, given.account)
        if isinstance(account, Account):
            former = _replaced_lately(account, parts.clock())
            if former is not None:
                restored = parts.accounts.confirm_address(account, former)
                if isinstance(restored, Account):
                    account = change(parts, restored, former_address=None, former_until=None)
                    parts.audit.record(Event.ADDRESS_RESTORED, account=account.id, source=origin.source)
                    sentences.append("The address that was replaced is back.")
            account = change(parts, account, locked_at=parts.clock(), lock_reason="stopped by its owner")
            lost = given.kind is StopKind.ENABLED and account.two_factor_on
            if lost:
                self._lose_device(account)
                sentences.append(f"{letters.DEVICE_LOST} The way back in is a recovery case.")
            told = letters.device_stopped if lost else letters.stopped
            tell(parts, account, told(parts.settings.site, account.name))
        name = account.name if isinstance(account, Account | Damaged) else ""
        parts.audit.record(
            Event.ACCOUNT_STOPPED, account=given.account, source=origin.source, kind=given.kind.value, sessions=ended
        )
        tell_leads(parts, letters.stopped_for_leads(parts.settings.site, name))
        return Stopped((*sentences, f"{_TOLD} and will unlock it with you."))

    def _lose_device(self, account: Account) -> None:
        """The device that a thief enrolled counts as lost, and its backup code with it: neither signs in, nor ends a case.

        2FA stays on: whoever reads the mailbox holds this code too, and must not get by without a second factor.
        """
        parts = self._parts
        parts.two_factor.erase(account.id)
        parts.backup_codes.forget(account.id)


def _replaced_lately(account: Account, now: datetime) -> str | None:
    """The address that was replaced while the codes of that change count, whichever change the code at hand is about."""
    if account.former_address is None or account.former_until is None:
        return None
    replaced_at = account.former_until - FORMER_ADDRESS_KEPT
    return account.former_address if now < replaced_at + STOP_CODE_LIFE else None
