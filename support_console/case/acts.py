"""The acts of the case screen: their keys and names, and which of two that share a key is meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.cases import State
from core.staff import Right
from core.use_cases.desk_view import Act, StaffCase


@dataclass(frozen=True, slots=True)
class Named:
    """An act with its key and what it is called."""

    right: Right
    key: str
    word: str
    explanation: str


ACTS = (
    Named(Right.CLAIM, "c", "claim", "yours for 15 minutes, longer while it is on your screen"),
    Named(Right.RELEASE, "c", "release", "give it back to the queue"),
    Named(Right.MESSAGE, "m", "message", "write to the claimant"),
    Named(Right.ASK, "e", "ask for evidence", "the case then waits for the owner"),
    Named(Right.RECORD, "p", "record person", "that you identified the owner in person"),
    Named(Right.VERIFY, "v", "verify ownership", "fix the route; another person approves"),
    Named(Right.APPROVE, "a", "approve and complete", "two-factor goes off when the wait is over"),
    Named(Right.REJECT, "x", "reject", "end the case, with a reason"),
    Named(Right.FREEZE, "z", "freeze", "stop everything in it"),
    Named(Right.UNFREEZE, "z", "unfreeze", "the whole wait begins anew"),
    Named(Right.REASSIGN, "r", "reassign", "give it to another agent"),
    Named(Right.UNMASK, "u", "unmask", "see the contact data; the owner will know"),
    Named(Right.EXPORT, "j", "export", "the whole case as JSON"),
)
KEYS = "".join(dict.fromkeys(act.key for act in ACTS))


def standings(case: StaffCase) -> Mapping[Right, Act]:
    """What stands in the way of each act."""
    return {act.right: act for act in case.acts}


def possible(case: StaffCase) -> list[Named]:
    """The acts that can be done now."""
    found = standings(case)
    return [act for act in ACTS if act.right in found and found[act.right].allowed]


def meant(case: StaffCase, key: str) -> Named:
    """The act that `key` means in this case: of two, the one that can be done, else the one nearer to it."""
    named = [act for act in ACTS if act.key == key]
    can = [act for act in named if act in possible(case)]
    if can:
        return can[0]
    if key == "z" and case.frozen_by is not None:
        return named[-1]
    return named[0]


def first_choice(case: StaffCase) -> Named | None:
    """The act that brings the case on, for the right of the bottom line; none where it only waits for somebody else."""
    can = {act.right: act for act in possible(case)}
    decided = case.state in {State.VERIFIED, State.APPROVED}
    wanted = (Right.APPROVE,) if decided else (Right.UNFREEZE, Right.VERIFY, Right.ASK)
    return next((can[right] for right in wanted if right in can), None)
