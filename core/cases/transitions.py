"""What may happen to a case in which state: the whole table, on one screenful.

A state or action that is not here is refused. `tests/core/cases/test_transitions.py` walks every pair.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands: four live states, five ends."""

    OPEN = "open"
    VERIFIED = "verified"
    APPROVED = "approved"
    FROZEN = "frozen"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    EXPIRED = "expired"

    @property
    def live(self) -> bool:
        """It can still go on."""
        return self in LIVE


class Action(StrEnum):
    """What moves a case."""

    VERIFY = "verify"
    APPROVE = "approve"
    COMPLETE = "complete"
    REOPEN = "reopen"
    """Evidence lost its source, or whoever decided lost the right to."""
    REJECT = "reject"
    WITHDRAW = "withdraw"
    STOP = "stop"
    """The owner signed in with a second factor, or said that it was not them."""
    FREEZE = "freeze"
    """A stop code, or a lead."""
    UNFREEZE = "unfreeze"
    EXPIRE = "expire"


TRANSITIONS: dict[State, dict[Action, State]] = {
    State.OPEN: {
        Action.VERIFY: State.VERIFIED,
        Action.REJECT: State.REJECTED,
        Action.WITHDRAW: State.WITHDRAWN,
        Action.STOP: State.STOPPED,
        Action.FREEZE: State.FROZEN,
        Action.EXPIRE: State.EXPIRED,
    },
    State.VERIFIED: {
        Action.APPROVE: State.APPROVED,
        Action.REOPEN: State.OPEN,
        Action.REJECT: State.REJECTED,
        Action.WITHDRAW: State.WITHDRAWN,
        Action.STOP: State.STOPPED,
        Action.FREEZE: State.FROZEN,
        Action.EXPIRE: State.EXPIRED,
    },
    State.APPROVED: {
        Action.COMPLETE: State.COMPLETED,
        Action.REOPEN: State.OPEN,
        Action.REJECT: State.REJECTED,
        Action.WITHDRAW: State.WITHDRAWN,
        Action.STOP: State.STOPPED,
        Action.FREEZE: State.FROZEN,
        Action.EXPIRE: State.EXPIRED,
    },
    State.FROZEN: {
        Action.UNFREEZE: State.OPEN,
        Action.REJECT: State.REJECTED,
        Action.STOP: State.STOPPED,
        Action.EXPIRE: State.EXPIRED,
    },
}

LIVE = frozenset(TRANSITIONS)


def after(state: State, action: Action) -> State | None:
    """Where `action` leads from `state`; None when it may not happen there."""
    return TRANSITIONS.get(state, {}).get(action)
