"""Enable, Replace the device, Disable 2FA. Nothing counts before the last step."""

from dataclasses import dataclass, field

from core.accounts import ADDRESS_FROZEN, Account
from core.audit import Event
from core.errors import Conflict
from core.mail_codes import StopKind
from core.notices import letters
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.ssh_keys import Key
from core.two_factor import Accepted, NoEnrolment, NoMatch, Off, Used, clean_token
from core.use_cases.case_course import end_by_owner
from core.use_cases.code_steps import ONLY_WITH_TWO_FACTOR, CodeSteps
from core.use_cases.outcomes import (
    ClockOff,
    Done,
    Invalid,
    NotNow,
    Over,
    Proof,
    ProofRefused,
    TokenUsed,
    TokenWrong,
)
from core.use_cases.proving import Proved
from core.use_cases.second_factor import SIX_DIGITS, token_refused
from core.use_cases.staff import keep_trust
from core.use_cases.standing import change, origin_of, who
from core.use_cases.telling import STOP_CODE_LIFE, tell
from core.use_cases.ways_back import WayBack, ways_back

STAFF_KEEP_IT = NotNow("Staff keep two-factor authentication on. Give up the staff role first, or replace the device.")


@dataclass(frozen=True, slots=True)
class EnrolmentBegun:
    """What the scan screen shows; gone when the enrolment ends."""

    id: str
    issuer: str
    label: str
    """The account's name, with a count from the second enrolment on, since apps overwrite an equal label."""
    secret: Secret = field(repr=False)
    """160 bits in base32."""
    replaces: bool
    sessions: list[Session]
    keys: list[Key]


@dataclass(frozen=True, slots=True)
class Enabled:
    """2FA is on with this device; `ticket` stands for the session that goes on (ASVS 7.2.4)."""

    ticket: Secret
    session: Session
    ways: list[WayBack]
    told: int = 0
    """To how many addresses a notice about it goes."""


