"""Stored backup codes, inside the caller's unit."""

from typing import Any

from core.backup_code.model import State, Stored
from core.backup_code.tables import BackupCodeRow
from core.clock import Clock


class BackupCodes:
    """The one backup code of every account: kept as a sealed hash, spent once, void when it leaked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def store(self, account: str, sealed_hash: bytes) -> None:
        """Keep the hash of a new code; whatever code the account had no longer counts."""
        fresh: dict[str, Any] = {
            "hash": sealed_hash,
            "made_at": self._clock(),
            "used_at": None,
            "used_in": None,
            "voided_at": None,
        }
        BackupCodeRow.insert(account=account, **fresh).on_conflict(
            conflict_target=[BackupCodeRow.account], update=fresh
        ).execute()

    def current(self, account: str) -> Stored | None:
        """The code to check against, spent or not; None when there is none or it is void."""
        row = BackupCodeRow.get_or_none(BackupCodeRow.account == account)
        return (
            None
            if row is None or row.hash is None
            else Stored(account, row.hash, row.made_at, row.used_at, row.used_in)
        )

    def state(self, account: str) -> State:
        """What a screen says about the account's code."""
        row = BackupCodeRow.get_or_none(BackupCodeRow.account == account)
        if row is None:
            return State.NONE
        if row.voided_at is not None:
            return State.VOID
        return State.READY if row.used_at is None else State.SPENT

    def spend(self, stored: Stored, session: str | None = None) -> bool:
        """Spend the code that was checked, to open `session`; False when it was spent, replaced or made void meanwhile.

        Its hash stays (NIST SP 800-63B-4, 4.2.1.1 has a new code follow): in probation it tells the owner from a thief.
        """
        spent = BackupCodeRow.update(used_at=self._clock(), used_in=session)
        return bool(spent.where(_is(stored), BackupCodeRow.used_at.is_null()).execute())

    def void(self, account: str) -> bool:
        """Make a leaked code worthless, spent or not, and erase its hash; False when there was none to make void."""
        voided = BackupCodeRow.update(hash=None, voided_at=self._clock())
        return bool(voided.where(BackupCodeRow.account == account, BackupCodeRow.voided_at.is_null()).execute())

    def forget(self, account: str) -> bool:
        """Erase the account's code altogether."""
        return bool(BackupCodeRow.delete().where(BackupCodeRow.account == account).execute())


def _is(stored: Stored) -> Any:
    """The very code that was checked: a hash is salted and sealed, so no two codes share one."""
    return (BackupCodeRow.account == stored.account) & (BackupCodeRow.hash == stored.hash)
