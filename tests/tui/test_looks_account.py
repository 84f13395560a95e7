"""How Settings and two-factor look: `tests/drawn.py` tells how pictures are kept, looked at and accepted."""

import pytest

from core.origin import Origin, ProvedKey
from core.secret import Secret
from core.terminal.theme import Colours
from core.use_cases.outcomes import Proof
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.drawn import EVERY, USUAL, WIDE, Album
from tests.tui.owner import group_asked, prove, save, settings, to_code, to_scan
from tests.tui.visitor import THERE, Visitor, visiting
from tests.world import World

KEY = ProvedKey(THERE.fingerprint or "", THERE.public_key or "")
SMALL = (60, 20)
BOTH = (USUAL, WIDE)


@pytest.fixture
def ada(world: World) -> World:
    """A world where ada's account has two-factor off and a session elsewhere."""
    world.person("ada")
    world.sign_in("ada", Origin("2001:db8:1234:5678::/64"))
    world.clock.advance(minutes=7)
    return world


@pytest.fixture
def guarded(world: World) -> World:
    """A world where ada's account has two-factor on, an SSH key, and a session elsewhere."""
    world.person("ada", two_factor=True)
    there = world.sign_in("ada", Origin("198.51.100.4", KEY))
    world.clock.advance(seconds=30)
    proof = Proof(Secret(world.people["ada"].password), world.token_for("ada"))
    world.services.account_settings.add_key(there.ticket, proof, Origin("198.51.100.4", KEY), "laptop")
    world.clock.advance(days=3)
    world.sign_in("ada", Origin("198.51.100.4"))
    world.clock.advance(minutes=7)
    return world


async def turn(visitor: Visitor, pages: int) -> None:
    """To the page so far down the list at the left."""
    await visitor.press("escape", "home", *["down"] * pages)
    await visitor.press("enter")


async def test_settings_with_two_factor_off(ada: World, album: Album):
    async with visiting(ada) as visitor:
        await settings(visitor, ada)
        await album.add(
            visitor.pilot,
            "settings_off",
            "You should see the pages at the left, what is so at the right, the bar at Enable, and what two-factor is.",
            sizes=BOTH,
        )
        await turn(visitor, 2)
        await album.add(
            visitor.pilot,
            "ssh_keys_none",
            "You should see that this connection offered no key, and the command that offers one.",
        )
        await turn(visitor, 4)
        for colours in (Colours.DARK, Colours.LIGHT):
            await album.add(
                visitor.pilot,
                f"appearance_{colours}",
                "You should see the forms the app can wear, and which one it wears now.",
                colourings=(colours,),
            )
    assert not album.changes, album.changes


async def test_settings_with_two_factor_on(guarded: World, album: Album):
    async with visiting(guarded) as visitor:
        await settings(visitor, guarded)
        await album.add(
            visitor.pilot,
            "settings_on",
            "You should see since when it is on, what can be done about it, and the three ways back with their dates; "
            "in few colours, the bar, the marks and bold text tell what colour told.",
            sizes=BOTH,
            colourings=EVERY,
        )
        await turn(visitor, 1)
        await album.add(
            visitor.pilot,
            "sessions",
            "You should see this session first, the other one below, `x` to end it, and details of the one with the bar.",
        )
        await visitor.press("2")
        await visitor.finds("End this session?")
        await album.add(
            visitor.pilot, "session_question", "You should see where that session comes from, and the bar at No."
        )
        await visitor.press("escape")
        await turn(visitor, 3)
        await album.add(
            visitor.pilot,
            "activity",
            "You should see whole sentences under the days they happened on, newest first, their times aligned.",
            sizes=BOTH,
        )
    assert not album.changes, album.changes


