"""What a recovery case is, what is recorded in it, and the numbers of its life."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core import crockford
from core.cases.policy import Kind, Policy, from_text
from core.cases.transitions import State
from core.secret import Secret
from core.tokens import Tokens

REFERENCE_LENGTH = 8
RETURN_LENGTH = 12
CODE_GROUP = 4
_LONGEST_TYPED = 64

LONGEST_LIFE = timedelta(days=30)
"""In all, frozen or not."""
LONGEST_SILENCE = timedelta(days=14)
"""Without the claimant."""
LEASE = timedelta(minutes=15)
WATCHED_FOR = timedelta(seconds=30)
"""How long somebody counts as looking at a case after their screen last did."""
ASSIGNED = timedelta(hours=8)
"""How long a case that a lead gave to an agent waits for that agent."""
FIRST_ANSWER_TARGET = timedelta(days=1)
DECISION_TARGET = timedelta(days=5)
CONTESTED_FOR = timedelta(days=30)
UNDO_FOR = timedelta(days=7)
"""After completion: the stop code works, and the old factor is kept."""
REMINDED_AFTER = (timedelta(hours=24), timedelta(hours=72))
REPEATED_WITHIN = timedelta(days=30)
"""A second recovery within this time is approved by a lead."""
OPENINGS = 3
OPENINGS_WITHIN = timedelta(days=30)
OPENINGS_PER_SOURCE = 5
OPENINGS_PER_SOURCE_WITHIN = timedelta(days=1)
DECISIONS_AN_HOUR = 3
DECISIONS_A_DAY = 10

TEXT_LIMIT = 2000
TEXT_LINES = 40
CONTACT_LIMIT = 200


class Need(StrEnum):
    """What a live case waits for."""

    FIRST_ANSWER = "first answer"
    REPLY = "reply"
    """The claimant wrote or gave evidence, or nobody decided yet."""
    APPROVAL = "approval"
    LEAD = "lead"
    """Frozen: only a lead moves it."""
    OWNER = "owner"
    """A question to the claimant is unanswered."""
    WAIT = "wait"
    """Approved: it completes by itself."""

    @property
    def rank(self) -> int:
        """Staff's turn first, then the claimant's, then the clock's."""
        return {Need.OWNER: 1, Need.WAIT: 2}.get(self, 0)


class MomentKind(StrEnum):
    """What can stand in a case's timeline."""

    OPENED = "opened"
    RETURNED = "returned"
    MESSAGE = "message"
    QUESTION = "question"
    EVIDENCE = "evidence"
    EVIDENCE_VOID = "evidence void"
    CLAIMED = "claimed"
    RELEASED = "released"
    REASSIGNED = "reassigned"
    VERIFIED = "verified"
    APPROVED = "approved"
    REOPENED = "reopened"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    EXPIRED = "expired"
    UNDONE = "undone"
    """Stopped after completion, or the old device restored."""

    @property
    def internal(self) -> bool:
        """Only staff see it."""
        return self in {MomentKind.CLAIMED, MomentKind.RELEASED, MomentKind.REASSIGNED}


