"""A backup code, made, shown once and saved: as a part of Enable, or a new one alone."""

from dataclasses import dataclass

from core.accounts import Account
from core.audit import Event
from core.backup_code import GROUPS, clean_group, group, make
from core.errors import HasherBusy
from core.notices import letters
from core.secret import Secret
from core.sessions import Session
from core.two_factor import Enrolment
from core.use_cases.outcomes import Busy, Done, Invalid, NotNow, Over, Proof, ProofRefused
from core.use_cases.parts import Parts
from core.use_cases.proving import Proved, Proving
from core.use_cases.standing import who
from core.use_cases.telling import tell

ONLY_WITH_TWO_FACTOR = NotNow("Two-factor authentication is off.")


@dataclass(frozen=True, slots=True)
class NewCode:
    """A new backup code, shown once; the old one counts until `finish_new_code`."""

    id: str
    code: Secret


class CodeSteps:
    """The steps of a code, each a use case of its own; leaving at any of them leaves the old code as it was."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._proving = Proving(parts)

    def backup_code(self, ticket: Secret, enrolment_id: str) -> Secret | Busy | Over:
        """Step 3: the backup code, 20 signs, made and shown once; asking again makes another and voids this one."""
        parts = self._parts
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over) or not found[2].verified:
                return Over()
        account = found[1]
        code = make(parts.tokens)
        try:
            hashed = parts.hasher.hash(code, account.id, "backup code")
        except HasherBusy as busy:
            return Busy(busy.wait)
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over) or not self._put_code(found[2], code, hashed):
                return Over()
            return code

    def ask_group(self, ticket: Secret, enrolment_id: str) -> int | Over:
        """Which group of the backup code is asked, from 0: chosen at random when the code was made."""
        with self._parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over) or found[2].asks_group is None:
                return Over()
            return found[2].asks_group

    def check_group(self, ticket: Secret, enrolment_id: str, typed: str) -> Done | Invalid | Over:
        """Step 3, the code hidden: the group that was asked, five signs, shows that the owner has it."""
        parts = self._parts
        cleaned = clean_group(typed)
        if cleaned is None:
            return Invalid("group", "A group is five letters and digits.")
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over):
                return found
            if not parts.two_factor.check_group(found[2], cleaned):
                return Invalid(
                    "group", "That is not the group that is asked. Look at what you saved, or go back to see the code."
                )
            return Done()

    def begin_new_code(self, ticket: Secret, proof: Proof) -> NewCode | ProofRefused:
        """A new backup code without touching the device; the old one counts until the new one is saved."""
        code = make(self._parts.tokens)

        def keep(proved: Proved) -> NewCode | NotNow:
            if not proved.account.two_factor_on:
                return ONLY_WITH_TWO_FACTOR
            enrolment = self._parts.two_factor.begin_code(proved.account.id, proved.session.id)
            self._put_code(enrolment, code, proved.fresh_hash)
            return NewCode(enrolment.id, code)

        return self._proving.prove(ticket, proof, keep, fresh=code, fresh_use="backup code")

    def finish_new_code(self, ticket: Secret, enrolment_id: str) -> Done | Over:
        """The new backup code counts, the old one does not any more."""
        parts = self._parts
        with parts.storage.unit():
            found = self._enrolment(ticket, enrolment_id)
            if isinstance(found, Over):
                return found
            session, account, enrolment = found
            if enrolment.secret is not None:  # a device, which must not get in by this door
                return Over()
            finished = parts.two_factor.finish(enrolment)
            if finished is None:
                return Over()
            parts.backup_codes.store(account.id, finished.code_hash)
            parts.audit.record(Event.BACKUP_CODE_RENEWED, account=account.id, actor=account.id, source=session.source)
            return Done(tell(parts, account, letters.backup_code_renewed(parts.settings.site, account.name)))

    def _put_code(self, enrolment: Enrolment, code: Secret, hashed: bytes) -> bool:
        """Put the code's hash into `enrolment`, and draw the group that its owner has to type."""
        index = self._parts.tokens.below(GROUPS)
        return self._parts.two_factor.set_code_hash(enrolment, hashed, asks=index, group=group(code, index))

    def _enrolment(self, ticket: Secret, enrolment_id: str) -> tuple[Session, Account, Enrolment] | Over:
        found = who(self._parts, ticket)
        if isinstance(found, Over):
            return found
        session, account = found
        enrolment = self._parts.two_factor.enrolment(enrolment_id, account.id, session.id)
        return Over() if enrolment is None else (session, account, enrolment)
