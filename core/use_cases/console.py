"""The support console's door: password and token, both always; and who is behind a console session, read anew each time."""

from dataclasses import dataclass
from datetime import datetime

from core.accounts import Account, Role
from core.audit import Event
from core.cases import OWNER, Action
from core.origin import Origin
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.staff import FRESH, Right, admitted, has, why_not
from core.two_factor import Accepted
from core.use_cases.case_course import end_live
from core.use_cases.outcomes import (
    Busy,
    Done,
    Invalid,
    NeedsFresh,
    NotNow,
    Over,
    Throttled,
    TokenRefused,
    TokenWrong,
    Wrong,
)
from core.use_cases.parts import Parts
from core.use_cases.second_factor import check_token
from core.use_cases.sign_in import SignedIn, SignIn, TokenNeeded
from core.use_cases.standing import hold, origin_of

NO_SECOND_FACTOR = NotNow("The console needs two-factor authentication: enable it in the account app first.")
NOT_STAFF = NotNow("This account has no staff role.")
NOT_ADMITTED = NotNow(
    "Your two-factor authentication was switched off and set up anew. Another admin, or the operator, has to readmit you."
)


@dataclass(frozen=True, slots=True)
class StaffIn:
    """A finished sign-in to the console; its token counts as fresh for 5 minutes."""

    ticket: Secret
    session: Session
    name: str
    roles: frozenset[Role]
    account: Account


@dataclass(frozen=True, slots=True)
class Me:
    """Who works in this console session, and what they may do."""

    account: str
    name: str
    roles: frozenset[Role]
    rights: frozenset[Right]
    """What they may do at this moment, a role that has yet to settle left out."""
    fresh_until: datetime | None
    expires_at: datetime
    warning: str | None
    """People = 1: one person alone can verify and approve."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the staff in this unit, with the right that was asked."""

    session: Session
    account: Account

    @property
    def id(self) -> str:
        return self.account.id


class Console:
    """Signs staff in and out, and takes their fresh tokens."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sign_in = SignIn(parts)

    def with_password(
        self, name: str, password: Secret, origin: Origin
    ) -> TokenNeeded | Invalid | Wrong | Throttled | Busy | NotNow:
        """The password step; a token is always next, and an account without 2FA is refused."""
        answer = self._sign_in.with_password(name, password, origin)
        if not isinstance(answer, SignedIn):
            return answer
        self._sign_in.sign_out(answer.ticket)
        return NO_SECOND_FACTOR

    def with_token(self, half: Secret, token: str, origin: Origin) -> StaffIn | Over | NotNow | TokenRefused:
        """The token step; only staff whom somebody trusts with this device get in."""
        parts = self._parts
        with parts.storage.unit():
            found = self._sign_in.half_open(half)
            if isinstance(found, Over):
                return found
            sign_in, account = found
            checked = check_token(parts, account, token, origin)
            if isinstance(checked, TokenWrong):
                return self._sign_in.wrong_token(sign_in, account, origin)
            if not isinstance(checked, Accepted):
                return checked
            if not parts.sessions.finish_sign_in(sign_in):
                return Over()
            if not admitted(account, parts.staff_room.readmission(account.id)):
                refused = NOT_ADMITTED if account.is_staff else NOT_STAFF
                why = "not admitted" if account.is_staff else "no staff role"
                parts.audit.record(
                    Event.STAFF_REFUSED,
                    account=account.id,
                    actor=account.id,
                    source=origin.source,
                    what="sign in",
                    why=why,
                )
                return refused
            why = "its owner signed in with a second factor"
            end_live(parts, account.id, Action.STOP, by=OWNER, why=why, source=origin.source)
            evidence = frozenset({"password", "token"})
            opened = parts.sessions.open(account.id, SessionKind.CONSOLE, origin, evidence=evidence, staff=True)
            parts.sessions.remember(account.id, origin.source)
            parts.staff_room.freshen(opened.session.id)
            parts.audit.record(Event.STAFF_SIGNED_IN, account=account.id, actor=account.id, source=origin.source)
            return StaffIn(opened.token, opened.session, account.name, account.roles, account)

    def fresh(self, ticket: Secret, token: str) -> Done | Over | NotNow | TokenRefused:
        """A token again: for 5 minutes what needs a fresh one can be done (ASVS 7.5.3)."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, None, holding=True)
            if not isinstance(found, Worker):
                return never_fresh(found)
            checked = check_token(parts, found.account, token, origin_of(found.session))
            if not isinstance(checked, Accepted):
                parts.audit.record(Event.PROOF_FAILED, account=found.id, source=found.session.source)
                return checked
            parts.staff_room.freshen(found.session.id)
            return Done()

    def me(self, ticket: Secret) -> Me | Over:
        """Who is signed in, without renewing the session: for polling."""
        parts = self._parts
        with parts.storage.unit():
            session = parts.sessions.find(ticket)
            if session is None or session.kind is not SessionKind.CONSOLE:
                return Over()
            account = parts.accounts.get(session.account)
            if not isinstance(account, Account) or not admitted(account, parts.staff_room.readmission(account.id)):
                parts.sessions.end(session.id, "no longer staff")
                return Over()
            now = parts.clock()
            return Me(
                account.id,
                account.name,
                account.roles,
                frozenset(right for right in Right if has(account, right, now)),
                parts.staff_room.fresh_until(session.id),
                session.expires_at,
                parts.policy.warning,
            )

    def touch(self, ticket: Secret) -> Session | None:
        """The live console session behind `ticket`, its idle time begun anew."""
        with self._parts.storage.unit():
            session = self._parts.sessions.touch(ticket)
            return session if session is not None and session.kind is SessionKind.CONSOLE else None

    def sign_out(self, ticket: Secret) -> None:
        """End the console session."""
        self._sign_in.sign_out(ticket)


def worker(
    parts: Parts, ticket: Secret, right: Right | None, *, holding: bool = False, fresh: bool = True, peek: bool = False
) -> Worker | NotNow | NeedsFresh | Over:
    """Who is behind the console session, if they have `right` at this moment; inside the caller's unit (ASVS 8.3.2).

    `holding` keeps the account from changing until the unit ends. `peek` is for what a timer asks: it does not begin
    the idle time anew. What is refused for want of a right is recorded.
    """
    seen = parts.sessions.find(ticket)
    if seen is None or seen.kind is not SessionKind.CONSOLE:
        return Over()
    account = hold(parts, seen.account) if holding else parts.accounts.get(seen.account)
    if not isinstance(account, Account) or not admitted(account, parts.staff_room.readmission(account.id)):
        parts.sessions.end(seen.id, "no longer staff")
        return Over()
    session = seen if peek else parts.sessions.touch(ticket)
    if session is None:
        return Over()
    if right is None:
        return Worker(session, account)
    refused = why_not(account, right, parts.clock())
    if refused is not None:
        parts.audit.record(
            Event.STAFF_REFUSED, account=account.id, actor=account.id, source=session.source, what=right.value
        )
        return NotNow(refused)
    if fresh and right in FRESH and parts.staff_room.fresh_until(session.id) is None:
        return NeedsFresh()
    return Worker(session, account)


def never_fresh(refused: NotNow | NeedsFresh | Over) -> NotNow | Over:
    """Why `worker` refused a right that takes no fresh token."""
    assert not isinstance(refused, NeedsFresh)
    return refused
