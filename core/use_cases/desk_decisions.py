"""Deciding a case: verify, approve, reject, freeze, unfreeze. Two people, fresh tokens, and no way around the policy."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import Account
from core.audit import Event
from core.cases import LEASE, Action, Kind, MomentKind, clean_reference, shown_reference
from core.notices import case_letters
from core.secret import Secret
from core.staff import Right
from core.use_cases.case_course import announce, end, freeze, stop_code
from core.use_cases.case_view import quickest
from core.use_cases.completing import Step, advance
from core.use_cases.desk_acts import At, DeskActs, Refused, text_of
from core.use_cases.desk_rules import TOO_LATE
from core.use_cases.outcomes import Done, Invalid, NotNow
from core.use_cases.telling import tell

TYPE_REFERENCE = Invalid("reference", "Type the reference of the case as it stands above: this cannot be undone.")

_NOT_APPROVED = {
    Step.ENDED: NotNow("The last check ended the case instead; its timeline says why. Nothing was changed."),
    Step.FROZEN: NotNow(
        "The last check froze the case instead: the audit trail does not hold everything that it was decided on. "
        "The leads were told."
    ),
    Step.REOPENED: NotNow("The last check took the case back to open; its timeline says why."),
}
"""What is answered when a case did not stand the check that follows an approval."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Ownership is verified and the route fixed."""

    kind: Kind
    people: int
    """How many decide by this route: with 2, another person approves."""
    over_at: datetime | None
    """When the owner's time to stop it is over, as far as that is known."""


@dataclass(frozen=True, slots=True)
class Approved:
    """Approved: completed at once, or by itself when the wait is over."""

    completed: bool
    over_at: datetime | None


class DeskDecisions(DeskActs):
    """What moves a case; each is one conditional update, so that of two at once one wins."""

    def verify(self, ticket: Secret, reference: str, kind: Kind | None = None) -> Verified | Refused:
        """Verify ownership: fix the route, by default the quickest that is met. Refused while evidence is short."""
        parts = self._parts
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.VERIFY)
            if not isinstance(at, At):
                return at
            met = tuple(each for each in at.desk.standings if each.met and kind in {None, each.route.kind})
            chosen = quickest(met)
            if chosen is None:
                return NotNow("The evidence is short: that route of the policy is not met.")
            now, route = parts.clock(), chosen.route
            moved = parts.cases.move(
                at.case,
                Action.VERIFY,
                route=route.kind,
                people=route.people,
                verifier=at.me,
                verified_at=now,
                asked_at=None,
                **self._answered(at.case),
            )
            if moved is None:
                return TOO_LATE
            parts.case_leases.take(moved, at.me, now + LEASE)
            parts.cases.decided(at.me)
            self._record(
                at,
                MomentKind.VERIFIED,
                Event.CASE_VERIFIED,
                detail=f"by route {route.kind.value}",
                route=route.kind.value,
                round=moved.round,
            )
            return Verified(route.kind, route.people, chosen.over_at)

    def approve(self, ticket: Secret, reference: str, typed: str) -> Approved | Refused:
        """Approve what another verified; it completes now, or by itself at the end of the wait.

        `typed` is the reference once more, by hand: nobody approves a case that they did not mean.
        """
        parts = self._parts
        if not _same(reference, typed):
            return TYPE_REFERENCE
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.APPROVE)
            if not isinstance(at, At):
                return at
            moved = parts.cases.move(at.case, Action.APPROVE, approver=at.me, approved_at=parts.clock(), late_at=None)
            if moved is None:
                return TOO_LATE
            parts.cases.decided(at.me)
            self._record(at, MomentKind.APPROVED, Event.CASE_APPROVED, round=moved.round)
            looked = advance(parts, moved.id)
            assert looked is not None
            if looked.step is Step.COMPLETED:
                return Approved(completed=True, over_at=None)
            if looked.step is not Step.NOTHING:
                return _NOT_APPROVED[looked.step]
            account = at.desk.account
            if isinstance(account, Account):
                letter = case_letters.approved(
                    parts.settings.site,
                    account.name,
                    shown_reference(moved.reference),
                    over_at=looked.waits_until,
                    stop=stop_code(parts, moved),
                )
                tell(parts, account, letter)
            return Approved(completed=False, over_at=looked.waits_until)

    def reject(self, ticket: Secret, reference: str, typed: str, reason: str) -> Done | Refused:
        """End the case; the claimant and every confirmed address are told the reason. `typed` is the reference once more."""
        parts = self._parts
        if not _same(reference, typed):
            return TYPE_REFERENCE
        accepted = text_of("reason", reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.REJECT, as_it_is=True)
            if not isinstance(at, At):
                return at
            why = "rejected by support"
            account = at.desk.account
            ended = end(parts, at.case, account, Action.REJECT, by=at.me, why=why, text=accepted, source=at.source)
            return TOO_LATE if ended is None else Done()

    def freeze(self, ticket: Secret, reference: str, reason: str) -> Done | Refused:
        """Freeze the case as it is: what would be due in it comes after."""
        parts = self._parts
        accepted = text_of("reason", reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.FREEZE, as_it_is=True)
            if not isinstance(at, At):
                return at
            moved = freeze(parts, at.case, at.desk.account, by=at.me, source=at.source, text=accepted)
            return TOO_LATE if moved is None else Done()

    def unfreeze(self, ticket: Secret, reference: str, reason: str) -> Done | Refused:
        """Let a frozen case go on: open, the whole wait anew, a new notice and a new code."""
        parts = self._parts
        accepted = text_of("reason", reason)
        if isinstance(accepted, Invalid):
            return accepted
        with parts.storage.unit():
            at = self._at(ticket, reference, Right.UNFREEZE)
            if not isinstance(at, At):
                return at
            now = parts.clock()
            moved = parts.cases.move(
                at.case,
                Action.UNFREEZE,
                round=at.case.round + 1,
                round_began_at=now,
                frozen_at=None,
                frozen_by=None,
                turn_at=now,
                asked_at=None,
            )
            if moved is None or not isinstance(at.desk.account, Account):
                return TOO_LATE
            told = announce(parts, moved, at.desk.account)
            self._record(at, MomentKind.UNFROZEN, Event.CASE_UNFROZEN, text=accepted, round=moved.round, told=told)
            return Done()


def _same(reference: str, typed: str) -> bool:
    cleaned = clean_reference(typed)
    return cleaned is not None and cleaned == clean_reference(reference)
