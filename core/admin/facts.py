"""What the operator's command prints, as JSON: contracts for scripts, so names and shapes stay."""

import json
from datetime import datetime
from typing import Any

from core.accounts import Damaged
from core.audit import Verdict
from core.cases import Policy, shown_reference
from core.notices import Listed
from core.text import shown
from core.use_cases.operator import AccountFacts, CaseFacts


def account_facts(facts: AccountFacts) -> dict[str, Any]:
    """An account: times in ISO 8601 UTC, no secret, no hash, no code."""
    account = facts.account
    if isinstance(account, Damaged):
        return {"id": account.id, "name": shown(account.name), "damaged": True}
    return {
        "id": account.id,
        "name": shown(account.name),
        "address": shown(account.address),
        "address_confirmed": _time(account.address_confirmed_at),
        "roles": [grant.role.value for grant in account.grants] or ["member"],
        "two_factor": account.two_factor_on,
        "two_factor_since": _time(account.two_factor_since),
        "backup_code": facts.backup_code.value,
        "probation": account.probation.by if account.probation else None,
        "locked": _time(account.locked_at),
        "contested_until": _time(account.contested_until),
        "sessions": facts.sessions,
        "keys": facts.keys,
        "created": _time(account.created_at),
        "damaged": False,
    }


def mail_facts(listed: Listed) -> dict[str, Any]:
    """A notice of the outbox, without its body."""
    return {
        "id": listed.id,
        "kind": listed.kind,
        "to": shown(listed.to),
        "state": listed.state.value,
        "created": _time(listed.created_at),
        "due": _time(listed.due_at),
        "tries": listed.tries,
        "reason": shown(listed.reason) if listed.reason else None,
    }


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """What verifying the audit trail found."""
    return {"whole": verdict.whole, "entries": verdict.entries, "seals": verdict.seals, "sentence": verdict.sentence}


def case_facts(facts: CaseFacts) -> dict[str, Any]:
    """A recovery case; what people wrote is left out."""
    case = facts.case
    need, since = case.need if case.live else (None, None)
    return {
        "reference": shown_reference(case.reference),
        "id": case.id,
        "account": shown(facts.account_name),
        "state": case.state.value,
        "damaged": case.damaged,
        "opened": _time(case.opened_at),
        "source": case.source,
        "need": need.value if need else None,
        "need_since": _time(since),
        "route": case.route.value if case.route else None,
        "verifier": case.verifier,
        "verified": _time(case.verified_at),
        "approver": case.approver,
        "approved": _time(case.approved_at),
        "claimed_by": case.claimed_by,
        "claimed_until": _time(case.claimed_until),
        "expires": _time(case.expires_at) if case.live else None,
        "ended": _time(case.ended_at),
        "policy_hash": case.policy_hash,
        "warning": case.policy.warning,
        "evidence": [
            {
                "kind": each.kind.value,
                "given": _time(each.given_at),
                "by": each.by,
                "void": each.void_reason or None,
            }
            for each in facts.evidence
        ],
        "routes": [
            {
                "route": each.route.kind.value,
                "met": each.met,
                "missing": list(each.missing),
                "people": each.route.people,
                "lead_approves": each.lead_approves,
                "over_at": _time(each.over_at),
            }
            for each in facts.routes
            if each.route.enabled
        ],
    }


def policy_facts(policy: Policy) -> dict[str, Any]:
    """A recovery policy, with the hash that is frozen into each case."""
    return {"hash": policy.hash, "warning": policy.warning, "routes": json.loads(policy.to_text())}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
