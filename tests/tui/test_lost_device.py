"""The device is lost, the backup code at hand: in, two-factor off, and on again with a new device."""

from core.audit import Event
from core.origin import Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.tui.owner import prove, save, scan, to_code
from tests.tui.visitor import Visitor, visiting
from tests.world import World


async def use_backup_code(ada: Visitor, world: World) -> None:
    person = world.people["ada"]
    await ada.signs_in("ada", person.password)
    await ada.finds("step 2 of 2", "Backup Code")
    await ada.press("b")
    await ada.finds("with your backup code")
    await ada.paste(person.backup_code)
    await ada.press("enter")
    await ada.finds("Use your backup code now?")
    await ada.press("y")
    await ada.finds("Two-factor is off: set it up again", "e Enable")


async def test_signing_in_with_the_backup_code_leads_to_enable_and_ends_probation(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await use_backup_code(ada, world)
        account = world.account("ada")
        assert not account.two_factor_on
        assert account.probation is not None
        assert [session.kind for session in world.sessions("ada")] == [SessionKind.PROBATION]
        await ada.press("e")
        await ada.finds("Enable two-factor", "step 1 of 4")
        await prove(ada, world)
        await ada.finds("step 2 of 4")
        assert scan(ada, world) == "Acme:ada (2)"
        code = await to_code(ada, world)
        await save(ada, code)
        await ada.finds("Two-factor is on.", "step 4 of 4")
        await ada.press("enter")
        await ada.finds("Settings", "two-factor on since", "Sessions (1)")
        account = world.account("ada")
        assert account.two_factor_on
        assert account.probation is None
        assert [session.kind for session in world.sessions("ada")] == [SessionKind.FULL]
        events = world.events("ada")
        assert events.index(Event.BACKUP_CODE_USED) < len(events) - 1
        assert events[-1] is Event.TWO_FACTOR_ENABLED


async def test_leaving_enable_in_probation_comes_back_to_its_first_screen(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await use_backup_code(ada, world)
        await ada.press("e")
        await prove(ada, world)
        await ada.finds("step 2 of 4")
        await ada.press("escape")
        await ada.finds("Two-factor is not set up", "Nothing has changed: two-factor is off, as it was.")
        await ada.press("enter")
        await ada.finds("Two-factor is off: set it up again", "Keep the code until two-factor is on")
        ada.sees_not("it is asked once more here", "Recover your Account people decide")  # this session used it
        assert world.account("ada").probation is not None


async def test_settings_in_probation_offer_enable_and_password_and_nothing_else(world):
    world.person("ada", two_factor=True)
    async with visiting(world) as ada:
        await use_backup_code(ada, world)
        await ada.press("s")
        await ada.finds("Settings", "because your Backup Code was used", "e Enable", "p Change password", "o sign out")
        ada.sees_not("Change address", "Sessions", "SSH keys", "Activity", "Appearance")
        await ada.press("a", "x", "c", "d", "r", "b")
        ada.sees("Settings")
        await ada.press("p")
        await ada.finds("Change password", "Your password now")
        await ada.fill("cerulean otters juggle quartz", "cerulean otters juggle quartz", world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("Your password is changed.", "because your Backup Code was used")
        world.people["ada"].password = "cerulean otters juggle quartz"
        await ada.press("e")
        await prove(ada, world)
        await ada.finds("step 2 of 4")


async def test_another_session_in_probation_shows_the_backup_code_once_more(world):
    person = world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(person.password), Origin("198.51.100.4"))
    assert isinstance(step, TokenNeeded)
    used = world.services.sign_in.with_backup_code(step.half, Secret(person.backup_code), Origin("198.51.100.4"))
    assert isinstance(used, SignedIn)
    async with visiting(world) as ada:
        await ada.signs_in("ada", person.password)
        await ada.finds("Two-factor is off: set it up again", "Have the backup code at hand")
        ada.sees("Without it, Recover your Account is the way: a case that people decide.", "r Recover your Account")
        await ada.press("e")
        await prove(ada, world)
        await ada.finds("Backup Code once more, since another session used it")
        ada.sees("Without it: sign in again and choose Recover your Account.")
        await ada.type("7K3M9QXT4C0PWH2N8VDB")
        await ada.press("enter")
        await ada.finds("! The password or the code below it is not right.")
        assert world.events("ada")[-1] is Event.PROOF_FAILED
        await ada.paste(person.password)
        await ada.press("tab")
        await ada.press("ctrl+u")
        await ada.paste("-".join(person.backup_code[at : at + 5].lower() for at in range(0, 20, 5)))
        await ada.press("enter")
        await ada.finds("step 2 of 4")
        code = await to_code(ada, world)
        await save(ada, code)
        await ada.finds("Two-factor is on.")
        assert world.account("ada").probation is None
