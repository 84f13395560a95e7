"""The claimant's side: opening a case, coming back to it, giving evidence; and what a thief cannot do."""

from datetime import timedelta

import pytest

from core.audit import Event
from core.cases import Form, Kind, State
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.storage import Storage
from core.use_cases.case_view import CaseView
from core.use_cases.claimant import RECOVERY_DONE
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Proof, Throttled, TokenWrong, WayNeeded, Wrong
from core.use_cases.recovery_doors import CameBack, CaseEnded, CaseOpened, CaseStands, FormNeeded
from core.use_cases.sign_in import SignedIn
from core.use_cases.two_factor import EnrolmentBegun
from tests.office import LOST, THERE, WITH_KEY, Office, proved_key
from tests.world import PASSWORD, World

THIEF = Origin("198.51.100.66")


@pytest.fixture
def ada(office: Office) -> Office:
    """The office, and ada, who has 2FA on and an address that counts."""
    office.owner("ada")
    return office


def test_a_case_trades_the_half_open_sign_in_for_a_claimant_session(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    door = ada.door("ada", THERE)
    assert recovery.look(door) == FormNeeded(earlier=False)
    opened = recovery.open(door, LOST, THERE)
    assert isinstance(opened, CaseOpened)
    assert (opened.session.kind, opened.session.evidence) == (SessionKind.CLAIMANT, frozenset({"password"}))
    assert recovery.open(door, LOST, THERE) == Over()
    assert isinstance(world.services.sign_in.with_token(door, world.token_for("ada"), THERE), Over)
    assert opened.session.expires_at - opened.session.opened_at == timedelta(hours=2)
    assert opened.session.idle == timedelta(minutes=30)
    view = opened.view
    assert (view.state, view.account_name, view.source) == (State.OPEN, "ada", THERE.source)
    assert view.decided_by == view.opened_at + timedelta(days=5)
    assert "mail code" in view.next_step
    assert Event.CASE_OPENED in world.events("ada")


def test_a_claimant_session_opens_nothing_else(ada: Office, world: World) -> None:
    opened, services = ada.open(), world.services
    assert services.account_settings.overview(opened.ticket) == Over()
    assert services.two_factor.begin(opened.ticket, Proof(Secret(PASSWORD))) == Over()
    assert services.console.me(opened.ticket) == Over()
    assert services.recovery.banner(opened.ticket) is None
    assert services.recovery.end_mine(opened.ticket) == Over()
    owner = world.person("bob", two_factor=True)
    full = world.sign_in(owner.name).ticket
    assert services.recovery.view(full) == Over()
    assert services.recovery.open(full, LOST, LOCAL) == Over()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (Form("  "), "happened"),
        (Form("lost\x1b[2J"), "happened"),
        (Form("x" * 2001), "happened"),
        (Form("lost", contact="two\nlines"), "contact"),
        (Form("lost", contact="\u202e"), "contact"),
        (Form("lost", statement="\x00"), "statement"),
    ],
)
def test_a_form_with_a_bad_field_names_it_and_costs_nothing(ada: Office, world: World, form: Form, field: str) -> None:
    door = ada.door("ada")
    refused = world.services.recovery.open(door, form, LOCAL)
    assert isinstance(refused, Invalid)
    assert refused.field == field
    assert isinstance(world.services.recovery.open(door, LOST, LOCAL), CaseOpened)


def test_what_people_wrote_is_nowhere_in_the_database(ada: Office, world: World, storage: Storage) -> None:
    opened = ada.open()
    world.services.recovery.write(opened.ticket, "The canary sings at noon.")
    with storage.unit():
        from core.cases.tables import CaseRow, MomentRow

        rows = [repr(row) for table in (CaseRow, MomentRow) for row in table.select().dicts()]
    for canary in ("weir", "bell", "January", "canary", opened.return_code.reveal()):
        assert not any(canary in row for row in rows)


def test_password_and_return_code_lead_back_from_anywhere(ada: Office, world: World) -> None:
    opened = ada.open()
    stands = world.services.recovery.look(ada.door("ada", THERE))
    assert isinstance(stands, CaseStands)
    assert (stands.opened_at, stands.source, stands.frozen) == (opened.view.opened_at, "local", False)
    back = ada.back(opened, origin=THERE)
    assert back.view.reference == opened.reference
    assert world.services.recovery.view(opened.ticket) == Over()
    assert [each.who for each in back.view.timeline] == ["you", "you"]


