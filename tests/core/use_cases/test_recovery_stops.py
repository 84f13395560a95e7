"""The owner's side: every way to stop a case, before and after its completion, and what a stop leaves behind."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.audit import Event
from core.cases import Kind, State
from core.origin import LOCAL
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.outcomes import Done, NotNow, Over, Proof, Throttled, TokenUsed, TokenWrong, Wrong
from core.use_cases.recovery_doors import CameBack, CaseEnded, CaseOpened, CaseStands
from core.use_cases.restoring import Restored
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from core.use_cases.two_factor import EnrolmentBegun
from tests.office import LOST, THERE, WITH_KEY, Office
from tests.world import PASSWORD, World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def test_a_stop_code_freezes_the_case_once(ada: Office, world: World, decided: CaseOpened) -> None:
    ada.here("lea")
    code = world.stop_code("ada@example.org")
    stopped = world.services.stop.stop(code, THERE)
    assert isinstance(stopped, Stopped)
    assert not stopped.restorable
    assert ada.state(decided) is State.FROZEN
    assert world.services.stop.stop(code, THERE) == Wrong()
    assert world.account("ada").two_factor_on
    assert "frozen by the owner" in world.letter("lea@example.org")
    ada.after(days=10)
    assert ada.state(decided) is State.FROZEN


def test_the_codes_of_every_notice_of_the_case_stop_it(ada: Office, world: World) -> None:
    opened = ada.open()
    first = world.stop_code("ada@example.org")
    ada.after(hours=24)
    second = world.stop_code("ada@example.org")
    assert first != second
    world.services.stop.stop(second, LOCAL)
    assert ada.state(opened) is State.FROZEN
    again = world.services.stop.stop(first, LOCAL)
    assert isinstance(again, Stopped)
    assert "already" in again.sentences[0]


def test_a_frozen_case_can_be_neither_withdrawn_nor_replaced_nor_called_not_mine(ada: Office, world: World) -> None:
    recovery, opened = world.services.recovery, ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    assert isinstance(recovery.withdraw(opened.ticket), NotNow)
    stands = recovery.look(ada.door("ada"))
    assert isinstance(stands, CaseStands)
    assert stands.frozen
    assert isinstance(recovery.open(ada.door("ada"), LOST, LOCAL), NotNow)
    assert isinstance(recovery.open(ada.door("ada"), LOST, LOCAL, replaces=True), NotNow)
    assert isinstance(recovery.not_me(ada.door("ada"), LOCAL), NotNow)
    assert isinstance(recovery.come_back(ada.door("ada"), opened.return_code.reveal(), LOCAL), CameBack)


def test_whoever_lost_the_code_of_a_frozen_case_is_told_what_leads_on(ada: Office, world: World) -> None:
    recovery, opened = world.services.recovery, ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    stands = recovery.look(ada.door("ada"))
    assert isinstance(stands, CaseStands)
    assert "the old device or the backup code ends it" in stands.next_step
    assert f"it ends by itself on {opened.view.expires_at:%a %d %b %H:%M} UTC" in stands.next_step
    assert "in person" not in stands.next_step
    ada.after(days=14)
    assert isinstance(recovery.open(ada.door("ada"), LOST, LOCAL), CaseOpened)


def test_in_probation_enabling_leads_past_a_frozen_case_whose_code_is_lost(ada: Office, world: World) -> None:
    code, recovery = Secret(world.people["ada"].backup_code), world.services.recovery
    world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL)
    opened = recovery.open(world.sign_in("ada").ticket, LOST, LOCAL)
    assert isinstance(opened, CaseOpened)
    world.services.stop.stop(world.stop_code_of("ada@example.org", "asks to recover"), LOCAL)
    again = world.sign_in("ada").ticket
    stands = recovery.look(again)
    assert isinstance(stands, CaseStands)
    assert "enabling two-factor authentication with the code that let you in ends it" in stands.next_step
    world.enable("ada", again, way=code)
    assert ada.state(opened) is State.STOPPED


def test_where_staff_identify_people_a_frozen_case_says_so(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, recovery={"person": {"enabled": True}})
    office = Office(world)
    office.owner("ada")
    office.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    stands = world.services.recovery.look(office.door("ada"))
    assert isinstance(stands, CaseStands)
    assert "Support can identify you in person" in stands.next_step
    world.close()


def test_unfreezing_takes_a_lead_and_new_evidence_and_begins_the_whole_wait_anew(office: Office, world: World) -> None:
    office.with_key("ada")
    desk = world.services.desk
    opened = office.proved(office.open("ada", WITH_KEY))
    office.verify(opened)
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    refused = desk.unfreeze(office.sit_down("lea"), opened.reference, "Looks fine.")
    assert isinstance(refused, NotNow)
    assert "after it was frozen" in refused.sentence
    world.clock.advance(hours=30)
    back = office.back(opened, origin=WITH_KEY)
    assert "prove your SSH key" in back.view.next_step
    assert world.services.recovery.give_key(back.ticket, WITH_KEY) == Done()
    assert isinstance(desk.unfreeze(office.sit_down("mia"), opened.reference, "Looks fine."), NotNow)
    assert desk.unfreeze(office.sit_down("lea"), opened.reference, "The key was proved anew.") == Done()
    assert office.state(opened) is State.OPEN
    world.services.due.tick()
    fresh = world.stop_code("ada@example.org")
    begun = world.clock()
    office.verify(opened)
    approved = office.approve(opened)
    assert not approved.completed
    assert approved.over_at == begun + timedelta(hours=24)
    world.services.stop.stop(fresh, LOCAL)
    assert office.state(opened) is State.FROZEN


def test_a_case_that_ends_frozen_leaves_the_account_contested(ada: Office, world: World) -> None:
    opened = ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    ada.after(days=15)
    assert ada.state(opened) is State.EXPIRED
    assert world.account("ada").contested_until == world.clock() + timedelta(days=30)
    again = ada.open()
    assert not next(route for route in again.view.routes if route.kind is Kind.MAIL).possible


def test_a_frozen_case_ends_after_thirty_days_however_often_its_claimant_comes_back(ada: Office, world: World) -> None:
    opened = ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    for _ in range(2):
        ada.after(days=13, hours=23)
        ada.back(opened)
    ada.after(days=2, hours=1, minutes=59)
    assert ada.state(opened) is State.FROZEN
    ada.after(minutes=1)
    assert ada.state(opened) is State.EXPIRED
    assert world.account("ada").contested_until == world.clock() + timedelta(days=30)


def test_a_sign_in_with_a_token_ends_the_case(ada: Office, world: World, decided: CaseOpened) -> None:
    world.sign_in("ada")
    assert ada.state(decided) is State.STOPPED
    ada.after(days=4)
    assert world.account("ada").two_factor_on
    assert world.account("ada").contested_until is None


def test_a_sign_in_with_a_token_ends_a_frozen_case_too(ada: Office, world: World) -> None:
    opened = ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    world.sign_in("ada")
    assert ada.state(opened) is State.STOPPED
    assert world.account("ada").contested_until is not None


def test_the_backup_code_ends_the_case(ada: Office, world: World, decided: CaseOpened) -> None:
    code = Secret(world.people["ada"].backup_code)
    signed_in = world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL)
    assert isinstance(signed_in, SignedIn)
    assert ada.state(decided) is State.STOPPED
    account = world.account("ada")
    assert account.probation is not None
    assert account.probation.by == "backup_code"


def test_a_live_session_shows_a_banner_and_can_end_the_case(ada: Office, world: World) -> None:
    live = world.sign_in("ada")
    recovery, opened = world.services.recovery, ada.open("ada", THERE)
    banner = recovery.banner(live.ticket)
    assert banner is not None
    assert (banner.reference, banner.source) == (opened.reference, THERE.source)
    assert isinstance(recovery.end_mine(live.ticket), CaseEnded)
    assert ada.state(opened) is State.STOPPED
    assert recovery.banner(live.ticket) is None
    assert isinstance(recovery.end_mine(live.ticket), NotNow)


def test_a_session_by_password_alone_cannot_end_a_case(ada: Office, world: World) -> None:
    code = Secret(world.people["ada"].backup_code)
    world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL)
    thief = world.sign_in("ada")
    opened = world.services.recovery.open(world.sign_in("ada").ticket, LOST, LOCAL)
    assert isinstance(opened, CaseOpened)
    assert isinstance(world.services.recovery.end_mine(thief.ticket), NotNow)
    assert ada.state(opened) is State.OPEN


def test_disabling_two_factor_with_a_token_ends_the_case(ada: Office, world: World) -> None:
    live, person = world.sign_in("ada"), world.people["ada"]
    opened = ada.decided()
    proof = Proof(Secret(person.password), world.token_for("ada"))
    assert isinstance(world.services.two_factor.disable(live.ticket, proof), Done)
    assert ada.state(opened) is State.STOPPED
    ada.after(days=4)
    account = world.account("ada")
    assert account.probation is None
    assert not account.two_factor_on


def test_enrolling_ends_a_case(ada: Office, world: World) -> None:
    code = Secret(world.people["ada"].backup_code)
    owner = world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL)
    assert isinstance(owner, SignedIn)
    thiefs = world.services.recovery.open(world.sign_in("ada").ticket, LOST, LOCAL)
    assert isinstance(thiefs, CaseOpened)
    world.enable("ada", owner.ticket)
    assert ada.state(thiefs) is State.STOPPED
    assert world.account("ada").probation is None


def test_a_new_password_by_mail_withdraws_the_case_and_ends_the_claimant(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    world.clock.advance(seconds=1)  # letters of one moment go out in any order
    world.services.forgotten.ask("ada", "ada@example.org", LOCAL)
    new = Secret("another long and boring sentence")
    assert world.services.forgotten.reset("ada", world.mail_code("ada@example.org"), new, LOCAL) == Done()
    assert ada.state(decided) is State.WITHDRAWN
    assert world.services.recovery.view(decided.ticket) == Over()
    ada.after(days=5)
    assert world.account("ada").two_factor_on


def test_a_new_password_by_mail_leaves_a_frozen_case_frozen(ada: Office, world: World) -> None:
    opened = ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    world.services.due.tick()
    world.services.forgotten.ask("ada", "ada@example.org", LOCAL)
    new = Secret("another long and boring sentence")
    assert world.services.forgotten.reset("ada", world.mail_code("ada@example.org"), new, LOCAL) == Done()
    assert ada.state(opened) is State.FROZEN


def test_after_completion_the_stop_code_locks_and_the_old_device_comes_back(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    ada.after(hours=73)
    thief = world.sign_in("ada")
    begun = world.services.two_factor.begin(thief.ticket, Proof(Secret(PASSWORD), way=decided.return_code))
    assert isinstance(begun, EnrolmentBegun)
    world.clock.advance(days=6)
    stopped = world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    assert isinstance(stopped, Stopped)
    assert stopped.restorable
    assert world.services.sign_in.session(thief.ticket) is None
    assert world.account("ada").locked_at is not None
    refused = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(refused, NotNow)
    assert "Restore" in refused.sentence
    stop = world.services.stop
    assert stop.restore("ada", Secret("not her password at all"), world.token_for("ada"), LOCAL) == Wrong()
    assert stop.restore("nobody", Secret(PASSWORD), world.token_for("ada"), LOCAL) == Wrong()
    assert stop.restore("ada", Secret(PASSWORD), "000000", LOCAL) == TokenWrong()
    assert isinstance(stop.restore("ada", Secret(PASSWORD), world.token_for("ada"), LOCAL), Restored)
    account = world.account("ada")
    assert account.two_factor_on
    assert account.locked_at is None
    assert account.probation is None
    assert account.contested_until is not None
    world.clock.advance(seconds=30)
    assert world.sign_in("ada").session.kind is SessionKind.FULL
    assert Event.TWO_FACTOR_RESTORED in world.events("ada")
    assert isinstance(stop.restore("ada", Secret(PASSWORD), world.token_for("ada", 1), LOCAL), NotNow)


def test_the_old_device_comes_back_in_the_place_of_the_thiefs(ada: Office, world: World, decided: CaseOpened) -> None:
    old = world.people["ada"].key
    ada.after(hours=73)
    thief = world.sign_in("ada")
    world.services.two_factor.begin(thief.ticket, Proof(Secret(PASSWORD), way=decided.return_code))
    enrol_with(world, thief.ticket, decided.return_code)
    assert world.account("ada").two_factor_on
    stopped = world.services.stop.stop(world.stop_code_of("ada@example.org", "recovered"), LOCAL)
    assert isinstance(stopped, Stopped)
    world.clock.advance(seconds=30)
    thiefs = world.token_for("ada")
    world.people["ada"].key = old
    answer = world.services.stop.restore("ada", Secret(PASSWORD), thiefs, LOCAL)
    assert answer == TokenWrong() or isinstance(answer, TokenUsed)
    assert isinstance(world.services.stop.restore("ada", Secret(PASSWORD), world.token_for("ada"), LOCAL), Restored)
    world.clock.advance(seconds=30)
    assert isinstance(world.sign_in("ada"), SignedIn)


def enrol_with(world: World, ticket: Secret, way: Secret) -> None:
    """Enrol a device in probation, showing the return code."""
    setup, person = world.services.two_factor, world.people["ada"]
    begun = setup.begin(ticket, Proof(Secret(person.password), way=way))
    assert isinstance(begun, EnrolmentBegun)
    person.key = begun.secret.reveal()
    assert setup.verify(ticket, begun.id, world.token_for("ada")) == Done()
    code = setup.backup_code(ticket, begun.id)
    index = setup.ask_group(ticket, begun.id)
    assert isinstance(code, Secret)
    assert isinstance(index, int)
    assert setup.check_group(ticket, begun.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
    assert not isinstance(setup.finish(ticket, begun.id), Over)
    person.backup_code = code.reveal()


@pytest.mark.usefixtures("decided")
def test_eight_days_after_completion_no_code_and_no_old_device_counts(ada: Office, world: World) -> None:
    ada.after(hours=73)
    code = world.stop_code("ada@example.org")
    ada.after(days=7, minutes=1)
    assert world.services.stop.stop(code, LOCAL) == Wrong()
    parts, account = world.services.parts, world.account("ada")
    with parts.storage.unit():
        assert not parts.two_factor.restore(account.id, account.id)


@pytest.mark.usefixtures("decided")
def test_nothing_is_restored_on_an_account_that_no_stop_code_locked(ada: Office, world: World) -> None:
    ada.after(hours=73)
    answer = world.services.stop.restore("ada", Secret(PASSWORD), world.token_for("ada"), LOCAL)
    assert isinstance(answer, NotNow)
    assert not world.account("ada").two_factor_on


def test_guessing_stop_codes_is_slowed(ada: Office, world: World) -> None:
    answers = [world.services.stop.stop("0000-0000-0000", THERE) for _ in range(7)]
    assert isinstance(answers[-1], Throttled)


def test_a_password_thief_alone_never_gets_the_account_however_long_they_wait(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    for _ in range(12):
        step = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
        assert isinstance(step, TokenNeeded)
        opened = recovery.open(step.half, LOST, THERE, replaces=True)
        if isinstance(opened, CaseOpened):
            assert not any(route.met for route in opened.view.routes)
            refused = world.services.desk.verify(ada.sit_down("mia"), opened.reference)
            assert isinstance(refused, NotNow)
            assert "short" in refused.sentence
        ada.after(days=31)
        assert world.account("ada").two_factor_on


def test_after_a_stop_the_return_code_is_worth_nothing_even_once_a_lead_unlocked(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    ada.after(hours=73)
    assert isinstance(world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL), Stopped)
    assert world.services.account_desk.unlock(ada.sit_down("lea"), world.account("ada").id, "It was her.") == Done()
    signed_in = world.sign_in("ada")
    assert signed_in.session.kind is SessionKind.PROBATION
    proof = Proof(Secret(PASSWORD), way=decided.return_code)
    assert world.services.two_factor.begin(signed_in.ticket, proof) == Wrong()
    again = world.services.recovery.open(signed_in.ticket, LOST, LOCAL)
    assert isinstance(again, CaseOpened)
    assert not next(route for route in again.view.routes if route.kind is Kind.MAIL).possible
    assert again.view.next_step
