"""What is due in cases whether or not anybody asks: completing, expiring, telling leads of missed targets."""

from collections.abc import Iterable

from core.audit import Event
from core.cases import DECISION_TARGET, FIRST_ANSWER_TARGET, State, shown_reference
from core.errors import LockwrightError
from core.notices import case_letters
from core.use_cases.case_course import held_case
from core.use_cases.completing import Step, advance
from core.use_cases.due import Piece, Work
from core.use_cases.parts import Parts
from core.use_cases.telling import tell_leads


class CaseWork:
    """Each case in a unit of its own, so that one that fails stops no other."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def pieces(self) -> tuple[Piece, ...]:
        """What one round of due work does."""
        cases = self._parts.cases
        return (
            Piece("completing cases", lambda: bool(cases.due(1)), self.complete),
            Piece("ending cases", lambda: bool(cases.expiring(1)), self.expire),
            Piece("telling of late cases", lambda: bool(cases.late(1)), self.tell_late),
        )

    def complete(self, work: Work) -> None:
        """Complete approved cases whose wait is over."""
        with self._parts.storage.unit():
            due = self._parts.cases.due()
        self._advance(due, work)

    def expire(self, work: Work) -> None:
        """End cases whose time is over."""
        with self._parts.storage.unit():
            over = self._parts.cases.expiring()
        self._advance(over, work)

    def _advance(self, cases: Iterable[str], work: Work) -> None:
        for case_id in cases:
            try:
                with self._parts.storage.unit():
                    looked = advance(self._parts, case_id)
            except LockwrightError as error:
                work.problems.append(str(error))
                continue
            if looked is not None and looked.step is Step.COMPLETED:
                work.completed += 1
            elif looked is not None and looked.step is Step.ENDED:
                work.expired += 1

    def tell_late(self, work: Work) -> None:
        """Tell the leads of cases whose first answer or decision is late, once each."""
        with self._parts.storage.unit():
            late = self._parts.cases.late()
        for case_id in late:
            try:
                with self._parts.storage.unit():
                    self._tell_late(case_id)
            except LockwrightError as error:
                work.problems.append(str(error))

    def _tell_late(self, case_id: str) -> None:
        parts, now = self._parts, self._parts.clock()
        found = held_case(parts, case_id)
        if found is None or not found[0].live or found[0].late_at is None or found[0].late_at > now:
            return
        case, late_at = found[0], found[0].late_at
        decision = case.opened_at + DECISION_TARGET
        first = late_at is not None and late_at < decision
        if parts.cases.change(case, late_at=decision if first else None) is None:
            return
        if case.answered_at is not None if first else case.state is State.APPROVED:
            return  # it was done in time after all
        target = FIRST_ANSWER_TARGET if first else DECISION_TARGET
        what = "the first answer" if first else "the decision"
        fact = f"{what} is late: the target is {target.days} day{'s' if target.days > 1 else ''}"
        tell_leads(parts, case_letters.for_leads(parts.settings.site, shown_reference(case.reference), fact))
        parts.audit.record(Event.CASE_LATE, account=case.account, case=case.id, what=what)
