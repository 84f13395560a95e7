"""Every role x act x state of a case, generated: what is allowed, what is refused, and that a refusal changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from core.cases import LIVE, State
from core.origin import LOCAL
from core.secret import Secret
from core.staff import Right
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.desk_rules import CASE_RIGHTS
from core.use_cases.desk_view import Contact
from core.use_cases.outcomes import Done, NeedsFresh, NotNow, Over
from core.use_cases.recovery_doors import CaseOpened
from tests import scenes
from tests.office import Office
from tests.scenes import Scene, staffed
from tests.world import World

ALL = frozenset(State)
DECIDERS = frozenset({"jon", "lea"})
LEADS = frozenset({"lea"})
ALLOWED: dict[Right, tuple[frozenset[str], frozenset[State]]] = {
    Right.CLAIM: (DECIDERS, LIVE),
    Right.RELEASE: (frozenset(), frozenset()),  # nobody has claimed it
    Right.MESSAGE: (DECIDERS, LIVE),
    Right.ASK: (DECIDERS, LIVE),
    Right.RECORD: (DECIDERS, LIVE),
    Right.VERIFY: (DECIDERS, frozenset({State.OPEN})),
    Right.APPROVE: (DECIDERS, frozenset({State.VERIFIED})),
    Right.REJECT: (DECIDERS, LIVE),
    Right.FREEZE: (LEADS, frozenset({State.OPEN, State.VERIFIED, State.APPROVED})),
    Right.UNFREEZE: (LEADS, frozenset({State.FROZEN})),
    Right.REASSIGN: (LEADS, LIVE),
    Right.UNMASK: (DECIDERS, ALL),
    Right.EXPORT: (frozenset({"ira"}), ALL),
}
"""The product's words, written down a second time: who (by name) may do it, and in which states."""
STAFF = ("jon", "lea", "roy", "ira", "kim")
"""An agent, a lead, an admin, an auditor, and an agent whose role was given in the console yesterday."""
UNSETTLED = frozenset({Right.VERIFY, Right.APPROVE})


def call(office: Office, right: Right, ticket: Secret, opened: CaseOpened) -> object:
    """Do what `right` names, with everything typed as it should be."""
    desk, reference = office.world.services.desk, opened.reference
    acts: dict[Right, Callable[[], object]] = {
        Right.CLAIM: lambda: desk.claim(ticket, reference),
        Right.RELEASE: lambda: desk.release(ticket, reference),
        Right.MESSAGE: lambda: desk.message(ticket, reference, "Hello."),
        Right.ASK: lambda: desk.ask(ticket, reference, "Which laptop?"),
        Right.RECORD: lambda: desk.record_person(ticket, reference, "Seen with a passport."),
        Right.VERIFY: lambda: desk.verify(ticket, reference),
        Right.APPROVE: lambda: desk.approve(ticket, reference, reference),
        Right.REJECT: lambda: desk.reject(ticket, reference, reference, "No evidence."),
        Right.FREEZE: lambda: desk.freeze(ticket, reference, "Odd."),
        Right.UNFREEZE: lambda: desk.unfreeze(ticket, reference, "Seen in person."),
        Right.REASSIGN: lambda: desk.reassign(ticket, reference, "mia"),
        Right.UNMASK: lambda: desk.unmask(ticket, reference),
        Right.EXPORT: lambda: desk.export(ticket, reference),
    }
    return acts[right]()


