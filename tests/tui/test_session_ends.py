"""However a session ends, every screen of it closes and the first one says why."""

import asyncio
from datetime import timedelta

import pytest

from core.apps import looks
from core.audit import Event
from tests.tui.owner import settings
from tests.tui.visitor import THERE, visiting
from tests.world import PASSWORD, World

NEW = "cerulean otters juggle quartz"


async def test_signing_out_ends_the_session(world):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await ada.press("o")
        await ada.finds("You are signed out.", "Your account, from any terminal.")
        assert world.sessions("ada") == []
        assert world.events("ada")[-1] == Event.SIGNED_OUT


@pytest.mark.parametrize("has_clerk", [True, False])
async def test_signing_out_leaves_nothing_behind_that_still_waits(world, has_clerk):
    world.person("ada")
    async with visiting(world, has_clerk=has_clerk) as ada:
        before = asyncio.all_tasks()
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await ada.press("o")
        await ada.finds("You are signed out.")
        assert asyncio.all_tasks() <= before


async def test_leaving_ends_the_session(world):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await ada.press("ctrl+q")
        assert ada.app.return_code == 0
    assert world.sessions("ada") == []


async def test_half_an_hour_without_a_key_signs_out_kindly(world, quick_looks):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await quick_looks(ada)
        world.clock.advance(minutes=30, seconds=1)
        await ada.finds("Nothing was typed for 30 min, so you were signed out. Sign in again to go on.")
        assert world.sessions("ada") == []


async def test_keys_keep_the_session_alive(world, quick_looks):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        for _ in range(4):
            world.clock.advance(minutes=20)
            await ada.press("down")
            await quick_looks(ada)
        ada.sees("Settings")
        assert len(world.sessions("ada")) == 1


async def test_a_session_ends_at_its_limit_whatever_happens(home, quick_looks):
    world = World(home, member_session=timedelta(hours=1))
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        for _ in range(3):
            world.clock.advance(minutes=20)
            await ada.press("down")
            await quick_looks(ada)
        await ada.finds("A session has an end, and yours was reached.")
    world.close()


async def test_a_session_ended_elsewhere_closes_here_with_every_screen_on_it(world, quick_looks):
    world.person("ada")
    async with visiting(world, peer=THERE) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await ada.press("question_mark")
        other = world.sign_in("ada")
        world.services.account_settings.end_other_sessions(other.ticket)
        await ada.finds("This session was ended from elsewhere.", "Your account, from any terminal.")
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")


@pytest.mark.parametrize("has_clerk", [True, False])
async def test_news_from_elsewhere_are_looked_at_at_once(world, has_clerk, monkeypatch):
    monkeypatch.setattr(looks, "LOOK_EVERY", 3600)
    world.person("ada")
    async with visiting(world, has_clerk=has_clerk) as ada:
        known: list[str | None] = []
        ada.app.known_to = known.append
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        [session] = world.sessions("ada")
        world.services.account_settings.end_other_sessions(world.sign_in("ada").ticket)
        ada.app.news("another session")
        ada.app.news(session.id)
        await ada.finds("This session was ended from elsewhere.")
        assert known == [session.id, None]


async def test_a_session_whose_end_nobody_told_of_closes_at_the_next_key(world, quick_looks):
    world.person("ada")
    async with visiting(world, has_clerk=True) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        world.services.account_settings.end_other_sessions(world.sign_in("ada").ticket)
        await ada.press("down")
        await ada.finds("This session was ended from elsewhere.")


async def test_news_come_for_the_session_that_a_new_password_has_opened_as_soon_as_it_is_there(world, monkeypatch):
    monkeypatch.setattr(looks, "LOOK_EVERY", 3600)
    world.person("ada")
    known: asyncio.Queue[str | None] = asyncio.Queue()
    async with visiting(world, has_clerk=True) as ada:
        ada.app.known_to = known.put_nowait
        await settings(ada, world)
        [before] = world.sessions("ada")
        assert await known.get() == before.id
        await ada.press("p")
        await ada.finds("Change password")
        await ada.fill(NEW, NEW, PASSWORD)
        await ada.press("enter")
        await ada.finds("Your password is changed.")
        [after] = world.sessions("ada")
        assert await known.get() == after.id != before.id


async def test_what_was_begun_before_sign_in_is_closed_after_ten_minutes_without_a_key(world, quick_looks):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", PASSWORD)
        await quick_looks(ada)
        world.clock.advance(minutes=10, seconds=1)
        await ada.finds("Nothing was typed for 10 min, so what was begun here was closed.")
        await ada.press("n")
        ada.sees_not("ada@example.org")


async def test_typing_keeps_what_was_begun_before_sign_in_open(world, quick_looks):
    async with visiting(world) as ada:
        await ada.press("n")
        for _ in range(3):
            world.clock.advance(minutes=9)
            await ada.type("a")
            await quick_looks(ada)
        ada.sees("aaa")


async def test_a_session_that_ends_in_the_middle_of_enable_leaves_everything_as_it_was(world, quick_looks):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        await ada.press("e")
        await ada.type(PASSWORD)
        await ada.press("enter")
        await ada.finds("step 2 of 4")
        world.services.account_settings.end_other_sessions(world.sign_in("ada").ticket)
        await ada.finds("This session was ended from elsewhere.", "Your account, from any terminal.")
        assert not world.account("ada").two_factor_on
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")


async def test_what_was_begun_before_sign_in_is_closed_after_half_an_hour_whatever_is_typed(world, quick_looks):
    async with visiting(world) as ada:
        await ada.press("n")
        for _ in range(3):
            await ada.type("a")
            await quick_looks(ada)
            ada.sees("Make an account")
            world.clock.advance(minutes=9, seconds=50)
        await ada.type("a")
        await quick_looks(ada)
        world.clock.advance(seconds=31)
        await ada.finds("Without a sign-in a screen stays open for 30 min, so it was closed. Begin anew.")
