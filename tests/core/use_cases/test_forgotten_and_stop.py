"""A forgotten password, and the stop codes of notices: nobody gains by either but the owner."""

import pytest

from core.accounts import Lock, Role
from core.audit import Event
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.use_cases.account_settings import Changed
from core.use_cases.outcomes import Done, Invalid, NotNow, Proof, Throttled, TokenWrong, Wrong
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from tests.office import Office
from tests.racing import race
from tests.world import PASSWORD, World

NEW = "eleven green bottles by the wall"
THERE = Origin("203.0.113.7")


def asked(world: World) -> str:
    """The mail code that ada asked for."""
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", "ADA@example.org", THERE) == Done()
    return world.mail_code("ada@example.org")


def test_a_mail_code_sets_a_new_password_and_ends_every_session(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    code = asked(world)
    assert world.services.forgotten.reset("ada", code, Secret(NEW), THERE) == Done()
    assert world.services.sign_in.session(ticket) is None
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), Wrong)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), SignedIn)
    account = world.account("ada")
    assert (account.password_by_mail, account.password_proved_at) == (True, None)
    assert world.stop_code("ada@example.org")


def test_two_factor_stays_on_and_is_still_asked(world: World) -> None:
    world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    assert world.services.forgotten.reset("ada", asked(world), Secret(NEW), THERE) == Done()
    assert world.services.sign_in.with_token(step.half, world.token_for("ada"), LOCAL).__class__.__name__ == "Over"
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), TokenNeeded)


@pytest.mark.parametrize(
    ("name", "address"), [("ada", "other@example.org"), ("nobody", "ada@example.org"), ("eve", "eve@example.org")]
)
def test_asking_with_a_wrong_pair_or_an_unconfirmed_address_looks_the_same_and_sends_nothing(
    world: World, name: str, address: str
) -> None:
    world.person("ada")
    world.person("eve", confirmed=False)
    before = len(world.mail())
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask(name, address, THERE) == Done()
    assert len(world.mail()) == before
    assert world.services.forgotten.reset(name, "12345678", Secret(NEW), THERE) == TokenWrong(None)


@pytest.mark.parametrize(
    ("name", "address", "field"), [("", "ada@example.org", "name"), ("ada", "", "address"), ("ada", "x", "address")]
)
def test_what_cannot_be_a_name_or_address_is_said(world: World, name: str, address: str, field: str) -> None:
    refusal = world.services.forgotten.ask(name, address, THERE)
    assert isinstance(refusal, Invalid)
    assert refusal.field == field


def test_a_mail_code_counts_once_and_five_wrong_ones_end_it(world: World) -> None:
    world.person("ada")
    code = asked(world)
    reset = world.services.forgotten.reset
    assert isinstance(reset("ada", "1234", Secret(NEW), LOCAL), Invalid)
    assert isinstance(reset("ada", code, Secret("short"), LOCAL), Invalid)
    answers = race(lambda: reset("ada", code, Secret(NEW), LOCAL), threads=4)
    assert answers.count(Done()) == 1
    code = asked(world)
    wrong = "00000000" if code != "00000000" else "11111111"
    for _ in range(5):
        assert reset("ada", wrong, Secret(NEW + "s"), LOCAL) == TokenWrong(None)
        world.clock.advance(seconds=20)
    assert not isinstance(reset("ada", code, Secret(NEW + "s"), LOCAL), Done)


def test_a_mail_code_expires_after_ten_minutes(world: World) -> None:
    world.person("ada")
    code = asked(world)
    world.clock.advance(minutes=10)
    assert world.services.forgotten.reset("ada", code, Secret(NEW), LOCAL) == TokenWrong(None)


def test_asking_over_and_over_has_to_wait_and_sends_few_mails(world: World) -> None:
    world.person("ada")
    before = len(world.mail())
    answers = [world.services.forgotten.ask("ada", "ada@example.org", THERE) for _ in range(8)]
    assert isinstance(answers[-1], Throttled)
    assert len(world.mail()) <= before + 1


def test_a_stop_code_locks_the_account_ends_its_sessions_and_counts_once(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    changed = world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    code = world.stop_code("ada@example.org")
    answers = race(lambda: world.services.stop.stop(code, LOCAL))
    assert sum(isinstance(answer, Stopped) for answer in answers) == 1
    assert world.services.sign_in.session(changed.ticket) is None
    assert world.account("ada").locked_at == world.clock()
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), NotNow)
    assert Event.ACCOUNT_STOPPED in world.events("ada")


