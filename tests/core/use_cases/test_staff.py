"""The console's door, roles, readmission; looking accounts up, locking them, lifting blocks; the operator's way."""

from datetime import timedelta

import pytest

from core.accounts import Account, Role
from core.audit import Event, ExportPage
from core.backup_code import State as CodeState
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.staff import Right
from core.throttle import Factor
from core.use_cases.account_desk import AccountCard
from core.use_cases.console import Me, StaffIn
from core.use_cases.outcomes import (
    Done,
    Invalid,
    NeedsFresh,
    NotNow,
    Over,
    Proof,
    Throttled,
    TokenUsed,
    TokenWrong,
    Wrong,
)
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.staff import StaffInvited
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests.office import Office
from tests.world import PASSWORD, World

THERE = Origin("203.0.113.7")


@pytest.fixture
def admin(office: Office) -> Office:
    office.hire("root-ada", Role.ADMIN)
    return office


def test_the_console_asks_password_and_token_always(office: Office, world: World) -> None:
    office.here("mia")
    console = world.services.console
    assert console.with_password("mia", Secret("something else entirely"), LOCAL) == Wrong()
    step = console.with_password("mia", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    assert console.with_token(step.half, "000000", LOCAL) == TokenWrong(2)
    world.clock.advance(seconds=30)
    staff_in = console.with_token(step.half, world.token_for("mia"), LOCAL)
    assert isinstance(staff_in, StaffIn)
    assert staff_in.session.kind is SessionKind.CONSOLE
    assert staff_in.session.idle == timedelta(minutes=15)
    assert staff_in.session.expires_at - staff_in.session.opened_at == timedelta(hours=12)
    assert Event.STAFF_SIGNED_IN in world.events("mia")
    again = console.with_password("mia", Secret(PASSWORD), LOCAL)
    assert isinstance(again, TokenNeeded)
    assert isinstance(console.with_token(again.half, world.token_for("mia"), LOCAL), TokenUsed)


def test_members_and_staff_without_a_second_factor_are_refused(office: Office, world: World) -> None:
    world.person("bob")
    console = world.services.console
    step = console.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    refused = console.with_token(step.half, world.token_for("ada"), LOCAL)
    assert isinstance(refused, NotNow)
    assert "no staff role" in refused.sentence
    refused = console.with_password("bob", Secret(PASSWORD), LOCAL)
    assert isinstance(refused, NotNow)
    assert world.sessions("bob") == []


def test_a_console_session_ends_when_idle(office: Office, world: World) -> None:
    ticket = office.sit_down("mia")
    world.clock.advance(minutes=14)
    assert world.services.console.touch(ticket) is not None
    world.clock.advance(minutes=15, seconds=1)
    assert world.services.console.me(ticket) == Over()
    assert world.services.desk.queue(ticket) == Over()


def test_a_token_stays_fresh_for_five_minutes(office: Office, world: World) -> None:
    office.owner("ada")
    opened = office.mailed(office.open())
    console, desk, ticket = world.services.console, world.services.desk, office.sit_down("mia")
    world.clock.advance(minutes=5, seconds=1)
    assert desk.verify(ticket, opened.reference) == NeedsFresh()
    assert desk.unmask(ticket, opened.reference) == NeedsFresh()
    assert desk.claim(ticket, opened.reference) == Done()
    assert isinstance(console.fresh(ticket, "000000"), TokenWrong)
    assert console.fresh(ticket, world.token_for("mia")) == Done()
    me = console.me(ticket)
    assert isinstance(me, Me)
    assert me.fresh_until == world.clock() + timedelta(minutes=5)
    assert not isinstance(desk.verify(ticket, opened.reference), NeedsFresh | NotNow)


def test_staff_whose_two_factor_was_switched_off_are_out_until_readmitted(admin: Office, world: World) -> None:
    admin.here("mia", "jon")
    before = admin.sit_down("mia")
    signed_in = world.services.sign_in.with_backup_code(
        admin.door("mia"), Secret(world.people["mia"].backup_code), LOCAL
    )
    assert isinstance(signed_in, SignedIn)
    assert world.services.console.me(before) == Over()
    world.enable("mia", signed_in.ticket)
    step = world.services.console.with_password("mia", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    world.clock.advance(seconds=30)
    refused = world.services.console.with_token(step.half, world.token_for("mia"), LOCAL)
    assert isinstance(refused, NotNow)
    assert "readmit" in refused.sentence
    staff, ticket = world.services.staff, admin.sit_down("root-ada")
    lines = staff.list(ticket)
    assert not isinstance(lines, NotNow | Over)
    assert [line.name for line in lines if not line.admitted] == ["mia"]
    assert staff.readmit(ticket, "mia") == Done()
    admin.sit_down("mia")
    assert "into the console again" in world.letter("jon@example.org")


def test_the_address_of_an_account_is_unmasked_only_with_a_fresh_token(office: Office, world: World) -> None:
    office.owner("ada")
    ada, desk, ticket = world.account("ada"), world.services.account_desk, office.sit_down("mia")
    world.clock.advance(minutes=5, seconds=1)
    assert desk.unmask(ticket, ada.id) == NeedsFresh()
    assert Event.STAFF_UNMASKED not in world.events("ada")
    assert world.services.console.fresh(ticket, world.token_for("mia")) == Done()
    assert desk.unmask(ticket, ada.id) == "ada@example.org"
    assert world.events("ada")[-1] is Event.STAFF_UNMASKED


def enrolled_anew(admin: Office, world: World, name: str) -> None:
    """Staff who lost the device got in with the backup code and enabled 2FA again: out until readmitted."""
    admin.here(name)
    code = Secret(world.people[name].backup_code)
    signed_in = world.services.sign_in.with_backup_code(admin.door(name), code, LOCAL)
    assert isinstance(signed_in, SignedIn)
    world.enable(name, signed_in.ticket)


def replace_device(world: World, name: str) -> None:
    """Set up another device, with a token of the one before it."""
    setup, ticket = world.services.two_factor, world.sign_in(name).ticket
    world.clock.advance(seconds=30)
    begun = setup.begin(ticket, Proof(Secret(PASSWORD), world.token_for(name)))
    assert isinstance(begun, EnrolmentBegun)
    world.people[name].key = begun.secret.reveal()
    assert setup.verify(ticket, begun.id, world.token_for(name)) == Done()
    code, index = setup.backup_code(ticket, begun.id), setup.ask_group(ticket, begun.id)
    assert isinstance(code, Secret)
    assert isinstance(index, int)
    world.people[name].backup_code = code.reveal()
    assert setup.check_group(ticket, begun.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
    assert isinstance(setup.finish(ticket, begun.id), Enabled)


def let_in(world: World, name: str) -> bool:
    """Whether the console lets somebody in who shows password and token."""
    step = world.services.console.with_password(name, Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    world.clock.advance(seconds=30)
    return isinstance(world.services.console.with_token(step.half, world.token_for(name), LOCAL), StaffIn)


@pytest.mark.parametrize("by", ["the console", "the host"])
def test_no_other_role_readmits_staff_whose_two_factor_was_switched_off(admin: Office, world: World, by: str) -> None:
    enrolled_anew(admin, world, "mia")
    staff, operator = world.services.staff, world.services.operator

    def change(act: str, role: Role) -> object:
        if by == "the host":
            return getattr(operator, act)("mia", role)
        return getattr(staff, act)(admin.sit_down("root-ada"), "mia", role)

    assert not isinstance(change("give_role", Role.LEAD), Invalid)
    assert not let_in(world, "mia")
    assert not isinstance(change("take_role", Role.AGENT), Invalid)
    assert not let_in(world, "mia")
    assert staff.readmit(admin.sit_down("root-ada"), "mia") == Done()
    assert let_in(world, "mia")


def test_a_further_role_begins_to_decide_after_its_own_seven_days(admin: Office, world: World) -> None:
    enrolled_anew(admin, world, "mia")
    staff, ticket = world.services.staff, admin.sit_down("root-ada")
    assert staff.readmit(ticket, "mia") == Done()
    assert staff.give_role(ticket, "mia", Role.LEAD) == Done()
    me = world.services.console.me(admin.sit_down("mia"))
    assert isinstance(me, Me)
    assert Right.VERIFY in me.rights  # as the agent that she was
    assert Right.APPROVE_AS_LEAD not in me.rights
    world.clock.advance(days=7)
    me = world.services.console.me(admin.sit_down("mia"))
    assert isinstance(me, Me)
    assert Right.APPROVE_AS_LEAD in me.rights


@pytest.mark.parametrize("by", ["the console", "the host"])
def test_who_becomes_staff_is_trusted_with_the_device_at_hand(admin: Office, world: World, by: str) -> None:
    """However often a member enrolled before."""
    world.person("zoe", two_factor=True)
    enrolled_anew(admin, world, "zoe")
    if by == "the host":
        assert not isinstance(world.services.operator.give_role("zoe", Role.AGENT), Invalid)
    else:
        assert world.services.staff.give_role(admin.sit_down("root-ada"), "zoe", Role.AGENT) == Done()
    assert let_in(world, "zoe")
    enrolled_anew(admin, world, "zoe")
    assert not let_in(world, "zoe")


def test_staff_who_replace_the_device_stay_in(admin: Office, world: World) -> None:
    """With a token of the old one: 2FA was on all the time."""
    world.person("zoe")
    assert not isinstance(world.services.operator.give_role("zoe", Role.AGENT), Invalid)
    world.clock.advance(hours=1)
    world.enable("zoe", world.sign_in("zoe").ticket)
    for _ in range(2):
        replace_device(world, "zoe")
        assert let_in(world, "zoe")
    enrolled_anew(admin, world, "zoe")
    assert not let_in(world, "zoe")


def test_nobody_readmits_or_promotes_themselves(admin: Office, world: World) -> None:
    staff, ticket = world.services.staff, admin.sit_down("root-ada")
    assert isinstance(staff.give_role(ticket, "root-ada", Role.LEAD), NotNow)
    assert isinstance(staff.readmit(ticket, "root-ada"), NotNow)
    assert isinstance(staff.disable(ticket, "root-ada"), NotNow)


def test_a_role_given_in_the_console_decides_after_seven_days_and_all_staff_are_told(
    admin: Office, world: World
) -> None:
    admin.here("mia")
    world.person("zoe", two_factor=True)
    staff, ticket = world.services.staff, admin.sit_down("root-ada")
    assert staff.give_role(ticket, "zoe", Role.AGENT) == Done()
    assert isinstance(staff.give_role(ticket, "zoe", Role.AGENT), Invalid)
    assert "zoe was given the role agent" in " ".join(world.letter("mia@example.org").split())
    world.clock.advance(days=6, hours=23)
    me = world.services.console.me(admin.sit_down("zoe"))
    assert isinstance(me, Me)
    assert Right.CLAIM in me.rights
    assert Right.VERIFY not in me.rights
    world.clock.advance(hours=1)
    me = world.services.console.me(admin.sit_down("zoe"))
    assert isinstance(me, Me)
    assert Right.VERIFY in me.rights


def test_a_role_that_was_taken_is_gone_at_the_next_action(admin: Office, world: World) -> None:
    staff, mias, ticket = world.services.staff, admin.sit_down("mia"), admin.sit_down("root-ada")
    assert staff.take_role(ticket, "mia", Role.AGENT) == Done()
    assert world.services.desk.queue(mias) == Over()
    assert isinstance(staff.take_role(ticket, "mia", Role.AGENT), Invalid)


@pytest.mark.parametrize("by_operator", [True, False])
def test_whose_last_role_is_taken_is_signed_out_everywhere(admin: Office, world: World, by_operator: bool) -> None:
    staff, operator, ticket = world.services.staff, world.services.operator, admin.sit_down("root-ada")
    assert staff.give_role(ticket, "mia", Role.AUDITOR) == Done()
    mias = admin.sit_down("mia")
    for role, session_lives in ((Role.AUDITOR, True), (Role.AGENT, False)):
        if by_operator:
            assert isinstance(operator.take_role("mia", role), Account)
        else:
            assert staff.take_role(ticket, "mia", role) == Done()
        with world.services.parts.storage.unit():
            assert (world.services.parts.sessions.find(mias) is not None) is session_lives
    assert world.sessions("mia") == []


def test_staff_who_are_disabled_are_members(admin: Office, world: World) -> None:
    jons, ticket = admin.sit_down("jon"), admin.sit_down("root-ada")
    assert world.services.staff.disable(ticket, "jon") == Done()
    assert world.services.console.me(jons) == Over()
    assert world.account("jon").grants == ()
    assert isinstance(world.sign_in("jon"), SignedIn)


def test_staff_come_by_invitation(admin: Office, world: World) -> None:
    admin.here("mia")
    ticket = admin.sit_down("root-ada")
    invited = world.services.staff.invite(ticket, "kim@example.org", Role.AGENT)
    assert isinstance(invited, StaffInvited)
    signed_up = world.services.sign_up.register("kim", "kim@example.org", Secret(PASSWORD), LOCAL, invited.code)
    assert isinstance(signed_up, SignedIn)
    grant = world.account("kim").grant(Role.AGENT)
    assert grant is not None
    assert grant.by == world.account("root-ada").id
    again = world.services.sign_up.register("sam", "sam@example.org", Secret(PASSWORD), LOCAL, invited.code)
    assert isinstance(again, Invalid)
    assert "kim signed up by invitation" in world.letter("mia@example.org")


def test_admins_do_nothing_in_cases(admin: Office, world: World) -> None:
    admin.owner("ada")
    opened = admin.mailed(admin.open())
    desk, ticket = world.services.desk, admin.sit_down("root-ada")
    assert isinstance(desk.queue(ticket), NotNow)
    assert isinstance(desk.case(ticket, opened.reference), NotNow)
    assert isinstance(desk.claim(ticket, opened.reference), NotNow)
    assert isinstance(world.services.account_desk.find(ticket, "ada"), NotNow)
    assert world.events("root-ada").count(Event.STAFF_REFUSED) == 4


def test_accounts_are_found_by_name_address_and_case(office: Office, world: World) -> None:
    office.owner("ada")
    office.owner("adam")
    opened = office.open("ada")
    desk, ticket = world.services.account_desk, office.sit_down("mia")

    def names(text: str) -> list[str]:
        found = desk.find(ticket, text)
        assert not isinstance(found, NotNow | Over)
        return [line.name for line in found]

    assert names("ada") == ["ada", "adam"]
    assert names("ADAM@EX") == ["adam"]
    assert names(opened.reference) == ["ada"]
    assert names("nobody") == names(" ") == names("%") == []


def test_a_card_shows_state_and_history_and_looking_is_recorded(office: Office, world: World) -> None:
    office.owner("ada")
    opened, ada = office.open("ada"), world.account("ada")
    card = world.services.account_desk.card(office.sit_down("mia"), ada.id)
    assert isinstance(card, AccountCard)
    assert card.address == "a··@example.org"
    assert card.backup_code is CodeState.READY
    assert [line.reference for line in card.cases] == [opened.reference]
    assert world.events("ada")[-1] is Event.STAFF_LOOKED
    assert isinstance(world.services.account_desk.card(office.consoles["mia"], "0" * 32), NotNow)


def test_leads_lock_and_unlock_with_a_reason(office: Office, world: World) -> None:
    live, ada, desk = world.sign_in("ada"), world.account("ada"), world.services.account_desk
    assert isinstance(desk.lock(office.sit_down("mia"), ada.id, "Odd."), NotNow)
    ticket = office.sit_down("lea")
    assert isinstance(desk.lock(ticket, ada.id, "  "), Invalid)
    assert desk.lock(ticket, ada.id, "Somebody called.") == Done()
    assert world.services.sign_in.session(live.ticket) is None
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), NotNow)
    assert isinstance(desk.lock(ticket, ada.id, "Again."), NotNow)
    assert desk.unlock(ticket, ada.id, "It was her.") == Done()
    assert isinstance(desk.unlock(ticket, ada.id, "Again."), NotNow)
    world.sign_in("ada")
    assert isinstance(desk.lock(ticket, world.account("mia").id, "Odd."), NotNow)
    assert isinstance(desk.unlock(ticket, world.account("lea").id, "Mine."), NotNow)


def test_a_leaked_backup_code_is_made_void_and_two_factor_stays_on(office: Office, world: World) -> None:
    office.owner("ada")
    ada, ticket = world.account("ada"), office.sit_down("mia")
    assert world.services.account_desk.void_backup_code(ticket, ada.id, "Seen in a chat.") == Done()
    assert isinstance(world.services.account_desk.void_backup_code(ticket, ada.id, "Again."), NotNow)
    code = Secret(world.people["ada"].backup_code)
    assert world.services.sign_in.with_backup_code(office.door("ada"), code, LOCAL) == Wrong()
    assert world.account("ada").two_factor_on
    assert "backup code void" in world.letter("ada@example.org")


def test_leads_lift_blocks(office: Office, world: World) -> None:
    office.owner("ada")
    for _ in range(7):
        answer = world.services.sign_in.with_password("ada", Secret("not the one, sorry"), THERE)
    assert isinstance(answer, Throttled)
    ada, desk = world.account("ada"), world.services.account_desk
    assert isinstance(desk.lift(office.sit_down("mia"), ada.id, Factor.PASSWORD), NotNow)
    ticket = office.sit_down("lea")
    assert desk.lift(ticket, ada.id, Factor.PASSWORD) == Done()
    assert isinstance(desk.lift(ticket, ada.id), NotNow)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE), TokenNeeded)


