"""Showing again who one is: what a proof of two codes counts at the source that it comes from."""

import pytest

from core.origin import Origin
from core.secret import Secret
from core.throttle import Factor, Wait
from core.use_cases.outcomes import Busy, Proof, Throttled, Wrong
from core.use_cases.sign_in import SignedIn
from core.use_cases.two_factor import EnrolmentBegun
from tests.busy import every_slot_taken
from tests.office import Office
from tests.world import PASSWORD, World

CROWDED = Origin("192.0.2.1")
"""A source that many share, as the gateway of a school is."""
ALL_FREE = 50
"""So many failures at a source cost no wait."""


@pytest.fixture(params=["backup code", "return code"])
def way(request: pytest.FixtureRequest, office: Office, world: World) -> Secret:
    """What switched ada's 2FA off, in another session or in a case."""
    office.owner("ada")
    if request.param == "backup code":
        code = Secret(world.people["ada"].backup_code)
        opener = world.services.sign_in.with_backup_code(office.door("ada"), code, Origin("203.0.113.1"))
        assert isinstance(opener, SignedIn)
        return code
    opened = office.decided()
    office.after(hours=73)
    return opened.return_code


@pytest.fixture
def elsewhere(way: Secret, world: World) -> Secret:
    """Another session of ada's probation, at the crowded source."""
    return world.sign_in("ada", CROWDED).ticket


def others_fail(world: World, times: int) -> None:
    """Others try and fail at that source, each at an account of their own, as soon as each may."""
    parts = world.services.parts
    for number in range(times):
        with parts.storage.unit():
            answer = parts.throttle.admit(f"{number:032x}", Factor.PASSWORD, CROWDED, known=False)
            if isinstance(answer, Wait):
                world.clock.advance(seconds=answer.seconds)
                parts.throttle.admit(f"{number:032x}", Factor.PASSWORD, CROWDED, known=False)


def wrong_of(way: Secret) -> Secret:
    return Secret("0" * len(way.reveal()))


@pytest.mark.parametrize("failures", [ALL_FREE - 1, ALL_FREE, ALL_FREE + 2])
def test_a_crowded_source_does_not_keep_out_who_shows_password_and_code(
    world: World, way: Secret, elsewhere: Secret, failures: int
) -> None:
    others_fail(world, failures)
    world.clock.advance(seconds=10)
    begun = world.services.two_factor.begin(elsewhere, Proof(Secret(PASSWORD), way=way))
    assert isinstance(begun, EnrolmentBegun)


def test_a_proof_counts_once_at_its_source_and_not_at_all_when_all_of_it_is_right(
    world: World, way: Secret, elsewhere: Secret
) -> None:
    begin = world.services.two_factor.begin
    others_fail(world, ALL_FREE - 4)
    assert isinstance(begin(elsewhere, Proof(Secret(PASSWORD), way=way)), EnrolmentBegun)
    assert begin(elsewhere, Proof(Secret(PASSWORD), way=wrong_of(way))) == Wrong()
    assert begin(elsewhere, Proof(Secret("not the password at all"), way=way)) == Wrong()
    assert begin(elsewhere, Proof(Secret("not the password at all"), way=wrong_of(way))) == Wrong()
    assert isinstance(begin(elsewhere, Proof(Secret(PASSWORD), way=way)), EnrolmentBegun)
    assert begin(elsewhere, Proof(Secret(PASSWORD), way=wrong_of(way))) == Wrong()
    assert isinstance(begin(elsewhere, Proof(Secret(PASSWORD), way=way)), Throttled)


def test_a_proof_that_was_not_made_counts_nowhere(world: World, way: Secret, elsewhere: Secret) -> None:
    proof = Proof(Secret(PASSWORD), way=way)
    others_fail(world, ALL_FREE - 1)
    with every_slot_taken(world):
        assert all(isinstance(world.services.two_factor.begin(elsewhere, proof), Busy) for _ in range(12))
    assert isinstance(world.services.two_factor.begin(elsewhere, proof), EnrolmentBegun)
