"""Settings: its pages, and everything on them that is not about two-factor."""

from core.audit import Event
from core.origin import Origin, ProvedKey
from core.secret import Secret
from core.terminal.theme import Colours
from core.use_cases.outcomes import Proof
from core.use_cases.sign_in import SignedIn
from tests.tui.owner import prove, settings
from tests.tui.visitor import HERE, THERE, Visitor, visiting

FINGERPRINT = THERE.fingerprint or ""


async def turn_to(ada: Visitor, page: str) -> None:
    """To a page of Settings, by the list at the left."""
    await ada.press("escape")
    for _ in range(5):
        if page in ada.line("▌"):
            break
        await ada.press("down")
    await ada.press("enter")


async def test_the_pages_are_reached_by_arrow_keys_and_say_where_one_is(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("left")
        assert "Account" in ada.line("▌")
        await ada.press("down")
        await ada.finds("You are signed in here only.")
        await ada.press("down")
        await ada.finds("A key that you add while two-factor is on is a way back")
        await ada.press("down")
        await ada.finds("made this account", "UTC")
        await ada.press("down")
        await ada.finds("How Lockwright looks")
        await ada.press("right")
        assert "1" in ada.line("▌")
        await ada.press("escape")
        assert "Appearance" in ada.line("▌")
        await ada.press("escape")
        await ada.finds("o signs out, ctrl+q leaves.")


async def test_o_signs_out(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("o")
        await ada.finds("You are signed out.")
        assert world.sessions("ada") == []


async def test_the_password_is_changed_and_every_other_session_ends(world):
    person = world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    new = "cerulean otters juggle quartz"
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("p")
        await ada.finds("Change password")
        await ada.fill(new, new, person.password)
        await ada.press("enter")
        await ada.finds("Your password is changed. Every other session has ended")
        assert world.services.sign_in.session(elsewhere.ticket) is None
        assert len(world.sessions("ada")) == 1
        assert Event.PASSWORD_CHANGED in world.events("ada")
        assert world.stop_code(person.address)
        signed_in = world.services.sign_in.with_password("ada", Secret(new), Origin("local"))
        assert isinstance(signed_in, SignedIn)


async def test_what_is_wrong_with_a_new_password_is_told_beside_it_and_nothing_is_lost(world):
    person = world.person("ada")
    new = "cerulean otters juggle quartz"
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("p")
        await ada.finds("Change password")
        await ada.press("enter", "enter", "enter")
        await ada.finds("! Choose a password.")
        await ada.fill(new, "something else entirely", person.password)
        await ada.press("enter")
        await ada.finds("The two are not the same.")
        await ada.type(new)
        await ada.press("enter", "enter")
        await ada.finds("Your password is changed.")


async def test_the_password_one_has_is_no_new_password(world):
    person = world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("p")
        await ada.fill(person.password, person.password, person.password)
        await ada.press("enter")
        await ada.finds("! That is the password you have now. Choose another.")
        assert Event.PASSWORD_CHANGED not in world.events("ada")


async def test_the_address_is_changed_told_to_the_old_one_and_confirmed_with_a_code(world):
    person = world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("a")
        await ada.finds("Change address", "It is ada@example.org now.")
        await ada.fill("ada@elsewhere.example", person.password)
        await ada.press("enter")
        await ada.finds("Confirm your address", "ada@elsewhere.example")
        assert world.stop_code(person.address)
        await ada.type(world.mail_code("ada@elsewhere.example"))
        await ada.press("enter")
        await ada.finds("Your address is confirmed.", "ada@elsewhere.example, confirmed")
        account = world.account("ada")
        assert account.address == "ada@elsewhere.example"
        assert account.address_confirmed_at == world.clock()
        assert account.former_address == person.address


async def test_an_address_confirmed_later_is_said_to_be_not_confirmed_until_then(world):
    person = world.person("ada", confirmed=False)
    async with visiting(world) as ada:
        await settings(ada, world)
        ada.sees("ada@example.org, not confirmed: neither", "notices nor Forgot password reach it", "c Confirm address")
        await ada.press("a")
        await ada.finds("It is ada@example.org now, not confirmed.", "the old one is not told")
        await ada.press("escape")
        world.clock.advance(minutes=2)
        await ada.press("c")
        await ada.finds("Confirm your address")
        await ada.press("escape")
        await ada.finds("ada@example.org is not confirmed yet")
        await ada.press("c")
        await ada.finds("Confirm your address")
        await ada.type(world.mail_code(person.address))
        await ada.press("enter")
        await ada.finds("Your address is confirmed.")
        ada.sees_not("c Confirm address")


async def test_what_is_no_address_or_the_present_one_is_told_beside_the_field(world):
    person = world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await ada.press("a")
        await ada.press("enter", "enter")
        await ada.finds("! Type the new address.")
        for typed, said in (
            ("nobody", "An e-mail address looks like name@example.org."),
            ("ADA@example.org", "That is the address you have now."),
            ("zoë@example.org", "Only addresses in plain ASCII letters can be used."),
        ):
            await ada.press("ctrl+u")
            await ada.type(typed)
            await ada.press("enter")
            await ada.press("ctrl+u")
            await ada.paste(person.password)
            await ada.press("enter")
            await ada.finds(f"! {said}")
        assert Event.ADDRESS_CHANGED not in world.events("ada")


async def test_a_session_is_ended_and_closes_where_it_is_open(world):
    world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        ada.sees("Sessions (2)")
        await turn_to(ada, "Sessions")
        await ada.finds("198.51.100.4", "this session", "Choose one to end it.")
        await ada.press("2")
        await ada.finds("End this session?", "Signed in from 198.51.100.4")
        await ada.press("enter")
        await ada.finds("Nothing has changed.")
        assert world.services.sign_in.session(elsewhere.ticket) is not None
        await ada.press("2")
        await ada.finds("End this session?")
        await ada.press("y")
        await ada.finds("That session has ended.", "Sessions (1)")
        assert world.services.sign_in.session(elsewhere.ticket) is None
        assert world.events("ada")[-1] is Event.SESSION_ENDED


async def test_all_other_sessions_are_ended_at_once(world):
    world.person("ada")
    for source in ("198.51.100.4", "198.51.100.5"):
        world.sign_in("ada", Origin(source))
    async with visiting(world) as ada:
        await settings(ada, world)
        await turn_to(ada, "Sessions")
        await ada.press("x")
        await ada.finds("End all other sessions?")
        await ada.press("y")
        await ada.finds("You are signed in here only.", "Sessions (1)")
        assert len(world.sessions("ada")) == 1


async def test_without_a_key_the_page_says_how_to_offer_one(world):
    world.person("ada")
    async with visiting(world, peer=HERE) as ada:
        await settings(ada, world)
        await turn_to(ada, "SSH keys")
        await ada.finds("No key was offered here.", "ssh -i KEY -o IdentitiesOnly=yes")
        ada.sees_not("Add this connection")


async def test_the_key_of_the_connection_is_added_with_two_factor_and_removed_again(world):
    person = world.person("ada", two_factor=True)
    async with visiting(world, peer=THERE) as ada:
        await settings(ada, world)
        await turn_to(ada, "SSH keys")
        await ada.finds("Add this connection's key", FINGERPRINT)
        await ada.press("a")
        await ada.finds("Add the key of this connection", FINGERPRINT)
        await ada.type("laptop")
        await ada.press("tab")
        await prove(ada, world, token=True)
        await ada.finds("The key is yours now", "1 laptop", "SSH keys (1)")
        ada.sees("as a way back it counts from", "in 30 d", "in use here")
        parts, account = world.services.parts, world.account("ada")
        with parts.storage.unit():
            keys = parts.ssh_keys.of(account.id)
        assert [(key.fingerprint, key.label, key.with_two_factor) for key in keys] == [(FINGERPRINT, "laptop", True)]
        assert Event.KEY_ADDED in world.events("ada")
        assert FINGERPRINT in world.letter(person.address)

        await ada.press("1")
        await ada.finds("Remove this key?", FINGERPRINT)
        await ada.press("y")
        await ada.finds("enter remove it")
        await prove(ada, world, token=True)
        await ada.finds("The key is removed", "SSH keys (0)")
        with parts.storage.unit():
            assert parts.ssh_keys.of(account.id) == []
        assert world.events("ada")[-1] is Event.KEY_REMOVED


async def test_a_key_of_somebody_else_is_refused_and_what_was_typed_stays(world):
    world.person("bob")
    bob = world.sign_in("bob", Origin(THERE.source, ProvedKey(FINGERPRINT, THERE.public_key or "")))
    origin = Origin(THERE.source, ProvedKey(FINGERPRINT, THERE.public_key or ""))
    world.services.account_settings.add_key(bob.ticket, Proof(Secret(world.people["bob"].password)), origin)
    world.person("ada")
    async with visiting(world, peer=THERE) as ada:
        await ada.press("s")
        await ada.press("shift+tab", "ctrl+u")
        await ada.fill("ada", world.people["ada"].password)
        await ada.press("enter")
        await ada.finds("Settings", "ada, two-factor off")
        await turn_to(ada, "SSH keys")
        await ada.press("a")
        await ada.finds("Add the key of this connection")
        await ada.type("laptop")
        await ada.press("tab")
        await prove(ada, world)
        await ada.finds("That key belongs to an account already.", "laptop")


async def test_the_history_is_read_a_screenful_at_a_time(world):
    world.person("ada")
    for _ in range(40):
        world.clock.advance(minutes=37)
        world.services.sign_in.sign_out(world.sign_in("ada").ticket)
    async with visiting(world) as ada:
        await settings(ada, world)
        await turn_to(ada, "Activity")
        await ada.finds("n Older")
        newest = ada.screen
        for _ in range(12):
            if "n Older" not in " ".join(ada.screen.split()):
                break
            await ada.press("n")
        ada.sees("made this account", "p Newer")
        for _ in range(12):
            if "p Newer" not in " ".join(ada.screen.split()):
                break
            await ada.press("p")
        assert ada.screen == newest


async def test_the_looks_are_put_on_at_once_and_kept_for_the_account(world):
    world.person("ada")
    async with visiting(world) as ada:
        await settings(ada, world)
        await turn_to(ada, "Appearance")
        await ada.press("2")
        await ada.finds("Light now")
        assert ada.app.colours is Colours.LIGHT
        assert world.account("ada").theme == "light"
        await ada.press("o")
        await settings(ada, world)
        assert ada.app.colours is Colours.LIGHT


async def test_a_session_ended_elsewhere_closes_settings_at_the_next_thing_that_is_asked(world):
    world.person("ada")
    elsewhere = world.sign_in("ada", Origin("198.51.100.4"))
    async with visiting(world) as ada:
        await settings(ada, world)
        world.services.account_settings.end_other_sessions(elsewhere.ticket)
        await ada.press("escape", "down")
        await ada.finds("This session was ended from elsewhere.")
