"""kill -9 in the units of Enable and of the backup code: all of it happened, or nothing did."""

from functools import partial

import pytest

from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.outcomes import Done, Proof
from core.use_cases.sign_in import TokenNeeded
from core.use_cases.two_factor import EnrolmentBegun
from tests import rfc6238
from tests.killing import killed_at, moments
from tests.world import PASSWORD, World


@pytest.mark.timeout(300)
def test_continue_is_whole_or_nothing_wherever_it_is_killed(world: World) -> None:
    world.person("ada")
    ticket = world.sign_in("ada").ticket
    setup = world.services.two_factor
    enrolment = setup.begin(ticket, Proof(Secret(PASSWORD)))
    assert isinstance(enrolment, EnrolmentBegun)
    assert setup.verify(ticket, enrolment.id, rfc6238.token(enrolment.secret.reveal(), world.clock())) == Done()
    code = setup.backup_code(ticket, enrolment.id)
    index = setup.ask_group(ticket, enrolment.id)
    assert isinstance(code, Secret)
    assert isinstance(index, int)
    assert setup.check_group(ticket, enrolment.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
    before = world.account("ada")
    world.services.close()
    for moment in moments():
        killed = killed_at(moment, lambda: setup.finish(ticket, enrolment.id))
        account = world.account("ada")
        parts = world.services.parts
        with parts.storage.unit():
            facts = [
                account.two_factor_on,
                parts.two_factor.device(account.id) is not None,
                parts.backup_codes.current(account.id) is not None,
                parts.sessions.find(ticket) is None,
            ]
        assert len(set(facts)) == 1, facts
        world.services.close()
        if facts[0]:
            break
        assert killed, "got through, and nothing came of it"
        assert account == before
    with world.services.parts.storage.unit():
        assert world.services.parts.audit.verify().whole


@pytest.mark.timeout(300)
def test_spending_the_backup_code_is_whole_or_nothing_wherever_it_is_killed(world: World) -> None:
    person = world.person("ada", two_factor=True)
    parts = world.services.parts
    for moment in moments():
        step = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
        assert isinstance(step, TokenNeeded)
        world.services.close()
        sign_in, code = world.services.sign_in, Secret(person.backup_code)
        spend = partial(sign_in.with_backup_code, step.half, code, LOCAL)
        killed = killed_at(moment, spend)
        account = world.account("ada")
        with parts.storage.unit():
            stored = parts.backup_codes.current(account.id)
            assert stored is not None
            facts = [
                not account.two_factor_on,
                parts.two_factor.device(account.id) is None,
                stored.used_at is not None,
                account.probation is not None,
            ]
            parts.throttle.lift(account.id)
        assert len(set(facts)) == 1, facts
        if facts[0]:
            break
        assert killed, "got through, and nothing came of it"
    with parts.storage.unit():
        assert parts.audit.verify().whole
