"""Completion: everything is checked again in the completing transaction, and everything happens in it, or nothing.

Nobody has to remember it and nobody can skip it: it is called by due work, at each touch of a case, and by Approve.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.accounts import Account, Damaged, Probation
from core.audit import Entry, Event
from core.cases import CLOCK, REMINDED_AFTER, UNDO_FOR, Action, Case, MomentKind, RouteStanding, State, shown_reference
from core.mail_codes import Purpose
from core.notices import case_letters
from core.staff import Right, admitted, has
from core.use_cases.case_course import end, freeze, held_case, reopen, routes, stop_code, sweep, void_reason
from core.use_cases.parts import Parts
from core.use_cases.standing import change
from core.use_cases.telling import tell

UNDECIDED = "it was not decided"


class Step(StrEnum):
    """What looking at a case did."""

    NOTHING = "nothing"
    COMPLETED = "completed"
    REOPENED = "reopened"
    FROZEN = "frozen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Looked:
    """A case after everything that was due in it."""

    case: Case
    account: Account | Damaged
    step: Step = Step.NOTHING
    waits_until: datetime | None = None
    """When an approved case completes, as far as that is known."""


def advance(parts: Parts, case_id: str) -> Looked | None:
    """Do what is due in the case: expire it, take it back to open, or complete it. Inside the caller's unit."""
    found = held_case(parts, case_id)
    if found is None:
        return None
    case, account = found
    if case.damaged or not case.live:
        return Looked(case, account)
    if case.expires_at <= parts.clock():
        ended = end(parts, case, account, Action.EXPIRE, by=CLOCK, why="its time was over")
        return Looked(ended or case, account, Step.ENDED)
    if not isinstance(account, Account):
        return Looked(case, account)
    sweep(parts, case, account)
    if case.state in {State.VERIFIED, State.APPROVED}:
        return _decided(parts, case, account)
    return Looked(case, account)


def _decided(parts: Parts, case: Case, account: Account) -> Looked:
    """Take a decided case back to open when what it was decided on does not hold, or complete it when it is time."""
    if case.state is State.APPROVED and account.is_staff:
        why = "staff accounts are recovered on the host, by the operator"
        ended = end(parts, case, account, Action.REJECT, by=CLOCK, why=why)
        return Looked(ended or case, account, Step.ENDED)
    fixed = next((each for each in routes(parts, case, account) if each.route.kind is case.route), None)
    reason = _reason_to_reopen(parts, case, fixed)
    if reason is not None or fixed is None:
        return Looked(reopen(parts, case, reason or UNDECIDED) or case, account, Step.REOPENED)
    if case.state is State.VERIFIED:
        return Looked(case, account)
    over_at = fixed.over_at
    if account.locked_at is not None or over_at is None or over_at > parts.clock():
        if over_at is not None and over_at != case.due_at:
            case = parts.cases.change(case, due_at=over_at) or case
        return Looked(case, account, waits_until=over_at)
    if not _on_record(parts, case, account):
        return Looked(freeze(parts, case, account, by=CLOCK) or case, account, Step.FROZEN)
    done = _complete(parts, case, account)
    return Looked(case, account) if done is None else Looked(*done, Step.COMPLETED)


def _reason_to_reopen(parts: Parts, case: Case, fixed: RouteStanding | None) -> str | None:
    """Why what the case was decided on does not hold any more; None when it does."""
    if fixed is None or case.verifier is None:
        return UNDECIDED
    if not fixed.met:
        return "the evidence does not suffice any more"
    if case.people != fixed.route.people:
        return "it was not decided by the policy"
    if not entitled(parts, case.verifier, Right.VERIFY):
        return "whoever verified may not verify any more"
    if case.state is State.VERIFIED:
        return None
    if case.approver is None or (fixed.route.people > 1 and case.approver == case.verifier):
        return "it was not decided by two people"
    right = Right.APPROVE_AS_LEAD if fixed.lead_approves else Right.APPROVE
    return None if entitled(parts, case.approver, right) else "whoever approved may not approve any more"


def entitled(parts: Parts, staff_id: str, right: Right) -> bool:
    """Whether the staff account has `right` at this moment, and is let into the console."""
    account = parts.accounts.get(staff_id)
    if not isinstance(account, Account) or not has(account, right, parts.clock()):
        return False
    return admitted(account, parts.staff_room.readmission(staff_id))


