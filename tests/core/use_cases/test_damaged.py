"""An account whose record was changed outside: refused and written down, and told to nobody who has not the password."""

from typing import Any

from core.accounts import Account, Damaged
from core.accounts.tables import AccountRow
from core.audit import Event
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.two_factor.tables import DeviceRow
from core.use_cases.account_desk import AccountCard
from core.use_cases.outcomes import Done, NotNow, Over, TokenWrong, Wrong
from core.use_cases.sign_in import DAMAGED, SignedIn
from core.use_cases.standing import hold
from tests.office import Office
from tests.world import PASSWORD, World

NEW = Secret("eleven green bottles by the wall")
THERE = Origin("203.0.113.7")


def row_of(world: World, account: str) -> dict[str, Any]:
    """The whole row of an account, as somebody who can read the database copies it."""
    with world.services.parts.storage.unit():
        row: dict[str, Any] = AccountRow.select().where(AccountRow.id == account).dicts().get()
    return row


def put_back(world: World, row: dict[str, Any]) -> None:
    """The same row, written over the present one."""
    with world.services.parts.storage.unit():
        assert AccountRow.update(**row).where(AccountRow.id == row["id"]).execute() == 1


def events(world: World, account: str) -> list[Event]:
    with world.services.parts.storage.unit():
        return [entry.event for entry in world.services.parts.audit.history(account)]


def with_an_old_row(world: World, name: str = "ada") -> tuple[str, Secret]:
    """Somebody has 2FA on and is signed in, and their row of before they enabled it is back."""
    world.person(name)
    account = world.account(name).id
    before = row_of(world, account)
    world.enable(name, world.sign_in(name).ticket)
    ticket = world.sign_in(name).ticket
    put_back(world, before)
    return account, ticket


def test_an_old_row_put_back_does_not_switch_two_factor_off(world: World) -> None:
    account, ticket = with_an_old_row(world)
    parts = world.services.parts
    with parts.storage.unit():
        assert isinstance(parts.accounts.get(account), Account)  # the row by itself is genuine
        assert hold(parts, account) == Damaged(account, "ada")
    assert world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL) == DAMAGED
    assert world.services.account_settings.overview(ticket) == Over()
    assert world.services.sign_in.session(ticket) is None
    assert events(world, account).count(Event.ACCOUNT_DAMAGED) == 2


def test_staff_and_the_operator_see_that_an_old_row_was_put_back(world: World, office: Office) -> None:
    mia = office.sit_down("mia")
    account, _ = with_an_old_row(world, "eve")
    card = world.services.account_desk.card(mia, account)
    assert isinstance(card, AccountCard)
    assert card.damaged
    facts = world.services.operator.show("eve")
    assert facts is not None
    assert facts.account == Damaged(account, "eve")


def test_an_old_row_put_back_is_no_way_to_a_new_password_either(world: World) -> None:
    with_an_old_row(world)
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", "ada@example.org", THERE) == Done()
    code = world.mail_code("ada@example.org")
    assert world.services.forgotten.reset("ada", code, NEW, THERE) == TokenWrong(None)


def test_two_factor_off_without_a_device_is_sound(world: World) -> None:
    world.person("ada", two_factor=True)
    parts, account = world.services.parts, world.account("ada")
    with parts.storage.unit():
        assert isinstance(parts.accounts.change(account, two_factor_since=None), Account)
        parts.two_factor.erase(account.id)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), SignedIn)


def test_a_damaged_account_is_told_only_to_whoever_has_the_password(world: World) -> None:
    world.person("ada")
    account = world.account("ada").id
    with world.services.parts.storage.unit():
        AccountRow.update(enrolments=7).where(AccountRow.id == account).execute()
    sign_in = world.services.sign_in.with_password
    assert sign_in("ada", NEW, THERE) == Wrong()
    assert sign_in("ada", Secret(PASSWORD), THERE) == DAMAGED
    assert events(world, account)[:2] == [Event.ACCOUNT_DAMAGED] * 2


def test_a_damaged_account_whose_hash_was_replaced_takes_no_password(world: World) -> None:
    world.person("ada")
    world.person("mallory", password=NEW.reveal())
    account = world.account("ada").id
    with world.services.parts.storage.unit():
        stolen = world.services.parts.accounts.by_name("mallory")
        assert isinstance(stolen, Account)
        AccountRow.update(password_hash=stolen.password_hash).where(AccountRow.id == account).execute()
    for password in (PASSWORD, NEW.reveal()):
        assert world.services.sign_in.with_password("ada", Secret(password), THERE) == Wrong()


def test_guesses_at_a_damaged_account_are_throttled_like_any_other(world: World) -> None:
    world.person("ada")
    account = world.account("ada").id
    with world.services.parts.storage.unit():
        AccountRow.update(enrolments=7).where(AccountRow.id == account).execute()
    guesses = [world.services.sign_in.with_password(name, NEW, THERE) for name in ["ada"] * 8]
    nobody = [world.services.sign_in.with_password(name, NEW, THERE) for name in ["bob"] * 8]
    assert guesses == nobody
    assert not any(isinstance(answer, NotNow) for answer in guesses)


def test_two_factor_on_without_a_device_never_reads_as_off(world: World) -> None:
    world.person("ada", two_factor=True)
    with world.services.parts.storage.unit():
        DeviceRow.delete().execute()
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert not isinstance(step, SignedIn)
