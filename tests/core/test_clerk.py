"""What a server's clerk tells: for which sessions to look, because they ended or a case of their account turned."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from core import clerk
from core.clerk import Clerk
from core.sessions import SessionKind
from core.use_cases.due import Piece
from tests.office import THERE, Office
from tests.world import World


@pytest.fixture
def world(home: Path):
    """Services on a folder of this test's own."""
    world = World(home)
    yield world
    world.close()


def the_clerk(world: World) -> Clerk:
    """A clerk that has been at work for longer than its first look reaches back."""
    at_work = Clerk(lambda: world.services)
    at_work()
    world.clock.advance(minutes=5)
    at_work()
    return at_work


def test_a_session_that_somebody_ended_is_told_once(world):
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    tell = the_clerk(world)
    assert tell() == []
    world.services.account_settings.end_other_sessions(other.ticket)
    assert tell() == [here.session.id]
    for _ in range(10):
        world.clock.advance(seconds=9)
        assert tell() == []


def test_a_session_that_idled_out_is_told(world):
    world.person("ada")
    here = world.sign_in("ada")
    tell = the_clerk(world)
    world.clock.advance(minutes=30)
    assert tell() == [here.session.id]


def test_a_case_is_told_to_every_session_of_its_account_when_it_is_opened_and_when_it_ends(world):
    office = Office(world)
    office.owner()
    world.person("bob")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    world.sign_in("bob")
    tell = the_clerk(world)
    case = office.open(origin=THERE)
    theirs = sorted([here.session.id, other.session.id])
    told = set(tell())
    assert set(theirs) < told
    assert told - set(theirs) == {
        session.id for session in world.sessions("ada") if session.kind is SessionKind.CLAIMANT
    }
    world.clock.advance(seconds=1)
    assert tell() == []
    world.services.recovery.withdraw(case.ticket)
    assert set(theirs) <= set(tell())
    world.clock.advance(seconds=1)
    assert tell() == []


def test_what_happened_while_the_clerk_was_held_up_is_told_afterwards(world):
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    tell = the_clerk(world)
    world.services.account_settings.end_other_sessions(other.ticket)
    world.clock.advance(minutes=10)
    assert tell() == [here.session.id]


def test_due_work_that_takes_its_time_holds_no_news_up(world, monkeypatch):
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    tell, answered = the_clerk(world), threading.Event()
    monkeypatch.setattr(clerk, "LONG", 0.01)
    world.services.due.also.append(Piece("slow mail", lambda: not answered.is_set(), lambda _: wait_for(answered)))
    try:
        assert tell() == []
        world.services.account_settings.end_other_sessions(other.ticket)
        assert tell() == [here.session.id]
    finally:
        answered.set()
        monkeypatch.setattr(clerk, "LONG", 60)
        tell()


def wait_for(event: threading.Event) -> None:
    assert event.wait(60)


def test_due_work_that_fails_is_said_by_the_clerk_and_tried_again(world):
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    tell = the_clerk(world)
    broken = Piece("broken", lambda: 1 // 0 > 0, lambda _: None)
    world.services.due.also.append(broken)
    world.services.account_settings.end_other_sessions(other.ticket)
    assert tell() == [here.session.id], "it keeps no news up"
    with pytest.raises(ZeroDivisionError):
        tell()
    world.services.due.also.remove(broken)
    assert tell() == []


def test_what_happened_while_there_was_no_clerk_is_told_by_the_next_one(world):
    world.person("ada")
    here, other = world.sign_in("ada"), world.sign_in("ada")
    world.services.account_settings.end_other_sessions(other.ticket)
    world.clock.advance(seconds=clerk.BEFORE / timedelta(seconds=1) - 1)
    assert here.session.id in Clerk(lambda: world.services)()
