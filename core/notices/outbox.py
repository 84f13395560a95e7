"""The outbox, inside the caller's unit: a notice is queued with its fact, held by one worker at a time, settled once."""

import json
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.errors import Unreadable
from core.notices.model import GIVEN_UP_AFTER, IN_HAND, KEPT, Letter, Listed, Outgoing, Standing, State, retry_after
from core.notices.tables import NoticeRow
from core.tokens import Tokens
from core.vault import Vault

_TO = "notice address"
_LETTER = "notice letter"
_RECEIPT = "notice receipt"


class Notices:
    """Queues letters and keeps how they fare; handing them over is the due work's.

    A letter reaches its address at least once, and when a worker dies in between perhaps twice: both copies then bear
    the same Message-ID.
    """

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def post(
        self, letter: Letter, *, to: str, account: str | None, group: str | None = None, due: datetime | None = None
    ) -> str:
        """Queue `letter` for the address `to`, not before `due`; its id. `group` ties notices of one case together."""
        now = self._clock()
        due = due or now
        identifier = self._tokens.identifier()
        said = json.dumps({"subject": letter.subject, "body": letter.body}).encode()
        lasts = GIVEN_UP_AFTER if letter.good_for is None else min(GIVEN_UP_AFTER, letter.good_for)
        NoticeRow.insert(
            id=identifier,
            kind=letter.kind,
            account=account,
            group=group,
            to=self._vault.seal(to.encode(), _TO, identifier),
            letter=self._vault.seal(said, _LETTER, identifier),
            state=State.QUEUED,
            created_at=now,
            due_at=due,
            give_up_at=due + lasts,
            short_lived=letter.good_for is not None,
            tries=0,
            delivers=False,
        ).execute()
        return identifier

    def any_due(self) -> bool:
        """Whether there is anything to hand over now: one look into an index."""
        return bool(NoticeRow.select().where(self._due()).exists())

    def claim_due(self, limit: int = 1) -> list[Outgoing]:
        """Take up to `limit` notices that are due, longest due first: nobody else gets them for 5 minutes.

        A letter that came too late to be of use is settled as failed instead.
        """
        now = self._clock()
        claimed: list[Outgoing] = []
        while len(claimed) < limit:
            found: Any = NoticeRow.select().where(self._due()).order_by(NoticeRow.due_at, NoticeRow.id)
            rows = list(found.limit(limit - len(claimed)).dicts())
            if not rows:
                break
            claimed += [mine for row in rows if (mine := self._claim(row, now)) is not None]
        return claimed

    def _claim(self, row: dict[str, Any], now: datetime) -> Outgoing | None:
        """Take one notice; None when another worker was faster, or when it is settled instead."""
        until = now + IN_HAND
        mine = NoticeRow.update(held_until=until, tries=NoticeRow.tries + 1)
        if not mine.where((NoticeRow.id == row["id"]) & self._due()).execute():
            return None
        if row["give_up_at"] <= now and (row["tries"] or row["short_lived"]):
            self._settle(row["id"], State.FAILED, reason="It could not be handed over in time.")
            return None
        try:
            return self._outgoing(row, until)
        except Unreadable:
            self._settle(row["id"], State.FAILED, reason="What it says cannot be read any more.")
            return None

    def handed_over(self, outgoing: Outgoing, *, delivers: bool) -> bool:
        """Note that the transport has it, and wipe what it said; False when that was noted before.

        It counts even for whoever took too long, or when it was cancelled meanwhile: the letter is on its way.
        """
        now = self._clock()
        receipt = self._vault.mac(_RECEIPT, outgoing.id, outgoing.group, now, delivers)
        return self._settle(outgoing.id, State.HANDED_OVER, now, delivers=delivers, receipt=receipt)

    def failed(self, outgoing: Outgoing, reason: str, *, permanent: bool) -> State | None:
        """Note that handing it over failed: it is tried again later (1 min, doubling to 1 h, for 3 d), or given up.

        None when it was settled by others, or taken by another worker because this one took too long.
        """
        again = self._clock() + retry_after(outgoing.tries)
        mine = (NoticeRow.id == outgoing.id) & (NoticeRow.held_until == outgoing.held_until)
        row: Any = NoticeRow.get_or_none(mine, NoticeRow.state == State.QUEUED)
        if row is None:
            return None
        if permanent or again >= row.give_up_at:
            return State.FAILED if self._settle(outgoing.id, State.FAILED, reason=reason) else None
        later = NoticeRow.update(held_until=None, due_at=again, reason=reason)
        return State.QUEUED if later.where(mine, NoticeRow.state == State.QUEUED).execute() else None

    def cancel(self, group: str) -> int:
        """Take back what is still queued for `group`; how many that were."""
        gone = NoticeRow.update(state=State.CANCELLED, letter=None, settled_at=self._clock())
        return int(gone.where(NoticeRow.group == group, NoticeRow.state == State.QUEUED).execute())

    def standing(self, group: str) -> list[Standing]:
        """How each notice of `group` stands; one whose hand-over was written by others than us has failed."""
        rows: Any = NoticeRow.select().where(NoticeRow.group == group).order_by(NoticeRow.id).dicts()
        return [
            Standing(State(row["state"]), row["settled_at"], row["delivers"])
            if row["state"] != State.HANDED_OVER or self._has_receipt(row)
            else Standing(State.FAILED, row["settled_at"], delivers=False)
            for row in rows
        ]

    def listed(self, limit: int = 1000) -> list[Listed]:
        """The newest notices, without what they say."""
        rows: Any = NoticeRow.select().order_by(NoticeRow.created_at.desc(), NoticeRow.id).limit(limit).dicts()
        names = ("id", "kind", "created_at", "due_at", "tries", "reason")
        return [
            Listed(to=self._to(row), state=State(row["state"]), **{name: row[name] for name in names}) for row in rows
        ]

    def expire(self) -> int:
        """Forget what was settled 90 days ago; how many."""
        return int(NoticeRow.delete().where(NoticeRow.settled_at <= self._clock() - KEPT).execute())

    def _due(self) -> Any:
        now = self._clock()
        free = NoticeRow.held_until.is_null() | (NoticeRow.held_until <= now)
        return (NoticeRow.state == State.QUEUED) & (NoticeRow.due_at <= now) & free

    def _settle(
        self,
        notice: str,
        state: State,
        at: datetime | None = None,
        *,
        delivers: bool = False,
        reason: str | None = None,
        receipt: bytes | None = None,
    ) -> bool:
        settled = NoticeRow.update(
            state=state,
            letter=None,
            held_until=None,
            settled_at=at or self._clock(),
            delivers=delivers,
            reason=reason,
            receipt=receipt,
        )
        unsettled = [State.QUEUED, State.CANCELLED] if state is State.HANDED_OVER else [State.QUEUED]
        return bool(settled.where(NoticeRow.id == notice, NoticeRow.state.in_(unsettled)).execute())

    def _has_receipt(self, row: dict[str, Any]) -> bool:
        if row["receipt"] is None or row["settled_at"] is None:
            return False
        handed_over = (row["id"], row["group"], row["settled_at"], row["delivers"])
        return self._vault.mac_matches(row["receipt"], _RECEIPT, *handed_over)

    def _outgoing(self, row: dict[str, Any], until: datetime) -> Outgoing:
        said = json.loads(self._vault.unseal(row["letter"], _LETTER, row["id"]))
        return Outgoing(
            id=row["id"],
            kind=row["kind"],
            account=row["account"],
            group=row["group"],
            to=self._vault.unseal(row["to"], _TO, row["id"]).decode(),
            subject=said["subject"],
            body=said["body"],
            created_at=row["created_at"],
            tries=row["tries"] + 1,
            held_until=until,
        )

    def _to(self, row: dict[str, Any]) -> str:
        try:
            return self._vault.unseal(row["to"], _TO, row["id"]).decode()
        except Unreadable:
            return "unreadable"
