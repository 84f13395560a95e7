"""What the audit trail holds: entries, each a fact that was, and what can be said about the whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.clock import micros

HOST = "host"
"""The actor who works on the host itself, with the operator's command."""

Detail = str | int | bool
"""A small fact beside the event: a kind, a count, an id; never a name, an address or a secret."""


class Event(StrEnum):
    """Everything that is written down, as `subject.what` (ASVS 16.3); each has its sentence in `words.py`."""

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DAMAGED = "account.damaged"
    ACCOUNT_STOPPED = "account.stopped"
    ACCOUNT_CONTESTED = "account.contested"
    ACCOUNT_LOCKED = "account.locked"
    ACCOUNT_UNLOCKED = "account.unlocked"
    INVITED = "account.invited"
    INVITATION_USED = "account.invitation_used"
    ADDRESS_CHANGED = "address.changed"
    ADDRESS_CONFIRMED = "address.confirmed"
    ADDRESS_RESTORED = "address.restored"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_RESET_ASKED = "password.reset_asked"
    PASSWORD_RESET_WRONG = "password.reset_wrong"
    PASSWORD_RESET = "password.reset"
    SIGNED_IN = "sign_in.done"
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGN_IN_PASSWORD_WRONG = "sign_in.password_wrong"
    SIGN_IN_TOKEN_WRONG = "sign_in.token_wrong"
    SIGN_IN_BACKUP_CODE_WRONG = "sign_in.backup_code_wrong"
    PROOF_FAILED = "sign_in.proof_failed"
    SIGNED_OUT = "session.signed_out"
    SESSION_ENDED = "session.ended"
    KEY_ADDED = "key.added"
    KEY_REMOVED = "key.removed"
    TWO_FACTOR_ENABLED = "two_factor.enabled"
    TWO_FACTOR_DISABLED = "two_factor.disabled"
    TWO_FACTOR_RESET = "two_factor.reset"
    TWO_FACTOR_RESTORED = "two_factor.restored"
    TWO_FACTOR_BROKEN = "two_factor.broken"
    DEVICE_REPLACED = "two_factor.device_replaced"
    BACKUP_CODE_RENEWED = "backup_code.renewed"
    BACKUP_CODE_USED = "backup_code.used"
    BACKUP_CODE_VOIDED = "backup_code.voided"
    FACTOR_BLOCKED = "throttle.blocked"
    FACTOR_DISABLED = "throttle.disabled"
    BLOCK_LIFTED = "throttle.lifted"
    NOTICE_FAILED = "notice.failed"
    CASE_OPENED = "case.opened"
    CASE_RETURNED = "case.returned"
    CASE_RETURN_WRONG = "case.return_wrong"
    CASE_EVIDENCE = "case.evidence"
    CASE_EVIDENCE_VOID = "case.evidence_void"
    CASE_MESSAGE = "case.message"
    CASE_ASKED = "case.asked"
    CASE_CLAIMED = "case.claimed"
    CASE_RELEASED = "case.released"
    CASE_REASSIGNED = "case.reassigned"
    CASE_VERIFIED = "case.verified"
    CASE_APPROVED = "case.approved"
    CASE_REOPENED = "case.reopened"
    CASE_COMPLETED = "case.completed"
    CASE_REJECTED = "case.rejected"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_STOPPED = "case.stopped"
    CASE_FROZEN = "case.frozen"
    CASE_UNFROZEN = "case.unfrozen"
    CASE_EXPIRED = "case.expired"
    CASE_LATE = "case.late"
    STAFF_LOOKED = "staff.looked"
    STAFF_UNMASKED = "staff.unmasked"
    STAFF_SIGNED_IN = "staff.signed_in"
    STAFF_REFUSED = "staff.refused"
    STAFF_DISABLED = "staff.disabled"
    STAFF_READMITTED = "staff.readmitted"
    STAFF_EXPORTED = "staff.exported"
    ROLE_GIVEN = "staff.role_given"
    ROLE_TAKEN = "staff.role_taken"
    AUDIT_SEARCHED = "audit.searched"
    AUDIT_VERIFIED = "audit.verified"
    AUDIT_EXPORTED = "audit.exported"
    WORK_FAILED = "work.failed"

    UNREADABLE = "audit.unreadable"
    """Never written: what an entry reads as that was changed behind our back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact. It holds ids, never names or addresses, so an account's data can be erased and the record stay whole."""

    id: int
    """Its place; gaps mean nothing."""
    at: datetime
    event: Event
    account: str | None = None
    """Whose account it is about."""
    actor: str | None = None
    """Who did it: an account's id, `host` for the operator, None for whoever was not signed in, or for nobody."""
    case: str | None = None
    source: str | None = None
    """Where the connection came from."""
    detail: Mapping[str, Detail] = field(default_factory=dict)
    genuine: bool = True
    """Whether it reads as it was written."""
    reason: str = field(default="", repr=False, compare=False)
    """Why, as whoever did it wrote it, where reasons were asked for: show it with `text.shown`."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A batch of entries, chained to the batch before. Kept elsewhere as a head, it shows when the trail is cut."""

    number: int
    """From 1, without gaps."""
    count: int
    """Entries in this seal."""
    total: int
    """Entries in this seal and all before it."""
    at: datetime
    digest: bytes
    """SHA-256 over its entries."""
    previous: bytes
    """The hash of the seal before; 32 zeros in the first."""
    signature: bytes = b""
    """The id of the key (4 bytes) and an Ed25519 signature of `hash` (64, RFC 8032)."""

    @property
    def hash(self) -> bytes:
        """SHA-256 over every field but the signature: numbers as 8 bytes big-endian, time in microseconds since 1970."""
        numbers = (self.number, self.count, self.total, micros(self.at))
        said = b"".join(number.to_bytes(8, "big", signed=True) for number in numbers)
        return hashlib.sha256(_FORMAT + said + self.previous + self.digest).digest()


@dataclass(frozen=True, slots=True)
class ExportPlace:
    """Where a page of an export ended: at a seal of that number, or, the seals being through, at an entry of that id."""

    number: int
    entry: int | None


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some lines of an export, as JSON can hold them."""

    lines: tuple[dict[str, Any], ...]
    next: ExportPlace | None
    """Where the next page begins; None after the last."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying the audit trail found."""

    entries: int
    """Entries that were read."""
    unsealed: int
    """Those of them that no seal holds yet."""
    seals: int
    problems: tuple[str, ...] = ()
    """A sentence for each thing that is not as it was written; at most the first hundred."""

    @property
    def whole(self) -> bool:
        """Nothing is changed, missing, out of order, put in or cut off."""
        return not self.problems

    @property
    def sentence(self) -> str:
        """What was found, in plain words."""
        if self.problems:
            more = len(self.problems) - 1
            rest = f" And {_number(more, 'more problem', 'more problems')}." if more else ""
            return f"The audit trail is not whole. {self.problems[0]}{rest}"
        found = f"{_number(self.entries, 'entry', 'entries')}, {_number(self.seals, 'seal', 'seals')}"
        waiting = f", {self.unsealed:,} not sealed yet" if self.unsealed else ""
        return f"The audit trail is whole: {found}{waiting}."


_FORMAT = b"lockwright audit seal 1\n"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
