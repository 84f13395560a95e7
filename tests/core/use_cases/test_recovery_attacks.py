"""What rogue agents, thieves and whoever can write to the database try, to complete a case against the policy."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.accounts import Account, Role
from core.audit import Event
from core.cases import State
from core.cases.tables import CaseRow, EvidenceRow
from core.notices.tables import NoticeRow
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.outcomes import Done, NotNow, Over
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.office import THERE, WITH_KEY, Office
from tests.racing import race
from tests.world import PASSWORD, World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def not_completed(office: Office) -> bool:
    """Nothing came of it: 2FA is on, and no case was completed."""
    world = office.world
    return world.account("ada").two_factor_on and Event.CASE_COMPLETED not in world.events("ada")


def frozen(office: Office, _: CaseOpened) -> None:
    office.world.services.stop.stop(office.world.stop_code_of("ada@example.org", "asks to"), LOCAL)


def stopped(office: Office, _: CaseOpened) -> None:
    office.world.sign_in("ada")


def rejected(office: Office, opened: CaseOpened) -> None:
    office.after(minutes=20)  # no agent has it any more
    desk, lea = office.world.services.desk, office.sit_down("lea")
    desk.reject(lea, opened.reference, opened.reference, "The owner called.")


def reopened(office: Office, opened: CaseOpened) -> None:
    office.world.services.operator.take_role("jon", Role.AGENT)
    office.world.services.desk.case(office.sit_down("lea"), opened.reference)
    office.world.services.operator.give_role("jon", Role.AGENT)


def completed(office: Office, opened: CaseOpened) -> None:
    office.after(hours=73)
    owner = office.world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(owner, SignedIn)
    office.world.enable("ada", owner.ticket, way=opened.return_code)


@pytest.mark.parametrize("undone", [frozen, stopped, rejected, reopened, completed])
def test_the_approved_record_of_a_case_put_back_into_the_database_completes_nothing(
    ada: Office, world: World, undone: Callable[[Office, CaseOpened], None], decided: CaseOpened
) -> None:
    ada.here("lea")
    with world.services.parts.storage.unit():
        [approved] = CaseRow.select().dicts()
    undone(ada, decided)
    assert ada.state(decided) is not State.APPROVED
    with world.services.parts.storage.unit():
        CaseRow.update(approved).execute()
    assert ada.state(decided) is State.APPROVED
    ada.after(hours=73)
    assert ada.state(decided) is State.FROZEN
    assert world.account("ada").two_factor_on


@pytest.mark.parametrize("columns", [{"since": 0}, {"kind": "key"}, {"by": "f" * 32}, {"rests_on": "00"}])
def test_evidence_changed_in_the_database_after_the_decision_counts_no_more(
    ada: Office, world: World, columns: dict[str, Any], decided: CaseOpened
) -> None:
    with world.services.parts.storage.unit():
        EvidenceRow.update(columns).execute()
    ada.after(hours=73)
    assert ada.state(decided) is State.OPEN
    assert not_completed(ada)


def test_neither_a_clock_set_back_nor_a_due_time_in_the_database_shortens_the_wait(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    began = world.clock()
    world.clock.advance(days=-20)
    world.services.due.tick()
    with world.services.parts.storage.unit():
        CaseRow.update(due_at=world.clock()).execute()
    ada.after(hours=73)
    assert ada.state(decided) is State.APPROVED
    world.clock.now = began
    with world.services.parts.storage.unit():
        CaseRow.update(due_at=world.clock()).execute()
    ada.after(hours=71)
    assert ada.state(decided) is State.APPROVED
    assert not_completed(ada)
    ada.after(hours=2)
    assert ada.state(decided) is State.COMPLETED


def test_however_long_ago_it_was_approved_the_wait_begins_with_the_handed_over_notice(
    office: Office, world: World
) -> None:
    office.with_key("ada")
    office.here("mia", "jon")
    opened = office.proved(office.open_unheard("ada", WITH_KEY))
    office.verify(opened)
    office.approve(opened)
    world.clock.advance(days=5)
    world.services.desk.case(office.sit_down("mia"), opened.reference)
    assert office.state(opened) is State.APPROVED
    world.services.due.tick()
    office.after(hours=23)
    assert office.state(opened) is State.APPROVED
    assert not_completed(office)
    office.after(hours=1)
    assert office.state(opened) is State.COMPLETED


def test_a_notice_that_was_never_sent_and_is_marked_as_handed_over_in_the_database_begins_no_wait(
    office: Office, world: World
) -> None:
    office.with_key("ada")
    office.here("mia", "jon")
    opened = office.proved(office.open_unheard("ada", WITH_KEY))
    sent = {"state": "handed over", "letter": None, "settled_at": world.clock(), "delivers": True}
    group = office.stored(opened).opening_notices
    with world.services.parts.storage.unit():
        assert NoticeRow.update(sent).where(NoticeRow.group == group).execute()
    assert isinstance(world.services.desk.verify(office.sit_down("mia"), opened.reference), NotNow)
    assert office.seen(opened).delivery == "failed for good"


@pytest.mark.parametrize("again", [False, True], ids=["first round", "after an unfreeze"])
@pytest.mark.parametrize("gone", [True, False], ids=["one notice gone", "all there"])
def test_a_notice_that_is_taken_out_of_the_database_is_missed_at_completion(
    office: Office, world: World, *, again: bool, gone: bool
) -> None:
    office.with_key("ada")
    office.here("mia", "jon", "lea")
    former_until = world.clock() + timedelta(days=25)
    with world.services.parts.storage.unit():
        account = world.services.parts.accounts.by_name("ada")
        assert isinstance(account, Account)
        world.services.parts.accounts.change(account, former_address="old@example.org", former_until=former_until)
    opened = office.proved(office.open("ada", WITH_KEY))
    if again:
        world.services.stop.stop(world.stop_code_of("old@example.org", "asks to"), LOCAL)
        office.after(minutes=1)
        office.proved(opened)
        assert world.services.desk.unfreeze(office.sit_down("lea"), opened.reference, "Her key.") == Done()
        world.services.due.tick()
    office.verify(opened)
    office.approve(opened)
    group = office.stored(opened).opening_notices
    with world.services.parts.storage.unit():
        first, second = NoticeRow.select().where(NoticeRow.group == group)
        if gone:
            first.delete_instance()
    office.after(hours=25)
    assert office.state(opened) is (State.FROZEN if gone else State.COMPLETED)
    assert second.delivers


def test_a_laxer_policy_in_the_settings_moves_no_live_case(home: Path, database_url: str) -> None:
    strict = World(home, database=database_url)
    office = Office(strict, mia=Role.AGENT, jon=Role.AGENT)
    office.here("mia", "jon")
    office.owner("ada")
    opened = office.mailed(office.open())
    strict.close()
    lax = {"mail": {"people": 1, "wait_hours": 24}, "person": {"enabled": True, "people": 1}}
    world = World(home, database=database_url, clock=strict.clock, seed="lax", recovery=lax)
    world.people, office.world = strict.people, world
    desk = world.services.desk
    office.verify(opened, "mia")
    assert isinstance(desk.record_person(office.consoles["mia"], opened.reference, "I believe her."), NotNow)
    again = desk.approve(office.consoles["mia"], opened.reference, opened.reference)
    assert isinstance(again, NotNow)
    assert "another person" in again.sentence
    office.approve(opened, "jon")
    office.after(hours=71)
    assert office.state(opened) is State.APPROVED
    office.after(hours=1)
    assert office.state(opened) is State.COMPLETED
    world.close()


def test_nobody_of_the_staff_recovers_their_own_account_or_has_it_recovered_here(ada: Office, world: World) -> None:
    ada.here("mia", "jon")
    world.clock.advance(days=31)
    world.services.operator.take_role("mia", Role.AGENT)  # else she is sent to the operator
    opened = ada.mailed(ada.open("mia"), "mia")
    world.services.operator.give_role("mia", Role.AGENT)
    for agent in ("jon", "lea"):
        answer = world.services.desk.verify(ada.sit_down(agent), opened.reference)
        assert isinstance(answer, NotNow)
        assert "operator" in answer.sentence
    own = world.services.desk.verify(ada.sit_down("mia"), opened.reference)
    assert isinstance(own, NotNow)  # her token ended the case; were it live, it would be her own
    assert ada.state(opened) is State.STOPPED
    assert world.account("mia").two_factor_on


def test_a_console_whose_person_lost_the_role_decides_nothing_and_no_command_signs_them_in(
    ada: Office, world: World
) -> None:
    opened = ada.mailed(ada.open())
    ada.verify(opened, "mia")
    jon = ada.sit_down("jon")
    world.services.operator.take_role("jon", Role.AGENT)
    desk, console = world.services.desk, world.services.console
    assert isinstance(desk.approve(jon, opened.reference, opened.reference), Over | NotNow)
    step = console.with_password("jon", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    world.clock.advance(seconds=30)
    assert isinstance(console.with_token(step.half, world.token_for("jon"), LOCAL), NotNow)
    assert ada.state(opened) is State.VERIFIED


def test_two_rounds_of_due_work_at_once_complete_a_case_once(
    ada: Office, world: World, home: Path, database_url: str, decided: CaseOpened
) -> None:
    other = World(home, database=database_url, clock=world.clock, seed="other")
    world.clock.advance(hours=73)
    race(world.services.due.tick, other.services.due.tick, threads=4)
    other.close()
    world.services.due.tick()
    assert ada.state(decided) is State.COMPLETED
    assert world.events("ada").count(Event.CASE_COMPLETED) == 1


def test_a_mailbox_thief_alone_never_gets_further_however_often_they_set_a_password(ada: Office, world: World) -> None:
    forgotten, recovery = world.services.forgotten, world.services.recovery
    ada.here("mia")
    for number, password in enumerate(("ten green bottles on the wall", "nine green bottles on the wall")):
        world.clock.advance(days=31)
        assert forgotten.ask("ada", "ada@example.org", THERE) == Done()
        world.services.due.tick()
        code = world.mail_code("ada@example.org")
        assert forgotten.reset("ada", code, Secret(password), THERE) == Done()
        world.people["ada"].password = password
        for days in (0, 40):  # at once, and when the password is as old as evidence has to be
            world.clock.advance(days=days)
            opened = ada.open("ada", THERE)
            assert isinstance(recovery.send_mail_code(opened.ticket), NotNow), number
            assert isinstance(world.services.desk.verify(ada.sit_down("mia"), opened.reference), NotNow)
            assert recovery.withdraw(opened.ticket) == Done()
    assert not_completed(ada)
