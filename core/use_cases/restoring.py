"""After a completed recovery was stopped: the old device back, for whoever has the password and a token of it."""

from dataclasses import dataclass

from core.accounts import Account, Lock
from core.audit import Event
from core.cases import CONTESTED_FOR, OWNER, UNDO_FOR, Case, MomentKind
from core.errors import HasherBusy
from core.mail_codes import StopKind
from core.notices import case_letters
from core.origin import Origin
from core.secret import Secret
from core.throttle import Admitted, Factor
from core.two_factor import Accepted, NoMatch, Off, Used, clean_token
from core.use_cases.case_course import end_by_owner
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
from core.use_cases.standing import change, hold_whoever
from core.use_cases.telling import tell
from core.use_cases.tries import admit, settle

NOTHING_TO_RESTORE = NotNow(
    "There is nothing to restore: that takes an account that was locked with a stop code after a recovery, within 7 "
    "days. Write to the people who run this site."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """The old device counts again."""

    sentences: tuple[str, ...]


RestoreRefused = (
    Invalid | Wrong | Throttled | Busy | NotNow | FactorBlocked | TokenWrong | TokenUsed | ClockOff | FactorBroken
)


class Restoring:
    """Brings a device back that a recovery set aside, for the 7 days that it is kept."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

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
            if not self._restorable(held):
                return NOTHING_TO_RESTORE
            return self._restore(held, digits, origin)

    def _restorable(self, account: Account) -> bool:
        """Whether a stop code locked the account after a recovery, also when it was unlocked since."""
        if account.locked_at is not None:
            return account.lock_reason == Lock.AFTER_RECOVERY
        case = recovered_lately(self._parts, account.id)
        return case is not None and _recorded(self._parts, case, Event.ACCOUNT_STOPPED)

    def _restore(self, account: Account, digits: str, origin: Origin) -> Restored | RestoreRefused:
        parts, now = self._parts, self._parts.clock()
        counted = admit(parts, account, Factor.TOKEN, origin)
        if not isinstance(counted, Admitted):
            return counted
        answer = parts.two_factor.check_aside(account.id, digits)
        settle(parts, counted, origin, success=isinstance(answer, Accepted))
        match answer:
            case Accepted(device=device):
                why = "its owner brought the old device back"
                account = end_by_owner(parts, account, why=why, source=origin.source)
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
        parts.stop_codes.void(account.id, StopKind.ENABLED)  # of devices that are thrown out now
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


def recovered_lately(parts: Parts, account_id: str) -> Case | None:
    """The case that recovered the account within the last 7 days, unless the device of before is in use again."""
    case = parts.cases.completed_last(account_id)
    if case is None or case.ended_at is None or case.ended_at <= parts.clock() - UNDO_FOR:
        return None
    return None if _recorded(parts, case, Event.TWO_FACTOR_RESTORED) else case


def _recorded(parts: Parts, case: Case, event: Event) -> bool:
    """Whether the audit trail holds `event` of `case`, as it was written."""
    found = parts.audit.search(case=case.id, event=event, limit=1)
    return bool(found) and parts.audit.genuine(*found)
