"""Who forgot a password and asked for a mail code, kept until the due work looks whether there is such an account.

So the answer to whoever asks is given before anybody has looked, and its time can tell nothing (ASVS 6.3.8).
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from core.clock import Clock
from core.errors import Unreadable
from core.mail_codes.tables import PasswordAskRow
from core.tokens import Tokens
from core.vault import Vault

ASK_LIFE = timedelta(hours=1)
"""After so long whoever asked has gone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody at `source` asked for a mail code for the account `name`, to its address."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    source: str


class PasswordAsks:
    """Asks wait here sealed, inside the caller's unit: people type passwords where a name belongs."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def put(self, ask: Ask) -> None:
        """Keep `ask` for the due work."""
        identifier = self._tokens.identifier()
        said = json.dumps([ask.name, ask.address, ask.source]).encode()
        sealed = self._vault.seal(said, _ASK, identifier)
        PasswordAskRow.insert(id=identifier, asked_at=self._clock(), said=sealed).execute()

    def any(self) -> bool:
        """Whether an ask waits: one look into an index."""
        return bool(PasswordAskRow.select().exists())

    def take(self) -> Ask | None:
        """The ask that waited longest, which nobody else gets; None when none is left. Those that are over are dropped."""
        while True:
            row = PasswordAskRow.select().order_by(PasswordAskRow.asked_at, PasswordAskRow.id).first()
            if row is None:
                return None
            if not PasswordAskRow.delete().where(PasswordAskRow.id == row.id).execute():
                continue
            if row.asked_at <= self._clock() - ASK_LIFE:
                continue
            try:
                return Ask(*json.loads(self._vault.unseal(row.said, _ASK, row.id)))
            except Unreadable:
                continue


_ASK = "password ask"
