"""Work that one process at a time does, until a moment that is said beforehand."""

from datetime import datetime

from core.clock import Clock
from core.storage.tables import LeaseRow


class Leases:
    """Named leases, inside the caller's unit; one that is not renewed ends by itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def take(self, name: str, holder: str, until: datetime) -> bool:
        """Take the lease, or renew it; False while somebody else holds it."""
        free = (LeaseRow.holder == holder) | (LeaseRow.until <= self._clock())
        taken = LeaseRow.update(holder=holder, until=until).where((LeaseRow.name == name) & free)
        if taken.execute():
            return True
        first = LeaseRow.insert(name=name, holder=holder, until=until).on_conflict_ignore().as_rowcount()
        return bool(first.execute())

    def release(self, name: str, holder: str) -> bool:
        """Give the lease back before it ends; False when `holder` does not hold it any more."""
        return bool(LeaseRow.delete().where(LeaseRow.name == name, LeaseRow.holder == holder).execute())

    def holder(self, name: str) -> str | None:
        """Who holds the lease now."""
        row = LeaseRow.get_or_none(LeaseRow.name == name, LeaseRow.until > self._clock())
        return None if row is None else str(row.holder)
