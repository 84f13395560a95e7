"""What happened in a case reads as a sentence, whoever reads it."""

import pytest

from core.cases import CLAIMANT, CLOCK, OWNER, Moment, MomentKind
from core.use_cases.timeline import claimants_name, lines
from tests.repeatable import BEGINNING

STAFF = "5" * 32
K = MomentKind
SAID = [
    (K.OPENED, CLAIMANT, "from 203.0.113.7", "you opened the case from 203.0.113.7"),
    (K.OPENED, CLAIMANT, "from local", "you opened the case on this machine"),
    (K.RETURNED, CLAIMANT, "from local", "you came back with the return code, on this machine"),
    (K.MESSAGE, STAFF, "", "support wrote"),
    (K.QUESTION, STAFF, "", "support asks"),
    (K.EVIDENCE, CLAIMANT, "mail", "you gave evidence: a mail code"),
    (K.EVIDENCE, CLAIMANT, "key", "you gave evidence: an SSH key"),
    (K.EVIDENCE, STAFF, "person", "support recorded evidence: the owner, identified in person"),
    (
        K.EVIDENCE_VOID,
        CLOCK,
        "mail: the address was changed since",
        "Lockwright made the mail code void: the address was changed since",
    ),
    (K.REASSIGNED, STAFF, "to bob", "support gave the case to bob"),
    (K.VERIFIED, STAFF, "by route mail", "support verified ownership by route mail"),
    (K.APPROVED, STAFF, "", "support approved the recovery"),
    (
        K.REOPENED,
        CLOCK,
        "whoever approved may not approve any more",
        "Lockwright took the case back to open: whoever approved may not approve any more",
    ),
    (K.FROZEN, OWNER, "", "the owner froze the case"),
    (K.COMPLETED, CLOCK, "", "Lockwright completed the recovery: two-factor authentication is off"),
    (K.REJECTED, STAFF, "rejected by support", "support rejected the case"),
    (
        K.REJECTED,
        CLOCK,
        "staff accounts are recovered on the host, by the operator",
        "Lockwright rejected the case: staff accounts are recovered on the host, by the operator",
    ),
    (K.WITHDRAWN, CLAIMANT, "the claimant withdrew it", "you withdrew the case"),
    (K.WITHDRAWN, CLAIMANT, "its return code was lost", "you withdrew the case: its return code was lost"),
    (
        K.WITHDRAWN,
        OWNER,
        "a new password was set by mail",
        "the owner withdrew the case by setting a new password by mail",
    ),
    (
        K.STOPPED,
        OWNER,
        "its owner signed in with a second factor",
        "the owner stopped the case by a sign-in with both factors",
    ),
    (K.STOPPED, OWNER, "its owner ended it in a live session", "the owner stopped the case from a live session"),
    (
        K.STOPPED,
        OWNER,
        "two-factor authentication was enabled",
        "the owner stopped the case by enabling two-factor",
    ),
    (
        K.STOPPED,
        OWNER,
        "whoever knows the password says that it was not them",
        "the owner stopped the case: “It was not me”, said after the password",
    ),
    (K.EXPIRED, CLOCK, "its time was over", "Lockwright ended the case: it ran out of time"),
    (
        K.UNDONE,
        OWNER,
        "the account is locked",
        "the owner stopped the completed recovery: the account is locked",
    ),
    (K.UNDONE, OWNER, "the old device is back", "the owner brought the old device back: it counts again"),
]


@pytest.mark.parametrize(("kind", "by", "detail", "sentence"), SAID, ids=[said for *_, said in SAID])
def test_a_line_of_the_timeline_reads_as_a_sentence(kind: MomentKind, by: str, detail: str, sentence: str) -> None:
    (line,) = lines([Moment(BEGINNING, kind, by, "", detail)], claimants_name)
    assert f"{line.who} {line.words}" == sentence
