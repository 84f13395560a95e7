"""Stop: the code from a notice stops or undoes what the notice tells, without sign-in."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import FORMER_ADDRESS_KEPT, OWNERS_LOCKS, Account, Damaged, Lock
from core.audit import Event
from core.cases import CONTESTED_FOR, OWNER, Case, MomentKind, State, shown_reference
from core.errors import DatabaseBusy
from core.mail_codes import Stop as StopGiven
from core.mail_codes import StopKind, clean_stop
from core.notices import Letter, case_letters, letters
from core.origin import Origin
from core.throttle import Factor
from core.use_cases.case_course import freeze
from core.use_cases.outcomes import Invalid, Throttled, Wrong
from core.use_cases.restoring import Restoring, recovered_lately
from core.use_cases.standing import change, hold
from core.use_cases.telling import STOP_CODE_LIFE, tell, tell_leads
from core.use_cases.tries import admit_stranger

PERSISTS = 3
"""How often a stop is tried again when the database is busy."""
_LOCKED = "The account is locked and every session has ended."
_TOLD = "The people who run this site have been told"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The change was stopped; `sentences` say what that did, and what comes next."""

    sentences: tuple[str, ...]
    restorable: bool = False
    """The old device can be restored now, with the password and a token of it."""


class Stop(Restoring):
    """Takes stop codes; whoever holds one can only stop, never gain."""

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
            return self._lock_after(case, account, given, origin)
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

    def _lock_after(
        self, case: Case, account: Account | Damaged, given: StopGiven, origin: Origin, *, also: tuple[str, ...] = ()
    ) -> Stopped:
        """Lock the account after a completed case; the old device can be restored, one set up since counts as lost.

        The return code counts no more: whoever the account is unlocked for, the claimant has to prove it anew.
        """
        parts = self._parts
        reference = shown_reference(case.reference)
        ended = parts.sessions.end_all(case.account, reason="stopped")
        parts.sessions.end_sign_ins(case.account)
        parts.notices.cancel(case.later_notices)
        sentences = [_LOCKED, *also]
        if isinstance(account, Account):
            account = self._locked(account, Lock.AFTER_RECOVERY, contested_until=parts.clock() + CONTESTED_FOR)
            if account.two_factor_on and recovered_lately(parts, account.id) is not None:
                self._lose_device(account)
                sentences.append("The device that was set up since the recovery counts as lost, and so does its code.")
            parts.audit.record(Event.ACCOUNT_CONTESTED, account=account.id, case=case.id, source=origin.source)
            tell(parts, account, self._undone(account, reference))
        parts.cases.void_code(case)
        parts.case_file.note(case, MomentKind.UNDONE, OWNER, detail="the account is locked")
        parts.audit.record(
            Event.ACCOUNT_STOPPED,
            account=case.account,
            case=case.id,
            source=origin.source,
            kind=given.kind.value,
            sessions=ended,
        )
        fact = "the owner stopped it after completion; the account is locked"
        tell_leads(parts, case_letters.for_leads(parts.settings.site, reference, fact))
        sentences.append(f"{_TOLD}.")
        restorable = isinstance(account, Account) and self._restorable(account) and parts.two_factor.aside(account.id)
        if restorable:
            sentences.append("To have your old device back, show your password and a token of it now.")
        return Stopped(tuple(sentences), restorable)

    def _undone(self, account: Account, reference: str) -> Letter:
        """What the owner is told: how to restore the old device, unless staff have to unlock first."""
        site = self._parts.settings.site
        if account.lock_reason != Lock.AFTER_RECOVERY:
            return letters.stopped(site, account.name)
        return case_letters.undone(site, account.name, reference)

    def _lock(self, given: StopGiven, origin: Origin) -> Stopped:
        """Lock the account, and undo the change; within 7 days after a recovery that is stopped by any code."""
        parts = self._parts
        account = hold(parts, given.account)
        back: tuple[str, ...] = ()
        if isinstance(account, Account):
            account, back = self._restore_address(account, origin)
        recovered = recovered_lately(parts, given.account)
        if recovered is not None and account is not None:
            return self._lock_after(recovered, account, given, origin, also=back)
        ended = parts.sessions.end_all(given.account, reason="stopped")
        parts.sessions.end_sign_ins(given.account)
        sentences = [_LOCKED, *back]
        if isinstance(account, Account):
            account = self._locked(account, Lock.STOPPED)
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

    def _locked(self, account: Account, why: Lock, **columns: datetime) -> Account:
        """`account` locked, and `columns` changed; a lock of staff stays as it is: nobody else lifts what they locked."""
        parts, locked = self._parts, {"locked_at": account.locked_at, "lock_reason": account.lock_reason}
        if account.locked_at is None or account.lock_reason in OWNERS_LOCKS:
            locked = {"locked_at": parts.clock(), "lock_reason": why.value}
        return change(parts, account, **locked, **columns)

    def _restore_address(self, account: Account, origin: Origin) -> tuple[Account, tuple[str, ...]]:
        """Put the address back that was replaced lately; the account as it is then, and what to say of it."""
        parts = self._parts
        former = _replaced_lately(account, parts.clock())
        restored = parts.accounts.confirm_address(account, former) if former is not None else None
        if not isinstance(restored, Account):
            return account, ()
        parts.audit.record(Event.ADDRESS_RESTORED, account=account.id, source=origin.source)
        account = change(parts, restored, former_address=None, former_until=None)
        return account, ("The address that was replaced is back.",)

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
