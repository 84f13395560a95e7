"""Work that is due whether or not anybody asks: notices handed over, the audit trail sealed, what ran out ended.

Run by a local app, by serve's clerk, or by `lockwright-admin tick`; a lease in the database sees to it that one at a
time does it.
"""

import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from core.audit import BATCH, Event, HeadsFile
from core.errors import HomeError, LockwrightError, TransportFailed, TransportGone
from core.notices import Outgoing, State, Transport
from core.storage import Leases
from core.use_cases.parts import Parts

LEASE = "due work"
HELD = timedelta(seconds=20)
"""Whoever dies is replaced after this time."""
RENEWED_AFTER = timedelta(seconds=5)
"""Between pieces of work and between letters the lease is renewed when it is so old; sooner would be a write for nothing."""
MAIL_TIME = timedelta(seconds=10)
"""After so long, letters that are left wait for the next round, so that slow mail holds nothing else up for long."""
MAIL_PAUSE = timedelta(minutes=1)
"""Before a mail server that took nothing at all is asked again."""
SWEEP = "due sweep"
SWEEP_EVERY = timedelta(minutes=1)
HEAD_EVERY = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 200
"""Letters, or seals, in one round at most."""


@dataclass(slots=True)
class Work:
    """What one round did."""

    handed_over: int = 0
    failed: int = 0
    """Letters that were not taken; most are tried again."""
    sealed: int = 0
    expired: int = 0
    completed: int = 0
    problems: list[str] = field(default_factory=list)
    """A sentence for each piece of work that could not be done; the others were."""

    def __str__(self) -> str:
        counts = (
            (self.handed_over, "notices handed over"),
            (self.failed, "notices not taken"),
            (self.sealed, "entries sealed"),
            (self.expired, "things expired"),
            (self.completed, "cases completed"),
        )
        done = ", ".join(f"{count} {what}" for count, what in counts if count)
        return "; ".join(filter(None, [done, *self.problems])) or "Nothing was due."


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work. Whether it is due is asked in a unit that all pieces share, so it must be one quick look; what it
    does opens units of its own.
    """

    name: str
    is_due: Callable[[], bool]
    do: Callable[[Work], None]


class Due:
    """Does what is due; when nothing is, that takes one short unit that writes nothing."""

    def __init__(self, parts: Parts, transport: Transport) -> None:
        self._parts = parts
        self._transport = transport
        self._heads = HeadsFile(parts.settings.home)
        self._leases = Leases(parts.clock)
        self._holder = parts.tokens.identifier()
        self._alone = threading.Lock()
        self._failing: dict[str, tuple[str, str]] = {}
        """Pieces that could not be done the last time, with what was said then and the error id."""
        self._held_until = self._next_mail = self._next_sweep = self._next_head = _LONG_AGO
        self.also: list[Piece] = []
        """More work, done first of all, so that what it writes is sealed and sent in the same round."""

    @property
    def _pieces(self) -> tuple[Piece, ...]:
        return (
            *self.also,
            Piece("expiry", self._sweep_is_due, self._expire),
            Piece("sealing", self._parts.audit.unsealed, self._seal),
            Piece("mail", self._mail_is_due, self._deliver),
        )

    def tick(self) -> Work:
        """One round: every piece that is due in units of its own, so that one that fails stops no other.

        Does nothing while another thread or process is at it. Raises StorageError when the database cannot be asked.
        """
        work = Work()
        if not self._alone.acquire(blocking=False):
            return work
        try:
            if self._begin():
                for piece in self._pieces:
                    self._attempt(piece.name, partial(self._do, piece, work), work)
                    if not self._renew():
                        return work
                self.leave()
        finally:
            self._alone.release()
        return work

    def leave(self) -> None:
        """Give the lease back, so that another process need not wait for its end."""
        with suppress(LockwrightError), self._parts.storage.unit():
            self._leases.release(LEASE, self._holder)

    def _begin(self) -> bool:
        """Whether there is anything to do, and nobody else is doing it."""
        with self._parts.storage.unit():
            return any(piece.is_due() for piece in self._pieces) and self._take_lease()

    def _renew(self) -> bool:
        """Keep the lease; False when it was lost, and somebody else goes on."""
        if self._held_until - self._parts.clock() > HELD - RENEWED_AFTER:
            return True
        with suppress(LockwrightError), self._parts.storage.unit():
            return self._take_lease()
        return False

    def _take_lease(self) -> bool:
        self._held_until = self._parts.clock() + HELD
        return self._leases.take(LEASE, self._holder, self._held_until)

    def _do(self, piece: Piece, work: Work) -> None:
        with self._parts.storage.unit():
            is_due = piece.is_due()
        if is_due:
            piece.do(work)

    def _attempt(self, name: str, do: Callable[[], object], work: Work) -> None:
        """Do it; when it fails, note that under an error id, once for as long as it fails in the same way."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other pieces are done
            said = str(error) if isinstance(error, LockwrightError) else type(error).__name__
            error_id = self._failing.get(name, ("", ""))[1]
            if self._failing.get(name, ("", ""))[0] != said:
                error_id = self._record(name, error)
                self._failing[name] = (said, error_id)
            work.problems.append(f"{name} failed, error id {error_id}: {said}")
        else:
            self._failing.pop(name, None)

    def _record(self, name: str, error: Exception) -> str:
        """Write down what failed, where and with what kind of error, never with what values; the error id."""
        parts = self._parts
        error_id = parts.tokens.crockford(8)
        *_, (frame, line) = traceback.walk_tb(error.__traceback__)
        where = f"{frame.f_globals.get('__name__', '?')}:{line}"
        with suppress(LockwrightError), parts.storage.unit():
            parts.audit.record(Event.WORK_FAILED, work=name, error=error_id, kind=type(error).__name__, at=where)
        return error_id

    def _mail_is_due(self) -> bool:
        return self._next_mail <= self._parts.clock() and self._parts.notices.any_due()

    def _deliver(self, work: Work) -> None:
        """Hand over what is due, longest due first; the sending is outside any unit, as a server may take its time."""
        parts = self._parts
        until = parts.clock() + MAIL_TIME
        for _ in range(_AT_ONCE):
            with parts.storage.unit():
                claimed = parts.notices.claim_due()
            if not claimed:
                return
            self._hand_over(claimed[0], work)
            if parts.clock() >= until or parts.clock() < self._next_mail or not self._renew():
                return

    def _hand_over(self, outgoing: Outgoing, work: Work) -> None:
        parts = self._parts
        try:
            self._transport.hand_over(outgoing)
        except TransportFailed as failure:
            work.failed += 1
            if isinstance(failure, TransportGone):
                self._next_mail = parts.clock() + MAIL_PAUSE
            with parts.storage.unit():
                state = parts.notices.failed(outgoing, str(failure), permanent=failure.permanent)
                if state is State.FAILED:
                    parts.audit.record(Event.NOTICE_FAILED, account=outgoing.account, kind=outgoing.kind)
        else:
            with parts.storage.unit():
                parts.notices.handed_over(outgoing, delivers=self._transport.delivers)
            work.handed_over += 1

    def _seal(self, work: Work) -> None:
        parts = self._parts
        for _ in range(_AT_ONCE):
            with parts.storage.unit():
                sealed = parts.audit.seal()
            work.sealed += sealed
            if sealed < BATCH:
                break
        if self._next_head <= parts.clock():
            self._keep_head()

    def _keep_head(self) -> None:
        """Keep the newest seal outside the database, where it shows whether the trail is cut."""
        parts = self._parts
        with parts.storage.unit():
            head = parts.audit.head()
        if head is not None:
            try:
                self._heads.keep(head)
            except OSError as error:
                raise HomeError(f"{self._heads.path} cannot be written: {error.strerror}.") from None
        self._next_head = parts.clock() + HEAD_EVERY

    def _sweep_is_due(self) -> bool:
        """Once a minute, whichever process it is: the lease of the last sweep is not given back, it ends by itself."""
        return self._next_sweep <= self._parts.clock()

    def _expire(self, work: Work) -> None:
        parts = self._parts
        self._next_sweep = parts.clock() + SWEEP_EVERY
        with parts.storage.unit():
            if not self._leases.take(SWEEP, self._holder, self._next_sweep):
                return
        for what, expire in (
            ("sessions", parts.sessions.expire),
            ("enrolments", parts.two_factor.expire),
            ("mail codes", parts.mail_codes.expire),
            ("stop codes", parts.stop_codes.expire),
            ("throttle", parts.throttle.expire),
            ("staff", parts.staff_room.expire),
            ("notices", parts.notices.expire),
            ("looks at cases", parts.watchers.expire),
        ):
            self._attempt(f"expiry of {what}", partial(self._expire_some, expire, work), work)

    def _expire_some(self, expire: Callable[[], int], work: Work) -> None:
        with self._parts.storage.unit():
            work.expired += expire()
