"""What stands in the way of each act on a case: one place, asked by the screens and by the acts themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts import Account, Damaged
from core.cases import (
    DECISIONS_A_DAY,
    DECISIONS_AN_HOUR,
    Action,
    Case,
    Facts,
    Kind,
    RouteStanding,
    State,
    after,
    assess,
    clean_reference,
)
from core.staff import Right, has, why_not
from core.use_cases.case_course import facts
from core.use_cases.case_view import given_kinds, quickest
from core.use_cases.outcomes import NotNow
from core.use_cases.parts import Parts

DAMAGED_CASE = "The record of this case was changed outside Lockwright. Nothing moves it; tell the operator."
DAMAGED_ACCOUNT = "The record of the account was changed outside Lockwright and is locked. Tell the operator."
NO_CASE = NotNow("There is no case of that reference.")
TOO_LATE = NotNow("Somebody else was faster: look at the case again.")

_NEEDS_LEASE = frozenset({Right.MESSAGE, Right.ASK, Right.RECORD, Right.VERIFY, Right.REJECT})
"""Two agents never work the same case at once; deciding over what another did takes no lease."""
_MOVES = {Right.REJECT: Action.REJECT, Right.FREEZE: Action.FREEZE}
CASE_RIGHTS = (
    Right.CLAIM,
    Right.RELEASE,
    Right.MESSAGE,
    Right.ASK,
    Right.RECORD,
    Right.VERIFY,
    Right.APPROVE,
    Right.REJECT,
    Right.FREEZE,
    Right.UNFREEZE,
    Right.REASSIGN,
    Right.UNMASK,
    Right.EXPORT,
)
"""The acts of the case screen, in the order in which a case goes."""


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A case as somebody of the staff has it before them: read in one unit."""

    me: Account
    case: Case
    account: Account | Damaged
    known: Facts | None
    """None when the account is damaged."""
    standings: tuple[RouteStanding, ...]

    @property
    def fixed(self) -> RouteStanding | None:
        """The route that Verify fixed, as it stands now."""
        return next((each for each in self.standings if each.route.kind is self.case.route), None)


def on_desk(parts: Parts, me: Account, case: Case, account: Account | Damaged) -> OnDesk:
    """Everything that the rules below ask for."""
    known = facts(parts, case, account) if isinstance(account, Account) else None
    return OnDesk(me, case, account, known, assess(case.policy, known) if known is not None else ())


def obstacle(parts: Parts, desk: OnDesk, right: Right) -> str | None:
    """Why `desk.me` cannot do what `right` names with this case now; None when nothing stands in the way."""
    now = parts.clock()
    denied = why_not(desk.me, right, now)
    if denied is not None:
        return denied
    if right in {Right.UNMASK, Right.EXPORT}:
        return None
    case = desk.case
    if case.damaged:
        return DAMAGED_CASE
    if not case.live:
        return "The case has ended."
    if desk.me.id == case.account:
        return "This is your own account: somebody else has to work it."
    return _lease(parts, desk, right, now) or _by_state(parts, desk, right)


def _lease(parts: Parts, desk: OnDesk, right: Right, now: datetime) -> str | None:
    holder = desk.case.holder(now)
    if right is Right.RELEASE:
        return None if holder == desk.me.id else "You do not have this case."
    if right is Right.CLAIM and holder == desk.me.id:
        return "You have this case already."
    if holder in {None, desk.me.id} or right not in _NEEDS_LEASE | {Right.CLAIM}:
        return None
    until = desk.case.claimed_until
    return f"{name_of(parts, holder)} has this case until {until:%H:%M} UTC." if until else None


def _by_state(parts: Parts, desk: OnDesk, right: Right) -> str | None:
    case = desk.case
    if right in _MOVES:
        return None if after(case.state, _MOVES[right]) else f"The case is {case.state.value}."
    match right:
        case Right.RECORD:
            return None if case.policy.route(Kind.PERSON).enabled else "Identification in person is switched off here."
        case Right.VERIFY:
            return _verify(parts, desk)
        case Right.APPROVE:
            return _approve(parts, desk)
        case Right.UNFREEZE:
            return _unfreeze(desk)
        case _:
            return None


def _verify(parts: Parts, desk: OnDesk) -> str | None:
    if desk.case.state is not State.OPEN:
        return f"The case is {desk.case.state.value}; only an open one can be verified."
    if not isinstance(desk.account, Account):
        return DAMAGED_ACCOUNT
    if desk.account.is_staff:
        return "Staff accounts are recovered on the host, by the operator."
    if quickest(desk.standings) is None:
        return "The evidence is short: no route of the policy is met."
    return _limit(parts, desk.me.id)


def _approve(parts: Parts, desk: OnDesk) -> str | None:
    case, fixed = desk.case, desk.fixed
    if case.state is not State.VERIFIED or fixed is None:
        return f"The case is {case.state.value}; only a verified one can be approved."
    if case.people > 1 and case.verifier == desk.me.id:
        return "You verified it: another person has to approve."
    if fixed.lead_approves and not has(desk.me, Right.APPROVE_AS_LEAD, parts.clock()):
        return f"A lead has to approve this one: {lead_reason(desk)}."
    return _limit(parts, desk.me.id)


def lead_reason(desk: OnDesk) -> str:
    """Why a lead has to approve, in words; empty when anybody may."""
    if desk.known is not None and desk.known.contested:
        return "the account is contested"
    if desk.case.repeated:
        return "it is the second recovery in 30 days"
    return "the policy wants it" if desk.fixed is not None and desk.fixed.lead_approves else ""


def _unfreeze(desk: OnDesk) -> str | None:
    if desk.case.state is not State.FROZEN:
        return "The case is not frozen."
    if desk.known is None:
        return DAMAGED_ACCOUNT
    if not given_kinds(desk.case, desk.known) & {Kind.KEY, Kind.PERSON}:
        return "It needs an SSH key proved, or the owner identified in person, after it was frozen."
    return None


def _limit(parts: Parts, agent: str) -> str | None:
    """Three decisions an hour and ten a day: enough for work, too few for a raid."""
    now = parts.clock()
    if parts.cases.decisions(agent, now - timedelta(hours=1)) >= DECISIONS_AN_HOUR:
        return f"You decided {DECISIONS_AN_HOUR} times in the last hour. Wait, or let somebody else decide."
    if parts.cases.decisions(agent, now - timedelta(days=1)) >= DECISIONS_A_DAY:
        return f"You decided {DECISIONS_A_DAY} times in the last day. Let somebody else decide."
    return None


def name_of(parts: Parts, account_id: str | None) -> str:
    """The name of an account, for staff; a dash when there is none."""
    account = parts.accounts.get(account_id) if account_id is not None else None
    return "–" if account is None else account.name


def case_of(parts: Parts, reference: str) -> Case | None:
    """The case with that reference, however it was typed."""
    cleaned = clean_reference(reference)
    return None if cleaned is None else parts.cases.by_reference(cleaned)
