"""What staff do with a case: each act one transaction, checked against the same rules that the screens show."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.accounts import Account
from core.audit import Event
from core.cases import (
    ASSIGNED,
    CLAIMANT,
    DECISION_TARGET,
    LEASE,
    TEXT_LIMIT,
    TEXT_LINES,
    Case,
    Kind,
    MomentKind,
    shown_reference,
)
from core.notices import case_letters
from core.secret import Secret
from core.staff import Right, has
from core.text import TextProblem, accept
from core.use_cases.case_course import held_case, stop_code
from core.use_cases.completing import advance
from core.use_cases.console import Worker, worker
from core.use_cases.desk_export import exported
from core.use_cases.desk_rules import NO_CASE, TOO_LATE, OnDesk, case_of, obstacle, on_desk
from core.use_cases.outcomes import Done, Invalid, NeedsFresh, NotNow, Over
from core.use_cases.parts import Parts
from core.use_cases.standing import named
from core.use_cases.telling import tell

Refused = NotNow | NeedsFresh | Over | Invalid


@dataclass(frozen=True, slots=True)
class At:
    """Somebody with the right, and the case held before them."""

    worker: Worker
    desk: OnDesk

    @property
    def case(self) -> Case:
        return self.desk.case

    @property
    def me(self) -> str:
        return self.worker.id

    @property
    def source(self) -> str:
        return self.worker.session.source


class DeskActs:
    """The acts of the case screen."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def claim(self, ticket: Secret, reference: str) -> Done | Refused:
        """Take the case for 15 minutes, longer while it is looked at; nobody else can work it meanwhile."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.CLAIM)
            if not isinstance(at, At):
                return at
            if not parts.case_leases.take(at.case, at.me, parts.clock() + LEASE):
                return TOO_LATE
            self._record(at, MomentKind.CLAIMED, Event.CASE_CLAIMED)
            return Done()

    def release(self, ticket: Secret, reference: str) -> Done | Refused:
        """Give the case back to the queue."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.RELEASE)
            if not isinstance(at, At):
                return at
            if not parts.case_leases.release(at.case, at.me):
                return TOO_LATE
            self._record(at, MomentKind.RELEASED, Event.CASE_RELEASED)
            return Done()

    def reassign(self, ticket: Secret, reference: str, to: str) -> Done | Refused:
        """Give the case to the agent or lead named `to`, whoever has it."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.REASSIGN)
            if not isinstance(at, At):
                return at
            agent = named(parts, to)
            if not isinstance(agent, Account) or not has(agent, Right.CLAIM, parts.clock()):
                return Invalid("to", "There is no agent or lead of that name.")
            if agent.id == at.case.account:
                return Invalid("to", "That is the account of the case itself.")
            if not parts.case_leases.give(at.case, agent.id, parts.clock() + ASSIGNED):
                return TOO_LATE
            self._record(at, MomentKind.REASSIGNED, Event.CASE_REASSIGNED, detail=f"to {agent.name}", to=agent.id)
            return Done()

    def message(self, ticket: Secret, reference: str, text: str) -> Done | Refused:
        """Write to the claimant."""
        return self._write(ticket, reference, text, Right.MESSAGE)

    def ask(self, ticket: Secret, reference: str, text: str) -> Done | Refused:
        """Ask the claimant for evidence; the case waits for the owner until they answer."""
        return self._write(ticket, reference, text, Right.ASK)

    def _write(self, ticket: Secret, reference: str, text: str, right: Right) -> Done | Refused:
        parts = self._parts
        accepted = text_of("text", text)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, reference, right)
            if not isinstance(at, At):
                return at
            asks = right is Right.ASK
            now = parts.clock()
            if not self._answer(at, asked_at=now if asks else at.case.asked_at):
                return TOO_LATE
            if isinstance(at.desk.account, Account) and not _awaited(parts, at.case):
                _tell_written(parts, at.case, at.desk.account, asks=asks)
            kind = MomentKind.QUESTION if asks else MomentKind.MESSAGE
            self._record(at, kind, Event.CASE_ASKED if asks else Event.CASE_MESSAGE, text=accepted)
            return Done()

    def record_person(self, ticket: Secret, reference: str, note: str) -> Done | Refused:
        """Record that the owner was identified in person, and how."""
        parts = self._parts
        accepted = text_of("note", note)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.RECORD)
            if not isinstance(at, At):
                return at
            if not self._answer(at, asked_at=None):
                return TOO_LATE
            given = parts.case_file.add_evidence(at.case, Kind.PERSON, by=at.me, source=at.source, note=accepted)
            self._record(
                at,
                MomentKind.EVIDENCE,
                Event.CASE_EVIDENCE,
                detail=Kind.PERSON.value,
                kind=Kind.PERSON.value,
                evidence=given.id,
            )
            return Done()

    def export(self, ticket: Secret, reference: str) -> str | Refused:
        """The whole case as JSON, with its policy and its entries of the audit trail, without contact data."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.EXPORT)
            if not isinstance(at, At):
                return at
            parts.audit.record(Event.STAFF_EXPORTED, account=at.case.account, actor=at.me, case=at.case.id)
            return json.dumps(exported(parts, at.case), indent=2, ensure_ascii=True)

    def _at(
        self, ticket: Secret, reference: str, right: Right, *, as_it_is: bool = False
    ) -> At | NotNow | NeedsFresh | Over:
        """Who acts, with the right; and the case, held, after what was due in it unless it is taken as it is."""
        parts = self._parts
        found = worker(parts, ticket, right, holding=True)
        if not isinstance(found, Worker):
            return found
        seen = case_of(parts, reference)
        if seen is None:
            return NO_CASE
        if as_it_is:
            held = held_case(parts, seen.id)
        else:
            looked = advance(parts, seen.id)
            held = None if looked is None else (looked.case, looked.account)
        if held is None:
            return NO_CASE
        desk = on_desk(parts, found.account, *held)
        refused = obstacle(parts, desk, right)
        return At(found, desk) if refused is None else NotNow(refused)

    def _answered(self, case: Case) -> dict[str, Any]:
        """Staff answer for the first time, or again."""
        if case.answered_at is not None:
            return {}
        return {"answered_at": self._parts.clock(), "late_at": case.opened_at + DECISION_TARGET}

    def _answer(self, at: At, *, asked_at: datetime | None) -> bool:
        """Take the case along, and note that staff answered."""
        parts = self._parts
        if not parts.case_leases.take(at.case, at.me, parts.clock() + LEASE):
            return False
        return parts.cases.change(at.case, asked_at=asked_at, **self._answered(at.case)) is not None

    def _record(
        self, at: At, moment: MomentKind, event: Event, *, text: str = "", detail: str = "", **facts: str | int
    ) -> None:
        parts = self._parts
        parts.case_file.note(at.case, moment, at.me, text=text, detail=detail)
        parts.audit.record(event, account=at.case.account, actor=at.me, case=at.case.id, source=at.source, **facts)


def _awaited(parts: Parts, case: Case) -> bool:
    """Whether support wrote before and the claimant has not been in the case since: the letter of then is enough."""
    session = case.claimant_session
    there = parts.sessions.last_there(session) if session is not None else None
    for each in reversed(parts.case_file.timeline(case)):
        if each.by == CLAIMANT:
            return False
        if each.kind in {MomentKind.MESSAGE, MomentKind.QUESTION}:
            return there is None or there < each.at
    return False


def _tell_written(parts: Parts, case: Case, account: Account, *, asks: bool) -> None:
    letter = case_letters.written(
        parts.settings.site, account.name, shown_reference(case.reference), asks=asks, stop=stop_code(parts, case)
    )
    tell(parts, account, letter)


def text_of(field: str, text: str) -> str | Invalid:
    """What somebody of the staff wrote, let in; or why not."""
    accepted = accept(text, limit=TEXT_LIMIT, lines=TEXT_LINES)
    if isinstance(accepted, TextProblem):
        return Invalid(field, str(accepted))
    return accepted or Invalid(field, "Type something: it becomes part of the record.")
