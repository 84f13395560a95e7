"""A case in words, as frozen values for screens: what is met and missing, what comes next, by when. Inside a unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts import Account
from core.cases import (
    CLOCK,
    DECISION_TARGET,
    OWNER,
    Case,
    Delivery,
    Facts,
    Kind,
    Moment,
    MomentKind,
    RouteStanding,
    State,
    assess,
    shown_reference,
)
from core.cases.policy import length
from core.use_cases.case_course import facts
from core.use_cases.parts import Parts
from core.use_cases.timeline import Line, claimants_name, lines

_NAMES = {Kind.KEY: "SSH key", Kind.PERSON: "in person", Kind.MAIL: "mail code"}


@dataclass(frozen=True, slots=True)
class RouteView:
    """A rule of the policy, and how far the case is from meeting it."""

    kind: Kind
    name: str
    met: bool
    missing: tuple[str, ...]
    possible: bool
    """It can still be met in this case."""
    wait: timedelta
    people: int
    lead: bool
    """A lead has to approve."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The time in which the owner can stop the case."""

    began_at: datetime | None
    over_at: datetime | None
    """None while no route is met, or the notice is on its way."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Evidence that the claimant can give right now."""

    kind: Kind
    possible: bool
    given: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its claimant sees it."""

    reference: str
    account_name: str
    state: State
    live: bool
    opened_at: datetime
    source: str
    decided_by: datetime
    """The site's target for a decision."""
    expires_at: datetime
    next_step: str
    question: str | None
    """What support asks and nobody answered."""
    offers: tuple[Offer, ...]
    routes: tuple[RouteView, ...]
    wait: Wait
    timeline: tuple[Line, ...]
    can_withdraw: bool
    can_write: bool
    warning: str | None


def claimant_view(parts: Parts, case: Case, account: Account, fingerprint: str | None) -> CaseView:
    """Everything the claimant's screen shows; `fingerprint` of the SSH key that this connection proved."""
    known = facts(parts, case, account)
    standings = assess(case.policy, known)
    moments = parts.case_file.timeline(case)
    return CaseView(
        reference=shown_reference(case.reference),
        account_name=account.name,
        state=case.state,
        live=case.live,
        opened_at=case.opened_at,
        source=case.source,
        decided_by=case.opened_at + DECISION_TARGET,
        expires_at=case.expires_at,
        next_step=next_step(case, standings, known),
        question=_question(case, moments),
        offers=_offers(parts, case, account, standings, known, fingerprint) if case.live else (),
        routes=route_views(standings),
        wait=wait_view(case, standings, known),
        timeline=lines([each for each in moments if not each.kind.internal], claimants_name),
        can_withdraw=case.live and case.state is not State.FROZEN,
        can_write=case.live,
        warning=case.policy.warning,
    )


def route_views(standings: tuple[RouteStanding, ...]) -> tuple[RouteView, ...]:
    """The routes that are switched on."""
    return tuple(
        RouteView(
            each.route.kind,
            _NAMES[each.route.kind],
            each.met,
            each.missing,
            each.possible,
            each.route.wait,
            each.route.people,
            each.lead_approves,
        )
        for each in standings
        if each.route.enabled
    )


def quickest(standings: tuple[RouteStanding, ...]) -> RouteStanding | None:
    """The met route with the shortest wait."""
    return min((each for each in standings if each.met), key=lambda each: each.route.wait, default=None)


def wait_view(case: Case, standings: tuple[RouteStanding, ...], known: Facts) -> Wait:
    """The countdown: of the fixed route, or of the quickest that is met."""
    fixed = next((each for each in standings if each.route.kind is case.route), None)
    standing = fixed or quickest(standings)
    if not case.live:
        return Wait(None, None, "The case has ended.")
    if case.state is State.FROZEN:
        return Wait(None, None, "The case is frozen: the wait begins anew if it goes on.")
    if standing is None:
        begun = known.told.at is not None
        sentence = "The owner was told; the wait is running." if begun else _delivery(known.told.delivery)
        return Wait(max(known.told.at, case.round_began_at) if known.told.at else None, None, sentence)
    if standing.over_at is None:
        return Wait(None, None, _delivery(known.told.delivery))
    wait = length(standing.route.wait)
    if known.told.at is None:
        untold = f"The owner could not be told ({known.told.delivery.value})"
        since = "opened" if case.round == 1 else "unfrozen"
        return Wait(standing.began_at, standing.over_at, f"{untold}; the wait is {wait} from when it was {since}.")
    return Wait(standing.began_at, standing.over_at, f"The owner has {wait} from the notice on to stop it.")


