"""How the screens before a session look: `tests/drawn.py` tells how pictures are kept, looked at and accepted."""

from dataclasses import replace
from pathlib import Path

from tests.drawn import EVERY, USUAL, WIDE, Album
from tests.tui.visitor import HERE, THERE, visiting
from tests.world import PASSWORD, World

BOTH = (USUAL, WIDE)


async def test_the_first_screen_and_what_is_a_key_away(world: World, album: Album):
    async with visiting(world) as ada:
        await album.add(
            ada.pilot,
            "first",
            "You should see four ways on with their keys, the bar at Sign in, and where one comes from at the top right; "
            "in few colours the same shapes, the bar and bold text telling what colour told.",
            colourings=EVERY,
        )
        await ada.press("f")
        await album.add(
            ada.pilot,
            "forgot",
            "You should see two fields and what happens next at the right of the last line.",
            sizes=BOTH,
        )
        await ada.press("escape", "x")
        await album.add(ada.pilot, "stop", "You should see what a stop code does before one is typed.", sizes=BOTH)
        await ada.press("escape")
        await ada.signs_in("ada", "not the password at all")
        await ada.finds("is not right")
        await album.add(
            ada.pilot,
            "password_refused",
            "You should see the name kept, the password emptied and in focus, and one sentence in danger's colour.",
        )
    assert not album.changes, album.changes


async def test_the_first_screen_over_ssh(world: World, album: Album):
    async with visiting(world, peer=THERE) as ada:
        await album.add(
            ada.pilot,
            "first_over_ssh",
            "You should see the source and the proved key at the top right, and more air around the same four ways.",
            sizes=(WIDE,),
        )
    assert not album.changes, album.changes


async def test_the_first_screen_in_256_colours(world: World, album: Album):
    async with visiting(world, peer=replace(HERE, colour_term="")) as ada:
        await album.add(
            ada.pilot,
            "first_256",
            "You should see the same in colours that such a terminal has, as most over SSH are.",
        )
    assert not album.changes, album.changes


async def test_the_first_screen_after_a_session_was_ended_elsewhere(world: World, album: Album, quick_looks):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("Two-factor")
        world.services.account_settings.end_other_sessions(world.sign_in("ada").ticket)
        await ada.finds("This session was ended from elsewhere.")
        await album.add(ada.pilot, "first_ended", "You should see a warning with its mark below the four ways.")
    assert not album.changes, album.changes


async def test_sign_up(world: World, album: Album):
    async with visiting(world) as ada:
        await ada.press("n")
        await album.add(ada.pilot, "sign_up", "You should see the empty form, no wider than 72 columns.", sizes=(WIDE,))
        await ada.fill("Ada Lovelace", "ada@example.org", PASSWORD, "something else")
        await ada.finds("strong")
        await ada.press("enter")
        await ada.finds("The two are not the same")
        await album.add(
            ada.pilot,
            "sign_up_refused",
            "You should see a sentence with its mark under the name and under the second password, and a meter.",
        )
        await ada.press("escape")
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", "")
        await ada.press("ctrl+g")
        await ada.finds("save it first", "strong")
        await album.add(
            ada.pilot,
            "sign_up_suggested",
            "You should see five readable words, and that they are to be saved before they are typed again.",
        )
        await ada.press("escape")
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("Confirm your address")
        await ada.type("1234")
        await album.add(
            ada.pilot,
            "sign_up_confirm",
            "You should see where the mail went, eight places, and the two other ways on.",
        )
    assert not album.changes, album.changes


async def test_sign_up_with_an_invitation(home: Path, album: Album):
    world = World(home, registration="invite")
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("7k3m9-qxt4c", "ada", "ada@example.org", PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("That invitation is not open")
        await album.add(
            ada.pilot,
            "sign_up_invitation_refused",
            "You should see the invitation asked first, the whole form at once, and that the one typed is not open.",
        )
    world.close()
    assert not album.changes, album.changes


async def test_the_first_screen_of_a_closed_site(home: Path, album: Album):
    world = World(home, registration="closed")
    async with visiting(world) as ada:
        await album.add(ada.pilot, "first_closed", "You should see Sign up quiet, and whom to ask instead.")
    world.close()
    assert not album.changes, album.changes


async def test_the_second_factor_step(world: World, album: Album):
    world.person("ada", two_factor=True)
    world.sign_in("ada")
    async with visiting(world) as ada:
        await ada.press("s")
        await album.add(
            ada.pilot,
            "password",
            "You should see two fields with much air around them, the cursor in the first.",
            sizes=(WIDE,),
        )
        await ada.fill("ada", PASSWORD)
        await ada.press("enter")
        await ada.finds("step 2 of 2")
        await ada.type(world.token_for("ada"))
        await ada.press("enter")
        await ada.finds("The next one comes in 30 s.")
        world.clock.advance(seconds=19)
        await ada.finds("The next one comes in 11 s.")
        await ada.type("1234")
        await album.add(
            ada.pilot,
            "token_half_typed",
            "You should see the token grouped, how long to wait for the next one, and Backup Code with its key.",
        )
    assert not album.changes, album.changes


async def test_the_backup_code_and_the_probation_after_it(world: World, album: Album):
    person = world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.signs_in("ada", PASSWORD)
        await ada.finds("step 2 of 2")
        await album.add(
            ada.pilot,
            "token",
            "You should see an empty token in focus, and Backup Code with its key; no line longer than 100 characters.",
            sizes=(WIDE,),
        )
        await ada.press("b")
        await ada.type("7k3m9 qx")
        await album.add(
            ada.pilot,
            "backup_code",
            "You should see what the code does, and four groups of five with the first filled.",
        )
        await ada.press("ctrl+u")
        await ada.type(person.backup_code)
        await album.add(
            ada.pilot,
            "backup_code_typed",
            "You should see four groups of five, all filled, and much air around them.",
            sizes=(WIDE,),
        )
        await ada.press("enter")
        await ada.finds("Use your backup code now?")
        await album.add(ada.pilot, "backup_code_question", "You should see what will happen, and the bar at Not now.")
        await ada.press("y")
        await ada.finds("Two-factor is off: set it up again")
        await album.add(
            ada.pilot,
            "probation",
            "You should see that the code is spent, that two-factor is off, and the bar at Enable.",
            sizes=BOTH,
        )
    assert not album.changes, album.changes


async def test_the_new_password_with_a_wrong_code(world: World, album: Album):
    world.person("ada")
    async with visiting(world) as ada:
        await ada.press("f")
        await ada.fill("ada", "ada@example.org")
        await ada.press("enter")
        await ada.finds("Set a new password for ada")
        await ada.fill("12345678", PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("That code is not right", "strong")
        await album.add(
            ada.pilot,
            "new_password_refused",
            "You should see the code refused beside it, and the new password still typed.",
        )
    assert not album.changes, album.changes


async def test_what_stop_did(world: World, album: Album):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await ada.press("x")
        await ada.type(world.stop_code("ada@example.org"))
        await ada.press("enter")
        await ada.finds("It is stopped")
        await album.add(ada.pilot, "stopped", "You should see that it is done, with a mark, and who is told.")
    assert not album.changes, album.changes
