"""What account holders see and change about their own account (Settings)."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import FORMER_ADDRESS_KEPT, Account, Probation, address_problem, passwords
from core.audit import Entry, Event
from core.backup_code import State
from core.mail_codes import Standing, StopKind
from core.notices import letters
from core.origin import Origin
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.ssh_keys import Key, KeyTaken
from core.two_factor import Device
from core.use_cases import address_code
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Proof, ProofRefused, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.proving import Attempt, Proved, Proving
from core.use_cases.sign_up import send_address_code
from core.use_cases.standing import IN_PROBATION, change, who
from core.use_cases.telling import STOP_CODE_LIFE, tell
from core.use_cases.ways_back import WayBack, ways_back


@dataclass(frozen=True, slots=True)
class Overview:
    """An account as its owner sees it."""

    account: Account
    device: Device | None
    backup_code: State
    ways: list[WayBack]
    sessions: int
    keys: int
    probation: Probation | None


@dataclass(frozen=True, slots=True)
class Changed:
    """The password is changed; `ticket` stands for the session that goes on (ASVS 7.2.4)."""

    ticket: Secret
    session: Session
    told: int = 0
    """To how many addresses a notice about it goes."""


class AccountSettings:
    """Reads and changes the account behind a session."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._proving = Proving(parts)

    def overview(self, ticket: Secret) -> Overview | Over:
        """Everything the first page of Settings shows."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            _, account = found
            return Overview(
                account=account,
                device=parts.two_factor.device(account.id) if account.two_factor_on else None,
                backup_code=parts.backup_codes.state(account.id),
                ways=ways_back(parts, account),
                sessions=len(parts.sessions.live(account.id)),
                keys=len(parts.ssh_keys.of(account.id)),
                probation=account.probation,
            )

    def change_password(self, ticket: Secret, proof: Proof, new: Secret) -> Changed | ProofRefused:
        """Set `new`; every other session ends, and the notice carries a stop code."""
        parts = self._parts
        problem = self._password_problem(ticket, proof, new)
        if problem is not None:
            return problem
        attempt = self._proving.begin(ticket, proof, asks_way=True, fresh=new)
        if not isinstance(attempt, Attempt):
            return attempt
        with parts.storage.unit():
            proved = self._proving.settle(attempt)
            if not isinstance(proved, Proved):
                return proved
            now = parts.clock()
            account, session = proved.account, proved.session
            parts.sessions.end_all(account.id, reason="password changed")
            parts.sessions.end_sign_ins(account.id)
            opened = parts.sessions.open(
                account.id, session.kind, proved.origin, evidence=session.evidence, staff=account.is_staff
            )
            account = change(
                parts,
                account,
                password_hash=attempt.fresh_hash,
                password_set_at=now,
                password_by_mail=False,
                password_proved_at=now if account.two_factor_on else None,
                probation=account.probation and account.probation.carried(session.id, opened.session.id),
            )
            parts.audit.record(
                Event.PASSWORD_CHANGED, account=account.id, actor=account.id, source=proved.origin.source
            )
            stop = parts.stop_codes.issue(StopKind.PASSWORD, account.id, until=now + STOP_CODE_LIFE)
            told = tell(parts, account, letters.password_changed(parts.settings.site, account.name, stop))
            return Changed(opened.token, opened.session, told)

    def _password_problem(self, ticket: Secret, proof: Proof, new: Secret) -> Invalid | Over | None:
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
        if isinstance(found, Over):
            return found
        _, account = found
        if proof.password == new:
            return Invalid("new", "That is the password you have now. Choose another.")
        problem = passwords.problem(
            new,
            name=account.name,
            address=account.address,
            site=parts.settings.site,
            least=parts.settings.password_min,
        )
        return Invalid("new", problem) if problem else None

    def change_address(self, ticket: Secret, proof: Proof, address: str) -> Done | ProofRefused:
        """Replace the address; the old one is told, with a stop code, and gets every notice for 30 d more."""
        parts = self._parts
        address = address.strip()
        problem = address_problem(address)
        if problem is not None:
            return Invalid("address", problem)
        with parts.storage.unit():  # before a token is spent on what is refused anyway
            found = who(parts, ticket)
            refused = found if isinstance(found, Over) else _address_refused(found[1], address, parts.clock())
        if refused is not None:
            return refused
        attempt = self._proving.begin(ticket, proof)
        if not isinstance(attempt, Attempt):
            return attempt
        with parts.storage.unit():
            proved = self._proving.settle(attempt)
            if not isinstance(proved, Proved):
                return proved
            account, now = proved.account, parts.clock()
            refused = _address_refused(account, address, now)
            if refused is not None:
                return refused
            confirmed = account.address_confirmed_at is not None
            changed = change(
                parts,
                account,
                address=address,
                address_confirmed_at=None,
                former_address=account.address if confirmed else account.former_address,
                former_until=now + FORMER_ADDRESS_KEPT if confirmed else account.former_until,
            )
            parts.audit.record(Event.ADDRESS_CHANGED, account=account.id, actor=account.id, source=proved.origin.source)
            if confirmed:
                stop = parts.stop_codes.issue(StopKind.ADDRESS, account.id, until=now + STOP_CODE_LIFE)
                tell(parts, changed, letters.address_changed(parts.settings.site, account.name, stop))
            send_address_code(parts, changed, address)
            return Done()

    def send_address_code(self, ticket: Secret) -> Done | Throttled | Over | NotNow:
        """Send a mail code that confirms the present address; at most one a minute and five a day."""
        return address_code.send(self._parts, ticket)

    def address_code(self, ticket: Secret) -> Standing | Over:
        """How it stands with the mail code that confirms the present address; none is sent."""
        return address_code.standing(self._parts, ticket)

    def confirm_address(self, ticket: Secret, code: str) -> Done | Invalid | TokenWrong | Over | NotNow:
        """Confirm the present address with the mail code sent to it."""
        return address_code.confirm(self._parts, ticket, code)

    def sessions(self, ticket: Secret) -> list[Session] | Over:
        """Where the account is signed in, this session first."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            here, account = found
            return sorted(parts.sessions.live(account.id), key=lambda session: session.id != here.id)

    def end_session(self, ticket: Secret, session_id: str) -> Done | Over | NotNow:
        """End one session of one's own; it closes where it is open within seconds."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            here, account = found
            if here.kind is SessionKind.PROBATION:  # the owner's, about to enrol, may be among them
                return IN_PROBATION
            if any(session.id == session_id for session in parts.sessions.live(account.id)):
                parts.sessions.end(session_id, "ended elsewhere")
                parts.audit.record(
                    Event.SESSION_ENDED, account=account.id, actor=account.id, source=here.source, session=session_id
                )
            return Done()

    def end_other_sessions(self, ticket: Secret) -> Done | Over | NotNow:
        """End every session of one's own but this one."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            here, account = found
            if here.kind is SessionKind.PROBATION:  # the owner's, about to enrol, may be among them
                return IN_PROBATION
            ended = parts.sessions.end_all(account.id, but=here.id, reason="ended elsewhere")
            parts.audit.record(
                Event.SESSION_ENDED, account=account.id, actor=account.id, source=here.source, count=ended
            )
            return Done()

    def keys(self, ticket: Secret) -> list[Key] | Over:
        """The SSH keys that belong to the account."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            return found if isinstance(found, Over) else parts.ssh_keys.of(found[1].id)

    def add_key(self, ticket: Secret, proof: Proof, origin: Origin, label: str = "") -> Done | ProofRefused:
        """Add the key that this connection proved; one added with 2FA on counts as evidence after 30 d."""
        parts = self._parts
        if origin.key is None:
            return NotNow("This connection proved no SSH key.")
        attempt = self._proving.begin(ticket, proof)
        if not isinstance(attempt, Attempt):
            return attempt
        with parts.storage.unit():
            proved = self._proving.settle(attempt)
            if not isinstance(proved, Proved):
                return proved
            account = proved.account
            if proved.session.kind is SessionKind.PROBATION:
                return IN_PROBATION
            if proved.session.fingerprint != origin.key.fingerprint:
                return NotNow("That key was proved by another connection than this one.")
            added = parts.ssh_keys.add(account.id, origin.key, label, account.two_factor_on)
            if isinstance(added, KeyTaken):
                return NotNow("That key belongs to an account already. A key belongs to one account.")
            parts.audit.record(
                Event.KEY_ADDED,
                account=account.id,
                actor=account.id,
                source=origin.source,
                fingerprint=origin.key.fingerprint,
            )
            letter = letters.key_added(parts.settings.site, account.name, origin.key.fingerprint)
            return Done(tell(parts, account, letter))

    def remove_key(self, ticket: Secret, proof: Proof, key_id: int) -> Done | ProofRefused:
        """Remove an SSH key; it is no evidence any more, at once."""
        parts = self._parts
        attempt = self._proving.begin(ticket, proof)
        if not isinstance(attempt, Attempt):
            return attempt
        with parts.storage.unit():
            proved = self._proving.settle(attempt)
            if not isinstance(proved, Proved):
                return proved
            if proved.session.kind is SessionKind.PROBATION:
                return IN_PROBATION
            account = proved.account
            removed = parts.ssh_keys.by_id(key_id)
            if removed is None or not parts.ssh_keys.remove(account.id, key_id):
                return NotNow("That key is no longer here.")
            parts.audit.record(
                Event.KEY_REMOVED,
                account=account.id,
                actor=account.id,
                source=proved.origin.source,
                fingerprint=removed.fingerprint,
            )
            letter = letters.key_removed(parts.settings.site, account.name, removed.fingerprint)
            return Done(tell(parts, account, letter))

    def activity(self, ticket: Secret, before: Entry | None = None) -> list[Entry] | Over:
        """The account's security history, newest first, fifty at a time."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            return parts.audit.history(found[1].id, before=before)

    def set_theme(self, ticket: Secret, theme: str) -> Done | Over:
        """Remember how the app looks for this account."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            change(parts, found[1], theme=theme)
            return Done()


def _address_refused(account: Account, address: str, now: datetime) -> Invalid | NotNow | None:
    """Why the address cannot change at present, None when it can."""
    if account.probation is not None:
        return IN_PROBATION
    if account.address_frozen_until is not None and account.address_frozen_until > now:
        until = f"{account.address_frozen_until:%d %b %Y}"
        return NotNow(f"Two-factor authentication was set up anew. The address can change from {until} on.")
    if address.lower() == account.address.lower():
        return Invalid("address", "That is the address you have now.")
    if account.address_confirmed_at is not None and account.former_until is not None and account.former_until > now:
        # two changes in a row would take the first address out of every notice
        until = f"{account.former_until:%d %b %Y}"
        return NotNow(f"The address was changed a short while ago. It can change again from {until} on.")
    return None
