"""The stop codes in the notices of a case: each of them counts for as long as there is something to stop."""

import pytest

from core.cases import State
from core.origin import LOCAL
from core.use_cases.outcomes import Done, Wrong
from core.use_cases.stop import Stopped
from tests.office import Office
from tests.world import World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def test_the_first_code_freezes_a_case_that_its_claimant_keeps_alive(ada: Office, world: World) -> None:
    opened = ada.open()
    code = world.stop_code("ada@example.org")
    ada.after(days=13)
    ada.back(opened)
    ada.after(days=7)
    assert isinstance(world.services.stop.stop(code, LOCAL), Stopped)
    assert ada.state(opened) is State.FROZEN


def test_every_code_of_a_case_counts_for_seven_days_after_its_completion(ada: Office, world: World) -> None:
    opened = ada.open()
    first = world.stop_code("ada@example.org")
    ada.after(hours=25)
    second = world.stop_code("ada@example.org")
    assert first != second
    ada.after(days=12)
    recovery, back = world.services.recovery, ada.back(opened)
    assert recovery.send_mail_code(back.ticket) == Done()
    assert recovery.give_mail_code(back.ticket, world.mail_code("ada@example.org")) == Done()
    ada.after(days=10)
    ada.verify(opened)
    assert ada.approve(opened).completed
    third = world.stop_code("ada@example.org")
    ada.after(days=6, hours=23)
    assert isinstance(world.services.stop.stop(first, LOCAL), Stopped)
    assert world.account("ada").locked_at is not None
    assert isinstance(world.services.stop.stop(third, LOCAL), Stopped)
    ada.after(hours=2)
    assert world.services.stop.stop(second, LOCAL) == Wrong()
