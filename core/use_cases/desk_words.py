"""What a case waits for and what staff do next, in the words of the desk. Pure functions."""

from datetime import datetime

from core.accounts import Account
from core.cases import Case, Need, State
from core.use_cases.case_view import quickest
from core.use_cases.desk_rules import DAMAGED_ACCOUNT, OnDesk


def address_state(account: Account | None) -> str:
    """Whether the address is confirmed, and since when; None stands for a damaged account."""
    if account is None:
        return DAMAGED_ACCOUNT
    if account.address_confirmed_at is None:
        return "not confirmed"
    return f"confirmed since {account.address_confirmed_at.day} {account.address_confirmed_at:%b %Y}"


def late(case: Case, now: datetime) -> bool:
    """Whether the case waits for staff, and the target was missed."""
    waits_for_staff = case.live and case.need[0] in {Need.FIRST_ANSWER, Need.REPLY, Need.APPROVAL}
    return waits_for_staff and case.target < now


def need_words(case: Case, me: Account, now: datetime) -> str:
    """What the case waits for, as the queue says it to `me`."""
    if not case.live:
        return case.state.value
    words = {
        Need.FIRST_ANSWER: "first answer",
        Need.REPLY: "decision",
        Need.APPROVAL: "approval",
        Need.LEAD: "frozen: a lead",
        Need.OWNER: "owner: an answer",
        Need.WAIT: "the end of the wait",
    }[case.need[0]]
    if case.need[0] is Need.APPROVAL and case.verifier == me.id and case.people > 1:
        words = "approval (not by you)"
    return f"{words}, late" if late(case, now) else words


def next_step(desk: OnDesk) -> str:
    """What staff do next, in one sentence."""
    case = desk.case
    match case.state:
        case State.OPEN:
            best = quickest(desk.standings)
            if best is not None:
                return f"Route {best.route.kind.value} is met: verify ownership."
            if case.asked_at is not None:
                return "Waits for the claimant's answer."
            return "No route is met yet: ask for evidence, or reject."
        case State.VERIFIED:
            lead = desk.fixed is not None and desk.fixed.lead_approves
            return f"Another {'lead' if lead else 'person'} approves it." if case.people > 1 else "It can be approved."
        case State.APPROVED:
            return "Nothing to do: it completes by itself when the wait is over."
        case State.FROZEN:
            return "A lead can let it go on, once an SSH key or a person proved ownership after the freeze."
        case _:
            return "The case has ended."
