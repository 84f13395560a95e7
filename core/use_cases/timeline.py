"""What happened in a case, in words, as frozen values for screens. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from core.cases import CLAIMANT, CLOCK, OPERATOR, OWNER, Moment, MomentKind
from core.origin import where


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, for a screen."""

    at: datetime
    kind: MomentKind
    who: str
    words: str
    """What happened, ours."""
    text: str = field(repr=False)
    """What a person wrote, as it is: show it with `text.shown`."""


_WORDS = {
    MomentKind.OPENED: "opened the case",
    MomentKind.RETURNED: "came back with the return code",
    MomentKind.MESSAGE: "wrote",
    MomentKind.QUESTION: "asks",
    MomentKind.EVIDENCE: "gave evidence",
    MomentKind.EVIDENCE_VOID: "made evidence void",
    MomentKind.CLAIMED: "took the case",
    MomentKind.RELEASED: "gave the case back",
    MomentKind.REASSIGNED: "gave the case",
    MomentKind.VERIFIED: "verified ownership",
    MomentKind.APPROVED: "approved the recovery",
    MomentKind.REOPENED: "took the case back to open",
    MomentKind.FROZEN: "froze the case",
    MomentKind.UNFROZEN: "let the case go on; the whole wait begins anew",
    MomentKind.COMPLETED: "completed the recovery: two-factor authentication is off",
    MomentKind.REJECTED: "rejected the case",
    MomentKind.WITHDRAWN: "withdrew the case",
    MomentKind.STOPPED: "stopped the case",
    MomentKind.EXPIRED: "ended the case: it ran out of time",
    MomentKind.UNDONE: "undid the recovery",
}
_BETTER = {
    (MomentKind.EVIDENCE, "mail"): "gave evidence: a mail code",
    (MomentKind.EVIDENCE, "key"): "gave evidence: an SSH key",
    (MomentKind.EVIDENCE, "person"): "recorded evidence: the owner, identified in person",
    (MomentKind.WITHDRAWN, "the claimant withdrew it"): "withdrew the case",
    (MomentKind.WITHDRAWN, "a new password was set by mail"): "withdrew the case by setting a new password by mail",
    (MomentKind.STOPPED, "its owner signed in with a second factor"): "stopped the case by a sign-in with both factors",
    (MomentKind.STOPPED, "its owner ended it in a live session"): "stopped the case from a live session",
    (MomentKind.STOPPED, "two-factor authentication was enabled"): "stopped the case by enabling two-factor",
    (MomentKind.STOPPED, "whoever knows the password says that it was not them"): (
        "stopped the case: “It was not me”, said after the password"
    ),
    (MomentKind.EXPIRED, "its time was over"): "ended the case: it ran out of time",
    (MomentKind.REJECTED, "rejected by support"): "rejected the case",
    (MomentKind.UNDONE, "the account is locked"): "stopped the completed recovery: the account is locked",
    (MomentKind.UNDONE, "the old device is back"): "brought the old device back: it counts again",
}
"""Where what happened and its detail, one after the other, would not read as a sentence."""
_VOID = {"mail": "the mail code", "key": "the SSH key", "person": "the identification in person"}
_JOINED = {MomentKind.OPENED: " ", MomentKind.RETURNED: ", ", MomentKind.VERIFIED: " ", MomentKind.REASSIGNED: " "}
"""What stands between the words of a moment and its detail; else a colon."""


def lines(moments: list[Moment], name: Callable[[str], str]) -> tuple[Line, ...]:
    """The timeline in words; `name` says who somebody is."""
    return tuple(
        Line(
            each.at,
            each.kind,
            name(each.by),
            _said(each),
            each.text,
        )
        for each in moments
    )


def _said(moment: Moment) -> str:
    """What happened and its detail, as one sentence after the name of whoever did it."""
    kind, detail = moment.kind, moment.detail
    if (kind, detail) in _BETTER:
        return _BETTER[kind, detail]
    if kind is MomentKind.EVIDENCE_VOID:
        what, _, why = detail.partition(": ")
        return f"made {_VOID.get(what, what)} void: {why}"
    if kind in {MomentKind.OPENED, MomentKind.RETURNED}:
        detail = where(detail.removeprefix("from ")) if detail else ""
    return _WORDS[kind] + (_JOINED.get(kind, ": ") + detail if detail else "")


def claimants_name(by: str) -> str:
    """Who somebody in the timeline is, as the claimant reads it."""
    return {CLAIMANT: "you", OWNER: "the owner", CLOCK: "Lockwright", OPERATOR: "the operator"}.get(by, "support")
