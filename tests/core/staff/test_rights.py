"""The table of rights, walked: what each role may, and that everything else is denied."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.accounts import HOST, Account, Grant, Probation, Role, new_account
from core.staff import Readmission, Right, admitted, has, why_not

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)


def somebody(*grants: Grant, since: datetime | None = LONG_AGO, **columns: Any) -> Account:
    begun = new_account("a" * 32, "mia", "mia@example.org", b"", grants, LONG_AGO)
    return replace(begun, **({"two_factor_since": since, "enrolments": 1} | columns))


CASE_WORK = {
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
MAY = {
    Role.MEMBER: set(),
    Role.AGENT: CASE_WORK,
    Role.LEAD: CASE_WORK
    | {Right.APPROVE_AS_LEAD, Right.REASSIGN, Right.FREEZE, Right.UNFREEZE, Right.LIFT_BLOCKS, Right.LOCK},
    Role.ADMIN: {Right.SEE_STAFF, Right.INVITE, Right.CHANGE_ROLES, Right.DISABLE, Right.READMIT},
    Role.AUDITOR: {Right.SEE_CASES, Right.AUDIT, Right.EXPORT, Right.OVERVIEW},
}
"""The product's table of roles, written down a second time."""


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_every_role_may_what_the_product_says_and_nothing_else(role: Role, right: Right) -> None:
    grants = () if role is Role.MEMBER else (Grant(role, LONG_AGO, HOST),)
    account = somebody(*grants)
    assert has(account, right, NOW) is (right in MAY[role])
    assert (why_not(account, right, NOW) is None) is (right in MAY[role])


def test_roles_add_up() -> None:
    account = somebody(Grant(Role.AGENT, LONG_AGO, HOST), Grant(Role.AUDITOR, LONG_AGO, HOST))
    assert {right for right in Right if has(account, right, NOW)} == MAY[Role.AGENT] | MAY[Role.AUDITOR]


@pytest.mark.parametrize(
    ("by", "days", "counts"), [(HOST, 0, True), ("b" * 32, 6, False), ("b" * 32, 7, True), ("b" * 32, 0, False)]
)
def test_a_role_given_in_the_console_decides_after_seven_days(by: str, days: int, *, counts: bool) -> None:
    account = somebody(Grant(Role.LEAD, NOW - timedelta(days=days), by))
    for right in (Right.VERIFY, Right.APPROVE, Right.APPROVE_AS_LEAD):
        assert has(account, right, NOW) is counts
    assert has(account, Right.CLAIM, NOW)
    reason = why_not(account, Right.VERIFY, NOW)
    assert counts or (reason is not None and "7 days" in reason)


def test_a_locked_account_has_no_right() -> None:
    account = somebody(Grant(Role.LEAD, LONG_AGO, HOST), locked_at=NOW)
    assert not any(has(account, right, NOW) for right in Right)


GRANT = Grant(Role.AGENT, LONG_AGO, HOST)


@pytest.mark.parametrize(
    ("account", "let_in"),
    [
        (somebody(GRANT), True),
        (somebody(GRANT, since=None), False),
        (somebody(), False),
        (somebody(GRANT, locked_at=NOW), False),
        (somebody(GRANT, probation=Probation("backup_code", NOW, None)), False),
        (somebody(GRANT, since=NOW), True),  # the first device of somebody who was staff before it
        (somebody(GRANT, since=NOW, enrolments=2), False),  # 2FA went off and came back
        (somebody(GRANT, Grant(Role.LEAD, NOW, HOST), since=NOW, enrolments=2), False),  # a further role trusts no 2FA
    ],
)
def test_the_console_lets_in_whom_somebody_trusted_with_this_device(account: Account, *, let_in: bool) -> None:
    assert admitted(account, None) is let_in


def test_a_readmission_is_for_one_two_factor_only() -> None:
    account = somebody(GRANT, since=NOW, enrolments=2)
    assert admitted(account, Readmission(account.id, NOW, HOST, NOW))
    assert admitted(replace(account, enrolments=3), Readmission(account.id, NOW, HOST, NOW))
    assert not admitted(account, Readmission(account.id, NOW - timedelta(seconds=1), HOST, NOW))
