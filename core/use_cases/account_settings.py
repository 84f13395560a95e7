"""What account holders see and change about their own account (Settings)."""

from dataclasses import dataclass

from core.accounts import Account, Probation, passwords
from core.audit import Entry, Event
from core.backup_code import State
from core.mail_codes import Standing, StopKind
from core.notices import letters
from core.origin import Origin, ProvedKey
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.ssh_keys import Key, KeyTaken
from core.two_factor import Device
from core.use_cases import own_address
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Proof, ProofRefused, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.proving import Proved, Proving
from core.use_cases.standing import IN_PROBATION, change, who, who_past_probation
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
        """Set `new` (ASVS 6.2.3); every other session ends (ASVS 7.4.3), and the notice carries a stop code."""
        problem = self._password_problem(ticket, proof, new)
        if problem is not None:
            return problem
        return self._proving.prove(ticket, proof, self._change_password, asks_way=True, fresh=new)

    def _change_password(self, proved: Proved) -> Changed:
        parts, now = self._parts, self._parts.clock()
        account, session = proved.account, proved.session
        parts.sessions.end_all(account.id, reason="password changed")
        parts.sessions.end_sign_ins(account.id)
        opened = parts.sessions.open(
            account.id, session.kind, proved.origin, evidence=session.evidence, staff=account.is_staff
        )
        account = change(
            parts,
            account,
            password_hash=proved.fresh_hash,
            password_set_at=now,
            password_by_mail=False,
            password_proved_at=now if account.two_factor_on else None,
            probation=account.probation and account.probation.carried(session.id, opened.session.id),
        )
        self._record(Event.PASSWORD_CHANGED, proved)
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
        return own_address.replace(self._parts, self._proving, ticket, proof, address)

    def send_address_code(self, ticket: Secret) -> Done | Throttled | Over | NotNow:
        """Send a mail code that confirms the present address; at most one a minute and five a day."""
        return own_address.send_code(self._parts, ticket)

    def address_code(self, ticket: Secret) -> Standing | Over:
        """How it stands with the mail code that confirms the present address; none is sent."""
        return own_address.standing(self._parts, ticket)

    def confirm_address(self, ticket: Secret, code: str) -> Done | Invalid | TokenWrong | Over | NotNow:
        """Confirm the present address with the mail code sent to it."""
        return own_address.confirm(self._parts, ticket, code)

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
        """End one session of one's own (ASVS 7.5.2); it closes where it is open within seconds. Done when it had ended."""
        parts = self._parts
        with parts.storage.unit():
            found = who_past_probation(parts, ticket)  # the owner's, about to enrol, may be among them
            if not isinstance(found, tuple):
                return found
            here, account = found
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
            found = who_past_probation(parts, ticket)  # the owner's, about to enrol, may be among them
            if not isinstance(found, tuple):
                return found
            here, account = found
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
        key = origin.key
        if key is None:
            return NotNow("This connection proved no SSH key.")
        return self._proving.prove(ticket, proof, lambda proved: self._add_key(proved, key, label))

    def _add_key(self, proved: Proved, key: ProvedKey, label: str) -> Done | NotNow:
        parts, account = self._parts, proved.account
        if proved.session.kind is SessionKind.PROBATION:
            return IN_PROBATION
        if proved.session.fingerprint != key.fingerprint:
            return NotNow("That key was proved by another connection than this one.")
        added = parts.ssh_keys.add(account.id, key, label, account.two_factor_on)
        if isinstance(added, KeyTaken):
            return NotNow("That key belongs to an account already. A key belongs to one account.")
        self._record(Event.KEY_ADDED, proved, fingerprint=key.fingerprint)
        return Done(tell(parts, account, letters.key_added(parts.settings.site, account.name, key.fingerprint)))

    def remove_key(self, ticket: Secret, proof: Proof, key_id: int) -> Done | ProofRefused:
        """Remove an SSH key; it is no evidence any more, at once."""
        return self._proving.prove(ticket, proof, lambda proved: self._remove_key(proved, key_id))

    def _remove_key(self, proved: Proved, key_id: int) -> Done | NotNow:
        parts, account = self._parts, proved.account
        if proved.session.kind is SessionKind.PROBATION:
            return IN_PROBATION
        removed = parts.ssh_keys.by_id(key_id)
        if removed is None or not parts.ssh_keys.remove(account.id, key_id):
            return NotNow("That key is no longer here.")
        self._record(Event.KEY_REMOVED, proved, fingerprint=removed.fingerprint)
        return Done(tell(parts, account, letters.key_removed(parts.settings.site, account.name, removed.fingerprint)))

    def _record(self, event: Event, proved: Proved, **detail: str) -> None:
        account = proved.account.id
        self._parts.audit.record(event, account=account, actor=account, source=proved.origin.source, **detail)

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
