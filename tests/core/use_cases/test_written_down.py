"""What happens is written down and told: no event and no letter that nothing in the domain uses."""

import ast
import inspect
from pathlib import Path

import pytest

import core
from core.audit import Event
from core.notices import case_letters, letters
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.two_factor.tables import DeviceRow
from core.use_cases.outcomes import Done, FactorBroken, NotNow, Proof, Wrong
from core.use_cases.sign_in import TokenNeeded
from core.use_cases.stop import Stopped
from tests.world import PASSWORD, World

NEW = Secret("eleven green bottles by the wall")
THERE = Origin("203.0.113.7")
WRITERS = [
    (module.__name__.rpartition(".")[2], name)
    for module in (letters, case_letters)
    for name, writer in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_") and writer.__module__ == module.__name__
]


def used() -> set[tuple[str, str]]:
    """Every `something.name` that the use cases say."""
    return {
        (node.value.id, node.attr)
        for path in (Path(core.__path__[0]) / "use_cases").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


USED = used()


@pytest.mark.parametrize(
    "event", [event for event in Event if event is not Event.UNREADABLE], ids=lambda event: event.name
)
def test_every_event_is_recorded_somewhere(event: Event) -> None:
    assert ("Event", event.name) in USED


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer[1])
def test_every_letter_is_sent_somewhere(writer: tuple[str, str]) -> None:
    assert writer in USED


def test_a_second_factor_that_cannot_be_read_is_written_down(world: World) -> None:
    world.person("ada", two_factor=True)
    with world.services.parts.storage.unit():
        DeviceRow.update(sealed=b"rubbish").execute()
    assert Event.TWO_FACTOR_BROKEN not in world.events("ada")
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    assert world.services.sign_in.with_token(step.half, world.token_for("ada"), LOCAL) == FactorBroken()
    assert Event.TWO_FACTOR_BROKEN in world.events("ada")


def test_an_address_put_back_is_written_down(world: World) -> None:
    world.person("ada")
    settings, ticket = world.services.account_settings, world.sign_in("ada").ticket
    assert settings.change_address(ticket, Proof(Secret(PASSWORD)), "thief@example.org") == Done()
    assert isinstance(world.services.stop.stop(world.stop_code("ada@example.org"), THERE), Stopped)
    assert Event.ADDRESS_RESTORED in world.events("ada")


def test_the_new_address_is_told_once_it_counts_and_an_address_that_replaces_none_is_not(world: World) -> None:
    world.person("ada")
    assert not [mail for mail in world.mail() if "new address" in str(mail["Subject"])]
    settings, ticket = world.services.account_settings, world.sign_in("ada").ticket
    assert settings.change_address(ticket, Proof(Secret(PASSWORD)), "new@example.org") == Done()
    assert settings.confirm_address(ticket, world.mail_code("new@example.org")) == Done()
    told = [mail for mail in world.mail() if "new address" in str(mail["Subject"])]
    assert [mail["To"] for mail in told] == ["new@example.org"]
    assert "Notices come here from now on" in " ".join(world.letter("new@example.org").split())


def test_a_factor_that_closes_after_many_wrong_tries_is_written_down_once(world: World) -> None:
    world.person("ada")
    sign_in = world.services.sign_in.with_password

    def fail(origin: Origin, times: int) -> None:
        for _ in range(times):
            world.clock.advance(minutes=16)
            assert sign_in("ada", NEW, origin) == Wrong()

    fail(LOCAL, 49)  # where ada signed in before
    fail(THERE, 49)
    events = world.events("ada")
    assert not {Event.FACTOR_BLOCKED, Event.FACTOR_DISABLED} & set(events)
    fail(THERE, 1)
    assert world.events("ada")[-2] is Event.FACTOR_BLOCKED
    world.clock.advance(minutes=16)
    assert isinstance(sign_in("ada", NEW, THERE), NotNow)
    fail(LOCAL, 1)
    assert world.events("ada")[-2] is Event.FACTOR_DISABLED
    world.clock.advance(minutes=16)
    assert isinstance(sign_in("ada", NEW, LOCAL), NotNow)
    with world.services.parts.storage.unit():
        entries = world.services.parts.audit.search(event=Event.FACTOR_DISABLED)
    assert [dict(entry.detail) for entry in entries] == [{"factor": "password"}]
    assert world.events("ada").count(Event.FACTOR_BLOCKED) == 1


def test_every_failed_try_at_an_account_is_settled_where_what_it_closes_is_written_down() -> None:
    """`tries.settle`; only strangers, whose lane never closes, are settled at the throttle itself."""
    direct = {
        path.name
        for path in (Path(core.__path__[0]) / "use_cases").glob("*.py")
        if "throttle.settle(" in path.read_text()
    }
    assert direct == {"tries.py", "forgotten.py", "sign_up.py", "stop.py"}