def _delivery(delivery: Delivery) -> str:
    match delivery:
        case Delivery.QUEUED:
            return "The notice to the owner is on its way; the wait begins when it is handed over."
        case Delivery.HANDED_OVER:
            return "The owner was told."
        case _:
            return f"The owner could not be told ({delivery.value}): only identification in person counts."


def next_step(case: Case, standings: tuple[RouteStanding, ...], known: Facts) -> str:
    """What the claimant can do, or what will happen: there always is something."""
    match case.state:
        case State.OPEN:
            return _open_step(case, standings)
        case State.VERIFIED:
            return "Support verified that you are the owner. A second person has to approve it; nothing to do for you."
        case State.APPROVED:
            over_at = wait_view(case, standings, known).over_at
            when = f"by itself on {over_at:%a %d %b %H:%M} UTC" if over_at else "by itself once the notice arrived"
            return f"Approved. It completes {when}; then sign in with your password and this case's return code."
        case State.FROZEN:
            return (
                f"{_froze(case)}. If you are the owner: prove your SSH key here, or let staff "
                "identify you in person; then a lead can let it go on."
            )
        case State.COMPLETED:
            return "Two-factor authentication is off. Sign in with your password, choose Enable, show the return code."
        case State.EXPIRED:
            return "The case ran out of time. You can open another one: choose Recover your Account again."
        case State.REJECTED:
            return "Support rejected it: read why below. You can open another one with better evidence."
        case _:
            return "The case has ended and nothing was changed. You can open another one."


def _froze(case: Case) -> str:
    """Who froze the case, as the claimant is told."""
    if case.frozen_by == OWNER:
        return "The owner's stop code froze the case"
    return "Lockwright froze the case" if case.frozen_by == CLOCK else "Support froze the case"


def _open_step(case: Case, standings: tuple[RouteStanding, ...]) -> str:
    if case.asked_at is not None:
        return "Support asks you something: read it below and answer."
    if any(each.met for each in standings):
        return "The evidence suffices. Support looks at it now; you need not wait here."
    possible = {each.route.kind for each in standings if each.possible}
    if Kind.KEY in possible and Kind.MAIL in possible:
        return "Give evidence: type the mail code, or connect with the SSH key that you registered."
    if Kind.MAIL in possible:
        return "Give evidence: let a mail code be sent to your address and type it here."
    if Kind.KEY in possible:
        return "Give evidence: connect with the SSH key that you registered, and give it here."
    if Kind.PERSON in possible:
        return "Only identification in person counts for this account: write to support here how you can meet them."
    return (
        "Nothing that you can give counts for this account at present; the routes below say why. Write to support "
        "here, and look for your backup code or your old device: both still work."
    )


def _question(case: Case, moments: list[Moment]) -> str | None:
    if case.asked_at is None:
        return None
    asked = [each.text for each in moments if each.kind is MomentKind.QUESTION]
    return asked[-1] if asked else None


def given_kinds(case: Case, known: Facts) -> frozenset[Kind]:
    """The kinds of which evidence counts now; a frozen case wants it given after the freeze."""
    since = case.frozen_at
    return frozenset(each.kind for each in known.evidence if since is None or each.given_at > since)


def _offers(
    parts: Parts,
    case: Case,
    account: Account,
    standings: tuple[RouteStanding, ...],
    known: Facts,
    fingerprint: str | None,
) -> tuple[Offer, ...]:
    given = given_kinds(case, known)
    offers = []
    for each in standings:
        if each.route.kind is Kind.PERSON or not each.route.enabled:
            continue
        if each.route.kind in given:
            offers.append(Offer(each.route.kind, possible=False, given=True, sentence="Given."))
        elif not each.possible:
            offers.append(Offer(each.route.kind, possible=False, given=False, sentence=each.missing[0]))
        elif each.route.kind is Kind.MAIL:
            offers.append(Offer(Kind.MAIL, possible=True, given=False, sentence="A mail code to your address."))
        else:
            problem = key_problem(parts, case, account, each, fingerprint)
            sentence = problem or "The SSH key of this connection."
            offers.append(Offer(Kind.KEY, possible=problem is None, given=False, sentence=sentence))
    return tuple(offers)


def key_problem(
    parts: Parts, case: Case, account: Account, standing: RouteStanding, fingerprint: str | None
) -> str | None:
    """Why the key of this connection cannot be given; None when it can."""
    if fingerprint is None:
        return "This connection proved no SSH key: connect with ssh and the key that you registered."
    key = parts.ssh_keys.held(fingerprint)
    if key is None or key.account != account.id:
        return "The SSH key of this connection is not registered with the account."
    if not key.with_two_factor or key.added_at > case.opened_at - standing.route.age:
        age = length(standing.route.age)
        return f"The SSH key of this connection was not registered {age} before the case, in a session with 2FA on."
    return None
