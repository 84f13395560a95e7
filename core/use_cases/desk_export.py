"""A whole case as JSON: its policy, evidence, timeline and entries of the audit trail."""

import json
from collections.abc import Mapping
from typing import Any

from core.audit import Entry
from core.cases import Case, shown_reference
from core.use_cases.parts import Parts


def exported(parts: Parts, case: Case) -> Mapping[str, Any]:
    """Everything recorded in `case`, for auditors: all that its screen shows, so what happened to the device, too.

    The rest of the form, which is contact data and the claimant's statement, stays sealed.
    """
    return {
        "reference": shown_reference(case.reference),
        "id": case.id,
        "account": case.account,
        "state": case.state.value,
        "opened_at": case.opened_at.isoformat(),
        "source": case.source,
        "policy": json.loads(case.policy_text),
        "policy_hash": case.policy_hash,
        "route": case.route.value if case.route else None,
        "verifier": case.verifier,
        "approver": case.approver,
        "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        "genuine": not case.damaged,
        "evidence": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "given_at": each.given_at.isoformat(),
                "by": each.by,
                "source": each.source,
                "fingerprint": each.fingerprint,
                "note": each.note,
                "void": each.void_reason or None,
                "genuine": each.genuine,
            }
            for each in parts.case_file.evidence(case)
        ],
        "timeline": [
            {
                "at": each.at.isoformat(),
                "kind": each.kind.value,
                "by": each.by,
                "detail": each.detail,
                "text": each.text,
            }
            for each in parts.case_file.timeline(case, limit=None)
        ],
        "audit": [
            {
                "id": each.id,
                "at": each.at.isoformat(),
                "event": each.event.value,
                "actor": each.actor,
                "source": each.source,
                "detail": dict(each.detail),
            }
            for each in reversed(_entries(parts, case))
        ],
    }


def _entries(parts: Parts, case: Case) -> list[Entry]:
    """All that the trail holds of the case, newest first."""
    found: list[Entry] = []
    while page := parts.audit.search(case=case.id, before=found[-1] if found else None):
        found += page
    return found