def test_wrong_return_codes_are_counted_and_slowed(ada: Office, world: World) -> None:
    opened, recovery = ada.open(), world.services.recovery
    assert isinstance(recovery.come_back(ada.door("ada"), "nonsense", THIEF), Invalid)
    answers = [recovery.come_back(ada.door("ada", THIEF), "0000-0000-0000", THIEF) for _ in range(6)]
    assert answers[:5] == [Wrong()] * 5
    assert isinstance(answers[5], Throttled)
    spelled = opened.return_code.reveal().lower().replace("0", "o")
    assert isinstance(recovery.come_back(ada.door("ada"), f"{spelled[:4]} {spelled[4:]}", LOCAL), CameBack)


def test_the_return_code_of_another_case_is_wrong(ada: Office, world: World) -> None:
    ada.owner("bob")
    ada.open("ada")
    bobs = ada.open("bob")
    answer = world.services.recovery.come_back(ada.door("ada"), bobs.return_code.reveal(), LOCAL)
    assert answer == Wrong()


def test_one_case_at_a_time_and_code_lost_begins_anew(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    first = ada.mailed(ada.open())
    assert isinstance(recovery.open(ada.door("ada"), LOST, LOCAL), NotNow)
    second = recovery.open(ada.door("ada"), LOST, LOCAL, replaces=True)
    assert isinstance(second, CaseOpened)
    assert ada.state(first) is State.WITHDRAWN
    assert second.reference != first.reference
    assert not any(route.met for route in second.view.routes)
    assert recovery.come_back(ada.door("ada"), first.return_code.reveal(), LOCAL) == Wrong()
    assert recovery.view(first.ticket) == Over()


def test_it_was_not_me_stops_the_case_and_the_account_is_contested(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    opened = ada.mailed(ada.open())
    ended = recovery.not_me(ada.door("ada"), THERE)
    assert isinstance(ended, CaseEnded)
    assert ada.state(opened) is State.STOPPED
    contested = world.account("ada").contested_until
    assert contested == world.clock() + timedelta(days=30)
    again = ada.open()
    mail = next(route for route in again.view.routes if route.kind is Kind.MAIL)
    assert not mail.possible
    assert "not theirs" in " ".join(mail.missing)
    assert mail.lead
    assert isinstance(recovery.send_mail_code(again.ticket), NotNow)
    assert again.view.next_step


def test_whoever_says_it_was_not_me_keeps_the_half_open_sign_in(ada: Office, world: World) -> None:
    ada.open()
    door = ada.door("ada")
    world.services.recovery.not_me(door, LOCAL)
    world.clock.advance(seconds=30)
    assert isinstance(world.services.sign_in.with_token(door, world.token_for("ada"), LOCAL), SignedIn)


def in_probation(office: Office) -> CaseOpened:
    """Somebody with the password opened a case from probation: ada's backup code was used elsewhere before."""
    world = office.world
    code = Secret(world.people["ada"].backup_code)
    world.services.sign_in.with_backup_code(office.door("ada"), code, LOCAL)
    opened = world.services.recovery.open(world.sign_in("ada", THERE).ticket, LOST, THERE)
    assert isinstance(opened, CaseOpened)
    return opened


def test_it_was_not_me_stops_a_case_from_a_session_in_probation_too(ada: Office, world: World) -> None:
    opened, recovery, here = in_probation(ada), world.services.recovery, world.sign_in("ada")
    stands = recovery.look(here.ticket)
    assert isinstance(stands, CaseStands)
    assert stands.source == THERE.source
    assert isinstance(recovery.not_me(here.ticket, LOCAL), CaseEnded)
    assert ada.state(opened) is State.STOPPED
    assert world.account("ada").contested_until == world.clock() + timedelta(days=30)
    assert recovery.view(opened.ticket) != Over()
    assert world.services.sign_in.session(here.ticket) is not None


def test_code_lost_begins_a_new_case_from_a_session_in_probation_too(ada: Office, world: World) -> None:
    first, recovery, here = in_probation(ada), world.services.recovery, world.sign_in("ada")
    second = recovery.open(here.ticket, LOST, LOCAL, replaces=True)
    assert isinstance(second, CaseOpened)
    assert ada.state(first) is State.WITHDRAWN
    assert ada.state(second) is State.OPEN
    assert recovery.view(first.ticket) == Over()
    assert world.services.sign_in.session(here.ticket) is None


def test_the_mail_code_is_evidence_once_and_only_here(ada: Office, world: World) -> None:
    recovery, opened = world.services.recovery, ada.open()
    assert isinstance(recovery.give_mail_code(opened.ticket, "1234 5678"), NotNow)
    assert recovery.send_mail_code(opened.ticket) == Done()
    assert isinstance(recovery.send_mail_code(opened.ticket), Throttled)
    code = world.mail_code("ada@example.org")
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert recovery.give_mail_code(opened.ticket, wrong) == TokenWrong(4)
    assert isinstance(recovery.give_mail_code(opened.ticket, "12"), Invalid)
    assert isinstance(
        world.services.forgotten.reset("ada", code, Secret("another nine pale horses"), LOCAL), TokenWrong
    )
    assert recovery.give_mail_code(opened.ticket, code) == Done()
    assert isinstance(recovery.give_mail_code(opened.ticket, code), NotNow)
    view = recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    assert [(offer.kind, offer.given) for offer in view.offers if offer.given] == [(Kind.MAIL, True)]
    assert "suffices" in view.next_step


def test_a_mail_code_of_the_case_before_is_worth_nothing_in_the_next(ada: Office, world: World) -> None:
    recovery, first = world.services.recovery, ada.open()
    recovery.send_mail_code(first.ticket)
    code = world.mail_code("ada@example.org")
    second = recovery.open(ada.door("ada"), LOST, LOCAL, replaces=True)
    assert isinstance(second, CaseOpened)
    assert isinstance(recovery.give_mail_code(second.ticket, code), NotNow)


@pytest.mark.parametrize(("days", "counts"), [(29, False), (30, True)])
def test_an_address_counts_thirty_days_after_it_was_confirmed(
    office: Office, world: World, days: int, *, counts: bool
) -> None:
    world.person("eve", two_factor=True)
    world.clock.advance(days=days)
    opened = office.open("eve")
    assert next(route for route in opened.view.routes if route.kind is Kind.MAIL).possible is counts
    world.clock.advance(days=5)  # ages are measured at opening
    answer = world.services.recovery.send_mail_code(office.back(opened, "eve").ticket)
    assert (answer == Done()) is counts


def test_a_password_set_by_mail_carries_no_mail_evidence_until_used_with_a_token(ada: Office, world: World) -> None:
    world.services.forgotten.ask("ada", "ada@example.org", THIEF)
    world.people["ada"].password = "what the mailbox thief would like"
    reset = world.services.forgotten.reset(
        "ada", world.mail_code("ada@example.org"), Secret(world.people["ada"].password), THIEF
    )
    assert reset == Done()
    world.clock.advance(days=365)  # however long they wait
    opened = ada.open()
    mail = next(route for route in opened.view.routes if route.kind is Kind.MAIL)
    assert not mail.possible
    assert isinstance(world.services.recovery.send_mail_code(opened.ticket), NotNow)
    world.sign_in("ada")  # the owner, with the device
    world.clock.advance(days=31)
    assert next(route for route in ada.open().view.routes if route.kind is Kind.MAIL).possible


def test_the_ssh_key_of_the_connection_is_evidence(office: Office, world: World) -> None:
    office.with_key("ada")
    opened = office.open("ada", WITH_KEY)
    assert world.services.recovery.give_key(opened.ticket, LOCAL) != Done()
    assert world.services.recovery.give_key(opened.ticket, Origin(WITH_KEY.source, proved_key(2))) != Done()
    office.proved(opened)
    view = world.services.recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    key = next(route for route in view.routes if route.kind is Kind.KEY)
    assert (key.met, key.wait) == (True, timedelta(hours=24))
    assert view.wait.over_at == view.opened_at + timedelta(hours=24)


def test_a_key_from_another_account_a_young_one_and_one_without_two_factor_are_no_evidence(
    office: Office, world: World
) -> None:
    office.with_key("ada", Origin("203.0.113.9", proved_key(9)))
    world.person("eve")
    plain = Origin("203.0.113.8", proved_key(3))
    signed_in = world.sign_in("eve", plain)
    assert world.services.account_settings.add_key(signed_in.ticket, Proof(Secret(PASSWORD)), plain) == Done()
    world.enable("eve", signed_in.ticket)
    world.clock.advance(days=40)
    young = Origin("203.0.113.8", proved_key(4))
    ticket = world.sign_in("eve", young).ticket
    world.clock.advance(seconds=30)
    proof = Proof(Secret(PASSWORD), world.token_for("eve"))
    assert world.services.account_settings.add_key(ticket, proof, young) == Done()
    world.clock.advance(days=29)
    for number in (9, 3, 4):
        origin = Origin("203.0.113.8", proved_key(number))
        opened = world.services.recovery.open(office.door("eve", origin), LOST, origin, replaces=True)
        assert isinstance(opened, CaseOpened)
        assert isinstance(world.services.recovery.give_key(opened.ticket, origin), NotNow)


def test_messages_go_both_ways_and_answer_a_question(ada: Office, world: World) -> None:
    recovery, opened = world.services.recovery, ada.open()
    assert world.services.desk.ask(ada.sit_down("mia"), opened.reference, "Which laptop?") == Done()
    view = recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    assert view.question == "Which laptop?"
    assert "asks you" in view.next_step
    assert [line.who for line in view.timeline][-1] == "support"
    assert recovery.write(opened.ticket, "The one with the weir on it.") == Done()
    assert isinstance(recovery.write(opened.ticket, " "), Invalid)
    assert isinstance(recovery.write(opened.ticket, "\x1b]52;c;eA==\x07"), Invalid)
    view = recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    assert view.question is None
    assert view.timeline[-1].text == "The one with the weir on it."


def test_a_withdrawn_case_stays_readable_and_takes_nothing_more(ada: Office, world: World) -> None:
    recovery, opened = world.services.recovery, ada.mailed(ada.open())
    assert recovery.withdraw(opened.ticket) == Done()
    assert isinstance(recovery.withdraw(opened.ticket), NotNow)
    assert isinstance(recovery.write(opened.ticket, "Wait!"), NotNow)
    assert isinstance(recovery.send_mail_code(opened.ticket), NotNow)
    view = recovery.view(opened.ticket)
    assert not isinstance(view, Over)
    assert (view.state, view.live, view.can_write, view.can_withdraw) == (State.WITHDRAWN, False, False, False)
    assert recovery.look(ada.door("ada")) == FormNeeded(earlier=True)
    assert "has ended" in world.letter("ada@example.org")


def test_the_fourth_case_in_thirty_days_is_refused_but_stopped_and_withdrawn_ones_do_not_count(
    ada: Office, world: World
) -> None:
    desk = world.services.desk
    for _ in range(2):
        opened = ada.open()
        world.services.recovery.withdraw(opened.ticket)
    for _ in range(3):
        opened = ada.open()
        world.clock.advance(hours=2)
        assert desk.reject(ada.sit_down("mia"), opened.reference, opened.reference, "No evidence.") == Done()
    refused = world.services.recovery.open(ada.door("ada"), LOST, LOCAL)
    assert isinstance(refused, NotNow)
    assert "30 days" in refused.sentence
    world.clock.advance(days=30)
    assert isinstance(world.services.recovery.open(ada.door("ada"), LOST, LOCAL), CaseOpened)


def test_whoever_lost_the_code_of_the_third_case_begins_a_new_one(ada: Office, world: World) -> None:
    recovery, desk = world.services.recovery, world.services.desk
    for _ in range(2):
        opened = ada.open()
        world.clock.advance(hours=2)
        assert desk.reject(ada.sit_down("mia"), opened.reference, opened.reference, "No evidence.") == Done()
    third = ada.open()
    fourth = recovery.open(ada.door("ada"), LOST, LOCAL, replaces=True)
    assert isinstance(fourth, CaseOpened)
    assert ada.state(third) is State.WITHDRAWN
    assert desk.reject(ada.sit_down("mia"), fourth.reference, fourth.reference, "No evidence.") == Done()
    assert isinstance(recovery.open(ada.door("ada"), LOST, LOCAL), NotNow)


def test_a_source_opens_five_cases_a_day(ada: Office, world: World) -> None:
    for number in range(5):
        ada.owner(f"owner{number}")
    for number in range(5):
        ada.open(f"owner{number}", THERE)
    assert isinstance(world.services.recovery.open(ada.door("ada", THERE), LOST, THERE), NotNow)
    assert isinstance(world.services.recovery.open(ada.door("ada"), LOST, LOCAL), CaseOpened)
    world.clock.advance(days=1)
    ada.owner("late")
    assert isinstance(world.services.recovery.open(ada.door("late", THERE), LOST, THERE), CaseOpened)


def test_staff_are_sent_to_the_operator(ada: Office, world: World) -> None:
    ada.here("mia")
    refused = world.services.recovery.look(ada.door("mia"))
    assert isinstance(refused, NotNow)
    assert "operator" in refused.sentence
    assert isinstance(world.services.recovery.open(ada.door("mia"), LOST, LOCAL), NotNow)


def test_who_lost_the_backup_code_too_recovers_from_probation(ada: Office, world: World) -> None:
    code = Secret(world.people["ada"].backup_code)
    first = world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL)
    assert isinstance(first, SignedIn)
    refused = world.services.recovery.look(first.ticket)
    assert isinstance(refused, NotNow)
    assert "Enable" in refused.sentence or "enable" in refused.sentence
    world.services.sign_in.sign_out(first.ticket)
    later = world.sign_in("ada")
    assert later.session.kind is SessionKind.PROBATION
    assert world.services.two_factor.begin(later.ticket, Proof(Secret(PASSWORD))) == WayNeeded("backup_code")
    assert world.services.recovery.look(later.ticket) == FormNeeded(earlier=False)
    opened = world.services.recovery.open(later.ticket, LOST, LOCAL)
    assert isinstance(opened, CaseOpened)
    assert world.services.account_settings.overview(later.ticket) == Over()
    world.services.due.tick()
    ada.mailed(opened)
    ada.verify(opened)
    ada.approve(opened)
    ada.after(hours=73)
    assert ada.state(opened) is State.COMPLETED
    back = world.sign_in("ada")
    assert world.services.two_factor.begin(back.ticket, Proof(Secret(PASSWORD))) == WayNeeded("case")
    proof = Proof(Secret(PASSWORD), way=opened.return_code)
    assert isinstance(world.services.two_factor.begin(back.ticket, proof), EnrolmentBegun)


def test_a_case_runs_out_without_its_claimant_and_in_any_case_after_thirty_days(ada: Office, world: World) -> None:
    opened = ada.open()
    ada.after(days=13, hours=23)
    assert ada.state(opened) is State.OPEN
    ada.back(opened)
    ada.after(days=13, hours=23)
    assert ada.state(opened) is State.OPEN
    ada.back(opened)
    ada.after(days=2, hours=2)
    assert ada.state(opened) is State.EXPIRED
    silent = ada.open()
    ada.after(days=14)
    assert ada.state(silent) is State.EXPIRED
    assert "ran out" in world.letter("ada@example.org") or "time was over" in world.letter("ada@example.org")


def test_a_claimant_session_ends_when_idle_and_after_two_hours(ada: Office, world: World) -> None:
    opened, recovery = ada.open(), world.services.recovery
    world.clock.advance(minutes=31)
    assert recovery.view(opened.ticket) == Over()
    back = ada.back(opened)
    for _ in range(5):
        world.clock.advance(minutes=20)
        assert recovery.view(back.ticket) != Over()
    world.clock.advance(minutes=21)
    assert recovery.view(back.ticket) == Over()


def test_a_screen_that_looks_by_itself_keeps_nothing_from_running_out(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    opened = ada.open()
    for _ in range(3):
        world.clock.advance(minutes=9)
        assert isinstance(recovery.view(opened.ticket, peek=True), CaseView)
    assert ada.stored(opened).claimant_seen_at == opened.view.opened_at
    world.clock.advance(minutes=4)
    assert recovery.view(opened.ticket, peek=True) == Over()
    assert recovery.farewell(opened.ticket).startswith("Nothing was typed for a while")


def test_a_claimant_is_told_why_their_session_is_no_more(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    opened = ada.open()
    ada.back(opened)
    assert recovery.farewell(opened.ticket).startswith("The case was opened elsewhere")


def test_a_claimant_under_whose_eyes_the_case_completes_is_told_so(ada: Office, world: World) -> None:
    recovery = world.services.recovery
    opened = ada.decided()
    world.clock.advance(days=2, hours=23, minutes=45)
    back = ada.back(opened)
    world.clock.advance(minutes=20)
    assert recovery.view(back.ticket, peek=True) == Over()
    assert recovery.farewell(back.ticket) == RECOVERY_DONE
