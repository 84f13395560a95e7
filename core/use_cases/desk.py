"""The support desk: the queue, a case before an agent, contact data on purpose, the overview. The acts are in `desk_acts`."""

from datetime import timedelta

from core import crockford
from core.accounts import Account
from core.audit import Event
from core.cases import (
    LEASE,
    Case,
    Filter,
    Place,
)
from core.secret import Secret
from core.staff import Right
from core.use_cases.case_course import held_case
from core.use_cases.completing import advance
from core.use_cases.console import Worker, worker
from core.use_cases.desk_acts import Refused
from core.use_cases.desk_decisions import DeskDecisions
from core.use_cases.desk_rules import (
    NO_CASE,
    case_of,
    name_of,
    on_desk,
)
from core.use_cases.desk_view import CaseLine, Contact, DeskView, Overview, QueuePage, StaffCase, Template
from core.use_cases.outcomes import NeedsFresh, NotNow, Over
from core.use_cases.parts import Parts

PAGE = 50
WEEKS = 8
NOBODY = "~"
"""The beginning of no name."""
_AGES = (("under 1 day", timedelta(days=1)), ("1 to 5 days", timedelta(days=5)), ("over 5 days", timedelta(days=365)))
_TAKEN = (
    ("under 1 day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 5 days", timedelta(days=5)),
    ("over 5 days", timedelta.max),
)


class Desk(DeskDecisions):
    """What agents, leads and auditors see of cases, and everything they can do with one."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._view = DeskView(parts)

    def queue(
        self,
        ticket: Secret,
        *,
        which: Filter = Filter.ALL,
        search: str = "",
        after: Place | None = None,
        limit: int = PAGE,
        peek: bool = False,
    ) -> QueuePage | NotNow | Over:
        """A page of cases, the longest-waiting need first; `search` is the beginning of a reference or a name, and what
        it finds comes in their order.

        `peek`: for the refresh, which does not keep the session from idling out.
        """
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.SEE_CASES, peek=peek)
            if not isinstance(found, Worker):
                return _never_fresh(found)
            reference, name = _searched(search)
            cases = parts.queue.page(which, me=found.id, after=after, limit=limit + 1, reference=reference, name=name)
            count, now = parts.queue.count(), parts.clock()
            shown, last = cases[:limit], cases[limit - 1 : limit]
            return QueuePage(
                tuple(self._view.line(case, named, found.account) for case, named in shown),
                _place(parts, last[0], by_reference=reference is not None, by_name=name is not None)
                if len(cases) > limit
                else None,
                count.live,
                count.need_staff,
                now - count.oldest if count.oldest is not None else None,
            )

    def lines_of(self, account_id: str, me: Account) -> tuple[CaseLine, ...]:
        """The cases of one account, inside the caller's unit."""
        name = name_of(self._parts, account_id)
        return tuple(self._view.line(case, name, me) for case in self._parts.cases.of(account_id, limit=20))

    def case(self, ticket: Secret, reference: str, *, peek: bool = False) -> StaffCase | NotNow | Over:
        """The case before an agent, after everything that was due in it; that they looked is recorded once a session.

        One's own lease is renewed. `peek`: for the refresh, which records nothing.
        """
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.SEE_CASES, peek=peek)
            if not isinstance(found, Worker):
                return _never_fresh(found)
            seen = case_of(parts, reference)
            looked = advance(parts, seen.id) if seen is not None else None
            if looked is None:
                return NO_CASE
            if not peek:
                self._note_look(found, looked.case)
            parts.watchers.note(looked.case, found.id)
            parts.case_leases.renew(looked.case, found.id, parts.clock() + LEASE)
            case = parts.cases.get(looked.case.id) or looked.case
            return self._view.case(on_desk(parts, found.account, case, looked.account))

    def leave(self, ticket: Secret, reference: str) -> None:
        """The case is not before an agent any more: others see them go at once, not half a minute later."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.SEE_CASES, peek=True)
            seen = case_of(parts, reference)
            if isinstance(found, Worker) and seen is not None:
                parts.watchers.leave(seen, found.id)

    def unmask(self, ticket: Secret, reference: str) -> Contact | Refused:
        """The contact data in full; recorded, and shown to the owner in their history."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.UNMASK)
            if not isinstance(found, Worker):
                return found
            seen = case_of(parts, reference)
            held = held_case(parts, seen.id) if seen is not None else None
            if held is None:
                return NO_CASE
            case, account = held
            parts.audit.record(
                Event.STAFF_UNMASKED,
                account=case.account,
                actor=found.id,
                case=case.id,
                source=found.session.source,
            )
            form = parts.cases.form(case)
            address = account.address if isinstance(account, Account) else ""
            return Contact(form.contact, form.happened, form.statement, address)

    def templates(self) -> tuple[Template, ...]:
        """The texts of the settings that a message can begin with."""
        return tuple(Template(name, text) for name, text in self._parts.settings.replies.items())

    def overview(self, ticket: Secret) -> Overview | NotNow | Over:
        """Live cases by age and need, time to decision, outcomes by week."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.OVERVIEW)
            if not isinstance(found, Worker):
                return _never_fresh(found)
            now, queue = parts.clock(), parts.queue
            ages, younger = [], now
            for label, age in _AGES:
                ages.append((label, queue.opened_between(now - age, younger)))
                younger = now - age
            monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
            weeks = []
            for back in reversed(range(WEEKS)):
                start = monday - timedelta(weeks=back)
                outcomes = queue.ended_between(start, start + timedelta(weeks=1))
                weeks.append((start, tuple(outcomes.items())))
            taken = sorted(decided - opened for opened, decided in queue.decided_since(now - timedelta(days=30)))
            decisions, least = [], timedelta.min
            for label, most in _TAKEN:
                decisions.append((label, sum(least < each <= most for each in taken)))
                least = most
            median = taken[len(taken) // 2] if taken else None
            return Overview(tuple(queue.by_need().items()), tuple(ages), tuple(weeks), tuple(decisions), median)

    def _note_look(self, found: Worker, case: Case) -> None:
        parts, opened = self._parts, found.session.opened_at
        if not parts.audit.search(actor=found.id, case=case.id, event=Event.STAFF_LOOKED, since=opened, limit=1):
            parts.audit.record(
                Event.STAFF_LOOKED,
                account=case.account,
                actor=found.id,
                case=case.id,
                source=found.session.source,
            )


def _place(parts: Parts, last: tuple[Case, str], *, by_reference: bool, by_name: bool) -> Place:
    """Where the next page begins."""
    case, name = last
    return parts.queue.place(case, case.reference if by_reference else name if by_name else "")


def _searched(text: str) -> tuple[str | None, str | None]:
    """`text` as the beginning of a reference, or of a name."""
    wanted = text.strip()
    if not wanted:
        return None, None
    if wanted.upper().startswith("LW-"):
        return crockford.normalise(wanted[3:]) or "", None
    return None, wanted.lower() if wanted.isascii() and wanted.isprintable() else NOBODY


def _never_fresh(refused: NotNow | NeedsFresh | Over) -> NotNow | Over:
    assert not isinstance(refused, NeedsFresh)
    return refused
