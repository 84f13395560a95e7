"""The queue: live cases, the longest-waiting need first, page by page, inside the caller's unit."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import SQL, Tuple, fn

from core.cases.model import Case, Need
from core.cases.repository import read
from core.cases.tables import CaseRow
from core.cases.transitions import LIVE, State
from core.clock import Clock
from core.vault import Vault

COUNTED = 1000
"""The figures above the queue are counted up to here, so that they take no longer the more there is to do."""


class Filter(StrEnum):
    """Which cases are shown."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    WAITING = "waiting for owner"
    FROZEN = "frozen"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended, and the next one begins."""

    rank: int
    since: datetime
    case: str
    text: str = ""
    """The name or reference there, in a list that is searched by one."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases are live, how many of them wait for staff, and since when the oldest was opened.

    `COUNTED` and one more stand for any higher number.
    """

    live: int
    need_staff: int
    oldest: datetime | None


class Queue:
    """Reads cases in the order in which they need somebody; each page is one range of one index."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def page(
        self,
        which: Filter,
        *,
        me: str,
        after: Place | None = None,
        limit: int = 50,
        reference: str | None = None,
        name: str | None = None,
    ) -> list[tuple[Case, str]]:
        """Cases of `which` with their accounts' names, those behind `after`.

        `reference` and `name` are prefixes: what they find comes in the order of what was searched.
        """
        found = CaseRow.select()
        for condition in self._wanted(which, me):
            found = found.where(condition)
        if reference is not None:
            found = _beginning(found, CaseRow.reference, reference, after)
        elif name is not None:
            found = _beginning(found, CaseRow.name, name, after)
        elif which is Filter.ENDED:
            if after is not None:
                older = (CaseRow.ended_at < after.since) | (CaseRow.id > after.case)
                found = found.where((CaseRow.ended_at <= after.since) & older)
            found = found.order_by(CaseRow.ended_at.desc(), CaseRow.id)
        elif which in _ONE_NEED:
            if after is not None:
                found = found.where(_behind(after, CaseRow.need_since, CaseRow.id))
            found = found.order_by(CaseRow.need_since, CaseRow.id)
        else:
            if after is not None:
                found = found.where(_behind(after, CaseRow.need_rank, CaseRow.need_since, CaseRow.id))
            found = found.order_by(CaseRow.need_rank, CaseRow.need_since, CaseRow.id)
        rows: Any = found.limit(limit).dicts()
        return [(read(self._vault, row), row["name"]) for row in rows]

    def place(self, case: Case, text: str = "") -> Place:
        """Where `case` stands in its list; `text` is its name or reference where the list is searched by one."""
        if not case.live:
            return Place(0, case.ended_at or case.opened_at, case.id, text)
        need, since = case.need
        return Place(need.rank, since, case.id, text)

    def count(self) -> Count:
        """The figures above the queue."""
        live = CaseRow.select(SQL("1")).where(CaseRow.live.is_null(False)).limit(COUNTED + 1)
        needing = live.where(CaseRow.need_rank == 0).count()
        oldest: Any = CaseRow.select(CaseRow.opened_at).where(CaseRow.live.is_null(False)).order_by(CaseRow.opened_at)
        opened = oldest.limit(1).dicts().first()
        return Count(int(live.count()), int(needing), opened["opened_at"] if opened else None)

    def by_need(self) -> dict[Need, int]:
        """How many live cases wait for what."""
        found = {}
        for need in Need:
            mine = CaseRow.live.is_null(False) & (CaseRow.need == need.value)
            found[need] = int(CaseRow.select().where(mine).count())
        return found

    def opened_between(self, after: datetime | None, until: datetime) -> int:
        """How many live cases were opened after one moment and not after another."""
        mine = CaseRow.live.is_null(False) & (CaseRow.opened_at <= until)
        if after is not None:
            mine &= CaseRow.opened_at > after
        return int(CaseRow.select().where(mine).count())

    def ended_between(self, since: datetime, until: datetime) -> dict[State, int]:
        """How many cases ended how, from one moment up to another."""
        then = (CaseRow.ended_at >= since) & (CaseRow.ended_at < until)
        counted: Any = CaseRow.select(CaseRow.state, fn.COUNT(SQL("1"))).where(then).group_by(CaseRow.state)
        found = {State(state): int(number) for state, number in counted.tuples()}
        return {state: found.get(state, 0) for state in sorted(set(State) - LIVE)}

    def decided_since(self, since: datetime, limit: int = 1000) -> list[tuple[datetime, datetime]]:
        """When the newest approved and rejected cases were opened and decided."""
        when: Any = CaseRow.select(CaseRow.state, CaseRow.opened_at, CaseRow.approved_at, CaseRow.ended_at)
        rows = when.where(CaseRow.ended_at >= since).order_by(CaseRow.ended_at.desc()).limit(limit).tuples()
        decided = {State.COMPLETED.value, State.REJECTED.value}
        return [(opened, approved or ended) for state, opened, approved, ended in rows if state in decided]

    def _wanted(self, which: Filter, me: str) -> list[Any]:
        live, now = CaseRow.live.is_null(False), self._clock()
        match which:
            case Filter.ENDED:
                return [CaseRow.ended_at.is_null(False)]
            case Filter.MINE:
                return [live, CaseRow.claimed_by == me, CaseRow.claimed_until > now]
            case Filter.UNCLAIMED:
                return [live, CaseRow.claimed_until.is_null() | (CaseRow.claimed_until <= now)]
            case Filter.WAITING | Filter.FROZEN:
                return [live, CaseRow.need == _ONE_NEED[which].value]
            case _:
                return [live]


_ONE_NEED = {Filter.WAITING: Need.OWNER, Filter.FROZEN: Need.LEAD}


def _behind(place: Place, *columns: Any) -> Any:
    """What comes after `place` in the order of `columns`, compared as one, so that both databases begin right there."""
    at = {"need_rank": place.rank, "need_since": CaseRow.need_since.db_value(place.since), "id": place.case}
    return Tuple(*columns) > Tuple(*(at[column.name] for column in columns))


def _beginning(found: Any, column: Any, text: str, after: Place | None) -> Any:
    """What begins with `text`, in the order of `column`; a single lower bound, where the search goes on."""
    within = (column < text + "\x7f") & (column >= (text if after is None else after.text))
    if after is not None:
        within &= (column > after.text) | (CaseRow.id > after.case)
    return found.where(within).order_by(column, CaseRow.id)
