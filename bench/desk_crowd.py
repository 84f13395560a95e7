"""A crowd for the desk bench, put into the database in bulk.

It is genuine: every row is made by the part that it belongs to, with its MAC, its seals and its entries of the audit
trail, so that nothing reads as damaged; only the way into the database is shorter.
"""

import string
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from json import dumps
from typing import Any

from peewee import PostgresqlDatabase

from core.accounts import Account
from core.accounts.tables import AccountRow, NameRow
from core.audit import BATCH, Event
from core.audit.tables import EntryRow
from core.audit.trail import _PURPOSE, _covered
from core.cases import CLAIMANT, FIRST_ANSWER_TARGET, LEASE, Case, Form, Kind, MomentKind, State, shown_reference
from core.cases.file import _TEXT
from core.cases.repository import _COURSE, _FACTS, _RETURN_CODE, _SEALED_FORM, _course
from core.cases.tables import CaseRow, MomentRow
from core.clock import micros
from core.notices import State as NoticeState
from core.notices.outbox import _TO
from core.notices.tables import NoticeRow
from core.secret import Secret
from core.storage.rows import Row, database_of_the_unit
from core.use_cases.parts import Parts
from tests.world import PASSWORD

HITS = 50
"""Accounts whose names begin alike: a narrow search finds as many in a small town as in a large one."""
_AT_ONCE = 5000
_ENDS = (State.COMPLETED, State.REJECTED, State.WITHDRAWN, State.STOPPED, State.EXPIRED)
_MESSAGE = "I lost my phone on the train and have no code. What else can I show you?"


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    accounts: int
    live: int
    ended: int

    def over(self, parts: int) -> "Size":
        """The same at a fraction."""
        return Size(self.accounts // parts, self.live // parts, self.ended // parts)

    def times(self, factor: int) -> "Size":
        """The same, larger."""
        return Size(self.accounts * factor, self.live * factor, self.ended * factor)


class Crowd:
    """Everybody else: accounts, cases, what is in them, and what the trail says of them."""

    def __init__(self, parts: Parts, size: Size, *, like: str, agent: str, bare: bool) -> None:
        """Accounts are made after that of `like`, and decided on by `agent`; `bare`: with nothing in the cases."""
        self.references: list[str] = []
        """Of open cases that nobody has."""
        self.names: list[str] = []
        """Of their accounts."""
        self._parts = parts
        self._size = size
        self._bare = bare
        self._vault = parts.cases._vault
        self._now = parts.clock()
        with parts.storage.unit():
            model, staff = parts.accounts.by_name(like), parts.accounts.by_name(agent)
            assert isinstance(model, Account)
            assert isinstance(staff, Account)
        self._model, self._staff = model, staff.id
        sealed = self._parts.hasher.hash(Secret(PASSWORD), "nobody")
        self._hash = self._vault.unseal(sealed, "nobody")
        self._policy = self._parts.policy
        self._taken: set[str] = set()

    def put(self) -> None:
        """All of it, and the seals over the trail."""
        size, storage = self._size, self._parts.storage
        people = iter(self._accounts(size.accounts))
        left = [(False, size.ended), (True, size.live)]
        while some := list(islice(people, _AT_ONCE)):
            with storage.unit():
                _put(NameRow, ({"name": each.name, "taken_at": each.created_at} for each in some))
                _put(AccountRow, (self._parts.accounts._columns(each) for each in some))
        with storage.unit():
            found: Any = AccountRow.select(AccountRow.id, AccountRow.name).where(AccountRow.name.startswith("m"))
            whose = list(found.order_by(AccountRow.id).tuples())  # by chance: the ids are random
        for live, count in left:
            cases = self._cases(whose, count, live=live)
            while batch := list(islice(cases, _AT_ONCE)):
                with storage.unit():
                    self._put_cases(batch)
                self._seal()

    def _seal(self) -> None:
        """Seal what was put, as it is done every minute: a backlog of a whole town takes as long as it is long, squared."""
        while True:
            with self._parts.storage.unit():
                if self._parts.audit.seal() < BATCH:
                    break

    def _accounts(self, count: int) -> Iterator[Account]:
        for number in range(count):
            name = name_of(number)
            identifier = self._parts.tokens.identifier()
            hashed = self._vault.seal(self._hash, identifier, "password")
            yield replace(self._model, id=identifier, name=name, address=f"{name}@example.org", password_hash=hashed)

    def _cases(self, whose: list[tuple[str, str]], count: int, *, live: bool) -> Iterator[tuple[Case, str]]:
        """Of the accounts in turn; live ones opened 4 to 12 days ago, ended ones in the year before."""
        span = timedelta(days=8) if live else timedelta(days=330)
        last = self._now - (timedelta(days=4) if live else timedelta(days=20))
        for number in range(count):
            account, name = whose[number % len(whose)]
            opened = last - span * number / count
            yield self._case(account, opened, number, live=live), name

    def _case(self, account: str, opened: datetime, number: int, *, live: bool) -> Case:
        tokens = self._parts.tokens
        identifier = tokens.identifier()
        facts: dict[str, Any] = dict.fromkeys((*_FACTS, *_COURSE))
        answered = opened + timedelta(hours=3) if number % 3 else None
        ended = None if live else opened + timedelta(days=6)
        state = State.OPEN if live else _ENDS[number % len(_ENDS)]
        decided: dict[str, Any] = {}
        if state is State.COMPLETED:
            decided = {"route": Kind.MAIL, "verifier": "0" * 32, "verified_at": ended}
            decided |= {"approver": self._staff, "approved_at": ended}
        facts |= decided | {
            "id": identifier,
            "reference": self._reference(),
            "account": account,
            "state": state,
            "opened_at": opened,
            "source": f"198.51.{number // 250 % 250}.{number % 250}",
            "policy_text": self._policy.to_text(),
            "policy_hash": self._policy.hash,
            "repeated": False,
            "return_mac": self._vault.mac(_RETURN_CODE, identifier, tokens.crockford(12)),
            "people": 2,
            "round": 1,
            "round_began_at": opened,
            "version": 2,
            "ended_at": ended,
            "turn_at": opened + timedelta(hours=4),
            "answered_at": answered,
            "claimed_by": self._staff if answered else None,
            "claimed_until": answered + LEASE if answered else None,
            "asked_at": opened + timedelta(hours=5) if live and answered and number % 5 == 0 else None,
            "claimant_seen_at": self._now - timedelta(days=1) if live else opened + timedelta(hours=4),
            "late_at": None if opened + FIRST_ANSWER_TARGET < self._now else opened + FIRST_ANSWER_TARGET,
        }
        return Case(**facts, damaged=False)

    def _reference(self) -> str:
        """One that no case has: among a million of them two would be alike every other time."""
        while (reference := self._parts.tokens.crockford(8)) in self._taken:
            pass
        self._taken.add(reference)
        return reference

    def _put_cases(self, batch: list[tuple[Case, str]]) -> None:
        parts, vault = self._parts, self._vault
        form = dumps(asdict(Form(_MESSAGE, "0123 456789", "I made the account in March."))).encode()
        _put(
            CaseRow,
            (
                {
                    **parts.cases._columns(case),
                    **_course(case),
                    "name": name,
                    "form": vault.seal(form, _SEALED_FORM, case.id),
                }
                for case, name in batch
            ),
        )
        if not self._bare:
            _put(MomentRow, (row for case, _ in batch for row in self._moments(case)))
            _put(NoticeRow, (row for case, name in batch for row in self._notices(case, name)))
            _put(EntryRow, (row for case, _ in batch for row in self._entries(case)))
        if batch[0][0].live:
            self.references += [shown_reference(case.reference) for case, _ in batch]
            self.names += [name for _, name in batch]

    def _moments(self, case: Case) -> Iterator[dict[str, Any]]:
        told = [(MomentKind.OPENED, case.opened_at, CLAIMANT, _MESSAGE)]
        if case.answered_at is not None:
            told.append((MomentKind.MESSAGE, case.answered_at, self._staff, "Do you still have your laptop?"))
        told.append((MomentKind.MESSAGE, case.turn_at, CLAIMANT, _MESSAGE))
        for kind, at, by, text in told:
            uid = self._parts.tokens.identifier()
            sealed = self._vault.seal(text.encode(), _TEXT, uid)
            yield {"uid": uid, "case": case.id, "at": at, "kind": kind, "by": by, "text": sealed, "detail": ""}

    def _notices(self, case: Case, name: str) -> Iterator[dict[str, Any]]:
        groups = (case.opening_notices, 0), (case.later_notices, 24), (case.later_notices, 72)
        for group, hours in groups:
            identifier, at = self._parts.tokens.identifier(), case.opened_at + timedelta(hours=hours)
            yield {
                "id": identifier,
                "kind": "case opened",
                "account": case.account,
                "group": group,
                "to": self._vault.seal(f"{name}@example.org".encode(), _TO, identifier),
                "letter": None,
                "state": NoticeState.HANDED_OVER,
                "created_at": case.opened_at,
                "short_lived": False,
                "due_at": at,
                "give_up_at": at + timedelta(days=3),
                "tries": 1,
                "held_until": None,
                "settled_at": at + timedelta(seconds=1),
                "delivers": True,
                "reason": None,
            }

    def _entries(self, case: Case) -> Iterator[dict[str, Any]]:
        facts: list[tuple[Event, datetime, str | None, dict[str, Any]]] = [
            (Event.SIGNED_IN, case.opened_at - timedelta(days=9), case.account, {}),
            (Event.CASE_OPENED, case.opened_at, None, {"policy": case.policy_hash, "repeated": False}),
            (Event.STAFF_LOOKED, case.opened_at + timedelta(hours=2), self._staff, {}),
        ]
        if case.answered_at is not None:
            facts.append((Event.CASE_MESSAGE, case.answered_at, self._staff, {}))
        for event, at, actor, detail in facts:
            about = None if event is Event.SIGNED_IN else case.id
            row = {
                "uid": self._parts.tokens.identifier(),
                "at": at,
                "event": event.value,
                "account": case.account,
                "actor": actor,
                "case": about,
                "source": case.source,
                "detail": dumps(detail, sort_keys=True, separators=(",", ":")),
            }
            yield {**row, "mac": self._vault.mac(_PURPOSE, *_covered(row))}


def name_of(number: int) -> str:
    """All begin with m, and fifty each with the same four letters."""
    letters, shared = "", number // HITS
    for _ in range(3):
        shared, letter = divmod(shared, 26)
        letters = string.ascii_lowercase[letter] + letters
    return f"m{string.ascii_lowercase[shared]}{letters}{number % HITS:02}"


def _put(table: type[Row], rows: Iterable[dict[str, Any]]) -> None:
    """Put `rows` into `table`, as its part would."""
    listed = list(rows)
    columns = [table._meta.fields[name].column_name for name in listed[0]]
    database = database_of_the_unit()
    names = ", ".join(f'"{column}"' for column in columns)
    values = ([_plain(value) for value in row.values()] for row in listed)
    cursor = database.cursor()
    if isinstance(database, PostgresqlDatabase):
        with cursor.copy(f'COPY "{table._meta.table_name}" ({names}) FROM STDIN') as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    cursor.executemany(f'INSERT INTO "{table._meta.table_name}" ({names}) VALUES ({marks})', values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return micros(value)
    return str(value) if isinstance(value, str) and type(value) is not str else value
