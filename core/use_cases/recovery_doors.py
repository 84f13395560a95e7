"""The doors into a recovery case: who passed the password step, what they find, and what the screens are told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.accounts import Account
from core.cases import CONTACT_LIMIT, TEXT_LIMIT, TEXT_LINES, Case, Form, Kind, State
from core.origin import Origin
from core.secret import Secret
from core.sessions import HalfOpen, Session, SessionKind
from core.text import TextProblem, accept
from core.use_cases.case_view import CaseView
from core.use_cases.completing import Step, advance
from core.use_cases.outcomes import Invalid, NotNow, Over
from core.use_cases.parts import Parts
from core.use_cases.standing import hold

SECOND_FACTOR = frozenset({"token", "backup_code"})
"""What a session must have shown so that it may end a case: a password alone may not."""
EARLIER = timedelta(days=30)
"""How long an ended case can still be read with its return code."""
STAFF_ON_HOST = NotNow("Staff accounts are not recovered here. Ask the operator of this site.")
RECOVERED = NotNow("Your recovery is completed: two-factor authentication is off. Sign in again with your password.")
CASE_ENDED = NotNow("The case has ended. Nothing can be added to it.")
FROZEN = NotNow("The case is frozen: it can be neither withdrawn nor replaced. Come back with its return code.")


@dataclass(frozen=True, slots=True)
class FormNeeded:
    """There is no live case: the form is next. `earlier`: an ended one can be read with its return code."""

    earlier: bool


@dataclass(frozen=True, slots=True)
class CaseStands:
    """A live case: its return code leads back; or it was me, code lost; or it was not me."""

    opened_at: datetime
    source: str
    frozen: bool
    next_step: str = ""
    """What leads on past a frozen case when its return code is lost."""


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A new case; `ticket` stands for the claimant session, the return code is shown once."""

    ticket: Secret
    session: Session
    reference: str
    return_code: Secret = field(repr=False)
    view: CaseView


@dataclass(frozen=True, slots=True)
class CameBack:
    """The return code was right; `ticket` stands for the claimant session."""

    ticket: Secret
    session: Session
    view: CaseView


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """The case was ended by its owner; what that did, in sentences."""

    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """What a live session shows while somebody wants to recover its account."""

    reference: str
    opened_at: datetime
    source: str
    state: State
    sentence: str
    can_end: bool
    """The session has shown a second factor, so that it may end the case."""


@dataclass(frozen=True, slots=True)
class Door:
    """The password was shown: a half-open sign-in, or a session in probation."""

    account: Account
    half: HalfOpen | None
    session: Session | None


class Doors:
    """Lets people in to a case, inside the caller's unit."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def enter(self, door: Secret) -> Door | Over | NotNow:
        """Who stands at the door, the account held."""
        parts = self._parts
        half = parts.sessions.sign_in(door)
        session = parts.sessions.find(door) if half is None else None
        if session is not None and session.kind is not SessionKind.PROBATION:
            return Over()
        account_id = half.account if half is not None else session.account if session is not None else None
        account = hold(parts, account_id) if account_id is not None else None
        if not isinstance(account, Account) or account.locked_at is not None:
            return Over()
        if half is not None and not account.two_factor_on:
            return Over()
        if session is not None and account.probation is not None and account.probation.session == session.id:
            return NotNow("You need no case: this session may enable two-factor authentication again right now.")
        return STAFF_ON_HOST if account.is_staff else Door(account, half, session)

    def leave(self, door: Door) -> bool:
        """Use the door up; True for one caller only."""
        if door.half is not None:
            return self._parts.sessions.finish_sign_in(door.half)
        return door.session is not None and self._parts.sessions.end(door.session.id, "recovery case opened")

    def live(self, account: Account) -> Case | None:
        """The live case, after what was due in it; completed just now, it is told once. None when it ended otherwise."""
        case = self._parts.cases.live_of(account.id)
        if case is None:
            return None
        looked = advance(self._parts, case.id)
        if looked is None or not (looked.case.live or looked.step is Step.COMPLETED):
            return None
        return looked.case

    def earlier(self, account: Account) -> Case | None:
        """The last case, when it ended within 30 days."""
        since = self._parts.clock() - EARLIER
        ended = [case for case in self._parts.cases.of(account.id, limit=1) if case.ended_at is not None]
        return next((case for case in ended if case.ended_at is not None and case.ended_at > since), None)

    def admit(
        self, case: Case, account: Account, origin: Origin, *, evidence: frozenset[str]
    ) -> tuple[tuple[Secret, Session], Case]:
        """A claimant session for `case`, the only one of the account."""
        parts = self._parts
        for session in parts.sessions.live(account.id):
            if session.kind is SessionKind.CLAIMANT:
                parts.sessions.end(session.id, "came back elsewhere")
        opened = parts.sessions.open(account.id, SessionKind.CLAIMANT, origin, evidence=evidence)
        return (opened.token, opened.session), parts.cases.change(case, claimant_session=opened.session.id) or case


def past_frozen(case: Case, account: Account) -> str:
    """What leads on past a frozen case without its return code."""
    ends_it = (
        "signing in with the old device or the backup code ends it."
        if account.two_factor_on
        else "enabling two-factor authentication with the code that let you in ends it."
    )
    person = case.policy.route(Kind.PERSON).enabled
    in_person = " Support can identify you in person, and a lead then let it go on." if person else ""
    return (
        f"Is the code lost? Then {ends_it}{in_person} If nobody comes back into it, it ends by itself on "
        f"{case.expires_at:%a %d %b %H:%M} UTC, and you can open a new one."
    )


def accepted_form(form: Form) -> Form | Invalid:
    """`form` as it is kept, or which field cannot be used and why."""
    if not form.happened.strip():
        return Invalid("happened", "Say in a few words what happened to the device.")
    kept = {}
    for name, limit, lines in (
        ("happened", TEXT_LIMIT, TEXT_LINES),
        ("contact", CONTACT_LIMIT, 1),
        ("statement", TEXT_LIMIT, TEXT_LINES),
    ):
        accepted = accept(getattr(form, name), limit=limit, lines=lines)
        if isinstance(accepted, TextProblem):
            return Invalid(name, str(accepted))
        kept[name] = accepted
    return Form(**kept)
