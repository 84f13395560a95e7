"""What a thief tries with one thing of the owner's, and what two at once could do to each other."""

import pytest

from core.errors import DatabaseBusy
from core.mail_codes import StopKind
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, Invalid, NotNow, Proof, TokenWrong, Wrong
from core.use_cases.proving import Attempt, Proving
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import EnrolmentBegun
from tests.racing import race
from tests.world import PASSWORD, World

NEW = "eleven green bottles by the wall"
LIKE_THE_ADDRESS = "ada@example.org ada"
THERE = Origin("203.0.113.7")


def in_probation(world: World) -> Secret:
    """Ada lost her device and got in with her backup code; the ticket of that session."""
    ada = world.person("ada", two_factor=True)
    half = world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
    assert isinstance(half, TokenNeeded)
    signed_in = world.services.sign_in.with_backup_code(half.half, Secret(ada.backup_code), LOCAL)
    assert isinstance(signed_in, SignedIn)
    return signed_in.ticket


def thief_with_the_password(world: World) -> Secret:
    """The ticket of somebody who signed in elsewhere with the password alone."""
    thief = world.services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
    assert isinstance(thief, SignedIn)
    return thief.ticket


def test_a_new_password_without_a_mail_code_tells_nothing_of_whose_address_it_is_like(world: World) -> None:
    world.person("ada")
    for name in ("ada", "bob"):
        answer = world.services.forgotten.reset(name, "12345678", Secret(LIKE_THE_ADDRESS), THERE)
        assert answer == TokenWrong(None), name


def test_a_new_password_like_the_address_is_refused_with_the_mail_code_which_still_counts(world: World) -> None:
    world.person("ada")
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", "ada@example.org", THERE) == Done()
    code = world.mail_code("ada@example.org")
    for _ in range(6):  # more often than a mail code may be tried
        answer = world.services.forgotten.reset("ada", code, Secret(LIKE_THE_ADDRESS), THERE)
        assert isinstance(answer, Invalid), answer
    assert world.services.forgotten.reset("ada", code, Secret(NEW), THERE) == Done()
    assert world.services.forgotten.reset("ada", code, Secret(PASSWORD), THERE) == TokenWrong(None)


def test_in_probation_a_thief_with_the_password_cannot_end_the_session_that_is_about_to_enrol(world: World) -> None:
    owner, thief = in_probation(world), thief_with_the_password(world)
    settings = world.services.account_settings
    session = world.services.sign_in.session(owner)
    assert session is not None
    assert isinstance(settings.end_other_sessions(thief), NotNow)
    assert isinstance(settings.end_session(thief, session.id), NotNow)
    assert isinstance(settings.send_address_code(thief), NotNow)
    assert isinstance(settings.confirm_address(thief, "12345678"), NotNow)
    assert world.services.sign_in.session(owner) is not None
    assert isinstance(world.services.two_factor.begin(owner, Proof(Secret(PASSWORD))), EnrolmentBegun)


def test_a_backup_code_made_void_while_it_is_compared_opens_nothing(world: World) -> None:
    in_probation(world)
    thief = thief_with_the_password(world)
    parts, proving = world.services.parts, Proving(world.services.parts)
    way = Secret(world.people["ada"].backup_code)
    attempt = proving.begin(thief, Proof(Secret(PASSWORD), way=way), asks_way=True)
    assert isinstance(attempt, Attempt)
    assert attempt.way_right
    account = world.account("ada").id
    with parts.storage.unit():
        assert parts.backup_codes.void(account)
    with parts.storage.unit():
        assert proving.settle(attempt) == Wrong()


def test_waiting_for_the_backup_code_costs_no_try_at_the_password(world: World) -> None:
    in_probation(world)
    thief = thief_with_the_password(world)
    for _ in range(9):
        world.services.two_factor.begin(thief, Proof(Secret(PASSWORD), way=Secret("0" * 20)))
    account, parts = world.account("ada").id, world.services.parts
    with parts.storage.unit():
        assert [each.factor.value for each in parts.throttle.standing(account)] == ["backup_code"]


@pytest.mark.parametrize("other", ["reset", "stop"])
def test_a_sign_in_and_what_needs_no_sign_in_never_wait_for_each_other_in_a_circle(world: World, other: str) -> None:
    world.person("ada", two_factor=True)
    services, parts = world.services, world.services.parts
    account = world.account("ada").id
    with parts.storage.unit():
        stop = parts.stop_codes.issue(StopKind.PASSWORD, account, until=world.clock())
    answers: list[str] = []

    def sign_in() -> str:
        try:
            step = services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
            if isinstance(step, TokenNeeded):
                services.sign_in.with_token(step.half, "000000", THERE)
        except DatabaseBusy as busy:
            return f"sign-in: {busy}"
        return ""

    def without_sign_in() -> str:
        try:
            if other == "reset":
                services.forgotten.reset("ada", "12345678", Secret(NEW), THERE)
            else:
                services.stop._stop(stop.reveal(), THERE)  # once: `stop` itself tries again
        except DatabaseBusy as busy:
            return f"{other}: {busy}"
        return ""

    for _ in range(4):
        world.clock.advance(hours=30)
        answers += race(sign_in, without_sign_in)
    assert [answer for answer in answers if answer] == []
