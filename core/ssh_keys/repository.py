"""Registered SSH keys, inside the caller's unit."""

from typing import Any

from core.clock import Clock
from core.errors import KeyNotGenuine
from core.origin import ProvedKey, fingerprint_of
from core.ssh_keys.model import Key, KeyTaken
from core.ssh_keys.tables import SshKeyRow
from core.vault import Vault


class SshKeys:
    """Which key belongs to which account, since when, and how it was added.

    Each row is under a MAC, since a key may be evidence in a case: one put there or changed behind our back is none.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def add(self, account: str, proved: ProvedKey, label: str, with_two_factor: bool) -> Key | KeyTaken:
        """Register the key that a connection proved; `with_two_factor` when the session that adds it has 2FA on.

        Raises KeyNotGenuine when its fingerprint is not that of its public half.
        """
        if fingerprint_of(proved.public) != proved.fingerprint:
            raise KeyNotGenuine("The fingerprint is not that of the key.")
        facts: dict[str, Any] = {
            "account": account,
            "fingerprint": proved.fingerprint,
            "public": " ".join(proved.public.split()[:2]),
            "label": label,
            "added_at": self._clock(),
            "with_two_factor": with_two_factor,
            "removed_at": None,
        }
        added = SshKeyRow.insert(
            **facts, live=proved.fingerprint, mac=self._mac(SshKeyRow(**facts))
        ).on_conflict_ignore()
        won = bool(added.as_rowcount().execute())
        held = self.held(proved.fingerprint)
        if won and held is not None:
            return held
        return KeyTaken(own=held is not None and held.account == account)

    def remove(self, account: str, key: int) -> bool:
        """Let the account's key go; what it was is kept. False when the account has no such key any more."""
        mine = (SshKeyRow.id == key) & (SshKeyRow.account == account) & SshKeyRow.live.is_null(False)
        row = SshKeyRow.get_or_none(mine)
        if row is None or not self._is_genuine(row):
            return False
        row.removed_at = self._clock()
        gone = SshKeyRow.update(live=None, removed_at=row.removed_at, mac=self._mac(row))
        return bool(gone.where(mine).execute())

    def of(self, account: str) -> list[Key]:
        """The account's keys, oldest first."""
        mine = SshKeyRow.select().where(SshKeyRow.account == account, SshKeyRow.live.is_null(False))
        rows = mine.order_by(SshKeyRow.added_at, SshKeyRow.id)
        return [_key(row) for row in rows if self._is_genuine(row)]

    def held(self, fingerprint: str) -> Key | None:
        """The registered key with this fingerprint."""
        row = SshKeyRow.get_or_none(SshKeyRow.live == fingerprint)
        return _key(row) if row is not None and self._is_genuine(row) and row.fingerprint == fingerprint else None

    def owner(self, fingerprint: str) -> str | None:
        """The account that the key with this fingerprint belongs to."""
        held = self.held(fingerprint)
        return None if held is None else held.account

    def by_id(self, key: int) -> Key | None:
        """The key with this id, removed or not: what evidence in a case rested on."""
        row = SshKeyRow.get_or_none(SshKeyRow.id == key)
        return _key(row) if row is not None and self._is_genuine(row) else None

    def _is_genuine(self, row: SshKeyRow) -> bool:
        return (row.live is None) == (row.removed_at is not None) and self._vault.mac_matches(row.mac, *_facts(row))

    def _mac(self, row: SshKeyRow) -> bytes:
        return self._vault.mac(*_facts(row))


def _facts(row: SshKeyRow) -> tuple[str, ...]:
    moments = (row.added_at.isoformat(), "" if row.removed_at is None else row.removed_at.isoformat())
    return ("ssh key", row.account, row.fingerprint, row.public, row.label, str(row.with_two_factor), *moments)


def _key(row: SshKeyRow) -> Key:
    return Key(
        id=row.id,
        account=row.account,
        fingerprint=row.fingerprint,
        public=row.public,
        label=row.label,
        added_at=row.added_at,
        with_two_factor=row.with_two_factor,
        removed_at=row.removed_at,
    )
