"""Many at once on a case: one claims, one verifies, one approves, one completes; and stopping beats completion."""

from collections.abc import Callable

import pytest

from core.accounts import Role
from core.audit import Event
from core.cases import State
from core.errors import DatabaseBusy
from core.origin import LOCAL
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.case_work import CaseWork
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.due import Work
from core.use_cases.outcomes import Done, NotNow, Over, Wrong
from core.use_cases.recovery_doors import CaseEnded, CaseOpened
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from tests.killing import killed_at, moments
from tests.office import LOST, Office
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.world import PASSWORD, World

ROUNDS = range(soak_count(2, 100))


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def completions(world: World, name: str = "ada") -> int:
    return world.events(name).count(Event.CASE_COMPLETED)


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_case_is_claimed_by_one_agent(ada: Office, world: World, round_: int) -> None:
    opened = ada.open()
    tickets = [ada.sit_down(name) for name in ("mia", "jon", "lea")]
    works = [lambda ticket=ticket: world.services.desk.claim(ticket, opened.reference) for ticket in tickets]
    assert race(*works).count(Done()) == 1
    assert ada.stored(opened).claimed_by in {world.account(name).id for name in ("mia", "jon", "lea")}


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_case_is_verified_once(ada: Office, world: World, round_: int) -> None:
    opened = ada.mailed(ada.open())
    tickets = [ada.sit_down(name) for name in ("mia", "jon", "lea")]
    works = [lambda ticket=ticket: world.services.desk.verify(ticket, opened.reference) for ticket in tickets]
    assert sum(isinstance(answer, Verified) for answer in race(*works)) == 1
    assert world.events("ada").count(Event.CASE_VERIFIED) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_case_is_approved_once_and_not_by_its_verifier(ada: Office, world: World, round_: int) -> None:
    opened = ada.mailed(ada.open())
    ada.verify(opened, "mia")
    tickets = [ada.sit_down(name) for name in ("mia", "jon", "lea")]
    works = [
        lambda ticket=ticket: world.services.desk.approve(ticket, opened.reference, opened.reference)
        for ticket in tickets
    ]
    assert sum(isinstance(answer, Approved) for answer in race(*works)) == 1
    case = ada.stored(opened)
    assert case.approver not in {None, case.verifier}


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_case_is_completed_once(ada: Office, world: World, round_: int, decided: CaseOpened) -> None:
    world.clock.advance(hours=73)
    done = [Work() for _ in range(16)]
    works = [lambda work=work: CaseWork(world.services.parts).complete(work) for work in done]
    race(*works)
    assert ada.state(decided) is State.COMPLETED
    assert sum(work.completed for work in done) == completions(world) == 1
    assert [problem for work in done for problem in work.problems] == []


def test_a_case_is_completed_once_by_processes(ada: Office, world: World, decided: CaseOpened) -> None:
    world.clock.advance(hours=73)
    world.services.close()

    def complete() -> int:
        work = Work()
        CaseWork(world.services.parts).complete(work)
        assert work.problems == []
        return work.completed

    assert sum(race_processes(complete)) == 1
    assert ada.state(decided) is State.COMPLETED
    assert completions(world) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_stop_code_in_a_race_with_completion_always_stops(
    ada: Office, world: World, round_: int, decided: CaseOpened
) -> None:
    code = world.stop_code("ada@example.org")
    world.clock.advance(hours=73)
    answers = race(
        lambda: world.services.stop.stop(code, LOCAL),
        lambda: CaseWork(world.services.parts).complete(Work()),
        threads=2,
    )
    stopped = answers[0]
    assert isinstance(stopped, Stopped)
    account = world.account("ada")
    match ada.state(decided):
        case State.FROZEN:
            assert account.two_factor_on
            assert completions(world) == 0
        case State.COMPLETED:
            assert stopped.restorable
            assert account.locked_at is not None
            assert world.sessions("ada") == []
        case other:
            pytest.fail(f"{other}")


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_sign_in_with_a_token_in_a_race_with_completion_is_one_or_the_other(
    ada: Office, world: World, round_: int, decided: CaseOpened
) -> None:
    world.clock.advance(hours=73)
    half, token = ada.door("ada"), world.token_for("ada")
    signed_in, _ = race(
        lambda: world.services.sign_in.with_token(half, token, LOCAL),
        lambda: CaseWork(world.services.parts).complete(Work()),
        threads=2,
    )
    if isinstance(signed_in, SignedIn):
        assert ada.state(decided) is State.STOPPED
        assert world.account("ada").two_factor_on
    else:
        assert signed_in == Over()
        assert ada.state(decided) is State.COMPLETED
        assert world.sessions("ada") == []


