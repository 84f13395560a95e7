"""Enable, as the seed tells it: Settings, Account, Enable; scan, Verify; save the backup code, Continue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import events

from core.audit import Event
from core.origin import Origin
from core.secret import Secret
from core.two_factor.model import ENROLMENT_LIFE
from core.use_cases.outcomes import Proof
from core.use_cases.sign_in import SignedIn
from core.use_cases.two_factor import EnrolmentBegun
from tests.tui.owner import (
    code_on_screen,
    enable,
    group_asked,
    key_on_screen,
    prove,
    save,
    scan,
    scanned,
    settings,
    to_code,
    to_group,
    to_scan,
)
from tests.tui.visitor import THERE, Visitor, visiting
from tests.world import World


@asynccontextmanager
async def at_the_scan(world: World, **window: Any) -> AsyncIterator[Visitor]:
    """Ada, who has an account and is at step 2 of Enable, with the QR code before her."""
    world.person("ada")
    async with visiting(world, **window) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        yield ada


def is_untouched(world: World, name: str = "ada") -> bool:
    account = world.account(name)
    parts = world.services.parts
    with parts.storage.unit():
        stored = parts.backup_codes.current(account.id)
        device = parts.two_factor.device(account.id)
    return not account.two_factor_on and account.enrolments == 0 and stored is None and device is None


async def test_from_settings_to_two_factor_on_with_the_screen_alone(world):
    world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        ada.sees("Account", "off: your password alone opens this account", "e Enable")
        await to_scan(ada, world)
        assert scan(ada, world) == "Acme:ada"
        await ada.type(world.token_for("ada"))
        ada.sees("enter Verify")
        await ada.press("enter")
        await ada.finds("Save your Backup Code to a secure location.", "If you ever lose access to your device")
        code = code_on_screen(ada)
        assert is_untouched(world)
        await ada.press("s")
        await ada.finds("enter Continue")
        assert code not in ada.words.replace(" - ", "")
        await ada.type(group_asked(ada, code))
        assert is_untouched(world)
        await ada.press("enter")
        await ada.finds("Next time you sign in you will be asked for your token", "step 4 of 4")
        ada.sees("backup code ready, works once", "mail counts from")
        await ada.press("enter")
        await ada.finds("two-factor on since 5 Jan 2026", "unused, works once")

        account = world.account("ada")
        assert account.two_factor_since == world.clock()
        assert account.enrolments == 1
        assert world.services.sign_in.session(elsewhere.ticket) is None
        assert len(world.sessions("ada")) == 1
        assert world.events("ada")[-1] is Event.TWO_FACTOR_ENABLED
        assert "wo-factor" in world.letter("ada@example.org")

        await ada.press("o")
        await ada.finds("You are signed out.")
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("step 2 of 2")
        world.clock.advance(seconds=30)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("Settings", "two-factor on")


async def leave_at_step_1(ada: Visitor, world: World) -> None:
    await ada.press("e")
    await ada.finds("step 1 of 4")
    ada.sees("esc back, nothing has changed")
    await ada.press("escape")


async def leave_at_step_2(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)
    await ada.press("escape")


async def leave_at_the_code(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)
    await to_code(ada, world)
    ada.sees("esc leave, nothing has changed")
    await ada.press("escape")


async def leave_before_continue(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)
    code = await to_code(ada, world)
    await to_group(ada, code)
    await ada.press("escape")
    await ada.finds("Save your Backup Code")
    assert code_on_screen(ada) == code
    await ada.press("escape")


LEAVING = [leave_at_step_1, leave_at_step_2, leave_at_the_code, leave_before_continue]


@pytest.mark.parametrize("leave", LEAVING)
async def test_leaving_at_any_step_leaves_the_account_as_it_was_and_says_so(world, leave):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await leave(ada, world)
        await ada.finds("Nothing has changed", "e Enable")
        assert is_untouched(world)
        if leave is not leave_at_step_1:
            ada.sees("delete its entry from your authenticator app")
        await ada.press("o")
        await ada.finds("You are signed out.")
        await settings(ada, world)
        await enable(ada, world)
        assert world.account("ada").two_factor_on


async def test_whose_address_is_not_confirmed_is_told_at_the_end_what_does_not_reach_it_and_how_to_confirm_it(world):
    world.person("ada", confirmed=False)
    world.clock.advance(minutes=2)
    async with visiting(world) as ada:
        await settings(ada, world)
        ada.sees("not confirmed: neither", "notices nor Forgot password reach it")
        await to_scan(ada, world)
        scan(ada, world)
        await save(ada, await to_code(ada, world))
        await ada.finds("step 4 of 4", "No mail tells of this: your address is not confirmed.")
        ada.sees("Until you confirm your address, neither notices nor Forgot password reach it. Press c in Settings")
        assert "mail none; confirm your address" in ada.words
        await ada.press("enter")
        await ada.finds("two-factor on since")
        await ada.press("c")
        await ada.finds("Confirm your address")
        await ada.type(world.mail_code("ada@example.org"))
        await ada.press("enter")
        await ada.finds("Your address is confirmed.")


async def hang_up_at_step_2(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)


async def hang_up_at_the_code(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)
    await to_code(ada, world)


async def hang_up_before_continue(ada: Visitor, world: World) -> None:
    await to_scan(ada, world)
    code = await to_code(ada, world)
    await to_group(ada, code)


@pytest.mark.parametrize("until", [hang_up_at_step_2, hang_up_at_the_code, hang_up_before_continue])
async def test_hanging_up_at_any_step_leaves_the_account_as_it_was(world, until):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await until(ada, world)
    assert is_untouched(world)
    async with visiting(world) as ada:
        await settings(ada, world)
        await enable(ada, world)
    assert world.account("ada").two_factor_on


async def test_step_1_says_what_an_authenticator_is_and_asks_whose_the_sessions_and_keys_are(world):
    world.person("ada")
    world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("e")
        await ada.finds("an app on your phone", "Are these all yours?", "198.51.100.4", "this machine")
        ada.sees("If one is not: esc, and end it under Sessions or SSH keys first.")


async def test_a_wrong_and_an_empty_password_are_told_beside_the_field(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("e")
        await ada.finds("step 1 of 4")
        await ada.press("enter")
        await ada.finds("! Type your password.")
        await ada.type("not the password at all")
        await ada.press("enter")
        await ada.finds("! The password is not right.")
        assert world.events("ada")[-1] is Event.PROOF_FAILED
        await ada.type(world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("step 2 of 4")


async def test_too_many_wrong_passwords_are_told_with_a_wait_and_nothing_is_lost(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("e")
        for _ in range(5):
            await ada.type("not the password at all")
            await ada.press("enter")
            await ada.finds("! The password is not right.")
        await ada.type("not the password at all")
        await ada.press("enter")
        await ada.finds("too many tries", "You can try again in")
        world.clock.advance(minutes=16)
        await ada.press("ctrl+u")
        await prove(ada, world)
        await ada.finds("step 2 of 4")


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Type the 6 digits here."), ("1", "The code has 6 digits; 1 is there so far.")]
)
async def test_a_token_that_is_not_complete_is_told_at_once(world, typed, said):
    async with at_the_scan(world) as ada:
        await ada.type(typed)
        await ada.press("enter")
        await ada.finds(said)


async def test_a_wrong_token_says_which_entry_to_look_at_and_the_right_one_still_counts(world):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        right = world.token_for("ada")
        await ada.type("000000" if right != "000000" else "111111")
        await ada.press("enter")
        await ada.finds("That is not the token of this key.", "shows now for Acme: ada")
        await ada.paste(f" {right[:3]} {right[3:]}\n")
        await ada.press("enter")
        await ada.finds("step 3 of 4")


async def test_a_device_whose_clock_is_off_is_told_after_two_tokens(world):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        await ada.type(world.token_for("ada", steps=5))
        await ada.press("enter")
        await ada.finds("That is not the token of this key.")
        world.clock.advance(seconds=30)
        await ada.type(world.token_for("ada", steps=5))
        await ada.press("enter")
        await ada.finds("clock is 2 min 30 s ahead", "automatic time")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("step 3 of 4")


async def test_the_key_on_screen_is_the_key_in_the_code_and_leaves_with_the_screen(world):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        key = world.people["ada"].key
        assert key_on_screen(ada) == key
        page = ada.app.screen
        await ada.press("escape")
        await ada.finds("Nothing has changed")
        assert key_on_screen(ada) == ""
        assert page._key.text == page._key.full == ""


async def test_only_c_puts_the_key_and_the_code_on_the_clipboard(world):
    async with at_the_scan(world) as ada:
        await ada.press("ctrl+c", "ctrl+x", "ctrl+a")
        assert "\x1b]52" not in ada.wire.wire
        await ada.press("c")
        await ada.finds("The key is on your clipboard, if your terminal lets it there.")
        assert ada.wire.wire.count("\x1b]52;c;") == 1
        await to_code(ada, world)
        await ada.press("c")
        await ada.finds("It is on your clipboard, if your terminal lets it there.")
        assert ada.wire.wire.count("\x1b]52;c;") == 2


async def test_f_shows_the_code_alone_and_any_key_comes_back(world):
    async with at_the_scan(world) as ada:
        beside = scanned(ada)
        await ada.press("f")
        await ada.finds("any key goes back")
        assert scanned(ada) == beside
        assert key_on_screen(ada) == ""
        await ada.press("x")
        await ada.finds("2 Enter the six digits it shows")


@pytest.mark.parametrize("size", [(80, 24), (80, 22), (72, 24), (100, 30), (120, 40)])
async def test_the_whole_code_the_key_and_the_field_are_on_one_screen(world, size):
    async with at_the_scan(world, size=size) as ada:
        assert scan(ada, world) == "Acme:ada"
        assert key_on_screen(ada) == world.people["ada"].key
        ada.sees("2 Enter the six digits", "_ _ _ _ _", "enter Verify")


async def test_a_small_terminal_gets_the_key_as_text_and_the_code_as_soon_as_there_is_room(world):
    async with at_the_scan(world, size=(60, 20)) as ada:
        assert scanned(ada) == ""
        assert "▀" not in ada.screen
        ada.sees(
            "This window is too small for the code",
            "Name Acme: ada",
            "Kind time-based, six digits",
            "2 Enter the six digits",
        )
        key = key_on_screen(ada)
        await ada.pilot.resize_terminal(80, 24)
        await ada.finds("Scan the code with your authenticator app")
        scan(ada, world)
        assert world.people["ada"].key == key
        await ada.pilot.resize_terminal(60, 20)
        await ada.finds("This window is too small for the code")
        assert scanned(ada) == ""
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("step 3 of 4")


async def test_names_too_long_for_the_code_at_this_size_are_cut_in_it_and_whole_with_more_room(home):
    world = World(home, issuer="The Computing Centre of the University of the Far North", site="Far North")
    name = "a-name-of-exactly-thirty-two-sig"
    world.person(name)
    async with visiting(world) as ada:
        await settings(ada, world, name)
        await to_scan(ada, world, name)
        assert scan(ada, world, name) == name
        assert scanned(ada).endswith("&issuer=The%20Computing")
        shown = world.people[name].key
        assert key_on_screen(ada) == shown
        await ada.pilot.resize_terminal(120, 40)
        await ada.finds("Scan the code with your authenticator app")
        assert scan(ada, world, name) == f"The Computing Centre of the University of the Far North:{name}"
        assert world.people[name].key == shown
    world.close()


async def test_a_wrong_group_is_told_and_esc_shows_the_same_code_again(world):
    async with at_the_scan(world) as ada:
        code = await to_code(ada, world)
        await ada.press("s")
        await ada.finds("enter Continue")
        await ada.press("enter")
        await ada.finds("Type the 5 signs here.")
        await ada.type("zzzzz")
        await ada.press("enter")
        await ada.finds("That is not the group that is asked.")
        assert is_untouched(world)
        await ada.press("escape")
        await ada.finds("Save your Backup Code")
        assert code_on_screen(ada) == code
        await save(ada, code)
        await ada.finds("step 4 of 4")


async def test_a_group_is_taken_however_it_is_typed(world):
    async with at_the_scan(world) as ada:
        code = await to_code(ada, world)
        await ada.press("s")
        await ada.finds("enter Continue")
        group = group_asked(ada, code).lower().replace("0", "o").replace("1", "l")
        await ada.paste(f" {group} ")
        await ada.press("enter")
        await ada.finds("step 4 of 4")


async def test_the_code_stays_until_a_key_says_that_it_is_saved(world):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        await ada.type(world.token_for("ada"))
        for _ in range(3):
            ada.app.post_message(events.Key("enter", "\r"))
        await ada.finds("Save your Backup Code")
        await ada.press("enter")
        await ada.finds("enter Continue")


async def test_a_set_up_begun_again_elsewhere_ends_this_one_and_nothing_has_changed(world):
    world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        scan(ada, world)
        begun = world.services.two_factor.begin(elsewhere.ticket, Proof(Secret(world.people["ada"].password)))
        assert isinstance(begun, EnrolmentBegun)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("This set-up has ended", "begun anew in another session", "Nothing has changed")
        assert is_untouched(world)
        await ada.press("enter")
        await ada.finds("e Enable")


@pytest.mark.parametrize("step", ["scan", "code", "group"])
async def test_when_another_session_is_faster_this_one_ends_and_its_key_counts_for_nothing(world, step):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        mine = world.people["ada"].key
        if step != "scan":
            code = await to_code(ada, world)
        if step == "group":
            await to_group(ada, code)
        signed_in = world.services.sign_in.with_password(
            "ada", Secret(world.people["ada"].password), Origin("198.51.100.4")
        )
        assert isinstance(signed_in, SignedIn)
        world.enable("ada", signed_in.ticket)
        theirs = world.people["ada"].key
        if step == "scan":
            await ada.type("123456")
        await ada.press("enter")
        await ada.finds("This session was ended from elsewhere.")
        assert theirs != mine
        assert world.account("ada").enrolments == 1


async def test_a_session_ended_elsewhere_closes_the_wizard_without_a_key_being_pressed(world):
    world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        world.services.account_settings.end_other_sessions(elsewhere.ticket)
        await ada.finds("This session was ended from elsewhere.", "Sign in")
        assert key_on_screen(ada) == ""
        assert scanned(ada) == ""
        assert is_untouched(world)


async def test_a_set_up_is_kept_for_half_an_hour(world):
    async with at_the_scan(world) as ada:
        scan(ada, world)
        for _ in range(2):
            world.clock.advance(seconds=ENROLMENT_LIFE.total_seconds() / 2 + 60)
            ticket = ada.app._journey.here.ticket
            world.services.sign_in.touch(ticket)
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("This set-up has ended", "30 minutes")
        assert is_untouched(world)


async def test_a_second_enrolment_gets_a_label_of_its_own(world):
    world.person("ada", two_factor=True)
    signed_in = world.sign_in("ada")
    world.clock.advance(seconds=30)
    person = world.people["ada"]
    world.services.two_factor.disable(signed_in.ticket, Proof(Secret(person.password), world.token_for("ada")))
    async with visiting(world, peer=THERE) as ada:
        await settings(ada, world)
        await to_scan(ada, world)
        ada.sees("for Acme: ada (2)")
        assert scan(ada, world) == "Acme:ada (2)"
