"""What is said before anything is spent, and what is said to be told after."""

import pytest

from core.accounts import Account, Role
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.two_factor import Accepted
from core.use_cases.account_settings import Changed
from core.use_cases.code_steps import ONLY_WITH_TWO_FACTOR
from core.use_cases.outcomes import Done, Over, Proof
from core.use_cases.two_factor import STAFF_KEEP_IT
from core.use_cases.words import and_told
from tests.office import THERE, Office
from tests.world import PASSWORD, World

NEW = "eleven green bottles by the wall"


def test_staff_are_told_that_they_keep_two_factor_before_a_token_is_spent(world: World) -> None:
    person = world.person("ada", two_factor=True)
    assert isinstance(world.services.operator.give_role("ada", Role.AGENT), Account)
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    setup, token = world.services.two_factor, world.token_for("ada")
    assert setup.may_disable(ticket) == STAFF_KEEP_IT
    assert setup.disable(ticket, Proof(Secret(person.password), token)) == STAFF_KEEP_IT
    account, parts = world.account("ada").id, world.services.parts
    with parts.storage.unit():
        assert isinstance(parts.two_factor.check(account, token), Accepted)


def test_whether_two_factor_may_be_disabled_is_said_without_a_proof(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    assert world.services.two_factor.may_disable(ticket) == ONLY_WITH_TWO_FACTOR
    assert world.services.two_factor.may_disable(world.enable("ada", ticket)) == Done()
    assert world.services.two_factor.may_disable(ticket) == Over()


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_change_says_to_how_many_addresses_it_is_told(world: World, confirmed: bool) -> None:
    world.person("ada", confirmed=confirmed)
    before = len(world.mail())
    ticket = world.sign_in("ada").ticket
    changed = world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    assert changed.told == len(world.mail()) - before == int(confirmed)
    said = and_told(changed.told)
    assert said == (
        ", and a mail about it is on its way." if confirmed else ". No mail tells of it: your address is not confirmed."
    )


@pytest.mark.parametrize(("origin", "where"), [(LOCAL, "on this machine"), (THERE, "from 203.0.113.7")])
def test_a_live_session_is_told_where_a_case_was_opened(
    office: Office, world: World, origin: Origin, where: str
) -> None:
    office.owner("ada")
    ticket = world.sign_in("ada").ticket
    office.open("ada", origin)
    banner = world.services.recovery.banner(ticket)
    assert banner is not None
    assert banner.sentence == f"Somebody asks to recover this account, {where}."
