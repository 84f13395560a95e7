"""What is in a case: its evidence and its timeline, inside the caller's unit. What people wrote is sealed."""

from datetime import datetime
from typing import Any

from core.cases.model import CLAIMANT, Case, Evidence, Moment, MomentKind
from core.cases.policy import Kind
from core.cases.tables import EvidenceRow, MomentRow
from core.clock import Clock
from core.errors import Unreadable
from core.tokens import Tokens
from core.vault import Vault

_NOTE = "case evidence"
_TEXT = "case message"
_COVERED = ("id", "case", "kind", "given_at", "by", "rests_on", "since", "fingerprint", "source", "note")
UNREADABLE = "(this text cannot be read any more)"


class CaseFile:
    """Adds to a case and reads what is there; nothing is ever taken out, evidence only becomes void."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def add_evidence(
        self,
        case: Case,
        kind: Kind,
        *,
        by: str = CLAIMANT,
        rests_on: str = "",
        since: datetime | None = None,
        fingerprint: str | None = None,
        source: str | None = None,
        note: str = "",
    ) -> Evidence:
        """Record evidence; older evidence of the kind is void from now on, so that one of each counts.

        `rests_on`: what it is void without (of a mail code `address_mac`, of a key its id). `since`: from when on that
        belongs to the account, which the policy compares with the route's age.
        """
        now, identifier = self._clock(), self._tokens.identifier()
        for older in self.evidence(case):
            if older.kind is kind and older.void_at is None:
                self.void(older, "given again")
        row: dict[str, Any] = {
            "id": identifier,
            "case": case.id,
            "kind": kind.value,
            "given_at": now,
            "by": by,
            "rests_on": rests_on,
            "since": since or now,
            "fingerprint": fingerprint,
            "source": source,
            "note": self._vault.seal(note.encode(), _NOTE, identifier) if note else None,
        }
        EvidenceRow.insert(**row, void_at=None, void_reason="", mac=self._mac(row)).execute()
        return self._evidence({**row, "void_at": None, "void_reason": "", "mac": self._mac(row)})

    def evidence(self, case: Case) -> list[Evidence]:
        """All the evidence ever given in `case`, oldest first."""
        rows: Any = (
            EvidenceRow.select().where(EvidenceRow.case == case.id).order_by(EvidenceRow.given_at, EvidenceRow.id)
        )
        return [self._evidence(row) for row in rows.dicts()]

    def void(self, evidence: Evidence, reason: str) -> bool:
        """Make `evidence` void; False when it was before."""
        still = (EvidenceRow.id == evidence.id) & EvidenceRow.void_at.is_null()
        return bool(EvidenceRow.update(void_at=self._clock(), void_reason=reason).where(still).execute())

    def note(self, case: Case, kind: MomentKind, by: str, *, text: str = "", detail: str = "") -> None:
        """Add a line to the timeline; `text` is a person's and is sealed, `detail` is ours."""
        uid = self._tokens.identifier()
        MomentRow.insert(
            uid=uid,
            case=case.id,
            at=self._clock(),
            kind=kind.value,
            by=by,
            text=self._vault.seal(text.encode(), _TEXT, uid) if text else None,
            detail=detail,
        ).execute()

    def timeline(self, case: Case, *, limit: int | None = 500) -> list[Moment]:
        """The newest lines of the timeline, oldest first; every one with no limit."""
        rows: Any = MomentRow.select().where(MomentRow.case == case.id).order_by(MomentRow.id.desc()).limit(limit)
        return [
            Moment(
                row["at"],
                MomentKind(row["kind"]),
                row["by"],
                self._unsealed(row["text"], _TEXT, row["uid"]),
                row["detail"],
            )
            for row in reversed(list(rows.dicts()))
        ]

    def address_mac(self, account: str, address: str) -> str:
        """What mail evidence keeps of the address it rests on."""
        return self._vault.mac("evidence address", account, address.lower()).hex()

    def is_address(self, mac: str, account: str, address: str) -> bool:
        """Whether `address` is the one that mail evidence rests on."""
        return self._vault.mac_matches(bytes.fromhex(mac), "evidence address", account, address.lower())

    def _mac(self, row: dict[str, Any]) -> bytes:
        return self._vault.mac("case evidence", *(row[name] for name in _COVERED))

    def _evidence(self, row: dict[str, Any]) -> Evidence:
        genuine = self._vault.mac_matches(row["mac"], "case evidence", *(row[name] for name in _COVERED))
        return Evidence(
            id=row["id"],
            case=row["case"],
            kind=Kind(row["kind"]),
            given_at=row["given_at"],
            by=row["by"],
            rests_on=row["rests_on"],
            since=row["since"],
            fingerprint=row["fingerprint"],
            source=row["source"],
            note=self._unsealed(row["note"], _NOTE, row["id"]),
            void_at=row["void_at"],
            void_reason=row["void_reason"],
            genuine=genuine,
        )

    def _unsealed(self, sealed: bytes | None, *context: str) -> str:
        if sealed is None:
            return ""
        try:
            return self._vault.unseal(sealed, *context).decode()
        except Unreadable:
            return UNREADABLE
