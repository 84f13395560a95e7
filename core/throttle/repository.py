"""Counting tries, inside the caller's unit: each one by a single conditional UPDATE, so that no guess is free."""

import re
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from peewee import Case

from core.clock import EPOCH, Clock, micros
from core.origin import LOCAL_SOURCE, Origin
from core.throttle.model import (
    CLOSES_AT,
    LONGEST_WAIT,
    NOBODY,
    QUIET,
    STRANGERS_KEPT,
    Admitted,
    Counted,
    Disabled,
    Factor,
    Lane,
    OnlyKnown,
    Standing,
    Wait,
    wait_after,
)
from core.throttle.tables import CounterRow
from core.vault import Vault

_LOOKS = 4
_ID = re.compile("[0-9a-f]{32}")


class Throttle:
    """Admits tries at a factor, counts each before it is made and settles it afterwards.

    A try that is admitted and never settled, because the process died, stays counted as a failure.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def admit(
        self,
        subject: str,
        factor: Factor,
        origin: Origin,
        *,
        known: bool,
        stranger: bool = False,
        source_counted: bool = False,
    ) -> Admitted | Wait | OnlyKnown | Disabled:
        """Count a try at `factor` of `subject` from `origin`, or say why it may not be made now.

        `known`: from a source that signed in to this account before, or with its own SSH key. `stranger`: no account
        is spoken for, so there is nothing to disable; the lane only waits. A stop code is never disabled either: else
        fifty wrong ones would stop the stopping. `source_counted`: another factor of the same try has counted at the
        source, which counts tries and not factors: it must not have to wait for itself.
        """
        now = self._clock()
        counted: list[Counted] = []
        if origin.source != LOCAL_SOURCE and not source_counted:
            first = self._count(Lane.SOURCE, origin.source, "", now)
            if isinstance(first, Wait):
                return first
            counted += [first] if first else []
        lanes = [Lane.KNOWN, Lane.OUTSIDE] if known else [Lane.OUTSIDE]
        if stranger or factor is Factor.STOP_CODE:
            lanes = [Lane.STRANGER]
        refused: Wait | None = None
        for lane in lanes:
            answer = self._count(lane, subject, factor, now)
            if isinstance(answer, Counted):
                return Admitted(subject, factor, known, (*counted, answer))
            if answer is not None:
                refused = answer
                break
        for taken in counted:
            self._take_back(taken)
        return refused or self._refusal(subject, factor)

    def settle(
        self, admitted: Admitted, success: bool, *, whole_try: bool | None = None
    ) -> OnlyKnown | Disabled | None:
        """Say how the try ended: a success clears the failures of its lane, a failure leaves it counted.

        `whole_try`: whether every factor of the try was right, where it had several; a source is spared only then.
        The failure that closes a lane, one alone, answers how the factor stands from now on.
        """
        right_in_all = success if whole_try is None else whole_try
        for counted in admitted.counted:
            if not (right_in_all if counted.lane is Lane.SOURCE else success):
                self._count_again(counted)
            elif counted.lane is Lane.SOURCE:
                self._take_back(counted)  # only this one: an account of one's own must not clear guesses at others'
        if success:
            lanes = [Lane.KNOWN] if admitted.known else []
            lanes += [counted.lane for counted in admitted.counted if counted.lane not in {Lane.SOURCE, Lane.KNOWN}]
            for lane in lanes:
                _clear(self._counter(lane, admitted.subject, admitted.factor))
            return None
        closed = any(counted.lane.closes and counted.failures >= CLOSES_AT for counted in admitted.counted)
        if not closed or not self._is_closed(Lane.OUTSIDE, admitted.subject, admitted.factor):
            return None
        return self._refusal(admitted.subject, admitted.factor)

    def take_back(self, admitted: Admitted) -> None:
        """Undo the count of a try that was not made after all: nothing was compared, because the hasher was busy."""
        for counted in admitted.counted:
            self._take_back(counted)

    def standing(self, subject: str) -> list[Standing]:
        """The failures in a row at each factor of `subject` that has any."""
        now = self._clock()
        lanes = (Lane.OUTSIDE.value, Lane.KNOWN.value)
        rows = CounterRow.select().where(CounterRow.subject == self._kept(subject), CounterRow.lane.in_(lanes))
        by_factor: dict[str, dict[str, CounterRow]] = {}
        for row in rows:
            by_factor.setdefault(row.factor, {})[row.lane] = row
        found = []
        for factor in Factor:
            counters = by_factor.get(factor, {})
            failures = {lane: row.failures for lane, row in counters.items()}
            waits = [row.until for row in counters.values() if now < row.until <= now + LONGEST_WAIT]
            if any(failures.values()):
                found.append(
                    Standing(
                        factor, failures.get(Lane.OUTSIDE, 0), failures.get(Lane.KNOWN, 0), max(waits, default=None)
                    )
                )
        return found

    def lift(self, subject: str, factor: Factor | None = None) -> bool:
        """Clear every failure at `factor` of `subject`, or at all its factors; whether there was any."""
        theirs = (
            (CounterRow.subject == self._kept(subject))
            & (CounterRow.lane != Lane.SOURCE.value)
            & (CounterRow.failures > 0)
        )
        if factor is not None:
            theirs &= CounterRow.factor == factor.value
        return _clear(theirs) > 0

    def expire(self) -> int:
        """Forget what is to be forgotten: quiet sources and strangers, names without an account, cleared counters."""
        now = self._clock()
        forgetful = CounterRow.lane.in_((Lane.SOURCE.value, Lane.STRANGER.value)) | (CounterRow.failures == 0)
        nameless = CounterRow.subject.startswith(NOBODY) & (CounterRow.last_at <= now - STRANGERS_KEPT)
        gone = CounterRow.delete().where((forgetful & (CounterRow.last_at <= now - QUIET)) | nameless)
        return int(gone.execute())

    def _count(self, lane: Lane, subject: str, factor: str, now: datetime) -> Counted | Wait | None:
        """Add a try to one counter; Wait when it is too early, None when the lane is closed."""
        mine = self._counter(lane, subject, factor)
        # a wait longer than there is comes from a clock that was set back: it does not hold
        due = (CounterRow.until <= now) | (CounterRow.until > now + LONGEST_WAIT)
        takes = due & (CounterRow.failures < CLOSES_AT) if lane.closes else due
        for _ in range(_LOOKS):
            self._begin(lane, subject, factor, now)  # always: a name that was tried before must not be quicker
            if CounterRow.update(**_one_more(lane, now)).where(mine & takes).execute():
                added = CounterRow.get(mine)
                return Counted(lane, subject, factor, added.streak, added.failures)
            row = CounterRow.get_or_none(mine)
            if row is None:
                continue  # swept away in between
            if lane.closes and row.failures >= CLOSES_AT:
                return None
            if now < row.until <= now + LONGEST_WAIT:
                return _wait(row.until, now)
        return _wait(now + timedelta(seconds=1), now)  # whoever keeps clearing it can have the second

    def _count_again(self, counted: Counted) -> None:
        """A try that fails after another's success began a new run of failures counts in that one."""
        mine = self._counter(counted.lane, counted.subject, counted.factor)
        later = CounterRow.streak != counted.streak
        CounterRow.update(**_one_more(counted.lane, self._clock())).where(mine & later).execute()

    def _take_back(self, counted: Counted) -> None:
        mine = self._counter(counted.lane, counted.subject, counted.factor)
        same = (CounterRow.streak == counted.streak) & (CounterRow.failures > 0)
        last = CounterRow.failures == counted.failures
        CounterRow.update(
            failures=CounterRow.failures - 1, until=Case(None, [(last, micros(EPOCH))], CounterRow.until)
        ).where(mine & same).execute()

    def _begin(self, lane: Lane, subject: str, factor: str, now: datetime) -> None:
        row = {"lane": lane.value, "subject": self._kept(subject), "factor": factor}
        CounterRow.insert(**row, failures=0, until=EPOCH, last_at=now, streak=0).on_conflict_ignore().execute()

    def _refusal(self, subject: str, factor: str) -> OnlyKnown | Disabled:
        """What to say when the outside lane is closed."""
        return Disabled() if self._is_closed(Lane.KNOWN, subject, factor) else OnlyKnown()

    def _is_closed(self, lane: Lane, subject: str, factor: str) -> bool:
        closed = self._counter(lane, subject, factor) & (CounterRow.failures >= CLOSES_AT)
        return bool(CounterRow.select().where(closed).exists())

    def _counter(self, lane: Lane, subject: str, factor: str) -> Any:
        kept = CounterRow.subject == self._kept(subject)
        return (CounterRow.lane == lane.value) & kept & (CounterRow.factor == factor)

    def _kept(self, subject: str) -> str:
        """`subject` as it is kept: an account's id itself, of all else a MAC (people type passwords as names)."""
        prefix = NOBODY if subject.startswith(NOBODY) else ""
        kept = prefix + self._vault.mac("throttle", subject).hex()
        return subject if _ID.fullmatch(subject) else kept


def _one_more(lane: Lane, now: datetime) -> dict[str, Any]:
    """The columns of a counter after one more failure, as expressions over what they are."""
    before: Any = CounterRow.failures
    if not lane.closes:
        before = Case(None, [(CounterRow.last_at <= now - QUIET, 0)], before)
    steps = [(before == failures - 1, micros(now + wait_after(failures, lane.free))) for failures in _waiting(lane)]
    free = (before < lane.free - 1, micros(now))
    return {
        "failures": before + 1,
        "until": Case(None, [free, *steps], micros(now + LONGEST_WAIT)),
        "last_at": now,
    }


def _waiting(lane: Lane) -> range:
    """The numbers of failures after which the wait still grows."""
    return range(lane.free, lane.free + 10)


def _clear(counters: Any) -> int:
    cleared = CounterRow.update(failures=0, until=EPOCH, streak=CounterRow.streak + 1).where(counters)
    return int(cleared.execute())


def _wait(until: datetime, now: datetime) -> Wait:
    return Wait(until, max(1, ceil((until - now).total_seconds())))
