"""The audit trail: what is written and read in the unit of its fact, and the seals that hold it together."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.audit.model import Detail, Entry, Event, ExportPage, ExportPlace, Seal, Verdict
from core.audit.reasons import GONE, Reasons
from core.audit.sealing import GENESIS, SPOILT, Signer, digest, listed, seal_of
from core.audit.tables import EntryRow, SealRow
from core.audit.verifying import Verification
from core.clock import Clock
from core.errors import Conflict
from core.tokens import Tokens
from core.vault import Vault

BATCH = 1000
"""Entries in one seal at most, so that sealing a backlog never holds the database for long."""
_PAGE = 500
_DETAIL_LIMIT = 100
_PURPOSE = "audit entry"


class AuditTrail:
    """Appends, reads, seals and verifies, inside the caller's unit.

    An entry is written in the unit of its fact, under a MAC of its own, and is sealed afterwards: so appends never wait
    for each other. Until it is sealed, within a second or so, its removal does not show; a change shows at once.
    """

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens
        self._signer = Signer(vault)
        self._reasons = Reasons(vault)

    def record(
        self,
        event: Event,
        reason: str = "",
        /,
        *,
        account: str | None = None,
        actor: str | None = None,
        case: str | None = None,
        source: str | None = None,
        **detail: Detail,
    ) -> None:
        """Write down that `event` happened; ids only, never a name, an address or a secret (ASVS 16.2.5).

        Why it was done to `account`, in a person's words, is sealed beside the entry, which says only that there is a
        reason. Raises ValueError when a detail is no small plain fact: an address or a person's text never gets in.
        """
        if reason:
            detail["reason"] = True
        _refuse_unplain(detail)
        row: dict[str, Any] = {
            "uid": self._tokens.identifier(),
            "at": self._clock(),
            "event": event.value,
            "account": account,
            "actor": actor,
            "case": case,
            "source": source,
            "detail": json.dumps(detail, sort_keys=True, separators=(",", ":")),
        }
        EntryRow.insert(**row, mac=self._vault.mac(_PURPOSE, *_covered(row))).execute()
        if reason and account is not None:
            self._reasons.keep(row["uid"], account, reason)

    def history(
        self, account: str, *, before: Entry | None = None, limit: int = 50, reasons: bool = False
    ) -> list[Entry]:
        """What happened to `account`, newest first: the newest, or those older than `before`."""
        return self.search(account=account, before=before, limit=limit, reasons=reasons)

    def search(
        self,
        *,
        account: str | None = None,
        actor: str | None = None,
        case: str | None = None,
        event: Event | None = None,
        since: datetime | None = None,
        before: Entry | None = None,
        limit: int = 100,
        reasons: bool = False,
    ) -> list[Entry]:
        """The entries that fit everything given, newest first, at most `limit`; go on with `before`.

        `reasons`: for staff, with what was written beside them.
        """
        found: Any = EntryRow.select()
        for column, wanted in (("account", account), ("actor", actor), ("case", case), ("event", event)):
            if wanted is not None:
                found = found.where(getattr(EntryRow, column) == wanted)
        if since is not None:
            found = found.where(EntryRow.at >= since)
        if before is not None:
            found = found.where(EntryRow.id < before.id)
        rows = list(found.order_by(EntryRow.id.desc()).limit(limit).dicts())
        entries = [self._entry(row) for row in rows]
        if not reasons:
            return entries
        said = self._reasons.of(row["uid"] for row in rows)
        return [
            replace(entry, reason=said.get(row["uid"], GONE)) if entry.detail.get("reason") is True else entry
            for row, entry in zip(rows, entries, strict=True)
        ]

    def genuine(self, *entries: Entry) -> bool:
        """Whether the trail holds every one of `entries` as it was written: what a decision rests on is looked up anew."""
        wanted = {entry.id: entry for entry in entries}
        rows: Any = EntryRow.select().where(EntryRow.id.in_(list(wanted))).dicts()
        found = {row["id"]: self._entry(row) for row in rows}
        return found == wanted and all(entry.genuine for entry in entries)

    def unsealed(self) -> bool:
        """Whether an entry waits for its seal: one look into an index."""
        return bool(EntryRow.select().where(EntryRow.seal.is_null()).exists())

    def seal(self) -> int:
        """Seal what is visible and unsealed, at most a thousand entries; how many. More are left when it is a thousand.

        Ids play no part in what is sealed next, so an entry whose unit ended late is sealed late, never lost. Of several
        that seal at once one does the work and the others answer 0.
        """
        last = self.head()
        found: Any = EntryRow.select(EntryRow.id, EntryRow.mac).where(EntryRow.seal.is_null())
        rows = list(found.order_by(EntryRow.id).limit(BATCH).tuples())
        if not rows:
            return 0
        ids = [entry_id for entry_id, _ in rows]
        made = Seal(
            number=1 if last is None else last.number + 1,
            count=len(rows),
            total=len(rows) + (0 if last is None else last.total),
            at=self._clock(),
            digest=digest(rows),
            previous=GENESIS if last is None else last.hash,
        )
        if not self._put(made, ids):
            return 0
        marked = EntryRow.update(seal=made.number).where(EntryRow.id.in_(ids), EntryRow.seal.is_null()).execute()
        if marked != made.count:
            raise Conflict("Somebody else sealed the same entries first; nothing was changed.")
        return made.count

    def _put(self, seal: Seal, ids: Iterable[int]) -> bool:
        """Put the seal at the end of the chain; False when somebody else put one there first."""
        row = {name: getattr(seal, name) for name in ("number", "count", "total", "at", "digest", "previous")}
        put = SealRow.insert(**row, entries=listed(ids), signature=self._signer.sign(seal)).on_conflict_ignore()
        return bool(put.as_rowcount().execute())

    def head(self) -> Seal | None:
        """The newest seal: kept outside the database it shows whether anything up to it was cut; None before the first."""
        row = SealRow.select().order_by(SealRow.number.desc()).first()
        return None if row is None else seal_of(row)

    def heads(self, *, after: int = 0, limit: int = _PAGE) -> list[Seal]:
        """The seals after number `after`, oldest first."""
        rows = SealRow.select().where(SealRow.number > after).order_by(SealRow.number).limit(limit)
        return [seal_of(row) for row in rows]

    def verify(self, heads: Iterable[Seal] = ()) -> Verdict:
        """Whether the whole trail is as it was written; `heads`, kept outside, also show whether it was cut.

        Reads everything: for a long trail take `verification` and give others the database between its steps.
        """
        verification = self.verification(heads)
        while verification.step():
            pass
        return verification.verdict

    def verification(self, heads: Iterable[Seal] = ()) -> Verification:
        """A check of the whole trail in steps; each may have a unit of its own, and others go on meanwhile."""
        return Verification(self._signer, self._is_genuine, heads)

    def export(self) -> Iterator[dict[str, Any]]:
        """Everything, as JSON can hold it: the public keys, then every seal, then every entry, oldest first.

        Whoever has the public keys can check the seals and what they cover without the vault.
        """
        page = self.export_page()
        yield from page.lines
        while page.next is not None:
            page = self.export_page(page.next)
            yield from page.lines

    def export_page(self, after: ExportPlace | None = None, *, limit: int = _PAGE) -> ExportPage:
        """A page of the export, each in a unit of its own if the caller likes."""
        if after is None or after.entry is None:
            seals = self.heads(after=after.number if after is not None else 0, limit=limit)
            lines = [] if after is not None else [{"what": "keys", "ed25519": self._signer.public_keys()}]
            more = ExportPlace(seals[-1].number, None) if len(seals) == limit else ExportPlace(0, 0)
            return ExportPage((*lines, *map(_exported_seal, seals)), more)
        found: Any = EntryRow.select().where(EntryRow.id > after.entry).order_by(EntryRow.id).limit(limit)
        rows = list(found.dicts())
        last = ExportPlace(0, rows[-1]["id"]) if len(rows) == limit else None
        return ExportPage(tuple(map(_exported_entry, rows)), last)

    def _is_genuine(self, row: Mapping[str, Any]) -> bool:
        try:
            return self._vault.mac_matches(row["mac"], _PURPOSE, *_covered(row)) and row["event"] in _KNOWN
        except SPOILT:
            return False

    def _entry(self, row: Mapping[str, Any]) -> Entry:
        genuine = self._is_genuine(row)
        return Entry(
            row["id"],
            row["at"],
            Event(row["event"]) if genuine else Event.UNREADABLE,
            row["account"],
            row["actor"],
            row["case"],
            row["source"],
            json.loads(row["detail"]) if genuine else {},
            genuine,
        )


_KNOWN = frozenset(event.value for event in Event)


def _covered(row: Mapping[str, Any]) -> list[str | int | None]:
    """What the MAC of an entry covers, in an order that never changes."""
    return [row[name] for name in ("at", "uid", "event", "account", "actor", "case", "source", "detail")]


def _refuse_unplain(detail: Mapping[str, Detail]) -> None:
    for name, value in detail.items():
        if isinstance(value, str):
            plain = len(value) <= _DETAIL_LIMIT and value.isascii() and value.isprintable() and "@" not in value
        else:
            plain = isinstance(value, int)
        if not plain:
            raise ValueError(f"the detail {name} of an audit entry is no small plain fact")


def _exported_seal(seal: Seal) -> dict[str, Any]:
    return {
        "what": "seal",
        "number": seal.number,
        "count": seal.count,
        "total": seal.total,
        "at": seal.at.isoformat(),
        "digest": seal.digest.hex(),
        "previous": seal.previous.hex(),
        "signature": seal.signature.hex(),
    }


def _exported_entry(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: row[name] for name in ("id", "uid", "event", "account", "actor", "case", "source", "detail", "seal")}
    return {"what": "entry", **plain, "at": row["at"].isoformat(), "mac": bytes(row["mac"]).hex()}
