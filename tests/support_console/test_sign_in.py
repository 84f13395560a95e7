"""Who is let into the console, who is told why not, and what ends a session there."""

import asyncio
import threading

from textual._xterm_parser import XTermParser

from core.accounts import Account, Role
from core.apps.app import HELD
from core.audit import Event
from core.errors import DatabaseGone
from core.services import Services
from core.sessions import Session, SessionKind
from core.use_cases.outcomes import Done
from support_console.app import ConsoleApp
from tests.office import Office
from tests.support_console.agent import Agent, working
from tests.terminal.still import see
from tests.tui.visitor import HERE
from tests.world import PASSWORD, World


def consoles(world: World, name: str) -> list[Session]:
    """The console sessions of somebody that are live."""
    return [session for session in world.sessions(name) if session.kind is SessionKind.CONSOLE]


async def noticed(world: World, name: str) -> None:
    """Wait until the console has noticed the key that was pressed last."""
    async with asyncio.timeout(60):
        while (seen := [session.seen_at for session in consoles(world, name)]) and max(seen) < world.clock():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_staff_come_in_with_password_and_token_and_leave(world: World, office: Office):
    async with working(world) as mia:
        mia.sees("Acme support", "Sign in to recover accounts.")
        mia.app.waits(HELD)  # as it does while another program holds the database
        await mia.finds(f"! {HELD}")
        mia.app.waits("")
        await mia.finds("Sign in to recover accounts.")
        mia.sees_not(HELD)
        before = asyncio.all_tasks()
        await mia.sits_down(world, "mia")
        await mia.finds("Recovery cases", "mia, agent", "No case waits here.")
        await mia.press("o")
        await mia.finds("You are signed out.", "Acme support")
        assert asyncio.all_tasks() <= before  # nothing is left behind that still waits


async def test_a_wrong_password_and_a_wrong_token_are_said(world: World, office: Office):
    async with working(world) as mia:
        await mia.fill("mia", "not the password at all")
        await mia.press("enter")
        await mia.finds("The name or the password is not right.")
        await mia.type(PASSWORD)
        await mia.press("enter")
        await mia.finds("step 2 of 2")
        for left in ("2 tries left", "1 try left"):
            await mia.type("000000")
            await mia.press("enter")
            await mia.finds("That is not the right code.", left)
        await mia.type("000000")
        await mia.press("enter")
        await mia.finds("Three wrong tokens end a sign-in.", "Acme support")
    wrong = [Event.SIGN_IN_PASSWORD_WRONG, *[Event.SIGN_IN_TOKEN_WRONG] * 3]
    assert [event for event in world.events("mia") if event in wrong] == wrong


async def test_members_and_staff_without_two_factor_are_told_why_not(world: World, office: Office):
    world.person("ada", two_factor=True)
    world.person("eve")
    assert isinstance(world.services.operator.give_role("eve", Role.AGENT), Account)
    async with working(world) as visitor:
        await visitor.sits_down(world, "ada")
        await visitor.finds("This account has no staff role.")
        visitor.app.screen.query_one("#name").clear()
        await visitor.press("shift+tab")
        await visitor.fill("eve", PASSWORD)
        await visitor.press("enter")
        await visitor.finds("The console needs two-factor authentication: enable it in the account app first.")
    assert not consoles(world, "ada")
    assert not consoles(world, "eve")


async def test_whoever_is_faster_than_the_console_opens_goes_on_by_themselves(world: World, office: Office):
    opened = threading.Event()

    def opens_slowly() -> Services:
        assert opened.wait(60)
        return world.services

    app = ConsoleApp(world.settings, opens_slowly, clock=world.clock)
    app.suit(HERE)
    app.arrived(HERE)
    async with app.run_test() as pilot:
        mia = Agent(app, pilot)
        driver = app._driver
        assert driver is not None
        for event in XTermParser().feed(f"mia\t{world.people['mia'].password}\r"):
            driver.process_message(event)
        await see(pilot, "opening")
        opened.set()
        await mia.finds("Sign in as mia", "step 2 of 2")


async def test_a_quarter_of_an_hour_without_a_key_locks_although_the_queue_refreshes(
    world: World, office: Office, quick: None
):
    async with working(world, "mia") as mia:
        world.clock.advance(minutes=1)
        await mia.press("down")
        await noticed(world, "mia")
        for _ in range(5):
            world.clock.advance(minutes=3, seconds=1)
            await mia.pilot.pause(0.3)
        await mia.finds("Nothing was typed for 15 min, so the console locked.")
    assert not consoles(world, "mia")


async def test_keys_keep_it_open_until_the_twelve_hours_are_over(world: World, office: Office, quick: None):
    async with working(world, "mia") as mia:
        for _ in range(52):
            world.clock.advance(minutes=14)
            await mia.press("down")
            await noticed(world, "mia")
            if not world.sessions("mia"):
                break
        await mia.finds("A console session has an end, and yours was reached.")
    assert not consoles(world, "mia")


async def test_a_revoked_agent_is_out_at_the_next_action(world: World, office: Office):
    office.owner("ada")
    office.open("ada")
    max_ = office.hire("max", Role.ADMIN)
    async with working(world, "mia") as mia:
        await mia.finds("ada")
        assert world.services.staff.disable(max_, "mia") == Done()
        await mia.press("enter")
        await mia.finds("Your console session was ended")
    assert not consoles(world, "mia")


async def test_a_database_that_goes_away_is_a_calm_line_and_comes_back(
    world: World, office: Office, quick: None, monkeypatch
):
    office.owner("ada")
    opened = office.open("ada")
    async with working(world, "mia") as mia:
        await mia.finds("ada")
        with monkeypatch.context() as away:

            def gone():
                raise DatabaseGone("the server went away")

            away.setattr(type(world.services.parts.storage), "unit", lambda self: gone())
            await mia.finds("! The database does not answer", "ada")
            await mia.press("enter")
            await mia.finds("The database does not answer")
            await mia.press("escape")
        await mia.finds("Recovery cases", "ada")
        await mia.loses("does not answer")
        await mia.press("enter")
        await mia.finds(opened.reference, "No route is met yet")
