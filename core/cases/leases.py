"""Who has a case, inside the caller's unit. Each change is one conditional update, so that of two at once one has it."""

from datetime import datetime

from core.cases.model import Case
from core.cases.tables import CaseRow
from core.clock import Clock


class CaseLeases:
    """Lends each live case to one of the staff at a time, until a moment: whoever hangs up keeps it from nobody for long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def take(self, case: Case, agent: str, until: datetime) -> bool:
        """Take or renew the lease; False while somebody else has it, or the case ended."""
        now = self._clock()
        free = CaseRow.claimed_by.is_null() | (CaseRow.claimed_by == agent) | (CaseRow.claimed_until <= now)
        mine = (CaseRow.id == case.id) & CaseRow.live.is_null(False) & free
        return bool(CaseRow.update(claimed_by=agent, claimed_until=until).where(mine).execute())

    def renew(self, case: Case, agent: str, until: datetime) -> bool:
        """Let a lease that still runs go on; it is never made shorter. False when `agent` does not have it."""
        running = (CaseRow.claimed_by == agent) & (CaseRow.claimed_until > self._clock())
        mine = (CaseRow.id == case.id) & CaseRow.live.is_null(False) & running
        longer = mine & (CaseRow.claimed_until < until)
        CaseRow.update(claimed_until=until).where(longer).execute()
        return bool(CaseRow.select().where(mine).exists())

    def give(self, case: Case, agent: str, until: datetime) -> bool:
        """Give the lease to `agent`, whoever has it; False when the case ended."""
        mine = (CaseRow.id == case.id) & CaseRow.live.is_null(False)
        return bool(CaseRow.update(claimed_by=agent, claimed_until=until).where(mine).execute())

    def release(self, case: Case, agent: str) -> bool:
        """Give the lease back; False when `agent` does not have it."""
        mine = (CaseRow.id == case.id) & (CaseRow.claimed_by == agent) & (CaseRow.claimed_until > self._clock())
        return bool(CaseRow.update(claimed_by=None, claimed_until=None).where(mine).execute())
