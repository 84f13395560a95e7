"""Fresh tokens and readmissions of staff, inside the caller's unit; each under a MAC."""

from datetime import datetime
from typing import Any

from core.clock import Clock
from core.staff.model import FRESH_FOR, Readmission
from core.staff.tables import FreshRow, ReadmissionRow
from core.vault import Vault


class StaffRoom:
    """What is known of staff beyond their accounts."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def freshen(self, session: str) -> datetime:
        """Note that a token was shown in `session`; until when that counts."""
        until = self._clock() + FRESH_FOR
        row: dict[str, Any] = {"until": until, "mac": self._vault.mac("fresh token", session, until)}
        FreshRow.insert(session=session, **row).on_conflict(conflict_target=[FreshRow.session], update=row).execute()
        return until

    def fresh_until(self, session: str) -> datetime | None:
        """Until when the last token shown in `session` counts; None when it does not any more."""
        row = FreshRow.get_or_none(FreshRow.session == session, FreshRow.until > self._clock())
        if row is None or not self._vault.mac_matches(row.mac, "fresh token", session, row.until):
            return None
        until: datetime = row.until
        return until

    def readmit(self, account: str, two_factor_since: datetime, by: str) -> None:
        """Let `account` into the console, with the 2FA of `two_factor_since` and no other."""
        row: dict[str, Any] = {"two_factor_since": two_factor_since, "by": by, "at": self._clock()}
        row["mac"] = self._mac(account, row)
        ReadmissionRow.insert(account=account, **row).on_conflict(
            conflict_target=[ReadmissionRow.account], update=row
        ).execute()

    def readmission(self, account: str) -> Readmission | None:
        """The last readmission of `account`."""
        row: Any = ReadmissionRow.select().where(ReadmissionRow.account == account).dicts().first()
        if row is None or not self._vault.mac_matches(row["mac"], *_covered(account, row)):
            return None
        return Readmission(account, row["two_factor_since"], row["by"], row["at"])

    def expire(self) -> int:
        """Forget tokens that are fresh no longer; how many."""
        return int(FreshRow.delete().where(FreshRow.until <= self._clock()).execute())

    def _mac(self, account: str, row: dict[str, Any]) -> bytes:
        return self._vault.mac(*_covered(account, row))


def _covered(account: str, row: dict[str, Any]) -> tuple[str, str, datetime, str, datetime]:
    return ("readmission", account, row["two_factor_since"], row["by"], row["at"])
