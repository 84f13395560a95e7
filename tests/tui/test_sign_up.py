"""Signing up: one form, then the address now or later."""

import pytest

from core.accounts import Role
from core.audit import Event
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.sign_in import SignedIn
from tests.tui.visitor import Visitor, visiting
from tests.world import PASSWORD, World


async def fill_form(
    ada: Visitor, name: str = "ada", address: str = "ada@example.org", password: str = PASSWORD
) -> None:
    await ada.press("n")
    await ada.fill(name, address, password, password)


async def test_signing_up_makes_an_account_and_signs_in_to_it(world):
    async with visiting(world) as ada:
        await fill_form(ada)
        await ada.press("enter")
        await ada.finds("Confirm your address")
        await ada.press("escape")
        await ada.finds("Two-factor")
        assert world.account("ada").address == "ada@example.org"
        assert world.account("ada").address_confirmed_at is None
        assert len(world.sessions("ada")) == 1
        assert Event.ACCOUNT_CREATED in world.events("ada")


async def test_the_address_is_confirmed_with_the_code_from_the_mail(world):
    async with visiting(world) as ada:
        await fill_form(ada)
        await ada.press("enter")
        await ada.finds("A code is on its way to ada@example.org")
        ada.sees("No mail server is set up, so mail becomes files: read the newest in")
        await ada.type(world.mail_code("ada@example.org"))
        await ada.press("enter")
        await ada.finds("Two-factor")
        assert world.account("ada").address_confirmed_at == world.clock()


async def test_a_wrong_code_is_said_beside_it_and_a_new_one_can_be_had_after_a_minute(world):
    async with visiting(world) as ada:
        await fill_form(ada)
        await ada.press("enter")
        await ada.finds("Confirm your address")
        right = world.mail_code("ada@example.org")
        await ada.type("00000000" if right != "00000000" else "11111111")
        await ada.press("enter")
        await ada.finds("That is not the right code. 4 tries left.")
        await ada.press("r")
        await ada.finds("A code was sent there just now. Another can be sent in 1 min. The last one still counts.")
        world.clock.advance(seconds=61)
        await ada.press("r")
        await ada.finds("Another code is on its way.")
        assert world.mail_code("ada@example.org") != right
        await ada.type(world.mail_code("ada@example.org"))
        await ada.press("enter")
        await ada.finds("Two-factor")
        assert world.account("ada").address_confirmed_at == world.clock()


async def test_no_code_is_said_to_be_on_its_way_where_five_went_there_today(world):
    for number in range(5):
        signed_up = world.services.sign_up.register(f"ada{number}", "ada@example.org", Secret(PASSWORD), LOCAL)
        assert isinstance(signed_up, SignedIn)
        world.clock.advance(hours=1)
    async with visiting(world) as ada:
        await fill_form(ada)
        await ada.press("enter")
        await ada.finds("No code is on its way to ada@example.org. Five codes went there within 24 hours")
        ada.sees("Another can be sent in 19 h (Tue")
        await ada.press("tab", "r")
        await ada.finds("Five codes went there within 24 hours, which is the most. Another can be sent in 19 h")


async def test_nothing_typed_says_what_is_missing_and_stays(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.press("enter", "enter", "enter", "enter")
        ada.sees("! Choose a password.")
        await ada.fill(PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("! Type a name.")


async def test_a_name_that_is_taken_is_said_beside_it_and_nothing_typed_is_lost(world):
    world.person("ada")
    async with visiting(world) as ada:
        await fill_form(ada, "ada", "grace@example.org")
        await ada.press("enter")
        await ada.finds("! That name is taken or was taken before. Choose another.", "grace@example.org")
        await ada.press("ctrl+u")
        await ada.type("grace")
        await ada.press("enter", "enter", "enter", "enter")
        await ada.finds("Confirm your address")
        assert world.account("grace").address == "grace@example.org"


async def test_an_address_in_use_is_never_told_on_screen_but_to_its_owner(world):
    world.person("ada")
    world.clock.advance(minutes=1, seconds=1)
    async with visiting(world) as grace:
        await fill_form(grace, "grace", "ada@example.org")
        await grace.press("enter")
        await grace.finds("A code is on its way to ada@example.org")
    assert "Somebody wanted to use this address" in world.letter("ada@example.org")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Ada", None),
        ("1ada", "A name begins with a small letter a to z."),
        ("a", "A name has at least 2 characters."),
        ("a" * 40, "A name has at most 32 characters."),
        ("ada lovelace", "A name is small letters a to z, digits, and . _ - between them."),
        ("admin", "This name is reserved."),
    ],
)
async def test_a_name_that_cannot_be_had_is_said_when_its_field_is_left(world, name, sentence):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill(name, "")
        if sentence is None:
            ada.sees_not("!")
        else:
            ada.sees(f"! {sentence}")