@pytest.mark.parametrize("round_", ROUNDS)
def test_the_backup_code_in_a_race_with_completion_is_one_or_the_other(
    ada: Office, world: World, round_: int, decided: CaseOpened
) -> None:
    world.clock.advance(hours=73)
    half, code = ada.door("ada"), Secret(world.people["ada"].backup_code)
    signed_in, _ = race(
        lambda: world.services.sign_in.with_backup_code(half, code, LOCAL),
        lambda: CaseWork(world.services.parts).complete(Work()),
        threads=2,
    )
    probation = world.account("ada").probation
    assert probation is not None
    if isinstance(signed_in, SignedIn):
        assert ada.state(decided) is State.STOPPED
        assert (probation.by, probation.session) == ("backup_code", signed_in.session.id)
    else:
        assert signed_in in {Over(), Wrong()}
        assert ada.state(decided) is State.COMPLETED
        assert probation.by == "case"
        assert world.sessions("ada") == []


@pytest.mark.parametrize("how", ["ended in a live session", "it was not me"])
@pytest.mark.parametrize("round_", ROUNDS)
def test_an_owner_who_ends_the_case_in_a_race_with_completion_ends_it_or_comes_too_late(
    ada: Office, world: World, round_: int, how: str, decided: CaseOpened
) -> None:
    world.clock.advance(hours=73)
    recovery, half, live = world.services.recovery, ada.door("ada"), renewed(world)
    answer, _ = race(
        lambda: recovery.not_me(half, LOCAL) if how == "it was not me" else recovery.end_mine(live),
        lambda: CaseWork(world.services.parts).complete(Work()),
        threads=2,
    )
    if isinstance(answer, CaseEnded):
        assert ada.state(decided) is State.STOPPED
        assert world.account("ada").two_factor_on
        assert completions(world) == 0
    else:
        assert isinstance(answer, Over | NotNow)
        assert ada.state(decided) is State.COMPLETED
        assert world.sessions("ada") == []


@pytest.mark.parametrize("how", ["token", "backup code", "stop code", "ended in a live session", "it was not me"])
def test_what_stops_a_case_comes_before_what_is_due_in_it(
    ada: Office, world: World, how: str, decided: CaseOpened
) -> None:
    """The wait is over, and nobody has completed the case yet."""
    person, services, stop_code = world.people["ada"], world.services, world.stop_code("ada@example.org")
    world.clock.advance(hours=73)
    half, live = ada.door("ada"), renewed(world)
    match how:
        case "token":
            services.sign_in.with_token(half, world.token_for("ada"), LOCAL)
        case "backup code":
            services.sign_in.with_backup_code(half, Secret(person.backup_code), LOCAL)
        case "stop code":
            services.stop.stop(stop_code, LOCAL)
        case "it was not me":
            services.recovery.not_me(half, LOCAL)
        case _:
            services.recovery.end_mine(live)
    assert ada.state(decided) is (State.FROZEN if how == "stop code" else State.STOPPED)
    services.due.tick()
    assert completions(world) == 0


def renewed(world: World) -> Secret:
    """A session of ada's with a token that is older than her case: each change of the password begins its time anew."""
    parts, account = world.services.parts, world.account("ada")
    with parts.storage.unit():
        return parts.sessions.open(account.id, SessionKind.FULL, LOCAL, evidence=frozenset({"password", "token"})).token


@pytest.mark.parametrize("round_", ROUNDS)
def test_two_who_open_at_once_open_one_case(ada: Office, world: World, round_: int) -> None:
    doors = [ada.door("ada") for _ in range(4)]
    works = [lambda door=door: world.services.recovery.open(door, LOST, LOCAL) for door in doors]
    answers = race(*works, threads=4)
    assert sum(isinstance(answer, CaseOpened) for answer in answers) == 1
    assert sum(isinstance(answer, NotNow) for answer in answers) == 3


