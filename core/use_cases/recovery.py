"""Recover your Account: the claimant's side of a recovery case, and the owner's in a live session."""

from core.accounts import Account
from core.audit import Event
from core.cases import (
    CLAIMANT,
    OPENINGS,
    OPENINGS_PER_SOURCE,
    OPENINGS_PER_SOURCE_WITHIN,
    OPENINGS_WITHIN,
    OWNER,
    REPEATED_WITHIN,
    Action,
    Case,
    Form,
    MomentKind,
    State,
    clean_return_code,
    shown_reference,
)
from core.notices import case_letters
from core.origin import LOCAL_SOURCE, Origin, where
from core.secret import Secret
from core.sessions import SessionKind
from core.throttle import Admitted, Factor
from core.use_cases.case_course import announce, end
from core.use_cases.case_view import claimant_view
from core.use_cases.claimant import ClaimantSession
from core.use_cases.outcomes import FactorBlocked, Invalid, NotNow, Over, Throttled, Wrong
from core.use_cases.parts import Parts
from core.use_cases.recovery_doors import (
    CASE_ENDED,
    FROZEN,
    RECOVERED,
    SECOND_FACTOR,
    Banner,
    CameBack,
    CaseEnded,
    CaseOpened,
    CaseStands,
    Door,
    Doors,
    FormNeeded,
    accepted_form,
    past_frozen,
)
from core.use_cases.standing import hold, who
from core.use_cases.telling import tell_leads
from core.use_cases.tries import admit, settle