def _on_record(parts: Parts, case: Case, account: Account) -> bool:
    """Whether the audit trail holds, genuine, everything that the case was decided on."""
    if hashlib.sha256(case.policy_text.encode()).hexdigest() != case.policy_hash:
        return False
    counted = [
        each.id
        for each in parts.case_file.evidence(case)
        if each.kind is case.route and void_reason(parts, account, each) is None
    ]
    return (
        _recorded(parts, case, Event.CASE_OPENED, actor=None, policy=case.policy_hash)
        and _all_told(parts, case)
        and any(_recorded(parts, case, Event.CASE_EVIDENCE, actor=..., evidence=each) for each in counted)
        and _recorded(parts, case, Event.CASE_VERIFIED, actor=case.verifier, round=case.round, route=(case.route or ""))
        and _recorded(parts, case, Event.CASE_APPROVED, actor=case.approver, round=case.round)
        and _approved_last(parts, case)
    )


def _all_told(parts: Parts, case: Case) -> bool:
    """Whether there still is a notice to each address that was told of this round: one taken out told nobody."""
    event = Event.CASE_OPENED if case.round == 1 else Event.CASE_UNFROZEN
    began = parts.audit.search(case=case.id, event=event, limit=1)
    if not began or not parts.audit.genuine(began[0]) or began[0].detail.get("round", 1) != case.round:
        return False
    told = began[0].detail.get("told", 0)  # not counted in cases of before it was
    return isinstance(told, int) and len(parts.notices.standing(case.opening_notices)) >= told


_MOVES = frozenset(
    {
        Event.CASE_VERIFIED,
        Event.CASE_APPROVED,
        Event.CASE_REOPENED,
        Event.CASE_COMPLETED,
        Event.CASE_REJECTED,
        Event.CASE_WITHDRAWN,
        Event.CASE_STOPPED,
        Event.CASE_FROZEN,
        Event.CASE_UNFROZEN,
        Event.CASE_EXPIRED,
    }
)
_PAGE = 100


def _approved_last(parts: Parts, case: Case) -> bool:
    """Whether nothing moved the case after its approval: an old record of it, genuine once and put back, says nothing."""
    entry: Entry | None = None
    while page := parts.audit.search(case=case.id, before=entry, limit=_PAGE):
        for entry in page:
            if not entry.genuine or entry.event in _MOVES:
                return entry.event is Event.CASE_APPROVED
    return False


def _recorded(parts: Parts, case: Case, event: Event, *, actor: object, **detail: str | int) -> bool:
    def fits(entry: Entry) -> bool:
        right = entry.account == case.account and (actor is ... or entry.actor == actor)
        return right and all(entry.detail.get(name) == value for name, value in detail.items())

    found = [entry for entry in parts.audit.search(case=case.id, event=event) if fits(entry)]
    return bool(found) and parts.audit.genuine(found[0])


def _complete(parts: Parts, case: Case, account: Account) -> tuple[Case, Account] | None:
    """Everything at once: 2FA off, the code erased, sessions ended, counters cleared, probation, notices, audit."""
    now = parts.clock()
    done = parts.cases.move(case, Action.COMPLETE)
    if done is None:
        return None
    parts.two_factor.set_aside(account.id, now + UNDO_FOR)
    parts.backup_codes.forget(account.id)
    parts.sessions.end_all(account.id, reason="account recovered")
    parts.sessions.end_sign_ins(account.id)
    parts.throttle.lift(account.id)
    parts.mail_codes.void(account.id, Purpose.EVIDENCE)
    changed = change(parts, account, two_factor_since=None, probation=Probation("case", now, None))
    parts.notices.cancel(case.later_notices)
    parts.case_file.note(done, MomentKind.COMPLETED, CLOCK)
    parts.audit.record(
        Event.CASE_COMPLETED,
        account=account.id,
        case=case.id,
        route=case.route or "",
        verifier=case.verifier or "",
        approver=case.approver or "",
    )
    for later in (None, *REMINDED_AFTER):
        letter = case_letters.completed(
            parts.settings.site,
            account.name,
            shown_reference(case.reference),
            at=now,
            until=now + UNDO_FOR,
            stop=stop_code(parts, done),
        )
        tell(parts, changed, letter, group=case.later_notices, due=None if later is None else now + later)
    parts.stop_codes.prolong(case.id, now + UNDO_FOR)
    return done, changed