def test_auditors_read_cases_and_the_trail_and_nothing_else(office: Office, world: World) -> None:
    office.here("mia")
    office.owner("ada")
    opened = office.mailed(office.open())
    ticket = office.hire("ira", Role.AUDITOR)
    desk, trail = world.services.desk, world.services.audit_desk
    seen = desk.case(ticket, opened.reference)
    assert not isinstance(seen, NotNow | Over)
    assert [act.right for act in seen.acts if act.allowed] == [Right.EXPORT]
    assert opened.reference in str(desk.export(ticket, opened.reference))
    entries = trail.search(ticket, event=Event.CASE_OPENED)
    assert not isinstance(entries, NotNow | Over)
    assert len(entries) == 1
    verdict = trail.verify(ticket)
    assert not isinstance(verdict, NotNow | Over)
    assert verdict.whole
    exported = trail.export(ticket)
    assert isinstance(exported, ExportPage)
    assert exported.lines[0]["what"] == "keys"
    assert exported.next is not None
    entries_page = trail.export(ticket, exported.next)
    assert isinstance(entries_page, ExportPage)
    assert {line["what"] for line in entries_page.lines} == {"entry"}
    names = trail.names(ticket, [world.account("mia").id, "0" * 32])
    assert names == {world.account("mia").id: "mia"}
    assert isinstance(desk.claim(ticket, opened.reference), NotNow)
    assert isinstance(desk.unmask(ticket, opened.reference), NotNow)
    for refused in (trail.search, trail.verify, trail.export):
        assert isinstance(refused(office.sit_down("lea")), NotNow)


