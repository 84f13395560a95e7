"""The device is lost, and so is the backup code: into a recovery case, a new one or one that stands."""

from datetime import timedelta

import pytest

from core.accounts import Role
from core.cases import State
from core.sessions import SessionKind
from core.use_cases.recovery_doors import CaseOpened
from tests.office import LOST, THERE, Office
from tests.tui.claimant import WEIR, comes_back, opens, return_code, to_door
from tests.tui.visitor import visiting
from tests.world import World

ONE_PERSON = "! One person alone can verify and approve here (people = 1)."


@pytest.fixture
def office(world: World) -> Office:
    """A support office that nobody sits in yet; ada has 2FA on, and her address counts."""
    office = Office(world, mia=Role.AGENT, jon=Role.AGENT)
    office.owner()
    return office


async def test_a_case_is_opened_and_its_return_code_leads_back(world, office):
    async with visiting(world) as ada:
        await to_door(ada, world)
        ada.sees("1 Say what happened.", "has 24 hours to 3 days to stop it.", "4 Two people check it.")
        await ada.press("o")
        await ada.finds("What happened to the device?", "unverified, never used for notices")
        await ada.type(f"{WEIR}\tring the bell\tI made the account in January.")
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.", "Your case LW-", "Support decides in 5 d")
        code = return_code(ada)
        await ada.press("c")
        await ada.finds("It is on your clipboard")
        await ada.press("escape")
        await ada.finds("The return code is shown only now. Save it, then press s.")
        await ada.press("s")
        await ada.finds("Case LW-", "open, nothing is decided yet", "you opened the case", WEIR)
        assert return_code(ada) == ""
        await ada.press("escape")
        await ada.finds("l leaves the case")
        await ada.press("l")
        await ada.finds("You left your case.")
        await to_door(ada, world)
        ada.sees("A recovery case stands already", "from this machine", "Was it you who opened it?")
        await ada.press("c")
        await ada.paste(code.lower())
        await ada.press("enter")
        await ada.finds("Case LW-", "you came back with the return code")
        [claimant] = world.sessions("ada")
        assert claimant.kind is SessionKind.CLAIMANT


async def test_where_one_person_decides_the_owner_is_warned_on_every_page(home):
    world = World(home, recovery={"mail": {"people": 1}})
    Office(world).owner()
    async with visiting(world) as ada:
        await to_door(ada, world)
        ada.sees("4 Support checks it.", ONE_PERSON, "o Open a case")
        await ada.press("o")
        await ada.type(WEIR)
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.", ONE_PERSON, "s I have saved it", "c Copy it")
        await ada.press("s")
        await ada.finds("Case LW-", ONE_PERSON)
    world.close()


