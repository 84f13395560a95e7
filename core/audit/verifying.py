"""Checking that the audit trail is as it was written, and saying what is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from peewee import fn

from core.audit.model import Seal, Verdict
from core.audit.sealing import GENESIS, SPOILT, Signer, digest, seal_of, unlisted
from core.audit.tables import EntryRow, SealRow

_MOST_PROBLEMS = 100
_SEALS_A_STEP = 10
_ENTRIES_A_STEP = 1000

Rows = list[dict[str, Any]]


class Verification:
    """A check of the whole trail in steps; each `step()` runs inside a unit, and others may append and seal meanwhile.

    Every entry is met once: with the seal that it is marked with, with one that is not there, or unsealed.
    """

    def __init__(
        self, signer: Signer, is_genuine: Callable[[Mapping[str, Any]], bool], heads: Iterable[Seal] = ()
    ) -> None:
        self._signer = signer
        self._is_genuine = is_genuine
        self._heads = list(heads)
        self._problems: list[str] = []
        self._entries = self._unsealed = self._last = self._total = 0
        self._previous: bytes | None = GENESIS
        self._work = self._steps()

    def step(self) -> bool:
        """Check some more; False when everything is checked."""
        try:
            return next(self._work, None) is not None
        except SPOILT:
            self._say(f"What comes after seal {self._last} cannot be read: something in it was changed.")
            return False

    @property
    def verdict(self) -> Verdict:
        """What was found so far."""
        return Verdict(self._entries, self._unsealed, self._last, tuple(self._problems[:_MOST_PROBLEMS]))

    def _say(self, problem: str) -> None:
        self._problems.append(problem)

    def _steps(self) -> Iterator[str]:
        genuine_heads: dict[int, list[Seal]] = {}
        for head in self._heads:
            if self._signer.signed(head):
                genuine_heads.setdefault(head.number, []).append(head)
            else:
                self._say(f"A head that was kept, of seal {head.number}, was changed.")
        rows: Any = SealRow.select().order_by(SealRow.number).limit(_SEALS_A_STEP)
        while found := list(rows.where(SealRow.number > self._last)):
            for row in found:
                seal = seal_of(row)
                sound = self._check_seal(seal)
                self._check_heads(seal, genuine_heads.pop(seal.number, []))
                self._check_entries(seal, row.entries, sound=sound)
            yield "seals"
        self._check_cut([head for heads in genuine_heads.values() for head in heads])
        yield "heads"
        self._check_copies()
        yield "copies"
        yield from self._check_strays()
        yield from self._check_unsealed()

    def _check_seal(self, seal: Seal) -> bool:
        """Check a seal by itself and against the one before; whether it is as it was made."""
        expected = self._last + 1
        if seal.number != expected:
            self._say(f"{_seals(expected, seal.number - 1)} missing.")
            self._previous = None
        sound = self._signer.signed(seal)
        follows = self._previous is None or (seal.previous == self._previous and seal.total == self._total + seal.count)
        if not sound:
            self._say(f"Seal {seal.number} was changed.")
        elif not follows:
            self._say(f"Seal {seal.number} does not follow seal {expected - 1}: one of them is of another trail.")
        self._last = seal.number
        self._previous = seal.hash if sound else None
        self._total = seal.total if sound else self._total + seal.count
        return sound

    def _check_heads(self, seal: Seal, heads: Iterable[Seal]) -> None:
        for head in heads:
            if head.hash != seal.hash:
                self._say(
                    f"Seal {seal.number} is not the one whose head of {_when(head.at)} was kept: "
                    "the trail was put back to an earlier time, or written anew."
                )

    def _check_cut(self, heads: list[Seal]) -> None:
        """What a kept head speaks of and is not there was cut off."""
        newest = max(heads, key=lambda head: head.number, default=None)
        if newest is not None and newest.number > self._last:
            lost = max(0, newest.total - self._total)
            self._say(
                f"{_seals(self._last + 1, newest.number)} missing, and {lost} sealed entries with them: "
                f"the trail was cut off, it had gone on until {_when(newest.at)}."
            )

    def _check_entries(self, seal: Seal, list_of_ids: str, *, sound: bool) -> None:
        marked: Any = EntryRow.select().where(EntryRow.seal == seal.number).order_by(EntryRow.id).dicts()
        rows: Rows = list(marked)
        before = len(self._problems)
        self._check_macs(rows)
        present, sealed = [row["id"] for row in rows], unlisted(list_of_ids)
        if sound and digest((row["id"], row["mac"]) for row in rows) == seal.digest:
            if sealed != present:
                self._say(f"The list of what is in seal {seal.number} was changed.")
            return
        gone = set(sealed) - set(present)
        elsewhere = _there(gone)
        made = f"seal {seal.number} of {_when(seal.at)}"
        for entry_id in sorted(gone):
            what = "was taken out of" if entry_id in elsewhere else "is missing from"
            self._say(f"Entry {entry_id} {what} {made}.")
        for row in rows:
            if row["id"] not in set(sealed):
                self._say(f"{_entry(row)} was put into {made}.")
        if sound and len(self._problems) == before:
            self._say(f"What is in {made} is not what was sealed.")

    def _check_macs(self, rows: Rows) -> None:
        """Check each entry by itself."""
        self._entries += len(rows)
        for row in rows:
            if not self._is_genuine(row):
                self._say(f"{_entry(row)} was changed, or was not written by Lockwright.")

    def _check_copies(self) -> None:
        """A copy of an entry has a genuine MAC; its uid, which is in it, tells."""
        count = fn.COUNT(EntryRow.id)
        grouped: Any = EntryRow.select(fn.MIN(EntryRow.id), fn.MAX(EntryRow.id)).group_by(EntryRow.uid)
        for first, last in grouped.having(count > 1).limit(_MOST_PROBLEMS).tuples():
            self._say(f"Entry {last} is a copy of entry {first}.")

    def _check_strays(self) -> Iterator[str]:
        """Entries marked with a seal that is not there; one statement asks, so that no seal comes in between."""
        there = SealRow.select().where(SealRow.number == EntryRow.seal)
        for rows in _pages(EntryRow.seal.is_null(False) & ~fn.EXISTS(there)):
            self._check_macs(rows)
            for row in rows:
                self._say(f"{_entry(row)} is marked with seal {row['seal']}, which is not there.")
            yield "strays"

    def _check_unsealed(self) -> Iterator[str]:
        for rows in _pages(EntryRow.seal.is_null()):
            self._check_macs(rows)
            self._unsealed += len(rows)
            yield "unsealed"


def _pages(condition: Any) -> Iterator[Rows]:
    """The entries to which `condition` applies, in stretches, each read when it is asked for."""
    last: int | None = None
    while True:
        page: Any = EntryRow.select().where(condition).order_by(EntryRow.id).limit(_ENTRIES_A_STEP)
        rows: Rows = list((page if last is None else page.where(EntryRow.id > last)).dicts())
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _there(ids: Iterable[int]) -> set[int]:
    """Those of `ids` that are in the trail at all."""
    found: Any = EntryRow.select(EntryRow.id).where(EntryRow.id.in_(list(ids)))
    return {entry_id for (entry_id,) in found.tuples()}


def _entry(row: Mapping[str, Any]) -> str:
    return f"Entry {row['id']} of {_when(row['at'])}"


def _when(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def _seals(first: int, last: int) -> str:
    return f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