class Recovery(ClaimantSession):
    """Opens a case, follows it, gives evidence; and what an owner who still has a session can do about it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._doors = Doors(parts)

    def look(self, door: Secret) -> FormNeeded | CaseStands | Over | NotNow:
        """What Recover your Account begins with: the form, or a case that stands already."""
        parts = self._parts
        with parts.storage.unit():
            entered = self._doors.enter(door)
            if not isinstance(entered, Door):
                return entered
            case = self._doors.live(entered.account)
            if case is None:
                return FormNeeded(self._doors.earlier(entered.account) is not None)
            if case.state is State.COMPLETED:
                return RECOVERED
            if case.state is not State.FROZEN:
                return CaseStands(case.opened_at, case.source, frozen=False)
            past = past_frozen(case, entered.account)
            return CaseStands(case.opened_at, case.source, frozen=True, next_step=past)

    def open(
        self, door: Secret, form: Form, origin: Origin, *, replaces: bool = False
    ) -> CaseOpened | Invalid | NotNow | Throttled | Over:
        """Trade the half-open sign-in for a case and a claimant session; every confirmed address is told.

        `replaces`: "it was me, code lost": the standing case is withdrawn, evidence and wait begin anew.
        """
        parts = self._parts
        clean_form = accepted_form(form)
        if isinstance(clean_form, Invalid):
            return clean_form
        with parts.storage.unit():
            entered = self._doors.enter(door)
            if not isinstance(entered, Door):
                return entered
            account = entered.account
            standing = self._doors.live(account)
            refused = self._refused(standing, account, origin, replaces=replaces)
            if refused is not None:
                return refused
            if not self._doors.leave(entered):
                return Over()
            if standing is not None:
                end(parts, standing, account, Action.WITHDRAW, by=CLAIMANT, why="its return code was lost")
                held = hold(parts, account.id)
                assert isinstance(held, Account)
                account = held
            return self._open(account, clean_form, origin)

    def _refused(
        self, standing: Case | None, account: Account, origin: Origin, *, replaces: bool
    ) -> NotNow | Throttled | None:
        parts, now = self._parts, self._parts.clock()
        if standing is not None and standing.state is State.COMPLETED:
            return RECOVERED
        if standing is not None and standing.state is State.FROZEN:
            return FROZEN
        if standing is not None and not replaces:
            return NotNow("There is an open case already. Come back with its return code, or say that it is lost.")
        if origin.source != LOCAL_SOURCE:
            opened = parts.cases.openings_from(origin.source, now - OPENINGS_PER_SOURCE_WITHIN)
            if opened >= OPENINGS_PER_SOURCE:
                return NotNow("Too many cases were opened from here today. Try again tomorrow, or from elsewhere.")
        withdrawn = 0 if standing is None else 1  # the standing one gives way, and counts no more than others withdrawn
        if parts.cases.openings(account.id, now - OPENINGS_WITHIN) - withdrawn >= OPENINGS:
            return NotNow(
                "Three cases were opened for this account in 30 days. Wait, or use the backup code or device."
            )
        return None

    def _open(self, account: Account, form: Form, origin: Origin) -> CaseOpened | NotNow:
        parts, now = self._parts, self._parts.clock()
        last = parts.cases.completed_last(account.id)
        repeated = last is not None and last.ended_at is not None and last.ended_at > now - REPEATED_WITHIN
        begun = parts.cases.open(account, form, origin, parts.policy, repeated=repeated)
        if begun is None:
            return NotNow("There is an open case already.")
        opened, case = self._doors.admit(begun.case, account, origin, evidence=frozenset({"password"}))
        told = announce(parts, case, account)
        parts.audit.record(
            Event.CASE_OPENED,
            account=account.id,
            case=case.id,
            source=origin.source,
            policy=case.policy_hash,
            repeated=repeated,
            told=told,
        )
        parts.case_file.note(case, MomentKind.OPENED, CLAIMANT, text=form.happened, detail=f"from {origin.source}")
        view = claimant_view(parts, case, account, origin.fingerprint)
        return CaseOpened(opened[0], opened[1], shown_reference(case.reference), begun.return_code, view)

    def come_back(
        self, door: Secret, code: str, origin: Origin
    ) -> CameBack | Invalid | Wrong | Throttled | FactorBlocked | NotNow | Over:
        """Password and return code lead back into the case: the live one, or the last that ended."""
        parts = self._parts
        cleaned = clean_return_code(code)
        if cleaned is None:
            return Invalid("code", "A return code is 12 letters and digits in three groups of four.")
        with parts.storage.unit():
            entered = self._doors.enter(door)
            if not isinstance(entered, Door):
                return entered
            account = entered.account
            case = self._doors.live(account) or self._doors.earlier(account)
            admitted = admit(parts, account, Factor.RETURN_CODE, origin)
            if not isinstance(admitted, Admitted):
                return admitted
            right = case is not None and not case.damaged and parts.cases.right_code(case, cleaned)
            settle(parts, admitted, origin, success=right)
            if case is None or not right:
                parts.audit.record(Event.CASE_RETURN_WRONG, account=account.id, source=origin.source)
                return Wrong()
            if not self._doors.leave(entered):
                return Over()
            opened, case = self._doors.admit(case, account, origin, evidence=frozenset({"password", "return_code"}))
            parts.cases.seen(case)
            parts.case_file.note(case, MomentKind.RETURNED, CLAIMANT, detail=f"from {origin.source}")
            parts.audit.record(Event.CASE_RETURNED, account=account.id, case=case.id, source=origin.source)
            return CameBack(*opened, claimant_view(parts, case, account, origin.fingerprint))

    def not_me(self, door: Secret, origin: Origin) -> CaseEnded | NotNow | Over:
        """It was not me: the case is stopped, and for 30 days mail is no evidence and a lead approves."""
        parts = self._parts
        with parts.storage.unit():
            entered = self._doors.enter(door)
            if not isinstance(entered, Door):
                return entered
            case = parts.cases.live_of(entered.account.id)  # as it is: stopping comes before what is due
            if case is None:
                return CASE_ENDED
            if case.state is State.FROZEN:
                return FROZEN
            why = "whoever knows the password says that it was not them"
            ended = end(
                parts, case, entered.account, Action.STOP, by=OWNER, why=why, contest=True, source=origin.source
            )
            if ended is None:
                return CASE_ENDED
            reference = shown_reference(case.reference)
            tell_leads(parts, case_letters.for_leads(parts.settings.site, reference, f"stopped: {why}"))
            return CaseEnded(
                (
                    f"The case {reference} is stopped. Nothing was changed.",
                    "Somebody else knows your password: change it as soon as you are signed in.",
                    "For 30 days a mail code alone recovers nothing here, and a lead has to approve.",
                )
            )

    def banner(self, ticket: Secret) -> Banner | None:
        """The live case of the account behind a session, for a banner; None when there is none."""
        parts = self._parts
        with parts.storage.unit():
            session = parts.sessions.find(ticket)
            if session is None or session.kind not in {SessionKind.FULL, SessionKind.PROBATION}:
                return None
            case = parts.cases.live_of(session.account)
            if case is None:
                return None
            can = bool(session.evidence & SECOND_FACTOR)
            sentence = f"Somebody asks to recover this account, {where(case.source)}."
            if not can:
                sentence += " If it was not you: the notice of it has a stop code."
            return Banner(shown_reference(case.reference), case.opened_at, case.source, case.state, sentence, can)

    def end_mine(self, ticket: Secret) -> CaseEnded | NotNow | Over:
        """End the case from a live session that has shown a second factor."""
        parts = self._parts
        with parts.storage.unit():
            found = who(parts, ticket)
            if isinstance(found, Over):
                return found
            session, account = found
            if not session.evidence & SECOND_FACTOR:
                return NotNow("This session has shown no second factor, so it cannot end a case. Use the stop code.")
            case = parts.cases.live_of(account.id)
            if case is None:
                return CASE_ENDED
            why = "its owner ended it in a live session"
            ended = end(parts, case, account, Action.STOP, by=OWNER, why=why, source=session.source)
            if ended is None:
                return CASE_ENDED
            done = f"The case {shown_reference(case.reference)} is stopped. Nothing was changed."
            return CaseEnded((done, "Whoever opened it knows your password: change it now."))
