"""A forgotten password, and Stop: what can be done without signing in."""

import pytest

from core.audit import Event
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.tui.visitor import visiting
from tests.world import PASSWORD

NEW = "quiet turnips under a green moon"


async def test_a_mailed_code_sets_a_new_password_and_two_factor_stays_on(world):
    world.person("ada", two_factor=True)
    session = world.sign_in("ada")
    async with visiting(world) as ada:
        await ada.press("f")
        await ada.fill("ada", "ada@example.org")
        await ada.press("enter")
        await ada.finds(
            "Set a new password for ada",
            "If that is the confirmed address of this account, a code is on its way, unless one",
        )
        await ada.fill(world.mail_code("ada@example.org"), NEW, NEW)
        await ada.press("enter")
        await ada.finds("Your new password is set", "Which account is yours?", "ada")
        assert world.services.sign_in.session(session.ticket) is None
        await ada.type(NEW)
        await ada.press("enter")
        await ada.finds("Enter the six digits")
    assert Event.PASSWORD_RESET in world.events("ada")
    assert isinstance(world.services.sign_in.with_password("ada", Secret(NEW), LOCAL), TokenNeeded)


@pytest.mark.parametrize(("name", "address"), [("nobody", "ada@example.org"), ("ada", "other@example.org")])
async def test_the_screen_does_not_tell_whether_there_is_such_an_account(world, name, address):
    world.person("ada")
    before = len(world.mail())
    async with visiting(world) as ada:
        await ada.press("f")
        await ada.fill(name, address)
        await ada.press("enter")
        await ada.finds(
            f"Set a new password for {name}",
            "If that is the confirmed address of this account, a code is on its way, unless one",
        )
        await ada.fill("12345678", NEW, NEW)
        await ada.press("enter")
        await ada.finds("! That code is not right, or none is open")
    assert len(world.mail()) == before
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), SignedIn)


async def test_a_wrong_code_keeps_the_new_password_typed(world):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.press("f")
        await ada.fill("ada", "ada@example.org")
        await ada.press("enter")
        await ada.finds("Set a new password for ada")
        code = world.mail_code("ada@example.org")
        await ada.fill("00000000" if code != "00000000" else "11111111", NEW, NEW)
        await ada.press("enter")
        await ada.finds("! That code is not right")
        await ada.type(code)
        await ada.press("enter", "enter", "enter")
        await ada.finds("Your new password is set")


async def test_what_is_missing_is_said_beside_it(world):
    async with visiting(world) as ada:
        await ada.press("f")
        await ada.press("enter", "enter")
        await ada.finds("! Type a name.")
        await ada.type("ada")
        await ada.press("enter", "enter")
        await ada.finds("! Type an e-mail address.")


async def test_stop_locks_the_account_and_says_what_comes_next(world):
    world.person("ada", two_factor=True)
    session = world.sign_in("ada")
    async with visiting(world) as ada:
        await ada.press("x")
        ada.sees("The account is locked at once, every session of it ends")
        await ada.type(world.stop_code("ada@example.org").replace("-", ""))
        await ada.press("enter")
        await ada.finds("It is stopped", "The account is locked and every session has ended.")
        await ada.press("enter")
        ada.sees("Your account, from any terminal.")
    assert world.account("ada").locked_at == world.clock()
    assert world.services.sign_in.session(session.ticket) is None


async def test_a_stop_code_counts_once_and_a_wrong_one_is_said(world):
    world.person("ada", two_factor=True)
    code = world.stop_code("ada@example.org")
    world.services.stop.stop(code, LOCAL)
    async with visiting(world) as ada:
        await ada.press("x")
        await ada.type("ABC")
        await ada.press("enter")
        ada.sees("! The code has 12 signs; 3 are there so far.")
        await ada.press("ctrl+u")
        await ada.paste(code)
        await ada.press("enter")
        await ada.finds("! That code stops nothing: it was used, its time is over")