def test_what_a_lead_locked_a_stop_code_leaves_as_the_lead_locked_it(world: World) -> None:
    office = Office(world, lea=Role.LEAD)
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    changed = world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    account = world.account("ada").id
    assert world.services.account_desk.lock(office.sit_down("lea"), account, "She rang.") == Done()
    locked = world.account("ada")
    world.clock.advance(minutes=1)
    assert isinstance(world.services.stop.stop(world.stop_code_of("ada@example.org", "password was"), LOCAL), Stopped)
    after = world.account("ada")
    assert (after.locked_at, after.lock_reason) == (locked.locked_at, Lock.BY_STAFF)
    assert "change was not theirs" in " ".join(world.letter("lea@example.org").split())


def test_the_stop_code_of_an_address_change_puts_the_old_address_back(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    settings = world.services.account_settings
    assert settings.change_address(ticket, Proof(Secret(PASSWORD)), "thief@example.org") == Done()
    assert settings.confirm_address(ticket, world.mail_code("thief@example.org")) == Done()
    stopped = world.services.stop.stop(world.stop_code("ada@example.org"), THERE)
    assert isinstance(stopped, Stopped)
    account = world.account("ada")
    assert account.address == "ada@example.org"
    assert account.address_confirmed_at is not None
    assert account.locked_at is not None
    assert "thief@example.org" not in world.services.parts.accounts.addresses(account)


@pytest.mark.parametrize("first", ["password", "address"])
def test_whichever_code_stops_a_thief_the_old_address_comes_back(world: World, first: str) -> None:
    """Mail of the locked account must not go on to whoever took it over."""
    world.person("ada")
    settings, ticket = world.services.account_settings, world.sign_in("ada").ticket

    def change_address(password: str) -> None:
        assert settings.change_address(ticket, Proof(Secret(password)), "thief@example.org") == Done()
        assert settings.confirm_address(ticket, world.mail_code("thief@example.org")) == Done()

    if first == "address":
        change_address(PASSWORD)
    changed = settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    ticket, code = changed.ticket, world.stop_code_of("ada@example.org", "password")
    if first == "password":
        change_address(NEW)
    stopped = world.services.stop.stop(code, THERE)
    assert isinstance(stopped, Stopped)
    account = world.account("ada")
    assert (account.address, account.locked_at) == ("ada@example.org", world.clock())
    assert world.services.parts.accounts.addresses(account) == ("ada@example.org",)
    assert Event.ADDRESS_RESTORED in world.events("ada")


def test_an_address_replaced_more_than_seven_days_ago_stays_replaced(world: World) -> None:
    world.person("ada")
    settings, ticket = world.services.account_settings, world.sign_in("ada").ticket
    assert settings.change_address(ticket, Proof(Secret(PASSWORD)), "new@example.org") == Done()
    assert settings.confirm_address(ticket, world.mail_code("new@example.org")) == Done()
    world.clock.advance(days=7)
    ticket = world.sign_in("ada").ticket
    assert isinstance(settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW)), Changed)
    assert isinstance(world.services.stop.stop(world.stop_code("new@example.org"), THERE), Stopped)
    assert world.account("ada").address == "new@example.org"


def test_the_code_of_disable_stops_too(world: World) -> None:
    person = world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    assert world.services.two_factor.disable(ticket, Proof(Secret(PASSWORD), world.token_for("ada"))) == Done()
    assert isinstance(world.services.stop.stop(world.stop_code(person.address), THERE), Stopped)
    assert world.account("ada").locked_at == world.clock()
    assert world.services.sign_in.session(ticket) is None


def test_leads_are_told_when_an_owner_stops_something(world: World) -> None:
    made = world.services.operator.add_account(
        "mia", "mia@example.org", Secret(PASSWORD), confirmed=True, roles=frozenset({Role.LEAD})
    )
    assert not isinstance(made, Invalid)
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    changed = world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    assert "stopped" in world.letter("mia@example.org") or "not theirs" in world.letter("mia@example.org")


def test_a_stop_code_is_good_for_seven_days(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    code = world.stop_code("ada@example.org")
    world.clock.advance(days=7)
    assert world.services.stop.stop(code, LOCAL) == Wrong()


@pytest.mark.parametrize("typed", ["", "1234", "U" * 12, "\x1b[2J", "0" * 5000])
def test_what_is_no_stop_code_is_said(world: World, typed: str) -> None:
    assert isinstance(world.services.stop.stop(typed, LOCAL), Invalid)


def test_guessing_stop_codes_only_ever_waits(world: World) -> None:
    answers = [world.services.stop.stop("0" * 12, THERE) for _ in range(8)]
    assert answers[0] == Wrong()
    assert isinstance(answers[-1], Throttled)