def in_state(office: Office, state: State, name: str) -> CaseOpened:
    """A case of `name` in `state`, with evidence that suffices, claimed by nobody."""
    world, desk = office.world, office.world.services.desk
    office.owner(name)
    opened = office.mailed(office.open(name), name)
    if state in {State.VERIFIED, State.APPROVED, State.COMPLETED}:
        office.verify(opened, "mia")
    if state in {State.APPROVED, State.COMPLETED}:
        office.approve(opened, "max")
    match state:
        case State.COMPLETED:
            office.after(hours=73)
        case State.REJECTED:
            assert desk.reject(office.sit_down("mia"), opened.reference, opened.reference, "No.") == Done()
        case State.WITHDRAWN:
            assert world.services.recovery.withdraw(opened.ticket) == Done()
        case State.STOPPED:
            world.services.recovery.not_me(office.door(name), LOCAL)
        case State.EXPIRED:
            office.after(days=15)
        case State.FROZEN:
            world.services.stop.stop(world.stop_code_of(f"{name}@example.org", "asks to"), LOCAL)
            world.clock.advance(minutes=1)
            note = "Seen with a passport."
            assert desk.record_person(office.sit_down("mia"), opened.reference, note) == Done()
    world.clock.advance(hours=1, minutes=1)  # no lease, and deciding agents may decide again
    assert office.state(opened) is state
    return opened


def everybody(world: World) -> None:
    """Somebody in each role, and kim and ada in none."""
    office = Office(world)
    office.hire("max", Role.AGENT)
    office.hire("roy", Role.ADMIN)
    office.hire("ira", Role.AUDITOR)
    world.person("kim", two_factor=True)
    staffed(world)


@pytest.fixture
def scene() -> Scene:
    return everybody


@pytest.fixture
def office(home: Path, database_url: str, scene: Scene) -> Iterator[Office]:
    world = scenes.opened(scene, home, database_url, recovery={"person": {"enabled": True, "lead_approves": False}})
    yield Office(world)
    world.close()


def expected(name: str, right: Right, state: State) -> bool:
    who, states = ALLOWED[right]
    if name == "kim":
        return "jon" in who and state in states and right not in UNSETTLED
    return name in who and state in states


@pytest.mark.parametrize("state", State)
def test_what_the_screen_offers_is_what_the_product_says_and_a_refusal_changes_nothing(
    office: Office, state: State
) -> None:
    world = office.world
    opened = in_state(office, state, "ada")
    assert world.services.staff.give_role(office.sit_down("roy"), "kim", Role.AGENT) == Done()
    for name in STAFF:
        ticket = office.sit_down(name)
        before = office.stored(opened)
        seen = world.services.desk.case(ticket, opened.reference, peek=True)
        offered = {act.right: act.allowed for act in seen.acts} if not isinstance(seen, NotNow | Over) else {}
        for right in CASE_RIGHTS:
            allowed = expected(name, right, state)
            assert offered.get(right, False) is allowed, (name, right, state)
            if allowed:
                continue
            refused = call(office, right, ticket, opened)
            assert isinstance(refused, NotNow), (name, right, state, refused)
            assert refused.sentence
        assert office.stored(opened) == before


@pytest.mark.parametrize("right", [right for right in CASE_RIGHTS if ALLOWED[right][1]])
def test_what_is_allowed_happens_and_only_with_a_fresh_token_where_one_is_asked(office: Office, right: Right) -> None:
    world = office.world
    who, states = ALLOWED[right]
    state = State.VERIFIED if right is Right.APPROVE else State.FROZEN if right is Right.UNFREEZE else State.OPEN
    assert state in states
    opened = in_state(office, state, "ada")
    name = min(who)
    ticket = office.sit_down(name)
    world.clock.advance(minutes=6)
    answer = call(office, right, ticket, opened)
    if right in {Right.VERIFY, Right.APPROVE, Right.UNMASK}:
        assert answer == NeedsFresh()
        assert world.services.console.fresh(ticket, world.token_for(name)) == Done()
        answer = call(office, right, ticket, opened)
    assert isinstance(answer, Done | Verified | Approved | Contact | str), answer
    assert any(entry for entry in world.events("ada") if entry.value.startswith(("case", "staff")))


def test_nobody_without_a_console_session_does_anything(office: Office) -> None:
    opened = in_state(office, State.OPEN, "ada")
    before = office.stored(opened)
    member = office.world.sign_in("kim").ticket
    for right in CASE_RIGHTS:
        for ticket in (member, opened.ticket, Secret("0" * 32)):
            assert call(office, right, ticket, opened) == Over(), right
        assert office.stored(opened) == before, right