def test_the_operator_resets_staff_only_and_all_staff_are_told(office: Office, world: World) -> None:
    operator = world.services.operator
    assert isinstance(operator.reset_two_factor("ada", "lost"), Invalid)
    assert isinstance(operator.reset_two_factor("mia", ""), Invalid)
    before = office.sit_down("mia")
    assert not isinstance(operator.reset_two_factor("mia", "phone stolen"), Invalid)
    assert not world.account("mia").two_factor_on
    assert world.services.console.me(before) == Over()
    assert "phone stolen" in world.letter("jon@example.org")
    assert isinstance(operator.readmit("mia"), Invalid)
    signed_in = world.services.sign_in.with_password("mia", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_in, SignedIn)
    world.enable("mia", signed_in.ticket)
    assert not isinstance(operator.readmit("mia"), Invalid)
    office.sit_down("mia")


def test_a_member_ticket_opens_no_console_and_a_console_ticket_no_settings(office: Office, world: World) -> None:
    console = office.sit_down("mia")
    assert world.services.account_settings.overview(console) == Over()
    member = world.sign_in("mia").ticket
    assert world.services.console.me(member) == Over()
    assert world.services.desk.queue(member) == Over()
    assert world.services.staff.list(member) == Over()
    world.services.console.sign_out(console)
    assert world.services.console.me(console) == Over()


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\x1b[2J", "%", "x" * 100_000, "'; --"])
def test_whatever_staff_type_finds_nothing_and_breaks_nothing(admin: Office, world: World, text: str) -> None:
    admin.here("mia", "lea")
    mia, lea, root = admin.sit_down("mia"), admin.sit_down("lea"), admin.sit_down("root-ada")
    services = world.services
    assert services.account_desk.find(mia, text) == ()
    page = services.desk.queue(mia, search=text)
    assert not isinstance(page, NotNow | Over)
    assert page.lines == ()
    assert services.audit_desk.names(mia, [text]) == {}
    assert isinstance(services.account_desk.card(mia, text), NotNow)
    assert isinstance(services.account_desk.lock(lea, text, "Odd."), NotNow)
    assert isinstance(services.staff.give_role(root, text, Role.AGENT), Invalid)
    assert isinstance(services.console.with_password(text, Secret("something long enough"), THERE), Wrong)
    assert services.stop.restore(text, Secret("something long enough"), "123456", THERE) == Wrong()
