"""Cases, inside the caller's unit. Each change is one conditional update, so that of two at once one wins."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.accounts import Account
from core.cases.model import (
    FIRST_ANSWER_TARGET,
    LONGEST_LIFE,
    LONGEST_SILENCE,
    Case,
    Form,
    new_reference,
    new_return_code,
)
from core.cases.policy import Kind, Policy
from core.cases.tables import CaseRow, DecisionRow
from core.cases.transitions import Action, State, after
from core.clock import Clock
from core.errors import Conflict, Unreadable
from core.origin import Origin
from core.secret import Secret
from core.storage import savepoint
from core.tokens import Tokens
from core.vault import Part, Vault

_SEALED_FORM = "case form"
_RETURN_CODE = "return code"
_FACTS = (
    "id",
    "reference",
    "account",
    "state",
    "opened_at",
    "source",
    "fingerprint",
    "policy_text",
    "policy_hash",
    "repeated",
    "return_mac",
    "route",
    "people",
    "verifier",
    "verified_at",
    "approver",
    "approved_at",
    "round",
    "round_began_at",
    "frozen_at",
    "frozen_by",
    "ended_at",
    "version",
)
"""What a decision rests on, all under one MAC."""
_COURSE = (
    "asked_at",
    "turn_at",
    "answered_at",
    "claimant_session",
    "claimant_seen_at",
    "claimed_by",
    "claimed_until",
    "due_at",
    "late_at",
)
_LEASE = frozenset({"claimed_by", "claimed_until", "claimant_seen_at"})
"""Changed by conditional updates of their own, never by `change`."""
_DRAWS = 5
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """A case that was opened, and the return code, which is told once, here."""

    case: Case
    return_code: Secret = field(repr=False)


class Cases:
    """Every recovery case, live or ended; one whose row was changed behind our back reads as damaged and stands still."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def open(self, account: Account, form: Form, origin: Origin, policy: Policy, *, repeated: bool) -> Begun | None:
        """A new case of `account` under `policy`; None when the account has a live one."""
        now, case_id = self._clock(), self._tokens.identifier()
        code = new_return_code(self._tokens)
        facts: dict[str, Any] = dict.fromkeys((*_FACTS, *_COURSE))
        facts |= {
            "id": case_id,
            "account": account.id,
            "state": State.OPEN,
            "opened_at": now,
            "source": origin.source,
            "fingerprint": origin.fingerprint,
            "policy_text": policy.to_text(),
            "policy_hash": policy.hash,
            "repeated": repeated,
            "return_mac": self._vault.mac(_RETURN_CODE, case_id, code.reveal()),
            "people": 2,
            "round": 1,
            "round_began_at": now,
            "version": 1,
            "turn_at": now,
            "claimant_seen_at": now,
            "late_at": now + FIRST_ANSWER_TARGET,
        }
        sealed = self._vault.seal(json.dumps(asdict(form)).encode(), _SEALED_FORM, case_id)
        for _ in range(_DRAWS):
            case = Case(**facts | {"reference": new_reference(self._tokens), "damaged": False})
            try:
                with savepoint():
                    CaseRow.insert(**self._columns(case), **_course(case), name=account.name, form=sealed).execute()
            except Conflict:
                if self.live_of(account.id) is not None:
                    return None
                continue  # the reference was another case's
            return Begun(case, code)
        return None

    def get(self, case_id: str) -> Case | None:
        """The case with that id."""
        return self._one(CaseRow.id == case_id)

    def by_reference(self, reference: str) -> Case | None:
        """The case with that reference, cleaned."""
        return self._one(CaseRow.reference == reference)

    def live_of(self, account: str) -> Case | None:
        """The live case of `account`."""
        return self._one(CaseRow.live == account)

    def turned_since(self, moment: datetime) -> list[tuple[str, datetime, datetime | None]]:
        """The cases that were opened or ended at `moment` or later: whose, when opened, and when ended."""
        lately = (CaseRow.opened_at >= moment) | (CaseRow.ended_at >= moment)
        rows: Any = CaseRow.select(CaseRow.account, CaseRow.opened_at, CaseRow.ended_at).where(lately).tuples()
        return list(rows)

    def live_references(self, accounts: Iterable[str]) -> dict[str, str]:
        """Which of `accounts` have a live case, and its reference."""
        found: Any = CaseRow.select(CaseRow.live, CaseRow.reference).where(CaseRow.live.in_(list(accounts)))
        return dict(found.tuples())

    def by_session(self, session: str) -> Case | None:
        """The case that this claimant session is about."""
        return self._one(CaseRow.claimant_session == session)

    def of(self, account: str, *, limit: int = 50) -> list[Case]:
        """The cases of `account`, the newest first."""
        rows: Any = CaseRow.select().where(CaseRow.account == account).order_by(CaseRow.opened_at.desc(), CaseRow.id)
        return [self._read(row) for row in rows.limit(limit).dicts()]

    def completed_last(self, account: str) -> Case | None:
        """The case of `account` that was completed last."""
        done = [case for case in self.of(account) if case.state is State.COMPLETED and not case.damaged]
        return max(done, key=lambda case: case.ended_at or case.opened_at, default=None)

    def form(self, case: Case) -> Form:
        """What the claimant wrote on opening it; empty when it cannot be read or was erased."""
        row = CaseRow.get_or_none(CaseRow.id == case.id)
        if row is None or row.form is None:
            return Form("")
        try:
            return Form(**json.loads(self._vault.unseal(row.form, _SEALED_FORM, case.id)))
        except Unreadable:
            return Form("")

    def right_code(self, case: Case, code: str) -> bool:
        """Whether `code`, cleaned, is the case's return code."""
        return self._vault.mac_matches(case.return_mac, _RETURN_CODE, case.id, code)

    def void_code(self, case: Case) -> Case | None:
        """Make the case's return code worthless; None when somebody else changed the case first."""
        return self.change(case, return_mac=self._vault.mac(_RETURN_CODE, case.id, self._tokens.identifier()))

    def move(self, case: Case, action: Action, **columns: Any) -> Case | None:
        """`case` after `action`, with `columns` changed too; None when it may not happen there or somebody was faster."""
        state = after(case.state, action)
        if state is None:
            return None
        if not state.live:
            columns |= {"ended_at": self._clock(), "asked_at": None, "due_at": None, "late_at": None}
        return self.change(case, state=state, **columns)

    def change(self, case: Case, **columns: Any) -> Case | None:
        """`case` with `columns` changed and its MAC made anew; None when somebody else changed it first, or it is damaged."""
        if _LEASE & columns.keys():
            raise TypeError("the lease and the claimant's presence change by themselves")
        if case.damaged:
            return None
        values = {name: getattr(case, name) for name in (*_FACTS, *_COURSE)} | columns
        after_it = Case(**values | {"version": case.version + 1, "damaged": False})
        kept = {name: getattr(after_it, name) for name in _COURSE if name not in _LEASE}
        same = (CaseRow.id == case.id) & (CaseRow.version == case.version)
        return after_it if CaseRow.update(**self._columns(after_it), **kept).where(same).execute() else None

    def seen(self, case: Case) -> None:
        """The claimant is here: the silence begins anew. Written once a minute at most."""
        now = self._clock()
        if now - case.claimant_seen_at < _SEEN_EVERY:
            return
        expires = min(case.opened_at + LONGEST_LIFE, now + LONGEST_SILENCE)
        mine = (CaseRow.id == case.id) & CaseRow.live.is_null(False)
        CaseRow.update(claimant_seen_at=now, expires_at=expires).where(mine).execute()

    def openings(self, account: str, since: datetime) -> int:
        """How many cases of `account` were opened since, those stopped and withdrawn left out."""
        counted = CaseRow.state.not_in([State.STOPPED.value, State.WITHDRAWN.value])
        mine = (CaseRow.account == account) & (CaseRow.opened_at > since) & counted
        return int(CaseRow.select().where(mine).count())

    def openings_from(self, source: str, since: datetime) -> int:
        """How many cases were opened from `source` since."""
        return int(CaseRow.select().where((CaseRow.source == source) & (CaseRow.opened_at > since)).count())

    def decided(self, agent: str) -> None:
        """Count a Verify or an Approve of `agent`."""
        DecisionRow.insert(by=agent, at=self._clock()).execute()

    def decisions(self, agent: str, since: datetime) -> int:
        """How often `agent` verified or approved since."""
        return int(DecisionRow.select().where((DecisionRow.by == agent) & (DecisionRow.at > since)).count())

    def due(self, limit: int = 100) -> list[str]:
        """The ids of approved cases that have to be looked at now."""
        waiting = (CaseRow.state == State.APPROVED.value) & (
            CaseRow.due_at.is_null() | (CaseRow.due_at <= self._clock())
        )
        return _ids(CaseRow.select(CaseRow.id).where(waiting).order_by(CaseRow.due_at, CaseRow.id).limit(limit))

    def expiring(self, limit: int = 100) -> list[str]:
        """The ids of live cases whose time is over."""
        over = CaseRow.live.is_null(False) & (CaseRow.expires_at <= self._clock())
        return _ids(CaseRow.select(CaseRow.id).where(over).order_by(CaseRow.expires_at).limit(limit))

    def late(self, limit: int = 100) -> list[str]:
        """The ids of live cases whose target was missed and of which leads were not told yet."""
        over = CaseRow.live.is_null(False) & (CaseRow.late_at <= self._clock())
        return _ids(CaseRow.select(CaseRow.id).where(over).order_by(CaseRow.late_at).limit(limit))

    def _columns(self, case: Case) -> dict[str, Any]:
        columns = {name: getattr(case, name) for name in _FACTS}
        columns["state"] = case.state.value
        columns["route"] = case.route.value if case.route else None
        columns["live"] = case.account if case.live else None
        columns["mac"] = self._vault.mac("case", *_protected(columns))
        need, since = case.need if case.live else (None, None)
        columns |= {"need": need, "need_rank": need.rank if need else None, "need_since": since}
        return columns

    def _one(self, condition: Any) -> Case | None:
        row: Any = CaseRow.select().where(condition).order_by(CaseRow.opened_at.desc()).dicts().first()
        return None if row is None else self._read(row)

    def _read(self, row: dict[str, Any]) -> Case:
        return read(self._vault, row)


def read(vault: Vault, row: dict[str, Any]) -> Case:
    """The case in `row`."""
    genuine = vault.mac_matches(row["mac"], "case", *_protected(row))
    genuine = genuine and (row["live"] == row["account"]) == State(row["state"]).live
    values = {name: row[name] for name in (*_FACTS, *_COURSE)}
    values["state"] = State(row["state"])
    values["route"] = Kind(row["route"]) if row["route"] else None
    values["return_mac"] = bytes(row["return_mac"])
    return Case(**values, damaged=not genuine)


def _course(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _COURSE} | {"expires_at": case.expires_at}


def _ids(query: Any) -> list[str]:
    return [row["id"] for row in query.dicts()]


def _protected(columns: dict[str, Any]) -> list[Part]:
    return [columns[name] for name in _FACTS]
