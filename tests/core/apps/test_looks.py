"""When an app looks whether a session still lives: often where it must find out by itself, seldom where it is told."""

import asyncio
from datetime import timedelta

import pytest

from core.apps import looks
from core.apps.looks import Looks
from core.sessions import Session, SessionKind
from core.terminal.presence import Presence
from tests.repeatable import BEGINNING, WorldClock

HALF_AN_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five seconds take no time here, and five minutes never pass."""
    monkeypatch.setattr(looks, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(looks, "SOON", 0.01)
    monkeypatch.setattr(looks, "LOOK_SELDOM", 3600)


def a_session(*, idle: timedelta = HALF_AN_HOUR, life: timedelta = DAY) -> Session:
    times = {"opened_at": BEGINNING, "seen_at": BEGINNING, "expires_at": BEGINNING + life, "idle": idle}
    return Session("s", "ada", SessionKind.FULL, "local", None, evidence=frozenset({"password"}), **times)


async def test_without_a_clerk_it_looks_again_and_again_and_with_one_it_lets_the_database_rest():
    told = asyncio.Event()
    alone = Looks(Presence(), WorldClock(), has_clerk=False)
    beside_a_clerk = asyncio.create_task(Looks(Presence(), WorldClock(), has_clerk=True).due(a_session(), told))
    for _ in range(5):
        await alone.due(a_session(), asyncio.Event())
    assert not beside_a_clerk.done()
    told.set()
    await beside_a_clerk


@pytest.mark.parametrize("has_clerk", [True, False])
async def test_what_is_told_is_looked_at_at_once_and_only_once(has_clerk, monkeypatch):
    monkeypatch.setattr(looks, "LOOK_EVERY", 3600)
    told = asyncio.Event()
    told.set()
    await Looks(Presence(), WorldClock(), has_clerk=has_clerk).due(a_session(), told)
    assert not told.is_set()


async def test_a_key_has_the_session_looked_at_soon_so_that_it_does_not_idle_out():
    presence = Presence()
    due = asyncio.create_task(Looks(presence, WorldClock(), has_clerk=True).due(a_session(), asyncio.Event()))
    presence.stir()
    await due
    assert presence.take()


@pytest.mark.parametrize("session", [a_session(idle=timedelta(0)), a_session(life=timedelta(0))], ids=["idle", "limit"])
async def test_a_session_whose_own_time_is_up_is_looked_at_without_being_told(session):
    presence, told = Presence(), asyncio.Event()
    looks = asyncio.create_task(Looks(presence, WorldClock(), has_clerk=True).due(session, told))
    await asyncio.wait([looks], timeout=60)
    assert looks.done()
    assert not presence.take()


@pytest.mark.parametrize("stirred", [True, False])
async def test_after_a_look_that_failed_the_next_comes_soon_and_knows_whether_somebody_was_there(stirred):
    presence, told = Presence(), asyncio.Event()
    beside_a_clerk = Looks(presence, WorldClock(), has_clerk=True)
    await beside_a_clerk.put_off(told, stirred=stirred)
    await beside_a_clerk.due(a_session(), told)
    assert presence.take() is stirred
