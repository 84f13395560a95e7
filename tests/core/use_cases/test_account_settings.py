"""Settings: what an owner changes, what is asked for it, and what everybody else's session may not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.audit import Event
from core.origin import LOCAL, Origin, ProvedKey, fingerprint_of
from core.secret import Secret
from core.use_cases.account_settings import Changed, Overview
from core.use_cases.outcomes import (
    Done,
    Invalid,
    NotNow,
    Over,
    Proof,
    Throttled,
    TokenUsed,
    TokenWrong,
    WayNeeded,
    Wrong,
)
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.ways_back import Way
from tests.racing import race
from tests.world import PASSWORD, World

NEW = "eleven green bottles by the wall"
THERE = Origin("203.0.113.7")
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2v8m0c6p0yH1m3l5n7q9s1u3w5y7A9C1E3G5I7K9M1"
FINGERPRINT = fingerprint_of(PUBLIC) or ""
WITH_KEY = Origin("203.0.113.7", ProvedKey(FINGERPRINT, PUBLIC))


def proof(world: World, name: str = "ada") -> Proof:
    """Password, and the next token when there is a device."""
    person = world.people[name]
    if not person.key:
        return Proof(Secret(person.password))
    world.clock.advance(seconds=30)
    return Proof(Secret(person.password), world.token_for(name))


def test_the_overview_tells_what_is_on_and_which_ways_lead_back(world: World) -> None:
    world.person("ada", two_factor=True)
    overview = world.services.account_settings.overview(world.sign_in("ada").ticket)
    assert isinstance(overview, Overview)
    assert overview.device is not None
    ways = {way.kind: way for way in overview.ways}
    assert ways[Way.BACKUP_CODE].ready
    assert not ways[Way.SSH_KEY].ready
    confirmed_at = world.account("ada").address_confirmed_at
    assert confirmed_at is not None
    assert ways[Way.MAIL].counts_from == confirmed_at + timedelta(days=30)


@pytest.mark.parametrize(
    ("settings", "ways"),
    [
        ({"recovery": {"mail": {"enabled": False}}}, {Way.MAIL: (False, "not at this site")}),
        ({"recovery": {"mail": {"age_days": 90}}}, {Way.MAIL: (True, "counts later")}),
        ({"recovery": {"person": {"enabled": True}}}, {Way.PERSON: (True, "ready, where staff can see you")}),
        ({"demo": False}, {Way.MAIL: (False, "not yet: no mail leaves this machine")}),
        ({}, {Way.MAIL: (True, "ready, a person checks it")}),
    ],
)
def test_the_ways_back_are_those_of_this_site(home: Path, settings: dict[str, Any], ways: dict[Way, Any]) -> None:
    """What is promised here is what a case would be judged by."""
    world = World(home, **settings)
    world.person("ada", two_factor=True)
    world.clock.advance(days=31)
    overview = world.services.account_settings.overview(world.sign_in("ada").ticket)
    assert isinstance(overview, Overview)
    told = {way.kind: (way.ready, way.sentence) for way in overview.ways}
    assert told | ways == told
    assert (Way.PERSON in told) == (Way.PERSON in ways)
    world.close()


def test_changing_the_password_ends_other_sessions_and_tells_with_a_stop_code(world: World) -> None:
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada", THERE)
    begun = None
    changed = world.services.account_settings.change_password(here.ticket, proof(world), Secret(NEW))
    assert isinstance(changed, Changed)
    assert world.services.sign_in.session(other.ticket) is None
    assert world.services.sign_in.session(here.ticket) is None
    assert world.services.sign_in.session(changed.ticket) is not None
    assert begun is None
    assert world.stop_code("ada@example.org")
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), Wrong)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), SignedIn)


def test_changing_the_password_asks_for_the_old_one_and_a_token(world: World) -> None:
    world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    change = world.services.account_settings.change_password
    assert isinstance(change(ticket, Proof(Secret("")), Secret(NEW)), Invalid)
    world.clock.advance(seconds=30)
    token = world.token_for("ada")
    assert isinstance(change(ticket, Proof(Secret("not this one, really"), token), Secret(NEW)), Wrong)
    assert isinstance(change(ticket, Proof(Secret(PASSWORD)), Secret(NEW)), Invalid)
    assert isinstance(change(ticket, Proof(Secret(PASSWORD), "000000"), Secret(NEW)), TokenWrong)
    assert isinstance(change(ticket, Proof(Secret(PASSWORD), token), Secret(NEW)), Changed)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), TokenNeeded)


def test_a_replayed_token_proves_nothing(world: World) -> None:
    world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    answer = world.services.account_settings.change_password(
        ticket, Proof(Secret(PASSWORD), world.token_for("ada")), Secret(NEW)
    )
    assert isinstance(answer, TokenUsed)


@pytest.mark.parametrize("new", ["short", PASSWORD, "password" * 3, "ada@example.org", "x" * 1025])
def test_a_new_password_that_will_not_do_is_said_and_costs_no_try(world: World, new: str) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    for _ in range(7):
        refusal = world.services.account_settings.change_password(ticket, proof(world), Secret(new))
        assert isinstance(refusal, Invalid)
        assert refusal.field == "new"


def test_a_thief_in_a_session_is_throttled_while_guessing_the_password(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    wrong = Proof(Secret("not this one, really"))
    answers = [world.services.account_settings.change_password(ticket, wrong, Secret(NEW)) for _ in range(6)]
    assert answers[:5] == [Wrong()] * 5
    assert isinstance(answers[5], Throttled)


def test_a_session_that_ended_changes_nothing(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    world.services.sign_in.sign_out(ticket)
    settings = world.services.account_settings
    answers = [
        settings.overview(ticket),
        settings.change_password(ticket, proof(world), Secret(NEW)),
        settings.change_address(ticket, proof(world), "new@example.org"),
        settings.send_address_code(ticket),
        settings.address_code(ticket),
        settings.confirm_address(ticket, "00000000"),
        settings.sessions(ticket),
        settings.end_session(ticket, "x"),
        settings.end_other_sessions(ticket),
        settings.keys(ticket),
        settings.add_key(ticket, proof(world), WITH_KEY),
        settings.remove_key(ticket, proof(world), 1),
        settings.activity(ticket),
        settings.set_theme(ticket, "dark"),
    ]
    assert answers == [Over()] * len(answers)


def test_of_two_password_changes_at_once_one_counts(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    change = world.services.account_settings.change_password
    works = [lambda n=n: change(ticket, Proof(Secret(PASSWORD)), Secret(f"{NEW} {n}")) for n in range(4)]
    answers = race(*works, threads=4)
    assert sum(isinstance(answer, Changed) for answer in answers) == 1
    assert len(world.sessions("ada")) == 1


def test_a_changed_address_is_unconfirmed_and_the_old_one_still_gets_notices(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    settings = world.services.account_settings
    assert settings.change_address(ticket, proof(world), "lovelace@example.org") == Done()
    account = world.account("ada")
    assert (account.address, account.address_confirmed_at) == ("lovelace@example.org", None)
    assert (account.former_address, account.former_until) == (
        "ada@example.org",
        world.clock() + timedelta(days=30),
    )
    assert world.stop_code("ada@example.org")
    assert settings.confirm_address(ticket, world.mail_code("lovelace@example.org")) == Done()
    world.clock.advance(seconds=1)  # letters of one moment go out in any order
    assert isinstance(settings.change_password(ticket, proof(world), Secret(NEW)), Changed)
    assert "password was changed" in world.letter("ada@example.org")
    assert "password was changed" in world.letter("lovelace@example.org")


def test_two_changes_in_a_row_cannot_take_the_first_address_out_of_the_notices(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    settings = world.services.account_settings
    assert settings.change_address(ticket, proof(world), "one@example.org") == Done()
    assert settings.confirm_address(ticket, world.mail_code("one@example.org")) == Done()
    assert isinstance(settings.change_address(ticket, proof(world), "two@example.org"), NotNow)
    world.clock.advance(days=31)
    ticket = world.sign_in("ada").ticket
    assert settings.change_address(ticket, proof(world), "two@example.org") == Done()


def test_a_mistyped_address_can_be_mended_at_once(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    settings = world.services.account_settings
    assert settings.change_address(ticket, proof(world), "lovelaec@example.org") == Done()
    assert settings.change_address(ticket, proof(world), "lovelace@example.org") == Done()
    assert world.account("ada").former_address == "ada@example.org"


@pytest.mark.parametrize("address", ["", "ada", "ADA@example.org", "x" * 300, "a@b.org\r\nBcc: c@d.org"])
def test_an_address_that_will_not_do_is_said(world: World, address: str) -> None:
    world.person("ada")
    refusal = world.services.account_settings.change_address(world.sign_in("ada").ticket, proof(world), address)
    assert isinstance(refusal, Invalid)
    assert refusal.field == "address"
    assert world.account("ada").address == "ada@example.org"


def test_the_first_to_confirm_an_address_has_it(world: World) -> None:
    world.person("ada", confirmed=False)
    world.person("eve", confirmed=False)
    settings = world.services.account_settings
    ada, eve = world.sign_in("ada").ticket, world.sign_in("eve").ticket
    world.clock.advance(minutes=2)
    assert settings.change_address(ada, Proof(Secret(PASSWORD)), "both@example.org") == Done()
    ada_code = world.mail_code("both@example.org")
    world.clock.advance(minutes=2)
    assert settings.change_address(eve, Proof(Secret(PASSWORD)), "both@example.org") == Done()
    eve_code = world.mail_code("both@example.org")
    assert settings.confirm_address(ada, ada_code) == Done()
    assert isinstance(settings.confirm_address(eve, eve_code), NotNow)


def test_sessions_are_listed_this_one_first_and_ended_one_by_one_or_all(world: World) -> None:
    world.person("ada")
    tickets = [world.sign_in("ada", THERE).ticket for _ in range(3)]
    here = world.sign_in("ada")
    settings = world.services.account_settings
    listed = settings.sessions(here.ticket)
    assert isinstance(listed, list)
    assert [listed[0].id, len(listed)] == [here.session.id, 4]
    assert settings.end_session(here.ticket, listed[1].id) == Done()
    assert len(world.sessions("ada")) == 3
    assert settings.end_other_sessions(here.ticket) == Done()
    assert [session.id for session in world.sessions("ada")] == [here.session.id]
    assert all(world.services.sign_in.session(ticket) is None for ticket in tickets)


def test_nobody_ends_a_session_of_somebody_else(world: World) -> None:
    world.person("ada")
    world.person("eve")
    ada, eve = world.sign_in("ada"), world.sign_in("eve")
    assert world.services.account_settings.end_session(eve.ticket, ada.session.id) == Done()
    assert world.services.sign_in.session(ada.ticket) is not None


def test_the_key_that_the_connection_proved_is_added_and_prefills_the_name(world: World) -> None:
    world.person("ada", two_factor=True)
    signed_in = world.sign_in("ada", WITH_KEY)
    settings = world.services.account_settings
    assert settings.add_key(signed_in.ticket, proof(world), WITH_KEY) == Done()
    keys = settings.keys(signed_in.ticket)
    assert isinstance(keys, list)
    assert [(key.fingerprint, key.with_two_factor) for key in keys] == [(FINGERPRINT, True)]
    assert world.services.sign_in.hint(WITH_KEY) == "ada"
    assert "SSH key" in world.letter("ada@example.org")
    assert settings.remove_key(signed_in.ticket, proof(world), keys[0].id) == Done()
    assert settings.keys(signed_in.ticket) == []
    assert world.services.sign_in.hint(WITH_KEY) is None
    assert isinstance(settings.remove_key(signed_in.ticket, proof(world), keys[0].id), NotNow)


def test_a_key_belongs_to_one_account_and_only_a_proved_one_is_added(world: World) -> None:
    world.person("ada")
    world.person("eve")
    ada, eve, local = world.sign_in("ada", WITH_KEY), world.sign_in("eve", WITH_KEY), world.sign_in("eve")
    settings = world.services.account_settings
    assert isinstance(settings.add_key(local.ticket, proof(world, "eve"), LOCAL), NotNow)
    assert isinstance(settings.add_key(local.ticket, proof(world, "eve"), WITH_KEY), NotNow)
    assert settings.add_key(ada.ticket, proof(world), WITH_KEY) == Done()
    assert isinstance(settings.add_key(eve.ticket, proof(world, "eve"), WITH_KEY), NotNow)


def test_the_activity_is_paged_newest_first_and_one_s_own(world: World) -> None:
    world.person("ada")
    world.person("eve")
    for _ in range(60):
        world.sign_in("ada")
    ticket = world.sign_in("ada").ticket
    first = world.services.account_settings.activity(ticket)
    assert isinstance(first, list)
    second = world.services.account_settings.activity(ticket, first[-1])
    assert isinstance(second, list)
    entries = first + second
    assert len({entry.id for entry in entries}) == len(entries) > 60
    assert entries == sorted(entries, key=lambda entry: entry.id, reverse=True)
    assert {entry.account for entry in entries} == {world.account("ada").id}


def test_in_probation_another_session_has_to_show_what_opened_the_way(world: World) -> None:
    person = world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    opener = world.services.sign_in.with_backup_code(step.half, Secret(person.backup_code), LOCAL)
    assert isinstance(opener, SignedIn)
    thief = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(thief, SignedIn)
    settings = world.services.account_settings
    password = Secret(PASSWORD)
    assert settings.change_password(thief.ticket, Proof(password), Secret(NEW)) == WayNeeded("backup_code")
    guess = Proof(password, way=Secret("0" * 20))
    assert settings.change_password(thief.ticket, guess, Secret(NEW)) == Wrong()
    assert isinstance(settings.change_address(thief.ticket, Proof(password), "eve@example.org"), NotNow)
    assert isinstance(settings.change_address(opener.ticket, Proof(password), "new@example.org"), NotNow)
    assert isinstance(settings.add_key(thief.ticket, Proof(password), WITH_KEY), NotNow)
    right = Proof(password, way=Secret(person.backup_code))
    assert isinstance(settings.change_password(thief.ticket, right, Secret(NEW)), Changed)


def test_the_opener_keeps_the_way_when_it_changes_the_password(world: World) -> None:
    person = world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    opener = world.services.sign_in.with_backup_code(step.half, Secret(person.backup_code), LOCAL)
    assert isinstance(opener, SignedIn)
    changed = world.services.account_settings.change_password(opener.ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    probation = world.account("ada").probation
    assert probation is not None
    assert probation.session == changed.session.id


def test_the_theme_is_remembered(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    assert world.services.account_settings.set_theme(ticket, "light") == Done()
    assert world.account("ada").theme == "light"
    assert Event.SIGNED_IN in world.events("ada")


def test_a_change_of_address_that_is_refused_anyway_says_until_when_and_spends_no_token(world: World) -> None:
    world.person("ada")
    settings, ticket = world.services.account_settings, world.sign_in("ada").ticket
    assert settings.change_address(ticket, Proof(Secret(PASSWORD)), "new@example.org") == Done()
    assert settings.confirm_address(ticket, world.mail_code("new@example.org")) == Done()
    ticket = world.enable("ada", ticket)
    until = f"{world.clock() + timedelta(days=30):%d %b %Y}"
    refused = settings.change_address(ticket, Proof(Secret(PASSWORD), world.token_for("ada")), "third@example.org")
    assert isinstance(refused, NotNow)
    assert until in refused.sentence
    assert isinstance(
        settings.change_password(ticket, Proof(Secret(PASSWORD), world.token_for("ada")), Secret(NEW)), Changed
    )
