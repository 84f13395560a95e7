"""A factor that is switched off or broken says which ways are left to this account, under the names on the screens."""

import pytest

from core.origin import LOCAL
from core.secret import Secret
from core.storage import Storage
from core.throttle import Factor
from core.two_factor.tables import DeviceRow
from core.use_cases.outcomes import Done, FactorBlocked, FactorBroken, Proof
from core.use_cases.sign_in import SignedIn
from core.use_cases.words import sentence
from tests.guessed import switched_off
from tests.office import Office
from tests.world import PASSWORD, World


def void_code(world: World, name: str) -> None:
    parts, account = world.services.parts, world.account(name)
    with parts.storage.unit():
        assert parts.backup_codes.void(account.id)


def at_the_token(office: Office, name: str = "ada") -> str:
    """What the second-factor step says to the right token."""
    office.world.clock.advance(seconds=30)
    door = office.door(name)
    return said(office.world.services.sign_in.with_token(door, office.world.token_for(name), LOCAL))


def said(refused: object) -> str:
    assert isinstance(refused, FactorBlocked | FactorBroken), refused
    return sentence(refused)


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def test_without_tokens_the_backup_code_and_recovery_are_left(ada: Office, world: World) -> None:
    switched_off(world, "ada", Factor.TOKEN)
    assert at_the_token(ada) == (
        "Too many wrong tries: the token is switched off. At sign-in, Backup Code and Recover your Account still work."
    )


def test_a_backup_code_that_is_void_is_no_way(ada: Office, world: World) -> None:
    switched_off(world, "ada", Factor.TOKEN)
    void_code(world, "ada")
    assert at_the_token(ada).endswith("At sign-in, Recover your Account still works.")


def test_nor_is_one_that_is_switched_off_itself(ada: Office, world: World) -> None:
    switched_off(world, "ada", Factor.TOKEN)
    switched_off(world, "ada", Factor.BACKUP_CODE)
    assert at_the_token(ada).endswith("At sign-in, Recover your Account still works.")


def test_without_the_backup_code_the_token_and_recovery_are_left(ada: Office, world: World) -> None:
    switched_off(world, "ada", Factor.BACKUP_CODE)
    refused = world.services.sign_in.with_backup_code(ada.door("ada"), Secret(world.people["ada"].backup_code), LOCAL)
    assert said(refused) == (
        "Too many wrong tries: the backup code is switched off. "
        "At sign-in, the token of your device and Recover your Account still work."
    )


def test_a_secret_that_cannot_be_read_names_the_same_ways(ada: Office, world: World) -> None:
    with Storage(world.settings.database_url).unit():
        DeviceRow.update(sealed=b"rubbish").execute()
    assert at_the_token(ada) == (
        "Your device's secret cannot be read any more, which is our fault, not yours. "
        "At sign-in, Backup Code and Recover your Account still work."
    )


def test_in_probation_recovery_is_left_to_who_cannot_show_what_opened_it(ada: Office, world: World) -> None:
    code = Secret(world.people["ada"].backup_code)
    assert isinstance(world.services.sign_in.with_backup_code(ada.door("ada"), code, LOCAL), SignedIn)
    switched_off(world, "ada", Factor.BACKUP_CODE)
    elsewhere = world.sign_in("ada").ticket
    refused = world.services.two_factor.begin(elsewhere, Proof(Secret(PASSWORD), way=code))
    assert said(refused).endswith("the backup code is switched off. At sign-in, Recover your Account still works.")


def test_after_a_recovery_another_one_is_left_to_who_cannot_show_the_return_code(ada: Office, world: World) -> None:
    opened = ada.decided()
    ada.after(hours=73)
    switched_off(world, "ada", Factor.RETURN_CODE)
    ticket = world.sign_in("ada").ticket
    refused = world.services.two_factor.begin(ticket, Proof(Secret(PASSWORD), way=opened.return_code))
    assert said(refused).endswith("the return code is switched off. At sign-in, Recover your Account still works.")


@pytest.mark.parametrize(("frozen", "way"), [(False, "It was me, code lost"), (True, "a lead can lift this")])
def test_without_the_return_code_a_case_can_be_begun_anew_unless_it_is_frozen(
    ada: Office, world: World, way: str, *, frozen: bool
) -> None:
    opened = ada.open()
    if frozen:
        assert world.services.desk.freeze(ada.sit_down("lea"), opened.reference, "Odd.") == Done()
    switched_off(world, "ada", Factor.RETURN_CODE)
    refused = world.services.recovery.come_back(ada.door("ada"), opened.return_code.reveal(), LOCAL)
    assert way in said(refused)


def test_a_password_is_set_anew_by_mail(ada: Office, world: World) -> None:
    ticket = world.sign_in("ada").ticket
    switched_off(world, "ada", Factor.PASSWORD)
    refused = world.services.two_factor.disable(ticket, Proof(Secret(PASSWORD), world.token_for("ada")))
    assert said(refused).endswith("the password is switched off. Forgot password, on the first screen, sets a new one.")


def test_staff_ask_the_operator(ada: Office, world: World) -> None:
    ada.here("mia")
    switched_off(world, "mia", Factor.TOKEN)
    assert at_the_token(ada, "mia").endswith(
        "In the account app, Backup Code still works; the operator of this site can help, too."
    )
    void_code(world, "mia")
    assert at_the_token(ada, "mia").endswith("Ask the operator of this site.")
