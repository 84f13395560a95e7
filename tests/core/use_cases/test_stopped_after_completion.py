"""A recovery that was not the owner's, found out within 7 days after it: whichever code is typed, in whatever order."""

from collections.abc import Sequence

import pytest

from core.accounts import Lock
from core.audit import Event
from core.cases import State
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.account_settings import Changed
from core.use_cases.outcomes import Done, FactorBlocked, NotNow, Proof, Wrong
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.restoring import Restored
from core.use_cases.sign_in import LOCKED, TokenNeeded
from core.use_cases.stop import Stopped
from tests.office import LOST, Office
from tests.world import PASSWORD, World

THIEF = Origin("203.0.113.66")
ADDRESS = "ada@example.org"
CASE, ENABLED, PASSWORD_CHANGED = "was recovered", "is on", "password was changed"
"""Words in the subjects of the letters whose codes are typed."""
NEW = "vq7mzk2xwp9trbd"


class Robbed:
    """ada's account was recovered by a thief; `old` is the secret of the device that she still has."""

    def __init__(self, office: Office) -> None:
        self.office, self.world = office, office.world
        office.here("mia", "jon", "lea")
        office.owner("ada")
        self.old = self.world.people["ada"].key
        self.opened = office.decided()
        office.after(hours=73)
        assert office.state(self.opened) is State.COMPLETED

    def enrolled(self) -> None:
        """The thief sets a device up, which is `people["ada"].key` from then on."""
        self.world.enable("ada", self.world.sign_in("ada", THIEF).ticket, way=self.opened.return_code)

    def changed_password(self) -> None:
        """The thief changes the password in probation."""
        ticket = self.world.sign_in("ada", THIEF).ticket
        proof = Proof(Secret(PASSWORD), way=self.opened.return_code)
        changed = self.world.services.account_settings.change_password(ticket, proof, Secret(NEW))
        assert not isinstance(changed, Wrong | NotNow)
        self.world.people["ada"].password = NEW

    def thiefs_device_counts(self) -> bool:
        """Whether a device that was set up since the recovery is still in use."""
        parts, account = self.world.services.parts, self.world.account("ada")
        with parts.storage.unit():
            return parts.two_factor.device(account.id) is not None

    def types(self, subject: str) -> Stopped:
        stopped = self.world.services.stop.stop(self.world.stop_code_of(ADDRESS, subject), LOCAL)
        assert isinstance(stopped, Stopped)
        return stopped

    def lead(self, act: str, why: str = "She rang.") -> None:
        desk, lea = self.world.services.account_desk, self.office.sit_down("lea")
        do = desk.unlock if act == "unlock" else desk.lock
        assert do(lea, self.world.account("ada").id, why) == Done()

    def restore(self) -> object:
        """What restoring answers to the password and a token of the old device."""
        person = self.world.people["ada"]
        thiefs, person.key = person.key, self.old
        token = self.world.token_for("ada")
        person.key = thiefs
        return self.world.services.stop.restore("ada", Secret(person.password), token, LOCAL)

    def half_open(self) -> Secret:
        step = self.world.services.sign_in.with_password("ada", Secret(self.world.people["ada"].password), THIEF)
        assert isinstance(step, TokenNeeded), step
        return step.half


@pytest.fixture
def robbed(office: Office) -> Robbed:
    return Robbed(office)


@pytest.mark.parametrize(
    "codes",
    [(CASE, ENABLED), (ENABLED, CASE), (ENABLED,)],
    ids=["case code, then that of Enable", "that of Enable, then the case code", "that of Enable alone"],
)
@pytest.mark.parametrize("unlocked", [False, True], ids=["while it is locked", "after a lead unlocked"])
def test_the_old_device_comes_back_after_any_codes(robbed: Robbed, codes: Sequence[str], *, unlocked: bool) -> None:
    robbed.enrolled()
    for subject in codes:
        assert robbed.types(subject).restorable
    if unlocked:
        robbed.lead("unlock")
    assert isinstance(robbed.restore(), Restored)
    robbed.world.people["ada"].key = robbed.old
    robbed.world.clock.advance(seconds=30)
    assert robbed.world.sign_in("ada").session.kind is SessionKind.FULL


def test_the_code_of_a_changed_password_stops_the_recovery_too(robbed: Robbed, world: World) -> None:
    robbed.changed_password()
    assert robbed.types(PASSWORD_CHANGED).restorable
    assert isinstance(robbed.restore(), Restored)


def test_no_return_code_counts_after_any_of_the_codes(robbed: Robbed, world: World) -> None:
    robbed.changed_password()
    robbed.types(PASSWORD_CHANGED)
    robbed.lead("unlock")
    proof = Proof(Secret(NEW), way=robbed.opened.return_code)
    assert world.services.two_factor.begin(world.sign_in("ada", THIEF).ticket, proof) == Wrong()


@pytest.mark.parametrize("behind", [30, 300], ids=["a server 30 s behind", "a clock set back 5 min"])
def test_a_device_set_up_by_a_clock_from_before_the_recovery_opens_nothing(
    robbed: Robbed, world: World, behind: int
) -> None:
    world.clock.advance(seconds=-behind)
    robbed.enrolled()
    world.clock.advance(seconds=behind)
    stopped = robbed.types(CASE)
    assert stopped.restorable
    assert "then Restore" in " ".join(world.letter(ADDRESS).split())
    assert "set up since the recovery counts as lost" in " ".join(stopped.sentences)
    assert not robbed.thiefs_device_counts()
    robbed.lead("unlock")
    assert isinstance(robbed.restore(), Restored)


