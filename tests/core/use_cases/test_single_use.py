"""Whatever counts once, tried at the same moment by 16 threads and by 4 processes: one winner, and nobody breaks."""

import os
from collections.abc import Callable

import pytest

from core.origin import LOCAL
from core.secret import Secret
from core.services import Services
from core.use_cases.account_settings import Changed
from core.use_cases.code_steps import NewCode
from core.use_cases.operator import Invited
from core.use_cases.outcomes import Done, Proof
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.racing import race, race_processes
from tests.world import PASSWORD, World

NEW = "seven grey herons on the lock gate"
Try = Callable[[Services, int], object]
"""One of those who try, and which one it is."""


def invitation(world: World) -> Try:
    invited = world.services.operator.invite()
    assert isinstance(invited, Invited)
    return lambda services, who: services.sign_up.register(
        f"ada{who}", f"ada{who}@example.org", Secret(PASSWORD), LOCAL, invited.code
    )


def name(world: World) -> Try:
    assert world.services.operator.accounts() == []
    return lambda services, who: services.sign_up.register("ada", f"ada{who}@example.org", Secret(PASSWORD), LOCAL)


def address_code(world: World) -> Try:
    person = world.person("ada", confirmed=False)
    ticket, code = world.sign_in("ada").ticket, world.mail_code(person.address)
    return lambda services, _: services.account_settings.confirm_address(ticket, code)


def reset_code(world: World) -> Try:
    person = world.person("ada")
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", person.address, LOCAL) == Done()
    code = world.mail_code(person.address)
    return lambda services, who: services.forgotten.reset("ada", code, Secret(f"{NEW} {who}"), LOCAL)


def password(world: World) -> Try:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    return lambda services, who: services.account_settings.change_password(
        ticket, Proof(Secret(PASSWORD)), Secret(f"{NEW} {who}")
    )


def token(world: World) -> Try:
    world.person("ada", two_factor=True)
    halves, token = [half(world) for _ in range(16)], world.token_for("ada")
    return lambda services, who: services.sign_in.with_token(halves[who], token, LOCAL)


def backup_code(world: World) -> Try:
    person = world.person("ada", two_factor=True)
    halves = [half(world) for _ in range(16)]
    return lambda services, who: services.sign_in.with_backup_code(halves[who], Secret(person.backup_code), LOCAL)


def half(world: World) -> Secret:
    step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded)
    return step.half


def enrolment(world: World) -> Try:
    world.person("ada")
    ticket, setup = world.sign_in("ada").ticket, world.services.two_factor
    begun = setup.begin(ticket, Proof(Secret(PASSWORD)))
    assert isinstance(begun, EnrolmentBegun)
    assert setup.verify(ticket, begun.id, rfc6238.token(begun.secret.reveal(), world.clock())) == Done()
    code = setup.backup_code(ticket, begun.id)
    assert isinstance(code, Secret)
    show_one_group(world, ticket, begun.id, code)
    return lambda services, _: services.two_factor.finish(ticket, begun.id)


def new_backup_code(world: World) -> Try:
    world.person("ada", two_factor=True)
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    begun = world.services.two_factor.begin_new_code(ticket, Proof(Secret(PASSWORD), world.token_for("ada")))
    assert isinstance(begun, NewCode)
    show_one_group(world, ticket, begun.id, begun.code)
    return lambda services, _: services.two_factor.finish_new_code(ticket, begun.id)


def show_one_group(world: World, ticket: Secret, enrolment_id: str, code: Secret) -> None:
    setup = world.services.two_factor
    index = setup.ask_group(ticket, enrolment_id)
    assert isinstance(index, int)
    assert setup.check_group(ticket, enrolment_id, code.reveal()[5 * index : 5 * index + 5]) == Done()


def stop_code(world: World) -> Try:
    person = world.person("ada")
    ticket = world.sign_in("ada").ticket
    changed = world.services.account_settings.change_password(ticket, Proof(Secret(PASSWORD)), Secret(NEW))
    assert isinstance(changed, Changed)
    code = world.stop_code(person.address)
    return lambda services, _: services.stop.stop(code, LOCAL)


@pytest.mark.parametrize(
    "prepare",
    [
        invitation,
        name,
        address_code,
        reset_code,
        password,
        token,
        backup_code,
        enrolment,
        new_backup_code,
        stop_code,
    ],
)
@pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])
def test_it_counts_once(world: World, racing: Callable[..., list[bool]], prepare: Callable[[World], Try]) -> None:
    tried = prepare(world)
    count = 16 if racing is race else 4
    if racing is race_processes:
        world.services.close()

    def won(who: int) -> bool:
        if racing is race:
            answer = tried(world.services, who)
        else:  # randomness of its own, as every process has
            settings = {"database": world.settings.database}
            own = World(world.settings.home, clock=world.clock, seed=str(os.getpid()), **settings)
            answer = tried(own.services, who)
            own.close()
        return isinstance(answer, SignedIn | Done | Changed | Enabled | Stopped)

    assert racing(*(lambda who=who: won(who) for who in range(count))).count(True) == 1