async def test_what_was_written_is_kept_through_esc_and_through_the_end_of_the_sign_in(world, office):
    async with visiting(world) as ada:
        await to_door(ada, world)
        await ada.press("o")
        await ada.press("ctrl+s")
        await ada.finds("! Say in a few words what happened to the device.")
        await ada.type(f"{WEIR}\tring the bell")
        await ada.press("escape")
        await ada.finds("Go on with what you wrote")
        await ada.press("escape")
        await ada.finds("Enter the six digits")
        await ada.press("r")
        await ada.press("o")
        await ada.finds(WEIR, "ring the bell")
        await ada.type(" And sank.")
        world.clock.advance(minutes=6)
        await ada.press("ctrl+s")
        await ada.finds("this one has ended. What you wrote is kept: type your password to go on.")
        await ada.type(world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("Open a recovery case", f"{WEIR} And sank.", "ring the bell")
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.")


async def test_a_draft_belongs_to_one_account(world, office):
    world.person("eve", two_factor=True)
    async with visiting(world) as visitor:
        await to_door(visitor, world)
        await visitor.press("o")
        await visitor.type(WEIR)
        await visitor.press("escape", "escape", "escape")
        await visitor.finds("Which account is yours?")
        await visitor.press("shift+tab", "ctrl+u")
        await visitor.fill("eve", world.people["eve"].password)
        await visitor.press("enter")
        await visitor.finds("Sign in as eve")
        await visitor.press("r")
        await visitor.finds("Open a case")
        await visitor.press("o")
        await visitor.finds("What happened to the device?")
        visitor.sees_not(WEIR)


async def test_with_the_code_lost_a_new_case_begins(world, office):
    old = office.open()
    async with visiting(world) as ada:
        await to_door(ada, world)
        await ada.press("l")
        await ada.finds("Begin a new case?", "no evidence, and its wait anew")
        await ada.press("n")
        await ada.finds("Was it you who opened it?")
        await ada.press("l", "y")
        await ada.finds("What happened to the device?")
        await ada.type(WEIR)
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.")
    assert office.state(old) is State.WITHDRAWN


async def test_it_was_not_me_stops_the_case_and_the_account_is_contested(world, office):
    case = office.open(origin=THERE)
    async with visiting(world) as ada:
        await to_door(ada, world)
        ada.sees("from 203.0.113.7.")
        await ada.press("n")
        await ada.finds("Stop the case?", "For 30 days a mail code alone recovers nothing here")
        await ada.press("y")
        await ada.finds("The case is stopped", "Somebody else knows your password")
        assert office.state(case) is State.STOPPED
        await ada.press("enter")
        await ada.finds("Enter the six digits")
        world.clock.advance(seconds=30)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Settings", "Contested until 16 Mar 2026, since a recovery was stopped")


async def test_a_case_that_ended_before_it_could_be_stopped_is_told_so(world, office):
    case = office.open(origin=THERE)
    async with visiting(world) as ada:
        await to_door(ada, world)
        await ada.press("n")
        world.services.recovery.withdraw(case.ticket)
        await ada.press("y")
        await ada.finds("The case was not stopped", "The case has ended.")
        await ada.press("enter")
        await ada.finds("Enter the six digits")


async def test_a_frozen_case_lets_nobody_by_but_its_return_code(world, office):
    case = office.open()
    world.services.stop.stop(world.stop_code_of("ada@example.org", "asks to recover"), THERE)
    async with visiting(world) as ada:
        await to_door(ada, world)
        ada.sees("It is frozen", "it can be neither withdrawn nor replaced")
        ends = f"{world.clock() + timedelta(days=14):%a %d %b %H:%M} UTC"
        ada.sees("Is the code lost? Then signing in with the old device or the backup code ends it.")
        ada.sees(f"it ends by itself on {ends}, and you can open a new one.")
        await ada.press("l", "n")
        ada.sees("It is frozen")
        await ada.press("escape")
        await ada.finds("Enter the six digits")
        await ada.press("escape", "escape")
        await comes_back(ada, world, case)
        ada.sees("frozen, nothing is changed", "The owner's stop code froze the case.", "Wait The case is frozen")
        ada.sees_not("Withdraw")


async def test_a_wrong_return_code_is_said_and_too_many_have_to_wait(world, office):
    case = office.open()
    async with visiting(world) as ada:
        await to_door(ada, world)
        await ada.press("c")
        for _ in range(5):
            await ada.paste("0000-0000-0000")
            await ada.press("enter")
            await ada.finds("! That is not the return code of this case.")
        await ada.paste("0000-0000-0000")
        await ada.press("enter")
        await ada.finds("! Those were too many tries. You can try again in 1 s.")
        world.clock.advance(seconds=2)
        await ada.paste(case.return_code.reveal())
        await ada.press("enter")
        await ada.finds(f"Case {case.reference}")


async def test_a_case_that_was_opened_elsewhere_meanwhile_is_met_on_the_way_back(world, office):
    async with visiting(world) as ada:
        await to_door(ada, world)
        await ada.press("o")
        await ada.type(WEIR)
        assert isinstance(world.services.recovery.open(office.door("ada"), LOST, THERE), CaseOpened)
        await ada.press("ctrl+s")
        await ada.finds("! There is an open case already.")
        await ada.press("escape")
        await ada.finds("A recovery case stands already", "from 203.0.113.7")


async def test_a_recovery_that_completes_at_the_door_leads_to_the_password(world, office):
    office.decided()
    world.clock.advance(days=2, hours=23, minutes=58)
    async with visiting(world) as ada:
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("step 2 of 2")
        world.clock.advance(minutes=3)
        await ada.press("r")
        await ada.finds("Your recovery is completed", "Which account is yours?")


async def test_staff_are_not_recovered_here(world, office):
    office.sit_down("mia")
    async with visiting(world) as mia:
        await mia.signs_in("mia", world.people["mia"].password)
        await mia.finds("step 2 of 2")
        await mia.press("r")
        await mia.finds("Staff accounts are not recovered here. Ask the operator of this site.")
        await mia.press("enter")
        await mia.finds("Enter the six digits")


async def test_an_ended_case_can_still_be_read(world, office):
    async with visiting(world) as ada:
        code = await opens(ada, world)
        await ada.press("x", "y")
        await ada.finds("withdrawn", "You can open another one.", "l Leave")
        await ada.press("l")
        await to_door(ada, world)
        await ada.press("c")
        await ada.paste(code)
        await ada.press("enter")
        await ada.finds("withdrawn", "you withdrew the case")
        ada.sees_not("Write to support", "Give the mail code")