def test_a_device_set_up_after_restoring_is_the_owners(robbed: Robbed, world: World) -> None:
    robbed.types(CASE)
    assert isinstance(robbed.restore(), Restored)
    world.people["ada"].key = robbed.old
    world.clock.advance(seconds=30)
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    assert world.services.two_factor.disable(ticket, Proof(Secret(PASSWORD), world.token_for("ada"))) == Done()
    ticket = world.enable("ada", ticket)
    proof = Proof(Secret(PASSWORD), world.token_for("ada"))
    assert isinstance(world.services.account_settings.change_password(ticket, proof, Secret(NEW)), Changed)
    assert not robbed.types(PASSWORD_CHANGED).restorable
    assert robbed.thiefs_device_counts()


@pytest.mark.parametrize("subject", [CASE, ENABLED])
def test_a_device_that_was_set_up_since_opens_nothing(robbed: Robbed, world: World, subject: str) -> None:
    robbed.enrolled()
    told = " ".join(robbed.types(subject).sentences)
    assert "set up since the recovery counts as lost" in told
    robbed.lead("unlock")
    sign_in, code = world.services.sign_in, Secret(world.people["ada"].backup_code)
    assert isinstance(sign_in.with_token(robbed.half_open(), world.token_for("ada"), THIEF), FactorBlocked)
    assert sign_in.with_backup_code(robbed.half_open(), code, THIEF) == Wrong()
    assert world.sessions("ada") == []
    assert isinstance(robbed.restore(), Restored)


def test_the_code_of_the_thiefs_enable_leaves_the_restored_device_alone(robbed: Robbed, world: World) -> None:
    robbed.enrolled()
    robbed.types(CASE)
    assert isinstance(robbed.restore(), Restored)
    assert world.services.stop.stop(world.stop_code_of(ADDRESS, ENABLED), LOCAL) == Wrong()
    world.people["ada"].key = robbed.old
    world.clock.advance(seconds=30)
    assert world.sign_in("ada").session.kind is SessionKind.FULL


def test_what_a_lead_locks_afterwards_stays_locked(robbed: Robbed, world: World) -> None:
    robbed.types(CASE)
    robbed.lead("unlock")
    robbed.lead("lock")
    assert isinstance(robbed.restore(), NotNow)
    assert world.account("ada").locked_at is not None


def test_a_stop_code_after_a_leads_lock_does_not_lift_it(robbed: Robbed, world: World) -> None:
    robbed.enrolled()
    robbed.types(CASE)
    robbed.lead("unlock")
    robbed.lead("lock")
    locked = world.account("ada")
    world.clock.advance(minutes=1)
    assert not robbed.types(ENABLED).restorable
    assert isinstance(robbed.restore(), NotNow)
    account = world.account("ada")
    assert (account.locked_at, account.lock_reason) == (locked.locked_at, Lock.BY_STAFF)
    assert world.events("ada").count(Event.ACCOUNT_STOPPED) == 2


def test_what_a_lead_locked_before_the_first_stop_code_only_a_lead_unlocks(robbed: Robbed, world: World) -> None:
    robbed.enrolled()
    robbed.lead("lock")
    locked = world.account("ada").locked_at
    world.clock.advance(minutes=1)
    stopped = robbed.types(CASE)
    assert not stopped.restorable
    assert "set up since the recovery counts as lost" in " ".join(stopped.sentences)
    assert "stopped it after completion" in " ".join(world.letter("lea@example.org").split())
    assert "then Restore" not in " ".join(world.letter(ADDRESS).split())
    assert not robbed.types(ENABLED).restorable
    assert isinstance(robbed.restore(), NotNow)
    assert world.account("ada").locked_at == locked
    assert not robbed.thiefs_device_counts()
    robbed.lead("unlock")
    assert isinstance(robbed.restore(), Restored)


@pytest.mark.parametrize("why", list(Lock))
def test_no_words_of_a_lead_make_a_lock_that_the_owner_lifts(robbed: Robbed, world: World, why: str) -> None:
    robbed.lead("lock", why)
    assert isinstance(robbed.restore(), NotNow)
    assert world.account("ada").locked_at is not None
    assert world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL) == LOCKED


def test_a_lead_who_locks_and_unlocks_makes_nothing_restorable(robbed: Robbed, world: World) -> None:
    robbed.lead("lock")
    assert isinstance(robbed.restore(), NotNow)
    robbed.lead("unlock")
    assert isinstance(robbed.restore(), NotNow)
    assert not world.account("ada").two_factor_on


def test_eight_days_after_the_recovery_there_is_nothing_to_restore(robbed: Robbed) -> None:
    robbed.types(CASE)
    robbed.lead("unlock")
    robbed.office.after(days=7, minutes=1)
    assert isinstance(robbed.restore(), NotNow)


def test_restoring_ends_a_case_that_was_opened_meanwhile(robbed: Robbed, world: World) -> None:
    robbed.types(CASE)
    robbed.lead("unlock")
    again = world.services.recovery.open(world.sign_in("ada", THIEF).ticket, LOST, THIEF)
    assert isinstance(again, CaseOpened)
    assert isinstance(robbed.restore(), Restored)
    assert robbed.office.state(again) is State.STOPPED
    assert world.account("ada").two_factor_on


def test_the_leads_are_told_of_a_stop_after_a_completion(robbed: Robbed, world: World) -> None:
    robbed.types(CASE)
    letter = " ".join(world.letter("lea@example.org").split())
    assert robbed.opened.reference in letter
    assert "stopped it after completion; the account is locked" in letter
    assert world.events("ada").count(Event.ACCOUNT_STOPPED) == 1
