"""The claimant's session: one's own case, evidence that can be given right now, messages, withdrawing."""

from datetime import datetime
from typing import assert_never

from core.accounts import Account
from core.audit import Event
from core.cases import (
    CLAIMANT,
    TEXT_LIMIT,
    TEXT_LINES,
    Action,
    Case,
    Kind,
    MomentKind,
    RouteStanding,
    State,
    shown_reference,
)
from core.mail_codes import Issued, NoneOpen, Purpose, Right, WrongCode, clean
from core.notices import case_letters
from core.origin import Origin
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.text import TextProblem, accept
from core.use_cases.case_course import end, facts, routes
from core.use_cases.case_view import CaseView, claimant_view, given_kinds, key_problem
from core.use_cases.completing import Step, advance
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Throttled, TokenWrong
from core.use_cases.parts import Parts
from core.use_cases.recovery_doors import CASE_ENDED, FROZEN

_CHANGED = "The case was closed here, since the account changed meanwhile. Sign in again to see what is so now."
RECOVERY_DONE = (
    "Your recovery is completed: two-factor authentication is off. Sign in with your password, choose Enable, and have "
    "your return code at hand."
)
_FAREWELLS = {
    "account recovered": RECOVERY_DONE,
    "came back elsewhere": "The case was opened elsewhere with its return code, so it was closed here.",
    "idle": "Nothing was typed for a while, so the case was closed here. Password and return code lead back to it.",
    "expired": "A visit to a case has an end, and yours was reached. Password and return code lead back to it.",
}