async def test_what_is_done_about_an_account(guarded: World, album: Album):
    async with visiting(guarded) as visitor:
        await settings(visitor, guarded)
        await visitor.press("p")
        await visitor.fill("cerulean otters juggle quartz", "cerulean otters", guarded.people["ada"].password)
        await visitor.press("enter")
        await visitor.finds("Change password", "The two are not the same")
        await album.add(
            visitor.pilot,
            "password_change_refused",
            "You should see the meter at the new password, and under the second line that the two are not the same.",
        )
        await visitor.press("escape")
        await visitor.finds("Settings", "two-factor on")
        await visitor.press("a")
        await visitor.fill("nobody", "x")
        await visitor.finds("looks like name@example.org")
        await album.add(
            visitor.pilot,
            "address_change_refused",
            "You should see the address as it is, and under the new one why it cannot be used.",
        )
        await visitor.press("escape")
        await visitor.finds("Settings", "two-factor on")
        await visitor.press("b")
        await visitor.finds("New Backup Code")
        await album.add(
            visitor.pilot, "backup_code_new", "You should see that the old one counts until the new one is saved."
        )
        await visitor.press("escape")
        await visitor.finds("Settings", "two-factor on")
        await visitor.press("r")
        await visitor.paste(guarded.people["ada"].password)
        await visitor.press("tab")
        await visitor.type(guarded.token_for("ada"))
        await visitor.press("enter")
        await visitor.finds("That token was used already.")
        await album.add(
            visitor.pilot,
            "replace_refused",
            "You should see password and token of the old device asked, and when the next token comes.",
        )
        await visitor.press("escape")
        await visitor.finds("Settings", "two-factor on")
        await visitor.press("d")
        await visitor.finds("Disable 2FA?")
        await album.add(visitor.pilot, "disable_question", "You should see what disabling means, and the bar at No.")
        await visitor.press("y")
        await prove(visitor, guarded, token=True)
        await visitor.finds("Two-factor is off")
        await album.add(visitor.pilot, "disabled", "You should see that two-factor is off, and what to delete.")
    assert not album.changes, album.changes


async def test_ssh_keys(guarded: World, album: Album):
    async with visiting(guarded, peer=THERE) as visitor:
        await settings(visitor, guarded)
        await turn(visitor, 2)
        await album.add(
            visitor.pilot,
            "ssh_keys",
            "You should see the key with its name, in use here, its fingerprint and when it counts, and how to add another.",
        )
        await visitor.press("1")
        await visitor.finds("Remove this key?")
        await album.add(
            visitor.pilot,
            "ssh_key_question",
            "You should see which key, that it no longer helps, and the bar at No.",
        )
        await visitor.press("y")
        await visitor.finds("Remove a key")
        await album.add(
            visitor.pilot, "ssh_key_remove", "You should see the key's fingerprint, and password and token asked."
        )
    assert not album.changes, album.changes


async def test_adding_a_key(ada: World, album: Album):
    async with visiting(ada, peer=THERE) as visitor:
        await settings(visitor, ada)
        await turn(visitor, 2)
        await visitor.press("a")
        await visitor.finds("Add the key of this connection")
        await album.add(
            visitor.pilot,
            "ssh_key_add",
            "You should see the key's type and fingerprint, a name for it if one likes, and the password.",
        )
    assert not album.changes, album.changes


async def test_enable_until_it_is_left(ada: World, album: Album):
    async with visiting(ada) as visitor:
        await settings(visitor, ada)
        await visitor.press("e")
        await visitor.finds("step 1 of 4")
        await album.add(
            visitor.pilot,
            "enable_1",
            "You should see what an authenticator is, two sessions to recognise, and the cursor in the password.",
            sizes=BOTH,
        )
        await prove(visitor, ada)
        await visitor.finds("step 2 of 4")
        await album.add(
            visitor.pilot,
            "enable_2",
            "You should see the whole code, black on white, the key in groups of four, and the cursor in the six digits; "
            "in a small terminal no part of a code, but name, kind and key to type.",
            sizes=(*BOTH, SMALL),
            colourings=(Colours.DARK, Colours.LIGHT, Colours.PLAIN),
        )
        await visitor.press("f")
        await album.add(visitor.pilot, "enable_code_alone", "You should see nothing but the code and how to go back.")
        await visitor.press("escape")
        await visitor.type("000000")
        await visitor.press("enter")
        await visitor.finds("That is not the token of this key.")
        await album.add(
            visitor.pilot,
            "enable_2_refused",
            "You should see under the empty digits which entry of the app to look at; nothing else moved.",
        )
        await visitor.press("escape")
        await visitor.finds("Nothing has changed")
        await album.add(
            visitor.pilot,
            "enable_left",
            "You should see Settings as before, and at the bottom that nothing has changed and what to delete.",
        )
    assert not album.changes, album.changes


