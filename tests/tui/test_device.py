"""With two-factor on: replace the device, make a new backup code, disable it."""

import re

import pytest

from core.accounts import Role
from core.audit import Event
from core.origin import Origin
from core.secret import Secret
from core.use_cases.outcomes import Wrong
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests import rfc6238
from tests.tui.owner import code_on_screen, prove, save, scan, settings, to_group
from tests.tui.visitor import Visitor, visiting
from tests.world import World


def takes_token(world: World, token: str, name: str = "ada") -> bool:
    step = world.services.sign_in.with_password(name, Secret(world.people[name].password), Origin("local"))
    assert isinstance(step, TokenNeeded)
    return isinstance(world.services.sign_in.with_token(step.half, token, Origin("local")), SignedIn)


def takes_backup_code(world: World, code: str, name: str = "ada") -> bool:
    step = world.services.sign_in.with_password(name, Secret(world.people[name].password), Origin("local"))
    assert isinstance(step, TokenNeeded)
    answer = world.services.sign_in.with_backup_code(step.half, Secret(code), Origin("local"))
    assert isinstance(answer, SignedIn | Wrong), answer
    return isinstance(answer, SignedIn)


async def to_new_device(ada: Visitor, world: World) -> None:
    await ada.press("r")
    await ada.finds("Replace the device", "step 1 of 4", "Token of the device you use now")
    await prove(ada, world, token=True)
    await ada.finds("Replace the device", "step 2 of 4")


async def test_the_device_is_replaced_at_continue_and_not_before(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        old = person.key
        await to_new_device(ada, world)
        assert scan(ada, world) == "Acme:ada (2)"
        new, person.key = person.key, old
        world.clock.advance(seconds=60)
        assert takes_token(world, world.token_for("ada"))
        await ada.type(rfc6238.token(new, world.clock()))
        await ada.press("enter")
        await ada.finds("Save your Backup Code")
        code = code_on_screen(ada)
        await save(ada, code)
        await ada.finds("The new device is in place. Tokens of the old one do not work any more.", "step 4 of 4")
        await ada.press("enter")
        await ada.finds("✓ The new device is in place.")
        world.clock.advance(seconds=60)
        assert not takes_token(world, rfc6238.token(old, world.clock()))
        assert takes_token(world, rfc6238.token(new, world.clock()))
        assert Event.DEVICE_REPLACED in world.events("ada")
        assert takes_backup_code(world, code)


@pytest.mark.parametrize("presses", [1, 2])
async def test_leaving_the_replacement_leaves_the_old_device_and_the_old_code(world, presses):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        old = person.key
        await to_new_device(ada, world)
        if presses == 2:
            scan(ada, world)
            await ada.type(world.token_for("ada"))
            await ada.press("enter")
            await ada.finds("Save your Backup Code")
        await ada.press("escape")
        await ada.finds("Nothing has changed: the device you had still counts.", "delete its entry")
        world.clock.advance(seconds=60)
        assert takes_token(world, rfc6238.token(old, world.clock()))
        assert takes_backup_code(world, person.backup_code)


async def test_a_token_that_was_used_is_told_with_its_wait_which_counts_down(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("r")
        await ada.paste(world.people["ada"].password)
        await ada.press("tab")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("That token was used already. The next one comes in 30 s.")
        world.clock.advance(seconds=11)
        await ada.finds("The next one comes in 19 s.")
        world.clock.advance(seconds=19)
        await ada.finds("A new token is there now")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("step 2 of 4")


async def test_a_new_backup_code_takes_the_place_of_the_old_one_at_continue(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("b")
        await ada.finds("New Backup Code", "step 1 of 2", "counts until the new one is saved")
        await prove(ada, world, token=True)
        await ada.finds("Save your Backup Code", "step 2 of 2")
        code = code_on_screen(ada)
        await save(ada, code)
        await ada.finds("The new Backup Code counts; the old one does not work any more.")
        assert Event.BACKUP_CODE_RENEWED in world.events("ada")
        assert not takes_backup_code(world, person.backup_code)
        assert takes_backup_code(world, code)


async def test_leaving_a_new_backup_code_keeps_the_old_one(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("b")
        await prove(ada, world, token=True)
        await ada.finds("Save your Backup Code")
        code = code_on_screen(ada)
        await to_group(ada, code)
        await ada.press("escape")
        await ada.finds("Save your Backup Code")
        await ada.press("escape")
        await ada.finds("Nothing has changed: the Backup Code you had still counts.")
        assert not takes_backup_code(world, code)
        assert takes_backup_code(world, person.backup_code)


async def test_disabling_asks_first_with_no_in_front_then_password_and_a_fresh_token(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("d")
        await ada.finds("Disable 2FA?", "your password alone opens this account")
        await ada.press("enter")
        await ada.finds("Nothing has changed.")
        assert world.account("ada").two_factor_on

        await ada.press("d")
        await ada.finds("Disable 2FA?")
        await ada.press("y")
        await ada.finds("enter Disable 2FA")
        await prove(ada, world, token=True)
        await ada.finds("Two-factor is off, and a mail about it is on its way.", "e Enable")
        account = world.account("ada")
        assert not account.two_factor_on
        parts = world.services.parts
        with parts.storage.unit():
            assert parts.two_factor.device(account.id) is None
            assert parts.backup_codes.current(account.id) is None
        assert world.events("ada")[-1] is Event.TWO_FACTOR_DISABLED
        assert world.stop_code(person.address)
        assert world.sign_in("ada").account.name == "ada"


async def test_a_wrong_token_does_not_disable_and_without_a_confirmed_address_no_mail_is_promised(world):
    world.person("ada", confirmed=False, two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        world.clock.advance(seconds=30)
        await ada.press("d", "y")
        await ada.paste(world.people["ada"].password)
        await ada.press("tab")
        right = world.token_for("ada")
        await ada.type("000000" if right != "000000" else "111111")
        await ada.press("enter")
        await ada.finds("That is not the right code.")
        assert world.account("ada").two_factor_on
        await ada.type(right)
        await ada.press("enter")
        await ada.finds("Two-factor is off. No mail tells of it: your address is not confirmed.")


async def test_staff_are_told_why_they_cannot_disable(world):
    world.person("ada", two_factor=True)
    parts, account = world.services.parts, world.account("ada")
    with parts.storage.unit():
        parts.accounts.grant(account, Role.AGENT, "host")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("d")
        await ada.finds("Staff keep two-factor authentication on.")
        assert world.account("ada").two_factor_on


@pytest.mark.parametrize("refused", ["wrong token", "half a token"])
async def test_a_proof_sent_again_after_a_refusal_never_shows_digits_of_the_password(world, refused):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("d")
        await ada.finds("Disable 2FA?")
        await ada.press("y")
        await ada.finds("enter Disable 2FA")
        wrong = {"wrong token": "000000", "half a token": "000"}[refused]
        await ada.type(f"{person.password}\t{wrong}\r")
        await ada.finds("ctrl+r shows it")
        before = len(ada.wire.wire)
        await ada.type("97531")  # a password of digits: letters are not taken there anyway
        await ada.finds("•")
        painted = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", ada.wire.wire[before:])
        assert "•" in painted
        assert not set("97531") & set(painted)
        await ada.press("ctrl+r")
        await ada.finds("9 7")
        assert world.account("ada").two_factor_on
