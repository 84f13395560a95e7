"""How a recovery, its rules and its times are said to whoever asks for one."""

from collections.abc import Sequence
from datetime import datetime

from core.cases import Kind, Policy, State
from core.cases.policy import length
from core.use_cases.case_view import CaseView
from tui.words import moment, span

_STANDING = {
    State.OPEN: "open, nothing is decided yet",
    State.VERIFIED: "verified",
    State.APPROVED: "approved",
    State.FROZEN: "frozen, nothing is changed",
    State.COMPLETED: "completed",
    State.REJECTED: "rejected by support",
    State.WITHDRAWN: "withdrawn",
    State.STOPPED: "stopped by the owner",
    State.EXPIRED: "expired",
}
WHY_STOPPED = (
    "Somebody stopped it who signed in with the device or the backup code, or who said with the password that it was "
    "not them."
)


def standing(view: CaseView) -> str:
    """Which case it is and where it stands, for a title."""
    return f"Case {view.reference}: {_STANDING[view.state]}"


def in_time(time: datetime, now: datetime) -> str:
    """A moment to come, said twice: `in 2 d 4 h (Fri 27 Nov, 14:05 UTC)`."""
    return f"in {span(time - now)} ({moment(time)})"


def steps(policy: Policy) -> Sequence[str]:
    """What a recovery takes, under `policy`, in the order in which it comes."""
    return (
        "Say what happened. You get a return code that leads back here.",
        f"Give evidence: {_evidence(policy)}.",
        f"The owner is told by mail, and has {_waits(policy)} to stop it.",
        f"{_people(policy)}. Then two-factor is off; you set it up anew.",
    )


def _evidence(policy: Policy) -> str:
    wanted = {
        Kind.MAIL: "a code from your mailbox",
        Kind.KEY: "your registered SSH key",
        Kind.PERSON: "meet them in person",
    }
    return " or ".join(words for kind, words in wanted.items() if policy.route(kind).enabled) or "none is taken here"


def _waits(policy: Policy) -> str:
    waits = sorted({route.wait for route in policy.routes if route.enabled})
    if not waits:
        return "time"
    return length(waits[0]) if len(waits) == 1 else f"{length(waits[0])} to {length(waits[-1])}"


def _people(policy: Policy) -> str:
    return "Support checks it" if policy.warning else "Two people check it"