async def test_enable_to_its_end(ada: World, album: Album):
    async with visiting(ada) as visitor:
        await settings(visitor, ada)
        await to_scan(visitor, ada)
        code = await to_code(visitor, ada)
        await album.add(
            visitor.pilot,
            "enable_3",
            "You should see the code in four groups, where to keep it, and the bar at saying that it is saved.",
            sizes=BOTH,
        )
        await visitor.press("s")
        await visitor.finds("enter Continue")
        await visitor.type("zzzzz")
        await visitor.press("enter")
        await visitor.finds("That is not the group")
        await album.add(
            visitor.pilot,
            "enable_3_refused",
            "You should see which group is asked, not the code, why the last one was refused, and what Continue does.",
        )
        await visitor.type(group_asked(visitor, code))
        await visitor.press("enter")
        await visitor.finds("step 4 of 4")
        await album.add(
            visitor.pilot,
            "enable_4",
            "You should see that it is on, what is asked at the next sign-in, and the ways back with their dates.",
            sizes=BOTH,
        )
    assert not album.changes, album.changes


async def test_enable_without_a_confirmed_address(world: World, album: Album):
    world.person("ada", confirmed=False)
    async with visiting(world) as visitor:
        await settings(visitor, world)
        await to_scan(visitor, world)
        await save(visitor, await to_code(visitor, world))
        await visitor.finds("step 4 of 4")
        await album.add(
            visitor.pilot,
            "enable_4_unconfirmed",
            "You should see a warning that nothing reaches the address, and the key that confirms it next.",
        )
    assert not album.changes, album.changes


async def test_a_new_device(guarded: World, album: Album):
    async with visiting(guarded) as visitor:
        await settings(visitor, guarded)
        await visitor.press("r")
        await prove(visitor, guarded, token=True)
        await visitor.finds("step 2 of 4")
        code = await to_code(visitor, guarded)
        await album.add(visitor.pilot, "replace_3", "You should see the new code, and that nothing has changed so far.")
        await visitor.press("s")
        await visitor.finds("enter Continue")
        await album.add(
            visitor.pilot,
            "replace_3_group",
            "You should see that Continue puts the new device in place of the old one.",
        )
        await visitor.type(group_asked(visitor, code))
        await visitor.press("enter")
        await visitor.finds("step 4 of 4")
        await album.add(
            visitor.pilot,
            "replace_4",
            "You should see that tokens of the old device work no more, and the ways back with their dates.",
        )
    assert not album.changes, album.changes


async def test_leaving_enable_in_a_probation(guarded: World, album: Album):
    async with visiting(guarded) as visitor:
        await visitor.signs_in("ada", guarded.people["ada"].password)
        await visitor.finds("step 2 of 2")
        await visitor.press("b")
        await visitor.type(guarded.people["ada"].backup_code)
        await visitor.press("enter", "y")
        await visitor.finds("set it up again")
        await to_scan(visitor, guarded)
        await visitor.press("escape")
        await visitor.finds("Two-factor is not set up")
        await album.add(
            visitor.pilot,
            "probation_enable_left",
            "You should see that two-factor is off, as it was, and what to delete.",
        )
    assert not album.changes, album.changes


def in_probation(world: World) -> None:
    step = world.services.sign_in.with_password("ada", Secret(world.people["ada"].password), Origin("198.51.100.4"))
    assert isinstance(step, TokenNeeded)
    code = Secret(world.people["ada"].backup_code)
    assert isinstance(world.services.sign_in.with_backup_code(step.half, code, Origin("198.51.100.4")), SignedIn)


async def test_another_session_of_a_probation(guarded: World, album: Album):
    in_probation(guarded)
    async with visiting(guarded) as visitor:
        await visitor.signs_in("ada", guarded.people["ada"].password)
        await visitor.finds("set it up again")
        await visitor.press("s")
        await visitor.finds("Settings")
        await album.add(
            visitor.pilot,
            "probation_settings",
            "You should see one page only, Enable first, and why nothing else can be done.",
        )
        await visitor.press("e")
        await prove(visitor, guarded)
        await visitor.finds("once more")
        await album.add(
            visitor.pilot,
            "probation_enable_1",
            "You should see the backup code asked once more, below the password, and why.",
        )
    assert not album.changes, album.changes
