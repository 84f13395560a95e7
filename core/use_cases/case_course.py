"""The course of a case, wherever it is moved from: what it rests on, its notices, and its end. Inside the caller's unit.

Whoever moves a case holds its account first, so that of two who move it at once the second sees what the first did.
"""

from datetime import datetime
from typing import Any

from core.accounts import Account, Damaged
from core.audit import Event
from core.cases import (
    CLOCK,
    CONTESTED_FOR,
    DECISION_TARGET,
    LONGEST_LIFE,
    OWNER,
    REMINDED_AFTER,
    UNDO_FOR,
    Action,
    Case,
    Evidence,
    Facts,
    Kind,
    MomentKind,
    RouteStanding,
    State,
    assess,
    shown_reference,
    told,
)
from core.mail_codes import Purpose, StopKind
from core.notices import case_letters
from core.secret import Secret
from core.use_cases.parts import Parts
from core.use_cases.standing import change, hold
from core.use_cases.telling import tell, tell_leads

_MOMENTS = {
    Action.REJECT: (MomentKind.REJECTED, Event.CASE_REJECTED),
    Action.WITHDRAW: (MomentKind.WITHDRAWN, Event.CASE_WITHDRAWN),
    Action.STOP: (MomentKind.STOPPED, Event.CASE_STOPPED),
    Action.EXPIRE: (MomentKind.EXPIRED, Event.CASE_EXPIRED),
}
_UNDECIDED: dict[str, Any] = {
    "route": None,
    "people": 2,
    "verifier": None,
    "verified_at": None,
    "approver": None,
    "approved_at": None,
    "due_at": None,
}


def held_case(parts: Parts, case_id: str) -> tuple[Case, Account | Damaged] | None:
    """The case and its account, held: read anew once nobody else can move it."""
    seen = parts.cases.get(case_id)
    if seen is None:
        return None
    account = hold(parts, seen.account)
    case = parts.cases.get(case_id)
    return None if case is None or account is None else (case, account)


def facts(parts: Parts, case: Case, account: Account) -> Facts:
    """What the case rests on now."""
    return Facts(
        opened_at=case.opened_at,
        round_began_at=case.round_began_at,
        evidence=tuple(each for each in parts.case_file.evidence(case) if void_reason(parts, account, each) is None),
        told=told(parts.notices.standing(case.opening_notices)),
        contested=account.contested_until is not None and account.contested_until > case.opened_at,
        repeated=case.repeated,
        key_since=min((key.added_at for key in parts.ssh_keys.of(account.id) if key.with_two_factor), default=None),
        address_since=account.address_confirmed_at,
        password_by_mail=account.password_by_mail,
        password_proved_at=account.password_proved_at,
    )


def routes(parts: Parts, case: Case, account: Account) -> tuple[RouteStanding, ...]:
    """Every route of the policy that the case was opened under."""
    return assess(case.policy, facts(parts, case, account))


def void_reason(parts: Parts, account: Account, evidence: Evidence) -> str | None:
    """Why `evidence` does not count any more: its source was removed or changed since. None when it counts."""
    if evidence.void_at is not None:
        return evidence.void_reason
    if not evidence.genuine:
        return "its record was changed from outside"
    if account.password_set_at > evidence.given_at:
        return "the password was changed since"
    if evidence.kind is Kind.MAIL:
        same = parts.case_file.is_address(evidence.rests_on, account.id, account.address)
        return None if same and account.address_confirmed_at == evidence.since else "the address was changed since"
    if evidence.kind is Kind.KEY:
        key = parts.ssh_keys.by_id(int(evidence.rests_on))
        there = key is not None and key.account == account.id and key.removed_at is None and key.with_two_factor
        same_key = key is not None and key.fingerprint == evidence.fingerprint and key.added_at == evidence.since
        return None if there and same_key else "the SSH key was removed since"
    return None


def sweep(parts: Parts, case: Case, account: Account) -> None:
    """Make evidence void whose source was removed or changed since."""
    for evidence in parts.case_file.evidence(case):
        reason = void_reason(parts, account, evidence)
        if evidence.void_at is None and reason is not None and parts.case_file.void(evidence, reason):
            parts.case_file.note(case, MomentKind.EVIDENCE_VOID, CLOCK, detail=f"{evidence.kind.value}: {reason}")
            parts.audit.record(
                Event.CASE_EVIDENCE_VOID, account=account.id, case=case.id, evidence=evidence.id, why=reason
            )


def reopen(parts: Parts, case: Case, reason: str) -> Case | None:
    """Back to open: what it was decided on does not hold any more."""
    moved = parts.cases.move(case, Action.REOPEN, **_UNDECIDED, turn_at=parts.clock(), late_at=_late_again(case))
    if moved is not None:
        parts.case_file.note(moved, MomentKind.REOPENED, CLOCK, detail=reason)
        parts.audit.record(Event.CASE_REOPENED, account=case.account, case=case.id, why=reason)
    return moved


