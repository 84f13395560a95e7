"""The first screen: what this is, and the four ways on."""

import dataclasses

import pytest

from core.origin import Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, Proof
from tests.tui.visitor import THERE, visiting
from tests.world import PASSWORD, World


async def test_it_says_what_this_is_and_offers_four_ways_by_key(world):
    async with visiting(world) as ada:
        ada.sees("Acme accounts", "Your account, from any terminal.", "you come from this machine")
        ada.sees("s Sign in", "n Sign up", "f Forgot password", "x Stop enter the code from a notice", "ctrl+q leave")


@pytest.mark.parametrize(
    ("key", "leads_to"),
    [
        ("s", "Which account is yours?"),
        ("n", "Make an account"),
        ("f", "Which account? A code goes to its confirmed address."),
        ("x", "Did a notice tell you"),
    ],
)
async def test_each_way_opens_by_its_key_and_esc_leads_back(world, key, leads_to):
    async with visiting(world) as ada:
        await ada.press(key)
        ada.sees(leads_to)
        await ada.press("escape")
        ada.sees("Your account, from any terminal.")


@pytest.mark.parametrize(
    ("user", "typed", "said"),
    [
        ("ada", "\t", "Sign in as ada"),  # the guess is right, and stays
        ("bob", "ada\t", "Sign in as ada"),  # it is wrong, and makes way for what is typed
        ("root", "ada\t", "Sign in as ada"),  # it can be no name here, and is not there
        ("[b]\x1b]0;x", "ada\t", "Sign in as ada"),
    ],
)
async def test_the_name_that_the_client_gave_is_a_guess_only(world, user, typed, said):
    person = world.person("ada", two_factor=True)
    async with visiting(world, peer=dataclasses.replace(THERE, user=user)) as ada:
        await ada.press("s")
        ada.sees("Which account is yours?")
        assert (user in ada.words) == (user in {"ada", "bob"})
        await ada.type(f"{typed}{person.password}\r")
        await ada.finds(said)


async def test_arrows_and_enter_do_the_same(world):
    async with visiting(world) as ada:
        await ada.press("down", "down", "enter")
        ada.sees("A code goes to its confirmed address.")


async def test_esc_stays_on_the_first_screen(world):
    async with visiting(world) as ada:
        await ada.press("escape", "escape")
        ada.sees("Your account, from any terminal.")


async def test_a_proved_key_is_shown_with_the_name_that_owns_it(world):
    world.person("ada")
    ticket = world.sign_in("ada", THERE.origin).ticket
    added = world.services.account_settings.add_key(ticket, Proof(Secret(PASSWORD)), THERE.origin)
    assert isinstance(added, Done)
    async with visiting(world, peer=THERE) as ada:
        ada.sees("you come from 203.0.113.7", "key SHA256:S7P66L… (ada)")
        await ada.press("s")
        ada.sees("ada")
        await ada.type(PASSWORD)
        await ada.press("enter")
        await ada.finds("Two-factor")
    assert [session.fingerprint for session in world.sessions("ada")].count(THERE.fingerprint) == 2


async def test_a_proved_key_that_belongs_to_nobody_names_nobody(world):
    async with visiting(world, peer=THERE) as ada:
        ada.sees("key SHA256:S7P66L…")
        ada.sees_not("(ada)")


async def test_a_closed_site_says_so_and_does_not_open_sign_up(home):
    world = World(home, registration="closed")
    async with visiting(world) as ada:
        ada.sees("n Sign up closed: ask the people here")
        await ada.press("n")
        ada.sees("Your account, from any terminal.")
    world.close()


async def test_help_says_what_keys_do(world):
    async with visiting(world) as ada:
        await ada.press("question_mark")
        ada.sees("Everything works by keys")
        await ada.press("escape")
        ada.sees("Your account, from any terminal.")


async def test_the_palette_offers_the_same_ways_by_name(world):
    async with visiting(world) as ada:
        await ada.press("ctrl+p")
        ada.sees("Sign in", "Forgot password", "Leave")
        await ada.type("forgot")
        await ada.press("enter")
        await ada.finds("A code goes to its confirmed address.")


def test_the_source_is_kept_as_the_wire_told_it():
    assert THERE.origin == Origin("203.0.113.7", THERE.origin.key)
    assert THERE.origin.fingerprint == THERE.fingerprint