@pytest.mark.parametrize("round_", ROUNDS)
def test_no_agent_decides_more_than_three_an_hour_however_fast(
    crowd: tuple[str, ...], ada: Office, world: World, round_: int
) -> None:
    cases = [ada.mailed(ada.open(name), name) for name in crowd[:5]]
    ticket = ada.sit_down("mia")
    works = [lambda opened=opened: world.services.desk.verify(ticket, opened.reference) for opened in cases]
    answers = race(*works, threads=5)
    assert sum(isinstance(answer, Verified) for answer in answers) == 3


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_role_taken_while_its_holder_decides_counts_before_or_after_but_never_between(
    ada: Office, world: World, round_: int
) -> None:
    opened = ada.mailed(ada.open())
    ada.verify(opened, "mia")
    ticket = ada.sit_down("jon")
    approved, _ = race(
        lambda: world.services.desk.approve(ticket, opened.reference, opened.reference),
        lambda: world.services.operator.take_role("jon", Role.AGENT),
        threads=2,
    )
    ada.after(hours=73)
    assert ada.state(opened) is (State.OPEN if isinstance(approved, Approved) else State.VERIFIED)
    assert world.account("ada").two_factor_on


@pytest.mark.timeout(400)
def test_completion_is_whole_or_nothing_wherever_it_is_killed(ada: Office, world: World, decided: CaseOpened) -> None:
    full = world.account("ada")
    world.clock.advance(hours=73)
    world.services.close()
    for moment in moments():
        killed = killed_at(moment, lambda: CaseWork(world.services.parts).complete(Work()))
        facts = completed_facts(ada, decided)
        assert len(set(facts)) == 1, facts
        if facts[0]:
            break
        assert killed, "got through, and nothing came of it"
        assert world.account("ada") == full
        world.services.close()
    assert completions(world) == 1
    with world.services.parts.storage.unit():
        assert world.services.parts.audit.verify().whole


def completed_facts(office: Office, opened: CaseOpened) -> list[bool]:
    """Everything that completion changes: all of it, or nothing."""
    world = office.world
    account, parts = world.account("ada"), world.services.parts
    with parts.storage.unit():
        device = parts.two_factor.device(account.id)
        code = parts.backup_codes.current(account.id)
        done = [entry.event for entry in parts.audit.history(account.id, limit=500)]
    return [
        office.state(opened) is State.COMPLETED,
        not account.two_factor_on,
        account.probation is not None,
        device is None,
        code is None,
        Event.CASE_COMPLETED in done,
    ]


@pytest.mark.parametrize("round_", ROUNDS)
def test_everything_at_once_leaves_one_story(ada: Office, world: World, round_: int) -> None:
    """Agents, the owner and the clock at the same moment: whatever wins, the rules hold."""
    opened = ada.mailed(ada.open())
    ada.verify(opened, "mia")
    code = world.stop_code_of("ada@example.org", "asks to")
    world.clock.advance(hours=73)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    jon, lea = ada.sit_down("jon"), ada.sit_down("lea")
    desk, token = world.services.desk, world.token_for("ada")

    def quietly(work: Callable[[], object]) -> object:
        try:
            return work()
        except DatabaseBusy as busy:  # two who wait for each other: one gives way, nothing is half done
            return busy

    race(
        lambda: quietly(lambda: desk.approve(jon, opened.reference, opened.reference)),
        lambda: quietly(lambda: desk.freeze(lea, opened.reference, "Odd.")),
        lambda: quietly(lambda: desk.reject(lea, opened.reference, opened.reference, "Odd.")),
        lambda: quietly(lambda: world.services.stop.stop(code, LOCAL)),
        lambda: quietly(lambda: world.services.sign_in.with_token(step.half, token, LOCAL)),
        lambda: quietly(lambda: CaseWork(world.services.parts).complete(Work())),
        threads=6,
    )
    account, state = world.account("ada"), ada.state(opened)
    assert completions(world) == (state is State.COMPLETED)
    assert account.two_factor_on == (state is not State.COMPLETED)
    with world.services.parts.storage.unit():
        assert world.services.parts.audit.verify().whole
