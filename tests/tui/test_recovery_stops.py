"""An owner who still has something stops a recovery, before it is completed and after; and the way on without a code."""

import asyncio

import pytest

from core.accounts import Role
from core.apps import looks
from core.cases import State
from core.clerk import Clerk
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.sign_in import SignedIn
from core.use_cases.stop import Stopped
from tests.office import LOST, THERE, Office
from tests.terminal.still import settle
from tests.tui.claimant import WEIR
from tests.tui.owner import settings
from tests.tui.visitor import PATIENCE, visiting
from tests.world import World


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A support office; ada has 2FA on, and Settings looks many times a second whether a case stands."""
    monkeypatch.setattr(looks, "LOOK_EVERY", 0.05)
    office = Office(world, mia=Role.AGENT, jon=Role.AGENT)
    office.owner()
    return office


async def test_a_live_session_shows_the_case_and_its_key_ends_it(world, office):
    async with visiting(world) as ada:
        await settings(ada, world)
        ada.sees_not("It was not me")
        await ada.press("n")
        ada.sees("Settings")
        case = office.open(origin=THERE)
        await ada.finds(
            "! Somebody asks to recover this account, from 203.0.113.7.", case.reference, "n ! It was not me"
        )
        await ada.press("n")
        await ada.finds("Stop the recovery of this account?")
        await ada.press("enter")
        await ada.finds("Nothing has changed.", "n ! It was not me")
        await ada.press("n", "y")
        await ada.finds(f"The case {case.reference} is stopped.", "change it now")
        await ada.press("down")
        await settled_without_banner(ada)
    assert office.state(case) is State.STOPPED


async def settled_without_banner(visitor):
    for _ in range(int(PATIENCE / 0.05)):
        await settle(visitor.pilot)
        if "It was not me" not in visitor.words:
            return
        await asyncio.sleep(0.05)
    visitor.sees_not("It was not me")


async def test_beside_a_clerk_a_case_comes_and_goes_as_it_is_told(world, office, monkeypatch):
    monkeypatch.setattr(looks, "LOOK_EVERY", 3600)
    clerk = Clerk(lambda: world.services)
    async with visiting(world, has_clerk=True) as ada:
        await settings(ada, world)
        case = office.open(origin=THERE)
        tell(ada, clerk)
        await ada.finds("! Somebody asks to recover this account, from 203.0.113.7.", case.reference)
        world.services.recovery.withdraw(case.ticket)
        tell(ada, clerk)
        await settled_without_banner(ada)


def tell(visitor, clerk):
    """Have the clerk's news passed on, as a server does."""
    for session in clerk():
        visitor.app.news(session)


async def test_a_case_that_ended_meanwhile_takes_its_banner_away(world, office):
    case = office.open(origin=THERE)
    world.services.recovery.withdraw(case.ticket)
    second = office.open(origin=THERE)
    async with visiting(world) as ada:
        await settings(ada, world)  # signing in with a token ended it
        await settled_without_banner(ada)
    assert office.state(second) is State.STOPPED


async def test_the_stop_code_of_an_open_case_freezes_it(world, office):
    case = office.open(origin=THERE)
    async with visiting(world) as ada:
        await ada.press("x")
        ada.sees("a recovery that is under way is frozen instead")
        await ada.paste(world.stop_code_of("ada@example.org", "asks to recover"))
        await ada.press("enter")
        await ada.finds("It is stopped", f"The case {case.reference} is frozen", "Somebody knows your password")
        ada.sees_not("Restore")
        await ada.press("enter")
        await ada.finds("Your account, from any terminal.")
    assert office.state(case) is State.FROZEN


