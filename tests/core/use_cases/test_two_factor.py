"""Enable, replace, a new backup code, Disable: nothing counts before the last step, and the last step counts once."""

from datetime import timedelta

import pytest

from core.accounts import Role
from core.audit import Event
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.code_steps import NewCode
from core.use_cases.outcomes import (
    ClockOff,
    Done,
    Invalid,
    NotNow,
    Over,
    Proof,
    TokenUsed,
    TokenWrong,
    WayNeeded,
    Wrong,
)
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.racing import race, race_processes
from tests.world import PASSWORD, World

THERE = Origin("203.0.113.7")


def begun(world: World, ticket: Secret, token: str = "", way: Secret | None = None) -> EnrolmentBegun:
    answer = world.services.two_factor.begin(ticket, Proof(Secret(PASSWORD), token, way))
    assert isinstance(answer, EnrolmentBegun), answer
    return answer


def ready(world: World, ticket: Secret, enrolment: EnrolmentBegun) -> str:
    """Everything but Continue; the backup code."""
    setup = world.services.two_factor
    token = rfc6238.token(enrolment.secret.reveal(), world.clock())
    assert setup.verify(ticket, enrolment.id, token) == Done()
    code = setup.backup_code(ticket, enrolment.id)
    assert isinstance(code, Secret)
    index = setup.ask_group(ticket, enrolment.id)
    assert isinstance(index, int)
    assert setup.check_group(ticket, enrolment.id, code.reveal()[5 * index : 5 * index + 5].lower()) == Done()
    return code.reveal()


def probation(world: World) -> tuple[SignedIn, Secret]:
    """ada, whose backup code signed her in, and that code."""
    person = world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    opener = world.services.sign_in.with_backup_code(step.half, Secret(person.backup_code), LOCAL)
    assert isinstance(opener, SignedIn)
    return opener, Secret(person.backup_code)


def test_continue_switches_two_factor_on_in_one_go(world: World) -> None:
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada", THERE)
    enrolment = begun(world, here.ticket)
    assert (enrolment.label, enrolment.issuer, enrolment.replaces) == ("ada", "Acme", False)
    assert len(enrolment.sessions) == 2
    ready(world, here.ticket, enrolment)
    assert not world.account("ada").two_factor_on
    enabled = world.services.two_factor.finish(here.ticket, enrolment.id)
    assert isinstance(enabled, Enabled)
    assert world.account("ada").two_factor_on
    assert [session.id for session in world.sessions("ada")] == [enabled.session.id]
    assert world.services.sign_in.session(other.ticket) is None
    assert world.services.sign_in.session(here.ticket) is None
    assert world.events("ada")[-1] is Event.TWO_FACTOR_ENABLED
    assert world.stop_code("ada@example.org")


@pytest.mark.parametrize("steps", range(5))
def test_leaving_at_any_step_leaves_the_account_as_it_was(world: World, steps: int) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    before = world.account("ada")
    setup, enrolment = world.services.two_factor, begun(world, ticket)
    token = rfc6238.token(enrolment.secret.reveal(), world.clock())
    walk = [
        lambda: None,
        lambda: setup.verify(ticket, enrolment.id, token),
        lambda: setup.backup_code(ticket, enrolment.id),
        lambda: setup.check_group(ticket, enrolment.id, "00000"),
        lambda: None,
    ]
    for step in walk[: steps + 1]:
        step()
    if steps < 4:
        setup.cancel(ticket)
    else:
        world.clock.advance(minutes=31)
        ticket = world.sign_in("ada").ticket
    assert world.services.two_factor.finish(ticket, enrolment.id) == Over()
    assert world.account("ada") == before


