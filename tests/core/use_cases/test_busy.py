"""Every core computes hashes for others: whoever is told to wait has used up none of their tries."""

from core.origin import Origin
from core.secret import Secret
from core.use_cases.account_settings import Changed
from core.use_cases.outcomes import Busy, Done, Proof
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.busy import every_slot_taken
from tests.world import PASSWORD, World

THERE = Origin("203.0.113.7")
NEW = "seven grey herons on the lock gate"
OFTEN = range(12)
"""More often than a throttle lets pass at once."""


def test_busy_at_sign_up(world: World) -> None:
    def register() -> object:
        return world.services.sign_up.register("ada", "ada@example.org", Secret(PASSWORD), THERE)

    with every_slot_taken(world):
        assert all(isinstance(register(), Busy) for _ in OFTEN)
    assert isinstance(register(), SignedIn)


def test_busy_at_the_password(world: World) -> None:
    world.person("ada")
    with every_slot_taken(world):
        for name in ("ada", "nobody"):
            answers = [world.services.sign_in.with_password(name, Secret(PASSWORD), THERE) for _ in OFTEN]
            assert all(isinstance(answer, Busy) and answer.wait.total_seconds() >= 1 for answer in answers)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE), SignedIn)


def test_busy_at_the_backup_code(world: World) -> None:
    person = world.person("ada", two_factor=True)
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(step, TokenNeeded)
    code = Secret(person.backup_code)
    with every_slot_taken(world):
        assert all(isinstance(world.services.sign_in.with_backup_code(step.half, code, THERE), Busy) for _ in OFTEN)
    assert isinstance(world.services.sign_in.with_backup_code(step.half, code, THERE), SignedIn)


def test_busy_at_a_new_password(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    change = world.services.account_settings.change_password
    with every_slot_taken(world):
        assert all(isinstance(change(ticket, Proof(Secret(PASSWORD)), Secret(NEW)), Busy) for _ in OFTEN)
    assert isinstance(change(ticket, Proof(Secret(PASSWORD)), Secret(NEW)), Changed)


def test_busy_when_a_mail_code_sets_the_password(world: World) -> None:
    person = world.person("ada")
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", person.address, THERE) == Done()
    code = world.mail_code(person.address)
    reset = world.services.forgotten.reset
    with every_slot_taken(world):
        assert all(isinstance(reset("ada", code, Secret(NEW), THERE), Busy) for _ in OFTEN)
    assert reset("ada", code, Secret(NEW), THERE) == Done()
