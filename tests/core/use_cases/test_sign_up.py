"""Signing up: the site's rule, what is typed, and an address that somebody else has."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core.accounts import Account, Role
from core.audit import Event
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, Invalid, NotNow, Throttled, TokenWrong
from core.use_cases.sign_in import SignedIn
from tests.racing import race
from tests.world import PASSWORD, World

THERE = Origin("203.0.113.7")


def test_signing_up_makes_an_account_and_signs_in(world: World) -> None:
    signed_up = world.services.sign_up.register("ada", "ada@example.org", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_up, SignedIn)
    account = world.account("ada")
    assert (account.address, account.address_confirmed_at, account.two_factor_on) == ("ada@example.org", None, False)
    assert world.services.sign_in.session(signed_up.ticket) is not None
    assert world.events("ada") == [Event.ACCOUNT_CREATED]


@pytest.mark.parametrize(
    ("name", "address", "password", "field"),
    [
        ("", "ada@example.org", PASSWORD, "name"),
        ("1ada", "ada@example.org", PASSWORD, "name"),
        ("support", "ada@example.org", PASSWORD, "name"),
        ("ada" * 20, "ada@example.org", PASSWORD, "name"),
        ("a\x1b[2J", "ada@example.org", PASSWORD, "name"),
        ("ada", "", PASSWORD, "address"),
        ("ada", "nowhere", PASSWORD, "address"),
        ("ada", "a\r\nBcc: b@example.org", PASSWORD, "address"),
        ("ada", "a" * 300 + "@example.org", PASSWORD, "address"),
        ("ada", "ada@example.org", "", "password"),
        ("ada", "ada@example.org", "only14 letters", "password"),
        ("ada", "ada@example.org", "x" * 1025, "password"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_makes_nothing(
    world: World, name: str, address: str, password: str, field: str
) -> None:
    refusal = world.services.sign_up.register(name, address, Secret(password), LOCAL)
    assert isinstance(refusal, Invalid)
    assert refusal.field == field
    assert refusal.sentence.endswith(".")
    assert world.services.operator.accounts() == []


def test_a_taken_name_is_refused_and_stays_with_its_owner(world: World) -> None:
    world.person("ada")
    refusal = world.services.sign_up.register("ada", "other@example.org", Secret(PASSWORD), LOCAL)
    assert isinstance(refusal, Invalid)
    assert refusal.field == "name"
    assert world.account("ada").address == "ada@example.org"


def test_of_many_who_want_one_name_at_once_one_gets_it(world: World) -> None:
    register = world.services.sign_up.register
    answers = race(*(lambda n=n: register("ada", f"a{n}@example.org", Secret(PASSWORD), LOCAL) for n in range(16)))
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert all(isinstance(answer, SignedIn | Invalid) or answer.wait for answer in answers)


def test_a_confirmed_address_of_somebody_else_looks_the_same_and_its_owner_is_told(world: World) -> None:
    world.person("ada")
    world.clock.advance(minutes=2)
    signed_up = world.services.sign_up.register("eve", "ada@example.org", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_up, SignedIn)
    assert "Somebody wanted to use this address" in world.letter("ada@example.org")
    guess = world.services.account_settings.confirm_address(signed_up.ticket, "00000000")
    assert isinstance(guess, TokenWrong)
    assert world.account("eve").address_confirmed_at is None


def test_the_address_is_confirmed_by_the_code_from_the_mail_once(world: World) -> None:
    signed_up = world.services.sign_up.register("ada", "ada@example.org", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_up, SignedIn)
    settings, code = world.services.account_settings, world.mail_code("ada@example.org")
    assert isinstance(settings.confirm_address(signed_up.ticket, "12 34"), Invalid)
    assert settings.confirm_address(signed_up.ticket, f"{code[:4]} {code[4:]}") == Done()
    assert isinstance(settings.confirm_address(signed_up.ticket, code), NotNow)
    assert world.account("ada").address_confirmed_at == world.clock()


def test_a_code_from_the_mail_expires_and_a_new_one_can_be_sent_after_a_minute(world: World) -> None:
    signed_up = world.services.sign_up.register("ada", "ada@example.org", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_up, SignedIn)
    settings, code = world.services.account_settings, world.mail_code("ada@example.org")
    again = settings.send_address_code(signed_up.ticket)
    assert isinstance(again, Throttled)
    assert again.wait.total_seconds() <= 60
    world.clock.advance(minutes=11)
    assert isinstance(settings.confirm_address(signed_up.ticket, code), NotNow)
    assert settings.send_address_code(signed_up.ticket) == Done()
    assert settings.confirm_address(signed_up.ticket, world.mail_code("ada@example.org")) == Done()
    assert isinstance(settings.send_address_code(signed_up.ticket), NotNow)


def test_a_closed_site_makes_no_accounts(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, registration="closed")
    assert world.services.sign_up.closed
    assert isinstance(world.services.sign_up.register("ada", "a@example.org", Secret(PASSWORD), LOCAL), NotNow)
    world.close()


def test_an_invitation_is_needed_where_the_site_says_so_and_counts_once(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, registration="invite")
    register, invited = world.services.sign_up.register, world.services.operator.invite()
    assert not isinstance(invited, Invalid)
    assert isinstance(register("ada", "a@example.org", Secret(PASSWORD), LOCAL), Invalid)
    assert isinstance(register("ada", "a@example.org", Secret(PASSWORD), LOCAL, Secret("0" * 16)), Invalid)
    assert isinstance(register("ada", "a@example.org", Secret(PASSWORD), LOCAL, invited.code), SignedIn)
    refusal = register("bob", "b@example.org", Secret(PASSWORD), LOCAL, invited.code)
    assert isinstance(refusal, Invalid)
    assert refusal.field == "invitation"
    assert len(world.services.operator.accounts()) == 1
    world.close()


def test_an_invitation_runs_out(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, registration="invite")
    invited = world.services.operator.invite()
    assert not isinstance(invited, Invalid)
    world.clock.advance(days=15)
    refusal = world.services.sign_up.register("ada", "a@example.org", Secret(PASSWORD), LOCAL, invited.code)
    assert isinstance(refusal, Invalid)
    world.close()


def test_a_source_that_keeps_failing_to_sign_up_has_to_wait(world: World) -> None:
    world.person("ada")
    answers = [world.services.sign_up.register("ada", "x@example.org", Secret(PASSWORD), THERE) for _ in range(8)]
    assert isinstance(answers[0], Invalid)
    assert isinstance(answers[-1], Throttled)


def test_an_invitation_for_one_address_is_good_for_no_other_and_stays_open(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, registration="invite")
    register, invited = world.services.sign_up.register, world.services.operator.invite("ada@example.org")
    assert not isinstance(invited, Invalid)
    refusal = register("eve", "eve@example.org", Secret(PASSWORD), LOCAL, invited.code)
    assert isinstance(refusal, Invalid)
    assert refusal.field == "address"
    assert isinstance(register("ada", "Ada@example.org", Secret(PASSWORD), LOCAL, invited.code), SignedIn)
    world.close()


def test_an_invitation_that_names_a_role_gives_it_with_whoever_invited(world: World) -> None:
    parts = world.services.parts
    with parts.storage.unit():
        code = parts.invitations.make(by="f" * 32, until=world.clock() + timedelta(days=1), role=Role.AGENT)
    assert isinstance(world.services.sign_up.register("mia", "m@example.org", Secret(PASSWORD), LOCAL, code), SignedIn)
    grant = world.account("mia").grant(Role.AGENT)
    assert grant is not None
    assert (grant.by, grant.counts(world.clock())) == ("f" * 32, False)


def test_a_wrong_invitation_is_refused_where_none_is_needed(world: World) -> None:
    refusal = world.services.sign_up.register("ada", "a@example.org", Secret(PASSWORD), LOCAL, Secret("0" * 16))
    assert isinstance(refusal, Invalid)
    assert refusal.field == "invitation"


def test_an_operator_makes_no_account_with_an_address_that_another_one_confirmed(world: World) -> None:
    """Nothing of it stays: neither the name nor the role."""
    world.person("ada")
    add = partial(world.services.operator.add_account, "carl", password=Secret(PASSWORD), roles=frozenset({Role.AGENT}))
    refused = add(address="ada@example.org", confirmed=True)
    assert isinstance(refused, Invalid)
    assert refused.field == "address"
    assert "no account was made" in refused.sentence
    assert world.services.operator.show("carl") is None
    made = add(address="carl@example.org", confirmed=True)
    assert isinstance(made, Account)
    assert made.locked_at is None
