"""Signing in: the password step and the second-factor step."""

import asyncio

import pytest

from core.audit import Event
from core.origin import LOCAL
from core.sessions import SessionKind
from core.throttle import Factor
from tests.guessed import switched_off
from tests.tui.visitor import visiting
from tests.world import PASSWORD

AT_SECOND_STEP = "Enter the six digits that your authenticator shows for Acme."


async def test_name_and_password_sign_in_where_two_factor_is_off(world):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        assert [session.kind for session in world.sessions("ada")] == [SessionKind.FULL]


async def test_everything_typed_in_one_burst_signs_in(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.pilot.press("s", *"ada", "tab", *PASSWORD, "enter", *world.token_for("ada"), "enter")
        await ada.finds("Two-factor")
        assert len(world.sessions("ada")) == 1


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_a_wrong_name_and_a_wrong_password_look_the_same(world, name):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in(name, "not the password at all")
        await ada.finds("! The name or the password is not right; capitals count.")
        ada.sees(name)
        assert "••" not in ada.screen  # the password was emptied, the name stays
        assert world.sessions("ada") == []


async def test_nothing_typed_says_which_is_missing(world):
    async with visiting(world) as ada:
        await ada.press("s")
        await ada.press("enter", "enter")
        await ada.finds("! Type the name of your account.")
        await ada.type("ada")
        await ada.press("enter", "enter")
        await ada.finds("! Type your password.")


async def test_after_five_wrong_passwords_the_wait_is_counted_down(world):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.press("s")
        await ada.type("ada")
        await ada.press("tab")
        for number in range(7):
            await ada.type(f"wrong password number {number}")
            await ada.press("enter")
            await asyncio.sleep(0.05)
        await ada.finds("Those were too many tries. You can try again in")
        before = ada.line("too many tries")
        world.clock.advance(seconds=1)
        await ada.finds("You can try again now.")
        assert before not in ada.screen
        world.clock.advance(minutes=15)
        await ada.press("ctrl+u")
        await ada.type(PASSWORD)
        await ada.press("enter")
        await ada.finds("Two-factor")


async def test_a_locked_account_is_told_only_with_the_right_password(world):
    world.person("ada", two_factor=True)
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    async with visiting(world) as ada:
        await ada.signs_in("ada", "not the password at all")
        await ada.finds("The name or the password is not right;")
        await ada.type(PASSWORD)
        await ada.press("enter")
        await ada.finds("This account is locked.")


async def test_the_token_is_asked_where_two_factor_is_on(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Sign in as ada", "step 2 of 2", AT_SECOND_STEP, "b Backup Code works once and switches")
        assert world.sessions("ada") == []
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Two-factor")
        assert Event.SIGNED_IN in world.events("ada")


async def test_an_incomplete_token_says_how_many_digits_are_missing(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("enter")
        ada.sees("! Type the 6 digits here.")
        await ada.type("123")
        await ada.press("enter")
        ada.sees("! The code has 6 digits; 3 are there so far.")


async def test_a_used_token_says_when_the_next_one_comes_and_counts_down(world):
    world.person("ada", two_factor=True)
    signed_in = world.sign_in("ada")
    used = world.token_for("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.type(used)
        await ada.press("enter")
        await ada.finds("! That token was used already. The next one comes in 30 s.")
        line = ada.screen.splitlines().index(ada.line("The next one comes"))
        world.clock.advance(seconds=19)
        await ada.finds("The next one comes in 11 s.")
        assert ada.screen.splitlines().index(ada.line("The next one comes")) == line
        world.clock.advance(seconds=11)
        await ada.finds("A new token is there now")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Two-factor")
    assert signed_in.session.account == world.account("ada").id


async def test_wrong_tokens_are_counted_and_the_third_ends_the_sign_in(world):
    world.person("ada", two_factor=True)
    wrong = world.token_for("ada", 500)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        for left in ("2 tries left", "1 try left"):
            await ada.type(wrong)
            await ada.press("enter")
            await ada.finds(f"! That is not the right token. {left}.")
        await ada.type(wrong)
        await ada.press("enter")
        await ada.finds("Three wrong tokens end a sign-in. Begin again with your password.", "ada")
        await ada.type(PASSWORD)
        await ada.press("enter")
        await ada.finds(AT_SECOND_STEP)
    assert Event.SIGN_IN_TOKEN_WRONG in world.events("ada")


async def test_tokens_that_are_switched_off_leave_the_ways_that_the_screen_offers(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        switched_off(world, "ada", Factor.TOKEN)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds(
            "! Too many wrong tries: the token is switched off.", "At sign-in, Backup Code and Recover your"
        )
        await ada.press("b")
        await ada.finds("Sign in as ada with your backup code")


async def test_two_tokens_in_a_row_with_the_same_offset_say_that_the_clock_is_off(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.type(world.token_for("ada", 4))
        await ada.press("enter")
        await ada.finds("! That is not the right token.")
        world.clock.advance(seconds=30)
        await ada.type(world.token_for("ada", 4))
        await ada.press("enter")
        await ada.finds("! Your device's clock is 2 min ahead. Switch it to automatic time")


async def test_a_half_open_sign_in_ends_by_itself_after_five_minutes(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        world.clock.advance(minutes=5, seconds=1)
        await ada.finds("A sign-in is open for 5 minutes and this one has ended. Begin again with your password.")
        ada.sees("Which account is yours?", "ada")


async def test_esc_leads_back_from_the_token_to_the_password_with_the_name_kept(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("escape")
        ada.sees("Which account is yours?", "ada")
        await ada.press("escape")
        ada.sees("Your account, from any terminal.")


async def test_the_backup_code_asks_first_whether_that_is_meant_and_no_changes_nothing(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("b")
        ada.sees("Sign in as ada with your backup code", "Have that device ready.")
        await ada.type(person.backup_code.lower())
        await ada.press("enter")
        ada.sees("Use your backup code now?", "It works once and switches two-factor off;", "▌ n Not now")
        ada.sees("keep the code until two-factor is on again")
        await ada.press("enter")
        ada.sees("Sign in as ada with your backup code")
        assert world.account("ada").two_factor_on
        await ada.press("escape")
        ada.sees(AT_SECOND_STEP)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Two-factor")


async def test_the_backup_code_signs_in_switches_two_factor_off_and_leads_to_enable(world):
    person = world.person("ada", two_factor=True)
    elsewhere = world.sign_in("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("b")
        await ada.paste(f" {person.backup_code[:5]}-{person.backup_code[5:10]} {person.backup_code[10:].lower()} ")
        await ada.press("enter", "y")
        await ada.finds("Two-factor is off: set it up again", "Your backup code is spent", "▌ e Enable")
        ada.sees("Keep the code until two-factor is on: should this session end first, another one asks for it again.")
        assert not world.account("ada").two_factor_on
        assert [session.kind for session in world.sessions("ada")] == [SessionKind.PROBATION]
        assert world.services.sign_in.session(elsewhere.ticket) is None
        assert Event.BACKUP_CODE_USED in world.events("ada")
        assert "backup code was used" in str(world.mail()[-1]["Subject"])
        await ada.press("enter")
        await ada.finds("Enable two-factor")


async def test_a_wrong_backup_code_stays_to_be_compared(world):
    person = world.person("ada", two_factor=True)
    wrong = person.backup_code[:-1] + ("0" if person.backup_code[-1] != "0" else "1")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("b")
        await ada.type(wrong)
        await ada.press("enter", "y")
        await ada.finds("! That is not the backup code of this account.")
        ada.sees(wrong[:5], wrong[-5:])
        await ada.press("backspace")
        await ada.type(person.backup_code[-1])
        await ada.press("enter", "y")
        await ada.finds("Two-factor is off: set it up again")


async def test_probation_in_another_session_says_that_the_code_is_asked_again(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds(AT_SECOND_STEP)
        await ada.press("b")
        await ada.type(person.backup_code)
        await ada.press("enter", "y")
        await ada.finds("Two-factor is off: set it up again")
        await ada.press("o")
        await ada.finds("You are signed out.")
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor is off: set it up again", "Have the backup code at hand")
