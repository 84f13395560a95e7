"""Who has a case on their screen, inside the caller's unit: so that two agents on the same case see each other."""

from typing import Any

from core.cases.model import WATCHED_FOR, Case
from core.cases.tables import WatcherRow
from core.clock import Clock


class Watchers:
    """Keeps for half a minute that somebody looks at a case, so that whoever hangs up is soon gone from it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def note(self, case: Case, agent: str) -> None:
        """`agent` looks at the case now; written twice in the time it lasts, however often a screen looks."""
        now = self._clock()
        mine = (WatcherRow.case == case.id) & (WatcherRow.agent == agent)
        if WatcherRow.select().where(mine & (WatcherRow.until > now + WATCHED_FOR / 2)).exists():
            return
        WatcherRow.delete().where((WatcherRow.case == case.id) & ((WatcherRow.until <= now) | mine)).execute()
        WatcherRow.insert(case=case.id, agent=agent, until=now + WATCHED_FOR).on_conflict_ignore().execute()

    def leave(self, case: Case, agent: str) -> None:
        """`agent` closed the case."""
        WatcherRow.delete().where((WatcherRow.case == case.id) & (WatcherRow.agent == agent)).execute()

    def of(self, case: Case) -> list[str]:
        """The ids of those who look at the case now."""
        now = (WatcherRow.case == case.id) & (WatcherRow.until > self._clock())
        found: Any = WatcherRow.select(WatcherRow.agent).where(now)
        return [agent for (agent,) in found.tuples()]

    def expire(self) -> int:
        """Forget whoever hung up; how many."""
        return int(WatcherRow.delete().where(WatcherRow.until <= self._clock()).execute())
