"""Who may do what in the support console: the whole table, on one screenful. What is not here is denied.

`tests/core/staff/test_rights.py` walks every role and right, `tests/core/use_cases/test_desk_matrix.py` every role,
right and state of a case.
"""

from enum import StrEnum

from core.accounts import Role


class Right(StrEnum):
    """Something that only staff may do."""

    SEE_CASES = "see the queue and cases"
    LOOK_UP = "look accounts up"
    UNMASK = "unmask contact data"
    CLAIM = "claim"
    RELEASE = "release"
    MESSAGE = "message"
    ASK = "ask for evidence"
    RECORD = "record evidence"
    VERIFY = "verify ownership"
    APPROVE = "approve"
    APPROVE_AS_LEAD = "approve as a lead"
    REJECT = "reject"
    VOID_BACKUP_CODE = "void a backup code"
    REASSIGN = "reassign"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    LIFT_BLOCKS = "lift blocks"
    LOCK = "lock and unlock accounts"
    SEE_STAFF = "see the staff"
    INVITE = "invite staff"
    CHANGE_ROLES = "change roles"
    DISABLE = "disable staff"
    READMIT = "readmit staff"
    AUDIT = "search and verify the audit trail"
    EXPORT = "export"
    OVERVIEW = "see the overview"


_AGENT = frozenset(
    {
        Right.SEE_CASES,
        Right.LOOK_UP,
        Right.UNMASK,
        Right.CLAIM,
        Right.RELEASE,
        Right.MESSAGE,
        Right.ASK,
        Right.RECORD,
        Right.VERIFY,
        Right.APPROVE,
        Right.REJECT,
        Right.VOID_BACKUP_CODE,
        Right.OVERVIEW,
    }
)
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MEMBER: frozenset(),
    Role.AGENT: _AGENT,
    Role.LEAD: _AGENT
    | {
        Right.APPROVE_AS_LEAD,
        Right.REASSIGN,
        Right.FREEZE,
        Right.UNFREEZE,
        Right.LIFT_BLOCKS,
        Right.LOCK,
    },
    Role.ADMIN: frozenset({Right.SEE_STAFF, Right.INVITE, Right.CHANGE_ROLES, Right.DISABLE, Right.READMIT}),
    Role.AUDITOR: frozenset({Right.SEE_CASES, Right.AUDIT, Right.EXPORT, Right.OVERVIEW}),
}
FRESH = frozenset({Right.VERIFY, Right.APPROVE, Right.UNMASK, Right.INVITE, Right.CHANGE_ROLES, Right.READMIT})
"""A token of the last five minutes is asked for (ASVS 7.5.3)."""
SETTLED = frozenset({Right.VERIFY, Right.APPROVE, Right.APPROVE_AS_LEAD})
"""A role given in the console counts for these only after 7 days."""