def _late_again(case: Case) -> datetime | None:
    """When leads are told that the decision is late, once it is undone: an approval had met the target."""
    return case.opened_at + DECISION_TARGET if case.state is State.APPROVED else case.late_at


def freeze(
    parts: Parts, case: Case, account: Account | Damaged, *, by: str, source: str | None = None, text: str = ""
) -> Case | None:
    """Freeze the case: it changes nothing until a lead has seen evidence given after this moment."""
    frozen: dict[str, Any] = {"frozen_at": parts.clock(), "frozen_by": by, "late_at": _late_again(case)}
    moved = parts.cases.move(case, Action.FREEZE, **_UNDECIDED, **frozen)
    if moved is None:
        return None
    parts.notices.cancel(case.later_notices)
    parts.case_file.note(moved, MomentKind.FROZEN, by, text=text)
    parts.audit.record(Event.CASE_FROZEN, account=case.account, case=case.id, actor=_actor(by), source=source)
    site, reference = parts.settings.site, shown_reference(case.reference)
    if isinstance(account, Account):
        tell(parts, account, case_letters.frozen(site, account.name, reference))
    tell_leads(parts, case_letters.for_leads(site, reference, f"it was frozen by {_who(by)}"))
    return moved


def end(
    parts: Parts,
    case: Case,
    account: Account | Damaged,
    action: Action,
    *,
    by: str,
    why: str,
    text: str = "",
    contest: bool = False,
    source: str | None = None,
) -> Case | None:
    """End the case without changing the account; None when it may not end so, or somebody was faster.

    A case that ends frozen, or that somebody says is not theirs (`contest`), leaves the account contested for 30 days.
    """
    kind, event = _MOMENTS[action]
    moved = parts.cases.move(case, action)
    if moved is None:
        return None
    parts.stop_codes.void_case(case.id)
    parts.notices.cancel(case.later_notices)
    parts.mail_codes.void(case.account, Purpose.EVIDENCE)
    parts.case_file.note(moved, kind, by, text=text, detail=why)
    parts.audit.record(event, account=case.account, case=case.id, actor=_actor(by), source=source, why=why)
    if not isinstance(account, Account):
        return moved
    if contest or case.state is State.FROZEN:
        account = change(parts, account, contested_until=parts.clock() + CONTESTED_FOR)
        parts.audit.record(Event.ACCOUNT_CONTESTED, account=account.id, case=case.id, source=source)
    reference = shown_reference(case.reference)
    if action is Action.REJECT:
        letter = case_letters.rejected(parts.settings.site, account.name, reference, reason=text or why)
    else:
        letter = case_letters.ended(parts.settings.site, account.name, reference, why)
    tell(parts, account, letter)
    return moved


def end_live(parts: Parts, account_id: str, action: Action, *, by: str, why: str, source: str | None = None) -> bool:
    """End the live case of an account that the caller holds, if it has one that may end so; whether it did."""
    case = parts.cases.live_of(account_id)
    account = hold(parts, account_id)
    if case is None or account is None:
        return False
    return end(parts, case, account, action, by=by, why=why, source=source) is not None


def end_by_owner(parts: Parts, account: Account, *, why: str, source: str) -> Account:
    """Whoever shows a second factor is the owner: a live case of the account ends; the account as it is then."""
    if not end_live(parts, account.id, Action.STOP, by=OWNER, why=why, source=source):
        return account
    held = hold(parts, account.id)
    assert isinstance(held, Account)
    return held


def announce(parts: Parts, case: Case, account: Account) -> int:
    """Tell every confirmed address, now and 24 h and 72 h later; the wait counts from the hand-over of what goes now.

    How many addresses that are: it goes on record, so that a notice taken out of the database is missed.
    """
    site, reference = parts.settings.site, shown_reference(case.reference)
    possible = [route for route in case.policy.routes if route.enabled]
    least = min(route.wait for route in possible) if possible else REMINDED_AFTER[0]
    letter = case_letters.opened(
        site,
        account.name,
        reference,
        at=case.opened_at,
        source=case.source,
        least=least,
        stop=stop_code(parts, case),
    )
    addresses = tell(parts, account, letter, group=case.opening_notices)
    for later in REMINDED_AFTER:
        letter = case_letters.still_open(site, account.name, reference, at=case.opened_at, stop=stop_code(parts, case))
        tell(parts, account, letter, group=case.later_notices, due=parts.clock() + later)
    return addresses


def stop_code(parts: Parts, case: Case) -> Secret:
    """A stop code for a notice of the case: it counts for as long as the case can live, and after completion 7 days.

    A claimant who comes back makes the case live longer, but never longer than this: no code runs out before its case.
    """
    until = case.opened_at + LONGEST_LIFE if case.ended_at is None else case.ended_at + UNDO_FOR
    return parts.stop_codes.issue(StopKind.CASE, case.account, until=until, case=case.id)


def _actor(by: str) -> str | None:
    return by if len(by) == 32 else None


def _who(by: str) -> str:
    return (
        "a lead" if len(by) == 32 else f"the {by}" if by != CLOCK else "Lockwright: what it was decided on was changed"
    )