async def test_an_address_that_cannot_be_one_is_said_when_its_field_is_left(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("ada", "ada at example.org", "")
        ada.sees("! An e-mail address looks like name@example.org.")


async def test_too_long_a_text_is_said_and_not_taken(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.paste("a" * 500)
        ada.sees("! That is too long: 64 characters fit here.")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "Use at least 15 characters; this has 5."),
        ("passwordpassword", "This repeats one short piece."),
        ("ada@example.org1", "This is little more than your e-mail address."),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(world, password, sentence):
    async with visiting(world) as ada:
        await fill_form(ada, password=password)
        await ada.press("enter")
        await ada.finds(f"! {sentence}", "ada@example.org")


async def test_two_different_passwords_are_told_and_only_the_second_is_emptied(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", PASSWORD, "something else altogether")
        await ada.press("enter")
        ada.sees("! The two are not the same. Type it again here.")
        await ada.type(PASSWORD)
        ada.sees("the same")
        await ada.press("enter")
        await ada.finds("Confirm your address")


async def test_the_meter_counts_then_judges(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", "nine pale")
        ada.sees("9 of at least 15 characters")
        await ada.type(" horses over the weir")
        await ada.finds("■■■■■ strong")


async def test_a_suggested_passphrase_can_be_read_and_has_to_be_typed_again(world):
    async with visiting(world) as ada:
        await ada.press("n")
        await ada.fill("ada", "ada@example.org", "")
        await ada.press("ctrl+g")
        await ada.finds("save it first, then type or paste it here")
        phrase = next(word for word in ada.words.split() if word.count("-") >= 4)
        await ada.type(phrase)
        await ada.press("enter")
        await ada.finds("Confirm your address")
        assert isinstance(world.services.sign_in.with_password("ada", Secret(phrase), LOCAL), SignedIn)


@pytest.mark.parametrize("registration", ["open", "closed"])
async def test_an_invitation_with_a_role_is_used_where_none_is_asked(home, registration):
    world = World(home, registration=registration)
    parts = world.services.parts
    with parts.storage.unit():
        code = parts.invitations.make(by="host", until=world.clock.now.replace(year=2027), role=Role.AGENT)
    async with visiting(world) as ada:
        if registration == "open":
            await ada.press("n")
            ada.sees("ctrl+n: I have an invitation.")
            ada.sees_not("the code from your invitation")
            await ada.press("ctrl+n")
        else:
            await ada.press("ctrl+p")
            await ada.type("invitation")
            await ada.press("enter")
        await ada.finds("the code from your invitation")
        await ada.fill(code.reveal(), "ada", "ada@example.org", PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("Confirm your address")
        assert world.account("ada").roles == {Role.AGENT}
    world.close()


async def test_an_invitation_is_asked_where_the_site_wants_one_and_counts_once(home):
    world = World(home, registration="invite")
    parts = world.services.parts
    with parts.storage.unit():
        code = parts.invitations.make(by="host", until=world.clock.now.replace(year=2027), role=Role.AGENT)
    async with visiting(world) as ada:
        await ada.press("n")
        ada.sees("Invitation")
        await ada.fill("WRONG-CODE", "ada", "ada@example.org", PASSWORD, PASSWORD)
        await ada.press("enter")
        await ada.finds("! That invitation is not open", "ada@example.org")
        await ada.press("ctrl+u")
        await ada.type(code.reveal())
        await ada.press("enter", "enter", "enter", "enter", "enter")
        await ada.finds("Confirm your address")
        assert world.account("ada").name == "ada"
    world.close()
