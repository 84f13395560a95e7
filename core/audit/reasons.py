"""Why something was done, in a person's words: sealed, and apart from the entry, so that it can be erased."""

from collections.abc import Iterable

from core.audit.tables import ReasonRow
from core.errors import Unreadable
from core.vault import Vault

GONE = "(erased, or not readable any more)"
_PURPOSE = "audit reason"


class Reasons:
    """Keeps one text beside an entry that says it has one, inside the caller's unit."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(self, entry: str, account: str, text: str) -> None:
        """Seal `text` beside the entry with the uid `entry`, for as long as `account` is kept."""
        sealed = self._vault.seal(text.encode(), _PURPOSE, entry, account)
        ReasonRow.insert(entry=entry, account=account, text=sealed).execute()

    def of(self, entries: Iterable[str]) -> dict[str, str]:
        """What was kept beside those entries."""
        rows = ReasonRow.select().where(ReasonRow.entry.in_(list(entries)))
        return {row.entry: self._unsealed(row) for row in rows}

    def _unsealed(self, row: ReasonRow) -> str:
        try:
            return self._vault.unseal(bytes(row.text), _PURPOSE, str(row.entry), str(row.account)).decode()
        except Unreadable:
            return GONE
