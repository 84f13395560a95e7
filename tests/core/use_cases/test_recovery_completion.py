"""Completion: what it takes, what it does, and everything that keeps it from happening."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.accounts import Damaged, Role
from core.audit import Event
from core.backup_code import State as CodeState
from core.cases import Kind, State
from core.origin import LOCAL
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.account_settings import Changed
from core.use_cases.desk_view import StaffCase
from core.use_cases.outcomes import Done, NotNow, Over, Proof, WayNeeded, Wrong
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.two_factor import EnrolmentBegun
from tests.office import LOST, WITH_KEY, Office
from tests.world import PASSWORD, World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def test_completion_does_everything_at_once(ada: Office, world: World) -> None:
    for _ in range(7):
        world.services.sign_in.with_backup_code(ada.door("ada"), Secret("0" * 20), LOCAL)
    full = world.sign_in("ada")
    opened = ada.decided()
    ada.after(hours=71, minutes=50)
    assert ada.state(opened) is State.APPROVED
    half = ada.door("ada")
    ada.after(minutes=20)
    assert ada.state(opened) is State.COMPLETED
    account, parts = world.account("ada"), world.services.parts
    assert not account.two_factor_on
    assert account.probation is not None
    assert (account.probation.by, account.probation.session) == ("case", None)
    with parts.storage.unit():
        assert parts.two_factor.device(account.id) is None
        assert parts.backup_codes.state(account.id) is CodeState.NONE
        assert parts.sessions.live(account.id) == []
        assert parts.sessions.sign_in(half) is None
        assert parts.throttle.standing(account.id) == []
    assert world.services.sign_in.session(full.ticket) is None
    assert world.events("ada")[-1] is Event.CASE_COMPLETED
    assert "two-factor authentication is off" in world.letter("ada@example.org")


def test_the_owner_signs_in_by_password_and_enrols_with_the_return_code(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    ada.after(hours=73)
    signed_in = world.sign_in("ada")
    assert signed_in.session.kind is SessionKind.PROBATION
    setup = world.services.two_factor
    assert setup.begin(signed_in.ticket, Proof(Secret(PASSWORD))) == WayNeeded("case")
    assert setup.begin(signed_in.ticket, Proof(Secret(PASSWORD), way=Secret("0000-0000-0000"))) == Wrong()
    begun = setup.begin(signed_in.ticket, Proof(Secret(PASSWORD), way=decided.return_code))
    assert isinstance(begun, EnrolmentBegun)
    assert begun.label == "ada (2)"
    assert not isinstance(
        world.services.account_settings.change_address(
            signed_in.ticket, Proof(Secret(PASSWORD), way=decided.return_code), "thief@example.org"
        ),
        Done,
    )


@pytest.mark.usefixtures("decided")
def test_a_thief_with_the_password_cannot_enrol_after_a_completion(ada: Office, world: World) -> None:
    ada.after(hours=73)
    thief = world.sign_in("ada")
    for way in (None, Secret("0" * 12), Secret(world.people["ada"].backup_code)):
        answer = world.services.two_factor.begin(thief.ticket, Proof(Secret(PASSWORD), way=way))
        assert not isinstance(answer, EnrolmentBegun)
    code_by_mail = world.services.account_settings.send_address_code(thief.ticket)
    assert code_by_mail != Done()


def test_route_key_takes_a_day(office: Office, world: World) -> None:
    office.with_key("ada")
    opened = office.proved(office.open("ada", WITH_KEY))
    assert office.verify(opened).kind is Kind.KEY
    office.approve(opened)
    office.after(hours=23, minutes=50)
    assert office.state(opened) is State.APPROVED
    office.after(minutes=10)
    assert office.state(opened) is State.COMPLETED


def test_approved_after_the_wait_it_completes_at_once(ada: Office, world: World) -> None:
    opened = ada.mailed(ada.open())
    world.clock.advance(hours=73)
    ada.verify(opened)
    approved = ada.approve(opened)
    assert approved.completed
    assert ada.state(opened) is State.COMPLETED


def test_no_wait_begins_before_the_notice_is_handed_over(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    opened = recovery.open(ada.door("ada"), LOST, LOCAL)
    assert not isinstance(opened, Over)
    view = recovery.view(opened.ticket)  # type: ignore[union-attr]
    assert not isinstance(view, Over)
    assert view.wait.began_at is None
    assert "on its way" in view.wait.sentence


def test_mail_that_goes_nowhere_is_no_notice(tmp_path: Path, home: Path, database_url: str) -> None:
    world = World(home, database=database_url, demo=False)
    office = Office(world)
    office.hire("mia", Role.AGENT)
    world.person("ada", two_factor=True)
    world.clock.advance(days=40)
    opened = office.open()
    view = world.services.recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    assert not any(route.met or route.possible for route in view.routes)
    assert "could not be told" in view.wait.sentence
    assert isinstance(world.services.desk.verify(office.sit_down("mia"), opened.reference), NotNow)
    assert office.seen(opened).delivery == "no transport that delivers"
    world.close()


def test_without_a_confirmed_address_only_a_person_counts(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, recovery={"person": {"enabled": True}})
    office = Office(world)
    office.hire("mia", Role.AGENT)
    office.hire("jon", Role.AGENT)
    office.hire("lea", Role.LEAD)
    world.person("ada", confirmed=False, two_factor=True)
    world.clock.advance(days=40)
    opened = office.open()
    assert "in person" in opened.view.next_step
    desk = world.services.desk
    note = "Came to the front desk with her passport; photograph and signature compared."
    assert desk.record_person(office.sit_down("mia"), opened.reference, note) == Done()
    office.verify(opened)
    wait = "The owner could not be told (no confirmed address); the wait is 24 hours from when it was opened."
    assert office.seen(opened).wait.sentence == wait
    refused = desk.approve(office.sit_down("jon"), opened.reference, opened.reference)
    assert isinstance(refused, NotNow)
    assert "lead" in refused.sentence
    office.approve(opened, "lea")
    office.after(hours=23)
    assert office.state(opened) is State.APPROVED
    office.after(hours=1)
    assert office.state(opened) is State.COMPLETED
    world.close()


def test_evidence_whose_key_was_removed_is_void_and_the_case_open_again(office: Office, world: World) -> None:
    office.with_key("ada")
    opened = office.proved(office.open("ada", WITH_KEY))
    office.verify(opened)
    office.approve(opened)
    parts, account = world.services.parts, world.account("ada")
    with parts.storage.unit():
        assert parts.ssh_keys.remove(account.id, parts.ssh_keys.of(account.id)[0].id)
    office.after(hours=25)
    assert office.state(opened) is State.OPEN
    assert office.stored(opened).verifier is None
    assert world.account("ada").two_factor_on
    seen = office.world.services.desk.case(office.sit_down("mia"), opened.reference)
    assert not isinstance(seen, NotNow | Over)
    assert seen.evidence[0].void == "the SSH key was removed since"
    assert Event.CASE_EVIDENCE_VOID in world.events("ada")


def test_evidence_of_an_address_that_was_changed_is_void(ada: Office, world: World, decided: CaseOpened) -> None:
    parts = world.services.parts
    with parts.storage.unit():
        account = parts.accounts.by_name("ada")
        assert account is not None and not isinstance(account, Damaged)  # noqa: PT018
        parts.accounts.confirm_address(account, "elsewhere@example.org")
    ada.after(hours=73)
    assert ada.state(decided) is State.OPEN


def test_evidence_of_before_the_password_was_changed_is_void(ada: Office, world: World) -> None:
    live = world.sign_in("ada")
    opened = ada.decided()
    world.clock.advance(seconds=30)
    proof = Proof(Secret(PASSWORD), world.token_for("ada"))
    new = Secret("another long and boring sentence")
    assert isinstance(world.services.account_settings.change_password(live.ticket, proof, new), Changed)
    ada.after(hours=73)
    assert ada.state(opened) is State.OPEN
    seen = world.services.desk.case(ada.sit_down("mia"), opened.reference)
    assert isinstance(seen, StaffCase)
    assert seen.evidence[0].void == "the password was changed since"
    assert world.account("ada").two_factor_on


@pytest.mark.parametrize("who", ["mia", "jon"])
def test_whoever_decided_must_still_have_the_right(ada: Office, world: World, who: str, decided: CaseOpened) -> None:
    world.services.operator.take_role(who, Role.AGENT)
    ada.after(hours=73)
    assert ada.state(decided) is State.OPEN
    assert world.account("ada").two_factor_on


@pytest.mark.parametrize("who", ["mia", "jon"])
def test_whoever_decided_and_was_shut_out_of_the_console_counts_no_more(
    ada: Office, world: World, who: str, decided: CaseOpened
) -> None:
    ada.here("mia", "jon")
    code = Secret(world.people[who].backup_code)
    world.services.sign_in.with_backup_code(ada.door(who), code, LOCAL)
    ada.after(hours=73)
    assert ada.state(decided) is State.OPEN


def test_a_locked_account_completes_only_once_it_is_unlocked(ada: Office, world: World, decided: CaseOpened) -> None:
    account = world.account("ada")
    assert world.services.account_desk.lock(ada.sit_down("lea"), account.id, "A call came in.") == Done()
    ada.after(hours=73)
    assert ada.state(decided) is State.APPROVED
    assert world.services.account_desk.unlock(ada.sit_down("lea"), account.id, "It was a joke.") == Done()
    ada.after(seconds=1)
    assert ada.state(decided) is State.COMPLETED


def test_a_damaged_account_never_completes(ada: Office, world: World, decided: CaseOpened) -> None:
    from core.accounts.tables import AccountRow

    with world.services.parts.storage.unit():
        AccountRow.update(enrolments=7).where(AccountRow.name == "ada").execute()
    ada.after(hours=73)
    assert ada.state(decided) is State.APPROVED


@pytest.mark.parametrize(
    "columns",
    [
        {"approver": "f" * 32},
        {"state": "approved", "round": 9},
        {"policy_text": "[]"},
        {"opened_at": 0},
        {"people": 1},
        {"route": "key"},
    ],
)
def test_a_case_changed_behind_our_back_stands_still(
    ada: Office, world: World, columns: dict[str, object], decided: CaseOpened
) -> None:
    from core.cases.tables import CaseRow

    with world.services.parts.storage.unit():
        CaseRow.update(columns).execute()
    ada.after(hours=73)
    assert ada.stored(decided).damaged
    assert world.account("ada").two_factor_on
    for ticket in (ada.sit_down("mia"), ada.sit_down("lea")):
        refused = world.services.desk.reject(ticket, decided.reference, decided.reference, "No.")
        assert isinstance(refused, NotNow)


@pytest.mark.parametrize("event", [Event.CASE_OPENED, Event.CASE_EVIDENCE, Event.CASE_VERIFIED, Event.CASE_APPROVED])
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_without_its_entries_in_the_audit_trail_a_case_freezes(
    ada: Office, world: World, event: Event, how: str, decided: CaseOpened
) -> None:
    ada.here("lea")
    from core.audit.tables import EntryRow

    with world.services.parts.storage.unit():
        mine = EntryRow.event == event.value
        if how == "gone":
            EntryRow.delete().where(mine).execute()
        else:
            EntryRow.update(source="192.0.2.99").where(mine).execute()
    ada.after(hours=73)
    assert ada.state(decided) is State.FROZEN
    assert world.account("ada").two_factor_on
    assert "it was frozen by Lockwright" in world.letter("lea@example.org")


def test_evidence_written_into_the_database_is_none(ada: Office, world: World) -> None:
    from core.cases.tables import EvidenceRow

    opened = ada.open()
    case = ada.stored(opened)
    with world.services.parts.storage.unit():
        EvidenceRow.insert(
            id="e" * 32,
            case=case.id,
            kind="mail",
            given_at=world.clock(),
            by="claimant",
            rests_on="00",
            since=world.clock() - timedelta(days=400),
            void_reason="",
            mac=b"\0" * 36,
        ).execute()
    assert isinstance(world.services.desk.verify(ada.sit_down("mia"), opened.reference), NotNow)


def test_a_later_policy_moves_no_live_case(home: Path, database_url: str) -> None:
    world = World(home, database=database_url)
    office = Office(world)
    for name in ("mia", "jon"):
        office.hire(name, Role.AGENT)
    office.owner("ada")
    opened = office.decided()
    strict = World(home, database=database_url, clock=world.clock, seed="again", recovery={"mail": {"enabled": False}})
    strict.services.due.tick()
    world.close()
    strict.clock.advance(hours=73)
    strict.services.due.tick()
    office.world = strict
    assert office.state(opened) is State.COMPLETED
    strict.close()


def test_two_people_are_one_where_the_policy_says_so_and_every_screen_warns(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, recovery={"mail": {"people": 1}})
    office = Office(world)
    office.hire("mia", Role.AGENT)
    office.owner("ada")
    opened = office.mailed(office.open())
    office.verify(opened)
    assert office.seen(opened).warning is not None
    assert opened.view.warning is not None
    office.approve(opened, "mia")
    office.after(hours=73)
    assert office.state(opened) is State.COMPLETED
    world.close()


def test_the_database_itself_refuses_one_person_for_two(ada: Office, world: World) -> None:
    from core.cases.tables import CaseRow
    from core.errors import StorageError

    opened = ada.mailed(ada.open())
    ada.verify(opened)
    case = ada.stored(opened)
    with pytest.raises(StorageError), world.services.parts.storage.unit():
        CaseRow.update(approver=case.verifier, state="approved").where(CaseRow.id == case.id).execute()


def test_a_second_recovery_within_thirty_days_takes_a_lead(ada: Office, world: World, decided: CaseOpened) -> None:
    ada.after(hours=73)
    signed_in = world.sign_in("ada")
    setup = world.services.two_factor
    begun = setup.begin(signed_in.ticket, Proof(Secret(PASSWORD), way=decided.return_code))
    assert isinstance(begun, EnrolmentBegun)
    world.people["ada"].key = begun.secret.reveal()
    setup.verify(signed_in.ticket, begun.id, world.token_for("ada"))
    code = setup.backup_code(signed_in.ticket, begun.id)
    index = setup.ask_group(signed_in.ticket, begun.id)
    assert isinstance(code, Secret) and isinstance(index, int)  # noqa: PT018
    setup.check_group(signed_in.ticket, begun.id, code.reveal()[5 * index : 5 * index + 5])
    assert not isinstance(setup.finish(signed_in.ticket, begun.id), Over)
    world.clock.advance(days=10)
    again = ada.mailed(ada.open())
    ada.verify(again)
    refused = world.services.desk.approve(ada.sit_down("jon"), again.reference, again.reference)
    assert isinstance(refused, NotNow)
    assert "second recovery" in refused.sentence
    ada.approve(again, "lea")


def test_a_member_who_became_staff_is_not_recovered_here(ada: Office, world: World, decided: CaseOpened) -> None:
    world.services.operator.give_role("ada", Role.AGENT)
    ada.after(hours=73)
    assert ada.state(decided) is State.REJECTED
    assert world.account("ada").two_factor_on


def test_approving_says_so_when_the_last_check_ended_the_case(ada: Office, world: World) -> None:
    opened = ada.mailed(ada.open())
    ada.verify(opened)
    world.services.operator.give_role("ada", Role.AGENT)
    refused = world.services.desk.approve(ada.sit_down("jon"), opened.reference, opened.reference)
    assert isinstance(refused, NotNow)
    assert "ended the case instead" in refused.sentence
    assert ada.state(opened) is State.REJECTED


def test_approving_says_so_when_the_last_check_froze_the_case(ada: Office, world: World) -> None:
    from core.audit.tables import EntryRow

    opened = ada.mailed(ada.open())
    world.clock.advance(hours=73)
    ada.verify(opened)
    with world.services.parts.storage.unit():
        EntryRow.delete().where(EntryRow.event == Event.CASE_VERIFIED.value).execute()
    refused = world.services.desk.approve(ada.sit_down("jon"), opened.reference, opened.reference)
    assert isinstance(refused, NotNow)
    assert "froze the case instead" in refused.sentence
    assert ada.state(opened) is State.FROZEN


def test_looking_at_a_case_does_what_is_due_though_nobody_ticks(ada: Office, world: World, decided: CaseOpened) -> None:
    world.clock.advance(hours=73)
    recovered = world.services.recovery.look(ada.door("ada"))
    assert isinstance(recovered, NotNow)
    assert "completed" in recovered.sentence
    assert ada.state(decided) is State.COMPLETED


def test_notices_go_out_at_opening_decision_completion_and_a_day_and_three_after(ada: Office, world: World) -> None:
    def subjects() -> list[str]:
        return [str(mail["Subject"]) for mail in world.mail() if mail["To"] == "ada@example.org"]

    before = len(subjects())
    opened = ada.decided()
    ada.after(hours=24)
    assert "goes on" in subjects()[-1]
    ada.after(hours=49)
    words = ("asks to", "goes on", "approved", "recovered")
    assert [
        word for subject in subjects()[before:] for word in words if word in subject and "mail code" not in subject
    ] == [
        "asks to",
        "approved",
        "goes on",
        "recovered",
    ]
    assert ada.state(opened) is State.COMPLETED
    at_completion = sum("recovered" in subject for subject in subjects())
    ada.after(hours=24)
    ada.after(hours=48)
    assert sum("recovered" in subject for subject in subjects()) == at_completion + 2
    assert at_completion == 1