async def test_after_completion_the_stop_code_locks_and_the_old_device_comes_back(world, office):
    office.decided()
    office.after(days=3, minutes=1)
    assert not world.account("ada").two_factor_on
    async with visiting(world) as ada:
        await ada.press("x")
        await ada.paste(world.stop_code_of("ada@example.org", "was recovered"))
        await ada.press("enter")
        await ada.finds("It is stopped", "The account is locked", "r Restore your old device", "l Later")
        await ada.press("r")
        await ada.finds("Restore your old device", "any other one is thrown out")
        await ada.fill("ada", "not the password at all")
        await ada.press("tab")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("! The name or the password is not right")
        await ada.paste(world.people["ada"].password)
        await ada.press("enter")
        await ada.type("000000")
        await ada.press("enter")
        await ada.finds("! That is not the right token.")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Your old device is back", "two-factor authentication is on", "make a new backup code")
        await ada.press("enter")
        await settings(ada, world)
        ada.sees("two-factor on since", "Contested until")


async def test_the_old_device_can_be_restored_later_without_a_code(world, office):
    office.decided()
    office.after(days=3, minutes=1)
    stopped = world.services.stop.stop(world.stop_code_of("ada@example.org", "was recovered"), THERE)
    assert isinstance(stopped, Stopped)
    async with visiting(world) as ada:
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("choose Stop, then Restore")
        await ada.press("escape")
        await ada.press("x")
        await ada.press("tab", "r")
        await ada.finds("Restore your old device")
        await ada.fill("ada", world.people["ada"].password, world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Your old device is back")


async def test_there_is_nothing_to_restore_for_an_account_that_was_not_recovered(world, office):
    async with visiting(world) as ada:
        await ada.press("x")
        await ada.press("tab", "r")
        await ada.fill("ada", world.people["ada"].password, world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("There is nothing to restore")


async def test_in_probation_without_the_code_a_case_is_read_or_a_new_one_opened(world, office):
    done = office.decided()
    office.after(days=3, minutes=1)
    async with visiting(world) as ada:
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("Two-factor is off: set it up again", "r Recover your Account")
        await ada.press("r")
        await ada.finds("I have a return code")
        await ada.press("escape")
        await ada.finds("Two-factor is off: set it up again")
        await ada.press("r", "c")
        await ada.paste(done.return_code.reveal())
        await ada.press("enter")
        await ada.finds(f"Case {done.reference}: completed", "choose Enable, show the return code")
        await ada.press("l")
        await ada.finds("You left your case.")
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("r Recover your Account")
        await ada.press("r", "o")
        await ada.type(WEIR)
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.")
        await ada.press("s")
        await ada.finds("open, nothing is decided yet")


async def test_another_session_than_the_one_that_used_the_backup_code_may_need_a_case(world, office):
    person = world.people["ada"]
    used = world.services.sign_in.with_backup_code(office.door("ada"), Secret(person.backup_code), LOCAL)
    assert isinstance(used, SignedIn)
    async with visiting(world) as ada:
        await ada.signs_in("ada", person.password)
        await ada.finds("Have the backup code at hand", "r Recover your Account")
        await ada.press("r")
        await ada.finds("Open a case")
        world.services.sign_in.sign_out(used.ticket)


async def test_who_used_the_backup_code_sees_a_case_that_somebody_opens_then_and_ends_it(world, office):
    person = world.people["ada"]
    async with visiting(world) as ada:
        await ada.signs_in("ada", person.password)
        await ada.press("b")
        await ada.paste(person.backup_code)
        await ada.press("enter", "y")
        await ada.finds("Two-factor is off: set it up again")
        ada.sees_not("Recover your Account")
        thief = world.services.sign_in.with_password("ada", Secret(person.password), THERE)
        assert isinstance(thief, SignedIn)
        opened = world.services.recovery.open(thief.ticket, LOST, THERE)
        assert isinstance(opened, CaseOpened)
        await ada.finds("Somebody asks to recover this account, from 203.0.113.7.", "n ! It was not me")
        await ada.press("n", "y")
        await ada.finds("Two-factor is off: set it up again")
        ada.sees_not("It was not me")
    assert office.state(opened) is State.STOPPED
