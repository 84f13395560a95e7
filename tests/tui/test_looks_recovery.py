"""How recovery looks to an owner: `tests/drawn.py` tells how pictures are kept, looked at and accepted."""

import pytest

from core.accounts import Role
from core.use_cases.outcomes import Done
from core.use_cases.recovery_doors import CaseOpened
from tests.drawn import USUAL, WIDE, Album
from tests.office import THERE as ELSEWHERE
from tests.office import Office
from tests.tui.claimant import WEIR, comes_back, to_door
from tests.tui.owner import prove, settings
from tests.tui.visitor import visiting
from tests.world import World

BOTH = (USUAL, WIDE)


@pytest.fixture
def office(world: World) -> Office:
    """A support office; ada has 2FA on, and her address counts."""
    office = Office(world, mia=Role.AGENT, jon=Role.AGENT)
    office.owner()
    return office


async def test_opening_a_case(office: Office, album: Album):
    async with visiting(office.world) as ada:
        await to_door(ada, office.world)
        await album.add(
            ada.pilot,
            "recovery",
            "You should see that people decide, four steps with the wait, and the bar at opening a case.",
            sizes=BOTH,
        )
        await ada.press("o", "tab")
        await ada.type("ring the bell at number 9")
        await ada.press("ctrl+s")
        await ada.finds("Say in a few words")
        await album.add(
            ada.pilot,
            "recovery_form_refused",
            "You should see three fields, that the contact is unverified, and under the first what is missing.",
        )
        await ada.type(WEIR)
        await ada.press("ctrl+s")
        await ada.finds("Save your return code.")
        await album.add(
            ada.pilot,
            "recovery_opened",
            "You should see the return code alone on its ground, what it is for, what comes next and by when.",
            sizes=BOTH,
        )
    assert not album.changes, album.changes


async def test_a_case_stands_already(office: Office, album: Album):
    office.open(origin=ELSEWHERE)
    async with visiting(office.world) as ada:
        await to_door(ada, office.world)
        await album.add(
            ada.pilot,
            "recovery_stands",
            "You should see when and from where it was opened, and three ways on, the dangerous one last.",
        )
        await ada.press("c")
        await ada.paste("0000-0000-0000")
        await ada.press("enter")
        await ada.finds("That is not the return code")
        await album.add(
            ada.pilot,
            "return_code_refused",
            "You should see twelve empty places, and below them why they are empty again.",
        )
    assert not album.changes, album.changes


async def test_a_frozen_case(office: Office, album: Album):
    case = office.open(origin=ELSEWHERE)
    freeze(office, case)
    async with visiting(office.world) as ada:
        await to_door(ada, office.world)
        await album.add(
            ada.pilot,
            "recovery_stands_frozen",
            "You should see what frozen means, the return code as the choice, and what leads on without it.",
        )
    async with visiting(office.world) as ada:
        await comes_back(ada, office.world, case)
        await album.add(ada.pilot, "case_frozen", "You should see what unfreezes it, and no way to withdraw it.")
    assert not album.changes, album.changes


async def test_a_question_and_its_answer(office: Office, album: Album):
    case = office.mailed(office.open())
    ask(office, case, "Do you still have the laptop that you registered in March?\nIf so, connect from it tonight.")
    async with visiting(office.world) as ada:
        await comes_back(ada, office.world, case)
        await album.add(
            ada.pilot,
            "case_question",
            "You should see the question on top, the evidence and the wait, the bar at the answer, and what happened.",
            sizes=BOTH,
        )
        await ada.press("w")
        await ada.type("The old one, with the sticker of a heron.")
        await album.add(ada.pilot, "case_answer", "You should see the question above the lines to write in.")
    assert not album.changes, album.changes


async def test_a_mail_code_that_was_sent_too_lately(office: Office, album: Album):
    case = office.open()
    assert office.world.services.recovery.send_mail_code(case.ticket) == Done()
    async with visiting(office.world) as ada:
        await comes_back(ada, office.world, case)
        await ada.press("m", "s")
        await ada.type("1234")
        await ada.finds("Another can be sent")
        await album.add(
            ada.pilot,
            "case_mail_code",
            "You should see eight places, that the last code still counts, and when another can be sent.",
        )
    assert not album.changes, album.changes