def test_no_step_can_be_skipped(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    setup, enrolment = world.services.two_factor, begun(world, ticket)
    assert setup.finish(ticket, enrolment.id) == Over()
    assert setup.backup_code(ticket, enrolment.id) == Over()
    assert setup.ask_group(ticket, enrolment.id) == Over()
    assert setup.verify(ticket, enrolment.id, rfc6238.token(enrolment.secret.reveal(), world.clock())) == Done()
    assert setup.finish(ticket, enrolment.id) == Over()
    assert isinstance(setup.backup_code(ticket, enrolment.id), Secret)
    assert setup.finish(ticket, enrolment.id) == Over()
    assert isinstance(setup.check_group(ticket, enrolment.id, "00000"), Invalid)
    assert setup.finish(ticket, enrolment.id) == Over()
    assert not world.account("ada").two_factor_on


def test_the_initial_token_is_judged_like_any_other(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    setup, enrolment = world.services.two_factor, begun(world, ticket)
    key = enrolment.secret.reveal()
    assert isinstance(setup.verify(ticket, enrolment.id, "12345"), Invalid)
    assert setup.verify(ticket, enrolment.id, "000000") == TokenWrong()
    assert setup.verify(ticket, enrolment.id, rfc6238.token(key, world.clock(), -6)) == TokenWrong()
    world.clock.advance(seconds=30)
    assert setup.verify(ticket, enrolment.id, rfc6238.token(key, world.clock(), -6)) == ClockOff(
        timedelta(seconds=-180)
    )
    assert setup.verify(ticket, enrolment.id, rfc6238.token(key, world.clock())) == Done()
    assert isinstance(setup.verify(ticket, enrolment.id, rfc6238.token(key, world.clock())), TokenUsed)


def test_the_initial_token_does_not_sign_in_as_well(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    enrolment = begun(world, ticket)
    ready(world, ticket, enrolment)
    assert isinstance(world.services.two_factor.finish(ticket, enrolment.id), Enabled)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    replayed = rfc6238.token(enrolment.secret.reveal(), world.clock())
    assert isinstance(world.services.sign_in.with_token(step.half, replayed, LOCAL), TokenUsed)


def test_an_enrolment_belongs_to_its_session_and_a_newer_one_discards_it(world: World) -> None:
    world.person("ada")
    here, other = world.sign_in("ada").ticket, world.sign_in("ada").ticket
    setup, first = world.services.two_factor, begun(world, here)
    token = rfc6238.token(first.secret.reveal(), world.clock())
    assert setup.verify(other, first.id, token) == Over()
    begun(world, other)
    assert setup.verify(here, first.id, token) == Over()


def test_continue_counts_once_however_many_press_it(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    enrolment = begun(world, ticket)
    ready(world, ticket, enrolment)
    answers = race(lambda: world.services.two_factor.finish(ticket, enrolment.id))
    assert sum(isinstance(answer, Enabled) for answer in answers) == 1
    assert answers.count(Over()) == len(answers) - 1
    assert len(world.sessions("ada")) == 1


def test_continue_counts_once_for_processes(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    enrolment = begun(world, ticket)
    ready(world, ticket, enrolment)
    world.services.close()
    names = race_processes(lambda: type(world.services.two_factor.finish(ticket, enrolment.id)).__name__)
    assert sorted(names) == ["Enabled", "Over", "Over", "Over"]


def test_replacing_the_device_asks_for_a_token_of_the_old_one_and_swaps_at_continue(world: World) -> None:
    world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    setup = world.services.two_factor
    assert isinstance(setup.begin(ticket, Proof(Secret(PASSWORD), "000000")), TokenWrong)
    world.clock.advance(seconds=30)
    enrolment = begun(world, ticket, world.token_for("ada"))
    assert (enrolment.label, enrolment.replaces) == ("ada (2)", True)
    code = ready(world, ticket, enrolment)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(step, TokenNeeded)
    world.clock.advance(seconds=30)
    old = world.services.sign_in.with_token(step.half, world.token_for("ada"), THERE)
    assert isinstance(old, SignedIn)
    assert isinstance(setup.finish(ticket, enrolment.id), Enabled)
    assert world.events("ada")[-1] is Event.DEVICE_REPLACED
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    world.clock.advance(seconds=30)
    assert isinstance(world.services.sign_in.with_token(step.half, world.token_for("ada"), LOCAL), TokenWrong)
    token = rfc6238.token(enrolment.secret.reveal(), world.clock())
    assert isinstance(world.services.sign_in.with_token(step.half, token, LOCAL), SignedIn)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    old_code = Secret(world.people["ada"].backup_code)
    assert isinstance(world.services.sign_in.with_backup_code(step.half, old_code, LOCAL), Wrong)
    assert isinstance(world.services.sign_in.with_backup_code(step.half, Secret(code), LOCAL), SignedIn)


def test_a_new_backup_code_counts_from_its_last_step_and_the_old_one_until_then(world: World) -> None:
    person = world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    setup = world.services.two_factor
    world.clock.advance(seconds=30)
    made = setup.begin_new_code(ticket, Proof(Secret(PASSWORD), world.token_for("ada")))
    assert isinstance(made, NewCode)
    assert setup.finish_new_code(ticket, made.id) == Over()
    assert setup.finish(ticket, made.id) == Over()
    index = setup.ask_group(ticket, made.id)
    assert isinstance(index, int)
    code = made.code.reveal()
    assert isinstance(setup.check_group(ticket, made.id, ""), Invalid)
    assert setup.check_group(ticket, made.id, code[5 * index : 5 * index + 5]) == Done()
    assert setup.finish(ticket, made.id) == Over()
    assert setup.finish_new_code(ticket, made.id) == Done()
    assert setup.finish_new_code(ticket, made.id) == Over()
    assert world.events("ada")[-1] is Event.BACKUP_CODE_RENEWED
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    sign_in = world.services.sign_in
    assert isinstance(sign_in.with_backup_code(step.half, Secret(person.backup_code), LOCAL), Wrong)
    assert isinstance(sign_in.with_backup_code(step.half, Secret(code), LOCAL), SignedIn)


def test_an_enrolment_of_a_device_is_not_finished_as_a_new_code(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    enrolment = begun(world, ticket)
    ready(world, ticket, enrolment)
    assert world.services.two_factor.finish_new_code(ticket, enrolment.id) == Over()
    assert not world.account("ada").two_factor_on


def test_disabling_asks_for_password_and_token_and_erases_both_factors(world: World) -> None:
    world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    setup = world.services.two_factor
    world.clock.advance(seconds=30)
    token = world.token_for("ada")
    assert isinstance(setup.disable(ticket, Proof(Secret("not this one, really"), token)), Wrong)
    assert isinstance(setup.disable(ticket, Proof(Secret(PASSWORD))), Invalid)
    assert setup.disable(ticket, Proof(Secret(PASSWORD), token)) == Done()
    account, parts = world.account("ada"), world.services.parts
    assert not account.two_factor_on
    with parts.storage.unit():
        assert parts.two_factor.device(account.id) is None
        assert parts.backup_codes.current(account.id) is None
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), SignedIn)
    assert isinstance(setup.disable(ticket, Proof(Secret(PASSWORD))), NotNow)
    assert isinstance(setup.begin_new_code(ticket, Proof(Secret(PASSWORD))), NotNow)
    assert world.stop_code("ada@example.org")


def test_staff_cannot_disable_two_factor(world: World) -> None:
    world.person("ada", two_factor=True)
    parts = world.services.parts
    with parts.storage.unit():
        parts.accounts.grant(parts.accounts.by_name("ada"), Role.AGENT, "host")
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    answer = world.services.two_factor.disable(ticket, Proof(Secret(PASSWORD), world.token_for("ada")))
    assert isinstance(answer, NotNow)
    assert world.account("ada").two_factor_on


def test_enrolling_again_ends_probation_and_freezes_the_address(world: World) -> None:
    opener, _ = probation(world)
    enrolment = begun(world, opener.ticket)
    assert enrolment.label == "ada (2)"
    ready(world, opener.ticket, enrolment)
    enabled = world.services.two_factor.finish(opener.ticket, enrolment.id)
    assert isinstance(enabled, Enabled)
    assert enabled.session.kind is SessionKind.FULL
    account = world.account("ada")
    assert account.probation is None
    assert account.address_frozen_until == world.clock() + timedelta(days=7)
    world.clock.advance(seconds=30)
    proof = Proof(Secret(PASSWORD), rfc6238.token(enrolment.secret.reveal(), world.clock()))
    assert isinstance(world.services.account_settings.change_address(enabled.ticket, proof, "b@example.org"), NotNow)


def test_a_thief_with_the_password_cannot_enrol_in_probation(world: World) -> None:
    _, code = probation(world)
    thief = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(thief, SignedIn)
    assert thief.session.kind is SessionKind.PROBATION
    setup = world.services.two_factor
    assert setup.begin(thief.ticket, Proof(Secret(PASSWORD))) == WayNeeded("backup_code")
    assert isinstance(setup.begin(thief.ticket, Proof(Secret(PASSWORD), way=Secret("nonsense"))), Invalid)
    assert setup.begin(thief.ticket, Proof(Secret(PASSWORD), way=Secret("0" * 20))) == Wrong()
    assert isinstance(setup.begin(thief.ticket, Proof(Secret(PASSWORD), way=code)), EnrolmentBegun)
