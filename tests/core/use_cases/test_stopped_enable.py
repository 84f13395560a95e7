"""A thief with the password enables 2FA on an account without it; the owner uses the notice's stop code."""

import pytest

from core.accounts import Account
from core.cases import State
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, FactorBlocked, NotNow, Proof, Wrong
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.stop import Stopped
from core.use_cases.two_factor import EnrolmentBegun
from tests.office import LOST, Office
from tests.world import PASSWORD

THIEF, OWNER = Origin("203.0.113.66"), Origin("203.0.113.1")
NEW = "vq7mzk2xwp9trbd"


@pytest.fixture
def robbed(office: Office) -> Office:
    """bea never had 2FA; the thief's device is `people["bea"].key`, and the owner typed the code of that notice."""
    world = office.world
    world.person("bea")
    world.clock.advance(days=40)
    signed_in = world.services.sign_in.with_password("bea", Secret(PASSWORD), THIEF)
    assert isinstance(signed_in, SignedIn)
    world.enable("bea", signed_in.ticket)
    stopped = world.services.stop.stop(world.stop_code("bea@example.org"), OWNER)
    assert isinstance(stopped, Stopped)
    assert any("recovery case" in sentence for sentence in stopped.sentences)
    return office


def unlocked(office: Office) -> None:
    account = office.world.account("bea")
    lea = office.sit_down("lea")
    assert office.world.services.account_desk.unlock(lea, account.id, "It is bea, I called her.") == Done()


def half_open(office: Office, origin: Origin) -> Secret:
    step = office.world.services.sign_in.with_password("bea", Secret(PASSWORD), origin)
    assert isinstance(step, TokenNeeded), step
    return step.half


def test_while_it_is_locked_nobody_gets_in_and_the_device_restores_nothing(robbed: Office) -> None:
    world = robbed.world
    assert isinstance(world.services.sign_in.with_password("bea", Secret(PASSWORD), THIEF), NotNow)
    assert isinstance(world.services.stop.restore("bea", Secret(PASSWORD), world.token_for("bea"), THIEF), NotNow)
    assert "Recover your Account" in world.letter("bea@example.org")


def test_the_thiefs_token_and_backup_code_open_nothing_once_it_is_unlocked(robbed: Office) -> None:
    world = robbed.world
    unlocked(robbed)
    sign_in = world.services.sign_in
    refused = sign_in.with_token(half_open(robbed, THIEF), world.token_for("bea"), THIEF)
    assert isinstance(refused, FactorBlocked)
    assert "Recover your Account" in refused.sentence
    code = Secret(world.people["bea"].backup_code)
    assert sign_in.with_backup_code(half_open(robbed, THIEF), code, THIEF) == Wrong()
    assert world.sessions("bea") == []


def test_the_owner_gets_the_account_by_a_case_that_the_thiefs_device_cannot_end(robbed: Office) -> None:
    world = robbed.world
    unlocked(robbed)
    opened = world.services.recovery.open(half_open(robbed, OWNER), LOST, OWNER)
    assert isinstance(opened, CaseOpened)
    world.services.due.tick()
    robbed.mailed(opened, "bea")
    robbed.verify(opened)
    robbed.approve(opened)
    world.services.sign_in.with_token(half_open(robbed, THIEF), world.token_for("bea"), THIEF)
    robbed.after(hours=73)
    assert robbed.state(opened) is State.COMPLETED
    thief = world.services.sign_in.with_password("bea", Secret(PASSWORD), THIEF)
    assert isinstance(thief, SignedIn)
    begun = world.services.two_factor.begin(thief.ticket, Proof(Secret(PASSWORD), way=Secret("0" * 12)))
    assert not isinstance(begun, EnrolmentBegun)
    owner = world.services.sign_in.with_password("bea", Secret(PASSWORD), OWNER)
    assert isinstance(owner, SignedIn)
    world.enable("bea", owner.ticket, way=opened.return_code)
    assert isinstance(world.sign_in("bea", OWNER), SignedIn)


def test_whoever_reads_the_mailbox_gains_nothing_by_stopping_an_enable(robbed: Office) -> None:
    world = robbed.world
    unlocked(robbed)
    world.services.due.tick()  # the letter of that is sent before the next
    world.services.forgotten.ask("bea", "bea@example.org", THIEF)
    assert world.services.forgotten.reset("bea", world.mail_code("bea@example.org"), Secret(NEW), THIEF) == Done()
    step = world.services.sign_in.with_password("bea", Secret(NEW), THIEF)
    assert isinstance(step, TokenNeeded), "2FA stays on"
    opened = world.services.recovery.open(step.half, LOST, THIEF)
    assert isinstance(opened, CaseOpened)
    assert world.services.recovery.send_mail_code(opened.ticket) != Done()
    account = world.account("bea")
    assert isinstance(account, Account)
    assert account.two_factor_on


def test_the_code_of_an_earlier_change_leaves_a_device_alone(office: Office) -> None:
    world = office.world
    world.person("bea", two_factor=True)
    signed_in = world.sign_in("bea")
    world.clock.advance(seconds=30)
    proof = Proof(Secret(PASSWORD), world.token_for("bea"))
    world.services.account_settings.change_password(signed_in.ticket, proof, Secret(NEW))
    assert isinstance(world.services.stop.stop(world.stop_code_of("bea@example.org", "password"), LOCAL), Stopped)
    world.people["bea"].password = NEW
    unlocked(office)
    assert isinstance(world.sign_in("bea"), SignedIn)