class TwoFactorSetup(CodeSteps):
    """The wizard's steps, each a use case of its own; leaving at any of them leaves the account as it was."""

    def begin(self, ticket: Secret, proof: Proof) -> EnrolmentBegun | ProofRefused:
        """Step 1: prove it again; a new secret is drawn. With 2FA on, the device will be replaced."""
        return self._proving.prove(ticket, proof, self._begin, asks_way=True)

    def _begin(self, proved: Proved) -> EnrolmentBegun:
        parts, account = self._parts, proved.account
        enrolment = parts.two_factor.begin(account.id, proved.session.id)
        assert enrolment.secret is not None
        return EnrolmentBegun(
            enrolment.id,
            parts.settings.issuer,
            account.name if account.enrolments == 0 else f"{account.name} ({account.enrolments + 1})",
            enrolment.secret,
            enrolment.replaces,
            parts.sessions.live(account.id),
            parts.ssh_keys.of(account.id),
        )

    def verify(
        self, ticket: Secret, enrolment_id: str, token: str
    ) -> Done | Invalid | TokenWrong | TokenUsed | ClockOff | Over:
        """Step 2: the initial token of the new device, six digits however they are spaced; it counts once (RFC 6238, 5.2).

        ClockOff only when two tokens in a row were off by as much: one alone may be a guess.
        """
        parts = self._parts
        digits = clean_token(token)
        if digits is None:
            return SIX_DIGITS
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over):
                return found
            match parts.two_factor.verify(found[2], digits):
                case Accepted():
                    return Done()
                case Used() | Off() | NoMatch() as verdict:
                    return token_refused(verdict)
                case NoEnrolment():
                    return Over()

    def finish(self, ticket: Secret, enrolment_id: str) -> Enabled | Over:
        """Continue: 2FA is on with this device and code, every other session has ended (ASVS 7.4.3), in one transaction.

        Over also when a step before was left out. Raises Conflict when another finished it at the same moment.
        """
        parts = self._parts
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over):
                return found
            session, account, enrolment = found
            if enrolment.secret is None:  # a new code alone, which ends elsewhere
                return Over()
            if not (enrolment.verified and enrolment.group_typed):
                return Over()
            now = parts.clock()
            why = "two-factor authentication was enabled"
            # before there is a device: with 2FA off that reads as damaged
            account = end_by_owner(parts, account, why=why, source=session.source)
            keep_trust(parts, account)
            finished = parts.two_factor.finish(enrolment)
            if finished is None:  # nobody else can have finished it while the account is held
                raise Conflict("Somebody else finished this enrolment at the same moment. Nothing was changed.")
            parts.backup_codes.store(account.id, finished.code_hash)
            parts.sessions.end_all(account.id, reason="two-factor authentication set up")
            parts.sessions.end_sign_ins(account.id)
            opened = parts.sessions.open(
                account.id,
                SessionKind.FULL,
                origin_of(session),
                evidence=frozenset({"password", "token"}),
                staff=account.is_staff,
            )
            changed = change(
                parts,
                account,
                two_factor_since=account.two_factor_since or now,
                enrolments=account.enrolments + 1,
                probation=None,
                address_frozen_until=now + ADDRESS_FROZEN if account.probation else account.address_frozen_until,
            )
            told = self._tell_enabled(changed, session, replaced=account.two_factor_on)
            return Enabled(opened.token, opened.session, ways_back(parts, changed), told)

    def _tell_enabled(self, account: Account, session: Session, *, replaced: bool) -> int:
        parts = self._parts
        event = Event.DEVICE_REPLACED if replaced else Event.TWO_FACTOR_ENABLED
        parts.audit.record(event, account=account.id, actor=account.id, source=session.source)
        stop = parts.stop_codes.issue(StopKind.ENABLED, account.id, until=parts.clock() + STOP_CODE_LIFE)
        write = letters.device_replaced if replaced else letters.two_factor_enabled
        return tell(parts, account, write(parts.settings.site, account.name, stop))

    def cancel(self, ticket: Secret) -> None:
        """Discard the enrolment in progress: the account is as it was."""
        parts = self._parts
        with parts.storage.unit():
            session = parts.sessions.find(ticket)
            if session is not None:
                parts.two_factor.discard(session.account)

    def may_disable(self, ticket: Secret) -> Done | NotNow | Over:
        """Whether 2FA can be disabled at all, asked before anybody types a password or spends a token."""
        with self._parts.storage.unit():
            found = who(self._parts, ticket)
        return found if isinstance(found, Over) else _may_disable(found[1])

    def disable(self, ticket: Secret, proof: Proof) -> Done | ProofRefused:
        """Disable 2FA: the secret and the backup code are erased; not while one is staff."""
        allowed = self.may_disable(ticket)
        if not isinstance(allowed, Done):
            return allowed
        return self._proving.prove(ticket, proof, self._disable)

    def _disable(self, proved: Proved) -> Done | NotNow:
        parts, account = self._parts, proved.account
        allowed = _may_disable(account)  # a role may have been given meanwhile
        if not isinstance(allowed, Done):
            return allowed
        why = "its owner disabled two-factor authentication, with a token"
        account = end_by_owner(parts, account, why=why, source=proved.origin.source)
        changed = change(parts, account, two_factor_since=None, password_proved_at=None)
        parts.two_factor.erase(account.id)
        parts.two_factor.discard(account.id)
        parts.backup_codes.forget(account.id)
        parts.sessions.end_sign_ins(account.id)
        parts.audit.record(Event.TWO_FACTOR_DISABLED, account=account.id, actor=account.id, source=proved.origin.source)
        stop = parts.stop_codes.issue(StopKind.DISABLED, account.id, until=parts.clock() + STOP_CODE_LIFE)
        return Done(tell(parts, changed, letters.two_factor_disabled(parts.settings.site, account.name, stop)))


def _may_disable(account: Account) -> Done | NotNow:
    if not account.two_factor_on:
        return ONLY_WITH_TWO_FACTOR
    return STAFF_KEEP_IT if account.is_staff else Done()