async def test_how_to_offer_a_key(world: World, album: Album):
    office = Office(world)
    office.with_key()
    case = office.open()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        await ada.press("k")
        await ada.finds("How to give your SSH key")
        await album.add(ada.pilot, "case_key", "You should see three steps and the command.")
    assert not album.changes, album.changes


async def test_an_approved_case(office: Office, album: Album):
    case = office.decided()
    async with visiting(office.world) as ada:
        await comes_back(ada, office.world, case)
        await album.add(
            ada.pilot, "case_approved", "You should see when it completes, said twice, and what is to be done then."
        )
    assert not album.changes, album.changes


async def test_a_rejected_case(office: Office, album: Album):
    case = office.open()
    mia = office.sit_down("mia")
    why = "The mailbox was read, but the person at the desk was not ada.\nPlease come with a passport."
    assert office.world.services.desk.reject(mia, case.reference, case.reference, why) == Done()
    async with visiting(office.world) as ada:
        await comes_back(ada, office.world, case)
        await album.add(
            ada.pilot,
            "case_rejected",
            "You should see what to do next on top, and support's reason in the timeline.",
        )
    assert not album.changes, album.changes


async def test_after_a_recovery(office: Office, album: Album):
    recovered(office)
    async with visiting(office.world) as ada:
        await ada.signs_in("ada", office.world.people["ada"].password)
        await ada.finds("Two-factor is off: set it up again")
        await album.add(
            ada.pilot, "recovered", "You should see that the return code will be asked, and the bar at Enable."
        )
        await ada.press("e")
        await prove(ada, office.world)
        await ada.finds("Return code")
        await album.add(ada.pilot, "recovered_enable_1", "You should see the return code asked below the password.")
    assert not album.changes, album.changes


async def test_what_stop_did_after_a_recovery(office: Office, album: Album):
    recovered(office)
    async with visiting(office.world) as ada:
        await ada.press("x")
        await ada.paste(office.world.stop_code_of("ada@example.org", "was recovered"))
        await ada.press("enter")
        await ada.finds("Restore your old device")
        await album.add(
            ada.pilot,
            "recovered_stopped",
            "You should see that the account is locked, and the bar at having the old device back.",
        )
    assert not album.changes, album.changes


async def test_restoring_the_old_device(office: Office, album: Album):
    async with visiting(office.world) as ada:
        await ada.press("x", "tab", "r")
        await ada.fill("ada", office.world.people["ada"].password, office.world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("There is nothing to restore")
        await album.add(
            ada.pilot,
            "restore_refused",
            "You should see name, password and token asked, and that there is nothing to restore here.",
        )
    assert not album.changes, album.changes


async def test_a_case_seen_from_settings(office: Office, album: Album):
    async with visiting(office.world) as ada:
        await settings(ada, office.world)
        office.open(origin=ELSEWHERE)
        await ada.finds("It was not me")
        await album.add(
            ada.pilot,
            "settings_case",
            "You should see on top that somebody asks to recover the account, from where, and the key that ends it.",
            sizes=BOTH,
        )
    assert not album.changes, album.changes


async def test_settings_of_a_contested_account(office: Office, album: Album):
    office.world.services.recovery.not_me(stands(office), ELSEWHERE)
    async with visiting(office.world) as ada:
        await settings(ada, office.world)
        await album.add(
            ada.pilot,
            "settings_contested",
            "You should see till when it is contested, why, and what that means; mail counts again from that day.",
        )
    assert not album.changes, album.changes


def stands(office: Office):
    office.open(origin=ELSEWHERE)
    return office.door("ada")


def freeze(office: Office, case: CaseOpened) -> None:
    world = office.world
    world.services.stop.stop(
        world.stop_code_of("ada@example.org", f"asks to recover your account ({case.reference})"), ELSEWHERE
    )


def ask(office: Office, case: CaseOpened, question: str) -> None:
    mia = office.sit_down("mia")
    assert office.world.services.desk.claim(mia, case.reference) == Done()
    assert office.world.services.desk.ask(mia, case.reference, question) == Done()


def recovered(office: Office) -> None:
    office.decided()
    office.after(days=3, minutes=1)