CLAIMANT, OWNER, CLOCK, OPERATOR = "claimant", "owner", "clock", "host"
"""Who else than staff (an account's id) does something in a case; `clock` is Lockwright itself."""


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that is asked, at once. What people write here is never used for notices and never proves anything."""

    happened: str
    contact: str = field(default="", repr=False)
    """How to reach the claimant, unverified."""
    statement: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A locked-out owner's request, from opening to its end."""

    id: str
    reference: str
    """Eight signs; `shown_reference` makes it `LW-7K3M-9QXT`."""
    account: str
    state: State
    opened_at: datetime
    source: str
    fingerprint: str | None
    policy_text: str = field(repr=False)
    """The policy of the day it was opened, with its hash below."""
    policy_hash: str
    repeated: bool
    """A recovery of this account was completed within 30 days before."""
    return_mac: bytes = field(repr=False)
    route: Kind | None
    people: int
    """How many decide: what the fixed route says, 2 before that."""
    verifier: str | None
    verified_at: datetime | None
    approver: str | None
    approved_at: datetime | None
    round: int
    """How often the wait began: unfreezing begins another."""
    round_began_at: datetime
    frozen_at: datetime | None
    frozen_by: str | None
    """`owner` (a stop code), a lead's id, or `clock`."""
    ended_at: datetime | None
    version: int
    asked_at: datetime | None
    """Since when a question to the claimant is unanswered."""
    turn_at: datetime
    """Since when it is the staff's turn."""
    answered_at: datetime | None
    """When staff first answered."""
    claimant_session: str | None
    claimant_seen_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    due_at: datetime | None
    """When an approved case has to be looked at; None: at the next round of due work."""
    late_at: datetime | None
    """When leads are told that a target was missed."""
    damaged: bool
    """Its record does not match its MAC: nothing moves it any more."""

    @property
    def live(self) -> bool:
        return self.state.live

    @property
    def policy(self) -> Policy:
        return from_text(self.policy_text)

    @property
    def expires_at(self) -> datetime:
        """When it ends by itself: 14 d without the claimant, 30 d in all."""
        return min(self.opened_at + LONGEST_LIFE, self.claimant_seen_at + LONGEST_SILENCE)

    @property
    def need(self) -> tuple[Need, datetime]:
        """What it waits for, and since when."""
        match self.state:
            case State.FROZEN:
                return Need.LEAD, self.frozen_at or self.opened_at
            case State.VERIFIED:
                return Need.APPROVAL, self.verified_at or self.opened_at
            case State.APPROVED:
                return Need.WAIT, self.approved_at or self.opened_at
            case _:
                if self.asked_at is not None:
                    return Need.OWNER, self.asked_at
                if self.answered_at is None:
                    return Need.FIRST_ANSWER, self.opened_at
                return Need.REPLY, self.turn_at

    @property
    def target(self) -> datetime:
        """By when staff should have done what is due: the first answer in 1 d, the decision in 5 d."""
        return self.opened_at + (FIRST_ANSWER_TARGET if self.answered_at is None else DECISION_TARGET)

    def holder(self, now: datetime) -> str | None:
        """Whose lease it is at present."""
        held = self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by if held and self.live else None

    @property
    def opening_notices(self) -> str:
        """The group of the notices whose hand-over the wait counts from."""
        return f"case {self.id} {self.round}"

    @property
    def later_notices(self) -> str:
        """The group of the notices of 24 h and 72 h after."""
        return f"case {self.id} later"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One recorded proof of ownership."""

    id: str
    case: str
    kind: Kind
    given_at: datetime
    by: str
    """`claimant`, or the staff account that recorded it."""
    rests_on: str = field(repr=False)
    """Its source: an SSH key's number, or a MAC of the address and when it was confirmed."""
    since: datetime
    """How long that source has been there."""
    fingerprint: str | None
    source: str | None
    """Where it was given from."""
    note: str = field(repr=False)
    void_at: datetime | None
    void_reason: str
    genuine: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline, as it is kept."""

    at: datetime
    kind: MomentKind
    by: str
    """A staff account's id, or `claimant`, `owner`, `clock`, `host`."""
    text: str = field(repr=False)
    """What a person wrote, as it is: show it with `text.shown`."""
    detail: str
    """A word for our own sentences: a kind of evidence, a reason of ours."""


def new_reference(tokens: Tokens) -> str:
    """Eight signs, 40 bits: no secret, only a name."""
    return tokens.crockford(REFERENCE_LENGTH)


def shown_reference(reference: str) -> str:
    """`LW-7K3M-9QXT`."""
    return "LW-" + crockford.grouped(reference, CODE_GROUP)


def clean_reference(text: str) -> str | None:
    """The reference in `text`, with or without its LW-; None when it is none."""
    if len(text) > _LONGEST_TYPED:
        return None
    bare = text.strip().upper()
    code = crockford.normalise(bare.removeprefix("LW").lstrip("-– ")) if bare.startswith("LW") else None
    if code is None or len(code) != REFERENCE_LENGTH:
        code = crockford.normalise(bare)
    return code if code is not None and len(code) == REFERENCE_LENGTH else None


def new_return_code(tokens: Tokens) -> Secret:
    """Twelve signs, 60 bits, shown once when the case opens."""
    return Secret(tokens.crockford(RETURN_LENGTH))


def shown_return_code(code: Secret) -> str:
    """The return code as it is shown and written down: three groups of four."""
    return crockford.grouped(code.reveal(), CODE_GROUP)


def clean_return_code(text: str) -> str | None:
    """The return code in `text`, as forgiving as a backup code; None when it is none."""
    return crockford.code_in(text, RETURN_LENGTH)