class ClaimantSession:
    """What can be done behind a claimant session, and nothing else can."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def view(self, ticket: Secret, *, peek: bool = False) -> CaseView | Over:
        """The case behind a claimant session, after everything that was due in it.

        `peek`: a screen looks by itself, which keeps neither the session nor the case from running out.
        """
        with self._parts.storage.unit():
            found = self._claimant(ticket, peek=peek)
            if isinstance(found, Over):
                return found
            session, case, account = found
            return claimant_view(self._parts, case, account, session.fingerprint)

    def farewell(self, ticket: Secret) -> str:
        """Why a claimant session is no more, and what comes next, in sentences."""
        with self._parts.storage.unit():
            reason = self._parts.sessions.ending(ticket)
        return _FAREWELLS.get(reason or "", _CHANGED)

    def send_mail_code(self, ticket: Secret) -> Done | Throttled | NotNow | Over:
        """Send a mail code to the confirmed address: good for 24 hours, in this case only."""
        parts = self._parts
        with parts.storage.unit():
            found = self._giver(ticket, Kind.MAIL)
            if not isinstance(found, tuple):
                return found
            _, case, account = found
            issued = parts.mail_codes.issue(
                Purpose.EVIDENCE, account=account.id, address=account.address, bound=case.id
            )
            if not isinstance(issued, Issued):
                return Throttled(issued.until - parts.clock())
            letter = case_letters.evidence_code(
                parts.settings.site, account.name, shown_reference(case.reference), issued.code
            )
            parts.notices.post(letter, to=account.address, account=account.id)
            return Done()

    def give_mail_code(self, ticket: Secret, code: str) -> Done | Invalid | TokenWrong | NotNow | Over:
        """The mail code that was sent to the confirmed address, as evidence; it counts in this case only (ASVS 6.6.2)."""
        parts = self._parts
        digits = clean(code)
        if digits is None:
            return Invalid("code", "A mail code is eight digits.")
        with parts.storage.unit():
            found = self._giver(ticket, Kind.MAIL)
            if not isinstance(found, tuple):
                return found
            session, case, account = found
            match parts.mail_codes.try_code(Purpose.EVIDENCE, account.id, case.id, digits):
                case WrongCode(left=left):
                    return TokenWrong(left)
                case NoneOpen():
                    return NotNow("No code is open for this case. Send a new one.")
                case Right(address=address):
                    if not account.confirmed(address):
                        return NotNow("That code was for another address. Send a new one.")
                case other:
                    assert_never(other)
            rests_on = parts.case_file.address_mac(account.id, account.address)
            since = account.address_confirmed_at
            return self._give(session, case, Kind.MAIL, rests_on=rests_on, since=since)

    def give_key(self, ticket: Secret, origin: Origin) -> Done | NotNow | Over:
        """The SSH key that this connection proved, as evidence."""
        parts = self._parts
        with parts.storage.unit():
            found = self._giver(ticket, Kind.KEY)
            if not isinstance(found, tuple):
                return found
            session, case, account = found
            proved = origin.fingerprint if origin.fingerprint == session.fingerprint else None
            standing = _standing(routes(parts, case, account), Kind.KEY)
            problem = key_problem(parts, case, account, standing, proved)
            key = parts.ssh_keys.held(proved) if proved is not None else None
            if problem is not None or key is None:
                return NotNow(problem or "That key is no longer here.")
            return self._give(session, case, Kind.KEY, rests_on=str(key.id), since=key.added_at, fingerprint=proved)

    def write(self, ticket: Secret, text: str) -> Done | Invalid | NotNow | Over:
        """A message to support; it answers what they asked."""
        parts = self._parts
        accepted = accept(text, limit=TEXT_LIMIT, lines=TEXT_LINES)
        if isinstance(accepted, TextProblem) or not accepted:
            return Invalid("text", str(accepted) or "Type a message.")
        with parts.storage.unit():
            found = self._claimant(ticket)
            if isinstance(found, Over):
                return found
            session, case, account = found
            if not case.live or self._answered(case) is None:
                return CASE_ENDED
            parts.case_file.note(case, MomentKind.MESSAGE, CLAIMANT, text=accepted)
            parts.audit.record(Event.CASE_MESSAGE, account=account.id, case=case.id, source=session.source)
            return Done()

    def withdraw(self, ticket: Secret) -> Done | NotNow | Over:
        """End one's own case; nothing was changed."""
        parts = self._parts
        with parts.storage.unit():
            found = self._claimant(ticket)
            if isinstance(found, Over):
                return found
            session, case, account = found
            if case.state is State.FROZEN:
                return FROZEN
            ended = end(
                parts,
                case,
                account,
                Action.WITHDRAW,
                by=CLAIMANT,
                why="the claimant withdrew it",
                source=session.source,
            )
            return CASE_ENDED if ended is None else Done()

    def _claimant(self, ticket: Secret, *, peek: bool = False) -> tuple[Session, Case, Account] | Over:
        """The claimant session behind `ticket`, its case after everything that was due, and the account, held."""
        parts = self._parts
        seen = parts.sessions.find(ticket)
        if seen is None or seen.kind is not SessionKind.CLAIMANT:
            return Over()
        case = parts.cases.by_session(seen.id)
        looked = advance(parts, case.id) if case is not None and case.account == seen.account else None
        session = parts.sessions.find(ticket) if peek else parts.sessions.touch(ticket)
        if looked is None or session is None or looked.step is Step.COMPLETED:
            return Over()
        if not isinstance(looked.account, Account) or looked.account.locked_at is not None:
            return Over()
        if looked.case.live and not peek:
            parts.cases.seen(looked.case)
        return session, looked.case, looked.account

    def _giver(self, ticket: Secret, kind: Kind) -> tuple[Session, Case, Account] | NotNow | Over:
        """Whoever can give evidence of `kind` now; why not, when it would not count."""
        found = self._claimant(ticket)
        if isinstance(found, Over):
            return found
        _, case, account = found
        if not case.live:
            return CASE_ENDED
        if kind in given_kinds(case, facts(self._parts, case, account)):
            return NotNow("You gave that already, and it counts.")
        standing = _standing(routes(self._parts, case, account), kind)
        return found if standing.possible else NotNow(standing.missing[0])

    def _give(
        self,
        session: Session,
        case: Case,
        kind: Kind,
        *,
        rests_on: str,
        since: datetime | None,
        fingerprint: str | None = None,
    ) -> Done | NotNow:
        parts = self._parts
        if self._answered(case) is None:
            return CASE_ENDED
        given = parts.case_file.add_evidence(
            case, kind, rests_on=rests_on, since=since, fingerprint=fingerprint, source=session.source
        )
        parts.case_file.note(case, MomentKind.EVIDENCE, CLAIMANT, detail=kind.value)
        parts.audit.record(
            Event.CASE_EVIDENCE,
            account=case.account,
            case=case.id,
            source=session.source,
            kind=kind.value,
            evidence=given.id,
        )
        return Done()

    def _answered(self, case: Case) -> Case | None:
        """The case once its claimant did something: if that answers a question, it is the staff's turn from now on.

        Without one it was their turn already, and whoever writes again has not waited for less long.
        """
        now = self._parts.clock()
        return self._parts.cases.change(case, turn_at=case.turn_at if case.asked_at is None else now, asked_at=None)


def _standing(standings: tuple[RouteStanding, ...], kind: Kind) -> RouteStanding:
    return next(each for each in standings if each.route.kind is kind)
