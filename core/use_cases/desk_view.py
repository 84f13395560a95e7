"""A case in the words of the desk, as frozen values for screens. Inside the caller's unit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.accounts import Account, address_problem
from core.audit import Event
from core.cases import CLAIMANT, CLOCK, OPERATOR, OWNER, Case, Kind, Need, Place, State, shown_reference
from core.staff import Right
from core.use_cases.case_course import void_reason
from core.use_cases.case_view import RouteView, Wait, route_views, wait_view
from core.use_cases.desk_rules import CASE_RIGHTS, OnDesk, name_of, obstacle
from core.use_cases.desk_words import address_state, late, need_words, next_step
from core.use_cases.parts import Parts
from core.use_cases.timeline import Line, lines


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the queue."""

    reference: str
    account_name: str
    """As its holder chose it: show it with `text.shown`."""
    state: State
    opened_at: datetime
    age: timedelta
    need: Need | None
    """None once it ended."""
    need_words: str
    need_since: datetime
    late: bool
    holder: str | None
    mine: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, and the figures above it."""

    lines: tuple[CaseLine, ...]
    next: Place | None
    """Where the next page begins; None after the last."""
    live: int
    need_staff: int
    oldest: timedelta | None


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Evidence as staff see it."""

    kind: Kind
    given_at: datetime
    by: str
    words: str
    """What was done, to be followed by when and by whom."""
    rests_on: str = field(repr=False)
    """How old, when it was given, what it rests on was; empty for a person."""
    note: str = field(repr=False)
    """How somebody was identified in person, as it was written: show it with `text.shown`."""
    void: str | None
    """Why it does not count."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the case screen, and why it cannot be done now."""

    right: Right
    allowed: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class StaffCase:
    """A case as staff see it: facts on the left, timeline on the right, acts below."""

    reference: str
    account_id: str
    account_name: str
    account_since: datetime | None
    state: State
    damaged: bool
    opened_at: datetime
    source: str
    fingerprint: str | None
    contact: str
    """Masked, like the address."""
    address: str
    address_state: str
    two_factor_since: datetime | None
    last_sign_in_at: datetime | None
    last_sign_in_here: bool
    """It came from the source that the case was opened from."""
    policy_text: tuple[str, ...]
    routes: tuple[RouteView, ...]
    evidence: tuple[EvidenceView, ...]
    wait: Wait | None
    delivery: str
    verifier: str | None
    approver: str | None
    holder: str | None
    lease_until: datetime | None
    mine: bool
    watchers: tuple[str, ...]
    """The others who have it on their screen now."""
    need_words: str
    next_step: str
    contested: bool
    repeated: bool
    frozen_by: str | None
    warning: str | None
    expires_at: datetime
    target: datetime
    timeline: tuple[Line, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """What was unmasked; everything as people wrote it, and none of it proves anything."""

    contact: str = field(repr=False)
    happened: str = field(repr=False)
    statement: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A text of the settings that a message can begin with."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures: live cases by need and age, outcomes by week, the time to a decision."""

    by_need: tuple[tuple[Need, int], ...]
    by_age: tuple[tuple[str, int], ...]
    outcomes_by_week: tuple[tuple[datetime, tuple[tuple[State, int], ...]], ...]
    """The beginning of each of the last eight weeks, the newest last."""
    decisions: tuple[tuple[str, int], ...]
    """How many decisions of the last 30 days took how long."""
    median_decision: timedelta | None
    """Half of them took no longer."""


class DeskView:
    """Puts cases into words; staff names never change, so each is read once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._names: dict[str, str] = {}

    def line(self, case: Case, name: str, me: Account) -> CaseLine:
        """`case` of the account `name` as a line of the queue, for `me`."""
        now = self._parts.clock()
        need, since = case.need if case.live else (None, case.ended_at or case.opened_at)
        holder = case.holder(now)
        return CaseLine(
            shown_reference(case.reference),
            name,
            case.state,
            case.opened_at,
            now - case.opened_at,
            need,
            need_words(case, me, now),
            since,
            late(case, now),
            self._name(holder) if holder is not None else None,
            holder == me.id,
        )

    def _name(self, account_id: str) -> str:
        """A staff name; names never change, so each is read once."""
        if account_id not in self._names:
            self._names[account_id] = name_of(self._parts, account_id)
        return self._names[account_id]

    def case(self, desk: OnDesk) -> StaffCase:
        """Everything that the case screen shows."""
        parts, now = self._parts, self._parts.clock()
        case, known = desk.case, desk.known
        account = desk.account if isinstance(desk.account, Account) else None
        holder = case.holder(now)
        signed_in = parts.audit.search(account=case.account, event=Event.SIGNED_IN, limit=1)
        acts = tuple(
            Act(right, why is None, why or "") for right in CASE_RIGHTS for why in (obstacle(parts, desk, right),)
        )
        return StaffCase(
            reference=shown_reference(case.reference),
            account_id=case.account,
            account_name=desk.account.name,
            account_since=account.created_at if account else None,
            state=case.state,
            damaged=case.damaged or account is None,
            opened_at=case.opened_at,
            source=case.source,
            fingerprint=case.fingerprint,
            contact=masked(parts.cases.form(case).contact),
            address=masked(account.address) if account else "",
            address_state=address_state(account),
            two_factor_since=account.two_factor_since if account else None,
            last_sign_in_at=signed_in[0].at if signed_in else None,
            last_sign_in_here=bool(signed_in) and signed_in[0].source == case.source,
            policy_text=case.policy.explain(),
            routes=route_views(desk.standings),
            evidence=tuple(self._evidence(desk)),
            wait=wait_view(case, desk.standings, known) if known else None,
            delivery=known.told.delivery.value if known else "unknown",
            verifier=self._name(case.verifier) if case.verifier else None,
            approver=self._name(case.approver) if case.approver else None,
            holder=self._name(holder) if holder else None,
            lease_until=case.claimed_until if holder else None,
            mine=holder == desk.me.id,
            watchers=tuple(sorted(self._name(each) for each in parts.watchers.of(case) if each != desk.me.id)),
            need_words=need_words(case, desk.me, now),
            next_step=next_step(desk),
            contested=known is not None and known.contested,
            repeated=case.repeated,
            frozen_by=self._who(case.frozen_by) if case.frozen_by else None,
            warning=case.policy.warning,
            expires_at=case.expires_at,
            target=case.target,
            timeline=lines(parts.case_file.timeline(case), self._who),
            acts=acts,
        )

    def _evidence(self, desk: OnDesk) -> Iterable[EvidenceView]:
        for each in self._parts.case_file.evidence(desk.case):
            void = each.void_reason if each.void_at is not None else None
            if void is None and isinstance(desk.account, Account):
                void = void_reason(self._parts, desk.account, each)
            old = (each.given_at - each.since).days
            words, rests_on = {
                Kind.MAIL: ("code typed", f"address confirmed {old} d before"),
                Kind.KEY: (f"{each.fingerprint} proved", f"registered {old} d before"),
                Kind.PERSON: ("identified in person", ""),
            }[each.kind]
            yield EvidenceView(each.kind, each.given_at, self._who(each.by), words, rests_on, each.note, void)

    def _who(self, by: str) -> str:
        words = {CLAIMANT: "claimant", OWNER: "the owner", CLOCK: "Lockwright", OPERATOR: "the operator"}
        return words.get(by) or self._name(by)


def masked(text: str) -> str:
    """`text` so that it can be recognised and not used: the first sign, and the domain when all of it is one address."""
    if not text:
        return ""
    domain = f"@{text.rpartition('@')[2]}" if address_problem(text) is None else ""
    return f"{text[:1]}··{domain}"
