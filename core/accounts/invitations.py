"""Invitations to sign up, inside the caller's unit."""

from datetime import datetime
from typing import Any

from core.accounts.covering import invitation_parts
from core.accounts.model import Invitation, Role
from core.accounts.tables import InvitationRow
from core.clock import Clock
from core.crockford import code_in
from core.secret import Secret
from core.tokens import Tokens
from core.vault import Vault

_SIGNS = 16


class Invitations:
    """Every invitation, under a MAC; its code is kept nowhere."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def make(self, *, by: str, until: datetime, role: Role | None = None, address: str | None = None) -> Secret:
        """The code of a new invitation, 80 bits, good once and before `until`; kept only as its MAC."""
        code = self._tokens.crockford(_SIGNS)
        row: dict[str, Any] = {
            "id": self._tokens.identifier(),
            "code": self._vault.mac("invitation code", code),
            "role": None if role in {None, Role.MEMBER} else role.value,
            "address": address,
            "by": by,
            "made_at": self._clock(),
            "until": until,
        }
        InvitationRow.insert(**row, mac=self._vault.mac("invitation", *invitation_parts(row))).execute()
        return Secret(code)

    def accept(self, code: Secret) -> Invitation | None:
        """Spend the invitation behind `code`; None when none is open. Only one caller ever gets it."""
        row = self._row(code)
        if row is None or not self._vault.mac_matches(row["mac"], "invitation", *invitation_parts(row)):
            return None
        now = self._clock()
        still_open = InvitationRow.used_at.is_null() & (InvitationRow.until > now)
        spent = InvitationRow.update(used_at=now).where((InvitationRow.id == row["id"]) & still_open).execute()
        if not spent:
            return None
        role = Role(row["role"]) if row["role"] is not None else None
        return Invitation(row["id"], role, row["address"], row["by"], row["until"])

    def reopen(self, code: Secret) -> None:
        """Give back the invitation that was spent in this unit, because the sign-up it was for is refused."""
        row = self._row(code)
        if row is not None:
            InvitationRow.update(used_at=None).where(InvitationRow.id == row["id"]).execute()

    def _row(self, code: Secret) -> dict[str, Any] | None:
        cleaned = code_in(code.reveal(), _SIGNS)
        if cleaned is None:
            return None
        looked_up = InvitationRow.code.in_(self._vault.macs("invitation code", cleaned))
        row: dict[str, Any] | None = InvitationRow.select().where(looked_up).dicts().first()
        return row
