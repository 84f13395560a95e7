"""Random recoveries against the rules: an owner, thieves of the password and of the mailbox, a rogue agent, time, crashes.

What must never happen is checked after every step, whoever did what and however long they waited.
"""

import dataclasses
import email
import email.policy
import functools
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.accounts import Account, Role
from core.audit import Event
from core.cases import Case, State
from core.cases.policy import DEFAULT
from core.home import prepare
from core.mail_codes import clean_stop
from core.origin import Origin
from core.secret import Secret
from core.services import open_services
from core.sessions import Session, SessionKind
from core.use_cases.outcomes import Done, NotNow, Proof
from core.use_cases.recovery_doors import CameBack, CaseOpened, CaseStands
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.killing import died_in_unit
from tests.office import LOST, Office
from tests.repeatable import WorldClock
from tests.soak import soak_count
from tests.world import PASSWORD, Person, World

OWNER, THIEF, MAILBOX = Origin("203.0.113.1"), Origin("203.0.113.66"), Origin("203.0.113.77")

OWNERS_NEXT, MAILBOXS = "vq7mzk2xwp9trbd", "hj4nfc8ykg3slqe"
"""Passwords that were set by mail: by the owner, and by the thief who reads the mailbox; short, as judging them costs."""
KNOWN = {OWNER: {PASSWORD, OWNERS_NEXT}, THIEF: {PASSWORD}, MAILBOX: {MAILBOXS}}
"""Who knows which password."""

MEMORY = Path("/dev/shm")
"""A folder that is no disk, where there is one: a run makes some hundred commits."""
ROLES = {"mia": Role.AGENT, "jon": Role.AGENT, "lea": Role.LEAD, "roy": Role.AGENT}


@functools.cache
def template() -> tuple[tempfile.TemporaryDirectory[str], datetime, dict[str, Person]]:
    """A home with ada and the staff in it, to be copied: the folder, its time, its people."""
    folder = tempfile.TemporaryDirectory()
    world = World(prepare(Path(folder.name) / "home"))
    office = Office(world, **ROLES)
    office.here(*ROLES)
    office.owner("ada")
    world.close()
    return folder, world.clock(), world.people


def beginning(home: Path) -> tuple[World, Office]:
    """A world of its own in `home`, as the template is."""
    folder, now, people = template()
    shutil.copytree(Path(folder.name) / "home", home)
    world = World(home, clock=WorldClock(now), seed="machine")
    world.people = {name: dataclasses.replace(person) for name, person in people.items()}
    return world, Office(world, **ROLES)


@dataclasses.dataclass(frozen=True)
class Letter:
    """A letter as it came."""

    to: str
    subject: str
    text: str


class Mailboxes:
    """Everybody's mail in the order it came, each letter opened once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[Path] = set()
        self._letters: list[Letter] = []

    def letters(self, to: str) -> list[Letter]:
        """Deliver what is due; what has come for this address, oldest first."""
        self._world.services.due.tick()
        new = set((self._world.settings.home / "mail").glob("*/*")) - self._seen
        for file in sorted(new, key=lambda file: (file.stat().st_mtime_ns, file.name)):
            self._seen.add(file)
            if file.is_file():
                self._letters.append(opened(file))
        return [letter for letter in self._letters if letter.to == to]


def opened(file: Path) -> Letter:
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return Letter(str(letter["To"]), str(letter["Subject"]), body.get_content())


class Recoveries(RuleBasedStateMachine):
    """One account, ada's. mia and jon are agents, lea a lead; roy is an agent whose account a thief has taken."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.world, self.office = beginning(Path(self._folder.name) / "home")
        self.mailboxes = Mailboxes(self.world)
        self.ada = self.world.account("ada").id
        self.mine: CaseOpened | None = None
        """The case that the owner opened last, and its return code."""
        self.owners: set[str] = set()
        """References of cases that the owner opened."""
        self.password = PASSWORD
        self.thiefs: CaseOpened | None = None
        self.mailboxs: CaseOpened | None = None
        self.has_device = True
        self.device = self.world.people["ada"].key
        self.handed_over: dict[str, datetime] = {}
        self.mailbox_read = False
        self.owner_session: str | None = None
        self.found_right: set[str] = set()
        """Completed cases that were looked at; a notice is kept for 90 days, so each is looked at as it completes."""
        self.turned_away: tuple[int, datetime] | None = None
        """As what, and when, the locked account was last seen to turn its owner away."""

    def teardown(self) -> None:
        parts = self.world.services.parts
        with parts.storage.unit():
            assert parts.audit.verify().whole
        self.world.close()
        self._folder.cleanup()

    @rule(wait=st.booleans())
    def the_owner_and_two_agents_do_their_part(self, *, wait: bool) -> None:
        """What leads to a completion if nobody interferes: random steps alone rarely come so far."""
        self.owner_opens_a_case(replaces=True)
        self.due_work_is_done()
        if self.mine is not None:  # none of theirs may be opened while a thief's, called not theirs, is looked into
            self.owner_gives_the_mail_code()
        self.staff_verify("mia")
        self.staff_approve("jon")
        if wait:
            self.a_whole_wait_passes()

    # what everybody can do

    def _step(self, origin: Origin) -> TokenNeeded | SignedIn | None:
        """Past the password, for whoever comes from there and knows it."""
        if self.password not in KNOWN[origin]:
            return None
        step = self.world.services.sign_in.with_password("ada", Secret(self.password), origin)
        return step if isinstance(step, TokenNeeded | SignedIn) else None

    def _door(self, origin: Origin) -> Secret | None:
        """Past the password: a half-open sign-in, or a session in probation."""
        step = self._step(origin)
        if isinstance(step, TokenNeeded):
            return step.half
        if isinstance(step, SignedIn) and step.session.kind is SessionKind.PROBATION:
            return step.ticket
        return None

    def _open(self, origin: Origin, *, replaces: bool) -> CaseOpened | None:
        door = self._door(origin)
        if door is None:
            return None
        opened = self.world.services.recovery.open(door, LOST, origin, replaces=replaces)
        return opened if isinstance(opened, CaseOpened) else None

    def _mailed_code(self, about: str = "mail code for") -> str | None:
        """The newest code in ada's mailbox that is about this."""
        for letter in reversed(self.mailboxes.letters("ada@example.org")):
            if about in letter.subject:
                found = re.search(r"\b(\d{4}) (\d{4})\b", letter.text)
                return found[1] + found[2] if found else None
        return None

    def _stop_codes(self) -> list[str]:
        codes = []
        for letter in self.mailboxes.letters("ada@example.org"):
            codes += re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", letter.text)
        return [code for code in codes if clean_stop(code)]

    def _reference(self) -> str | None:
        case = self._live()
        return case.reference if case else None

    # time and the clock's work

    @rule(hours=st.sampled_from([0.02, 1, 23, 25, 71, 73, 200, 750]))
    def time_passes(self, hours: float) -> None:
        self.world.clock.advance(hours=hours)

    @rule()
    def a_whole_wait_passes(self) -> None:
        self.world.clock.advance(hours=73)
        self.world.services.due.tick()

    @rule()
    def due_work_is_done(self) -> None:
        self.world.services.due.tick()

    # the owner

    @rule()
    def owner_loses_the_device(self) -> None:
        self.has_device = False

    @rule()
    def owner_finds_the_device(self) -> None:
        self.has_device = True

    @precondition(lambda self: self.has_device)
    @rule()
    def owner_signs_in_with_the_device(self) -> None:
        step = self._step(OWNER)
        if isinstance(step, TokenNeeded):
            self.world.clock.advance(seconds=30)
            token = rfc6238.token(self.device, self.world.clock())
            signed_in = self.world.services.sign_in.with_token(step.half, token, OWNER)
            if isinstance(signed_in, SignedIn):
                assert self._reference() is None, "a sign-in with a second factor leaves no live case"
                self.owner_session = signed_in.session.id

    @rule(replaces=st.booleans())
    def owner_opens_a_case(self, *, replaces: bool) -> None:
        opened = self._open(OWNER, replaces=replaces)
        if opened is not None:
            self.mine = opened
            self.owners.add(opened.reference)
            assert opened.view.next_step

    @precondition(lambda self: self.mine is not None)
    @rule()
    def owner_comes_back_and_always_has_a_next_step(self) -> None:
        assert self.mine is not None
        door = self._door(OWNER)
        if door is None:
            return
        back = self.world.services.recovery.come_back(door, self.mine.return_code.reveal(), OWNER)
        if isinstance(back, CameBack):
            assert back.view.next_step
            self.mine = CaseOpened(back.ticket, back.session, back.view.reference, self.mine.return_code, back.view)

    @precondition(lambda self: self.mine is not None)
    @rule()
    def owner_gives_the_mail_code(self) -> None:
        assert self.mine is not None
        if self.world.services.recovery.send_mail_code(self.mine.ticket) == Done():
            code = self._mailed_code()
            if code is not None:
                self.world.services.recovery.give_mail_code(self.mine.ticket, code)

    @rule()
    def owner_says_not_me(self) -> None:
        door = self._door(OWNER)
        if door is not None and isinstance(self.world.services.recovery.look(door), CaseStands):
            self.world.services.recovery.not_me(door, OWNER)

    @rule(pick=st.integers(0, 30))
    def owner_types_a_stop_code(self, pick: int) -> None:
        codes = self._stop_codes()
        if codes:
            before = self._live()
            answer = self.world.services.stop.stop(codes[-1 - pick % len(codes)], OWNER)
            after = self._live()
            if before is not None and after is not None and hasattr(answer, "sentences"):
                assert after.state in {State.FROZEN, before.state}

    @precondition(lambda self: self.mine is not None)
    @rule()
    def owner_enrols_again_with_the_return_code(self) -> None:
        assert self.mine is not None
        step = self._step(OWNER)
        if not isinstance(step, SignedIn):
            return
        enabled = self._enrol(step.ticket, self.mine.return_code)
        if enabled is not None:
            self.has_device = True
            self.owner_session = enabled.session.id

    def _enrol(self, ticket: Secret, way: Secret | None) -> Enabled | None:
        setup = self.world.services.two_factor
        begun = setup.begin(ticket, Proof(Secret(self.password), way=way))
        if not isinstance(begun, EnrolmentBegun):
            return None
        assert setup.verify(ticket, begun.id, rfc6238.token(begun.secret.reveal(), self.world.clock())) == Done()
        code, index = setup.backup_code(ticket, begun.id), setup.ask_group(ticket, begun.id)
        assert isinstance(code, Secret)
        assert isinstance(index, int)
        assert setup.check_group(ticket, begun.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
        enabled = setup.finish(ticket, begun.id)
        assert isinstance(enabled, Enabled)
        self.device = begun.secret.reveal()
        return enabled

    # a thief who has the password and nothing else

    @rule(replaces=st.booleans())
    def password_thief_opens_a_case(self, *, replaces: bool) -> None:
        opened = self._open(THIEF, replaces=replaces)
        if opened is not None:
            self.thiefs = opened

    @precondition(lambda self: self.thiefs is not None)
    @rule(guess=st.sampled_from(["00000000", "12345678"]))
    def password_thief_guesses_the_mail_code(self, guess: str) -> None:
        assert self.thiefs is not None
        self.world.services.recovery.send_mail_code(self.thiefs.ticket)
        answer = self.world.services.recovery.give_mail_code(self.thiefs.ticket, guess)
        assert answer != Done()

    @rule()
    def password_thief_tries_to_enrol(self) -> None:
        self._try_to_enrol(THIEF, self.thiefs)

    def _try_to_enrol(self, origin: Origin, opened: CaseOpened | None) -> None:
        step = self._step(origin)
        if isinstance(step, SignedIn):
            assert step.session.kind is SessionKind.PROBATION
            for way in (None, Secret("0" * 12), opened.return_code if opened else None):
                assert self._enrol(step.ticket, way) is None, "a thief enrolled"
            assert isinstance(self.world.services.recovery.end_mine(step.ticket), NotNow)

    @rule()
    def password_thief_says_not_me(self) -> None:
        door = self._door(THIEF)
        if door is not None:
            self.world.services.recovery.not_me(door, THIEF)

    # a thief who reads the mailbox, and knows no password but one that was set by mail

    @rule(pick=st.integers(0, 30))
    def mailbox_thief_types_a_stop_code(self, pick: int) -> None:
        codes = self._stop_codes()
        if codes:
            self.world.services.stop.stop(codes[-1 - pick % len(codes)], MAILBOX)

    def _set_by_mail(self, password: str, origin: Origin) -> None:
        forgotten = self.world.services.forgotten
        forgotten.ask("ada", "ada@example.org", origin)
        self.world.services.due.tick()
        code = self._mailed_code("set a new password")
        if code is not None and forgotten.reset("ada", code, Secret(password), origin) == Done():
            self.password = password

    @rule()
    def mailbox_thief_sets_a_password(self) -> None:
        self._set_by_mail(MAILBOXS, MAILBOX)

    @rule()
    def owner_sets_a_password_by_mail(self) -> None:
        self._set_by_mail(OWNERS_NEXT, OWNER)

    @rule(replaces=st.booleans())
    def mailbox_thief_opens_a_case(self, *, replaces: bool) -> None:
        self.mailboxs = self._open(MAILBOX, replaces=replaces) or self.mailboxs

    @precondition(lambda self: self.mailboxs is not None)
    @rule()
    def mailbox_thief_reads_the_mail_code_in_vain(self) -> None:
        assert self.mailboxs is not None
        recovery = self.world.services.recovery
        assert recovery.send_mail_code(self.mailboxs.ticket) != Done()
        assert recovery.give_mail_code(self.mailboxs.ticket, self._mailed_code() or "00000000") != Done()

    @rule()
    def mailbox_thief_tries_to_enrol(self) -> None:
        self._try_to_enrol(MAILBOX, self.mailboxs)

    # staff

    @rule(agent=st.sampled_from(["mia", "jon", "lea", "roy"]))
    def staff_verify(self, agent: str) -> None:
        self._staff(agent, "verify")

    @rule(agent=st.sampled_from(["mia", "jon", "lea", "roy"]))
    def staff_approve(self, agent: str) -> None:
        self._staff(agent, "approve")

    @rule()
    def rogue_agent_tries_both(self) -> None:
        self._staff("roy", "verify")
        self._staff("roy", "approve")

    @rule(act=st.sampled_from(["freeze", "unfreeze", "reject"]))
    def lead_acts(self, act: str) -> None:
        self._staff("lea", act)

    @rule()
    def lead_unlocks(self) -> None:
        if self.world.account("ada").locked_at is not None:
            unlocked = self.world.services.account_desk.unlock(self.office.sit_down("lea"), self.ada, "She called.")
            assert unlocked == Done()

    @rule(agent=st.sampled_from(["jon", "roy"]))
    def an_agent_loses_and_regains_the_role(self, agent: str) -> None:
        account = self.world.account(agent)
        if account.grants:
            self.world.services.operator.take_role(agent, Role.AGENT)
        else:
            self.world.services.operator.give_role(agent, Role.AGENT)

    def _staff(self, agent: str, act: str) -> None:
        reference = self._reference()
        if reference is None or not self.world.account(agent).grants:
            return
        ticket, desk = self.office.sit_down(agent), self.world.services.desk
        match act:
            case "verify":
                desk.verify(ticket, reference)
            case "approve":
                desk.approve(ticket, reference, reference)
            case "reject":
                desk.reject(ticket, reference, reference, "No.")
            case "freeze":
                desk.freeze(ticket, reference, "Odd.")
            case _:
                desk.unfreeze(ticket, reference, "Seen.")

    # the program, which everybody relies on

    def _acts(self) -> list[Callable[[], None]]:
        """What it can be in the middle of at present; each changes something in some units, the first in some forty."""
        acts: list[Callable[[], None]] = [
            partial(self.the_owner_and_two_agents_do_their_part, wait=True),
            partial(self.owner_opens_a_case, replaces=True),
            partial(self.password_thief_opens_a_case, replaces=True),
            partial(self.owner_types_a_stop_code, pick=0),
            partial(self.lead_acts, act="freeze"),
            partial(self.staff_verify, agent="mia"),
            partial(self.staff_approve, agent="jon"),
            self.a_whole_wait_passes,
            self.owner_says_not_me,
            self.lead_unlocks,
            self.owner_sets_a_password_by_mail,
            self.mailbox_thief_sets_a_password,
        ]
        if self.has_device:
            acts.append(self.owner_signs_in_with_the_device)
        if self.mine is not None:
            acts += [self.owner_gives_the_mail_code, self.owner_enrols_again_with_the_return_code]
        return acts

    @rule(which=st.integers(0, 14), unit=st.integers(1, 6))
    def the_program_dies_in_the_middle(self, which: int, unit: int) -> None:
        """Before a unit of an act is kept; it is started again a minute later, and whoever was at it begins anew."""
        acts, services = self._acts(), self.world.services
        act = acts[which % len(acts)]
        if died_in_unit(services.parts.storage, unit if act is not acts[0] else 6 * unit, act):
            self.what_must_hold_holds()
            services.close()
            self.world.clock.advance(minutes=1)
            self.world.services = open_services(self.world.settings, self.world.clock, services.parts.tokens)
            act()

    # what must hold, always

    def _live(self) -> Case | None:
        parts = self.world.services.parts
        with parts.storage.unit():
            return parts.cases.live_of(self.ada)

    @invariant()
    def what_must_hold_holds(self) -> None:
        """Everything is read once for all of it, as this is what a step costs."""
        parts = self.world.services.parts
        with parts.storage.unit():
            account = parts.accounts.get(self.ada)
            cases = parts.cases.of(self.ada)
            assert isinstance(account, Account)
            self._a_completed_case_kept_every_rule(cases, parts)
            self._two_factor_is_off_only_after_a_completed_case(account, parts)
            self._no_full_session_but_the_owners(parts.sessions.live(self.ada))
        assert len([case for case in cases if case.live]) <= 1
        self._a_locked_out_owner_has_a_way(account)

    def _a_completed_case_kept_every_rule(self, cases: list[Case], parts: Any) -> None:
        for case in cases:
            assert not case.damaged
            if case.state is State.COMPLETED and case.id not in self.found_right:
                self._kept_every_rule(case, parts)
                self.found_right.add(case.id)

    def _kept_every_rule(self, case: Case, parts: Any) -> None:
        assert case.route is not None and case.approved_at is not None and case.ended_at is not None  # noqa: PT018
        assert case.verifier is not None
        assert case.approver not in {None, case.verifier}
        route = DEFAULT.route(case.route)
        given = [each for each in parts.case_file.evidence(case) if each.kind is case.route and each.void_at is None]
        assert given, "completed without evidence"
        notices = parts.notices.standing(case.opening_notices)
        assert notices, "completed without a notice"
        assert all(notice.delivers and notice.at is not None for notice in notices)
        assert case.ended_at >= max(notice.at for notice in notices) + route.wait, "completed before the wait was over"
        assert case.ended_at >= case.round_began_at + route.wait
        events = parts.audit.search(case=case.id, limit=500)
        assert [entry.event for entry in events].count(Event.CASE_COMPLETED) == 1
        assert "LW-" + case.reference[:4] + "-" + case.reference[4:] in self.owners, "a thief's case was completed"

    def _two_factor_is_off_only_after_a_completed_case(self, account: Account, parts: Any) -> None:
        if not account.two_factor_on:
            assert account.probation is not None
            assert account.probation.by == "case"
            assert parts.cases.completed_last(account.id) is not None

    def _no_full_session_but_the_owners(self, sessions: list[Session]) -> None:
        for session in sessions:
            if session.kind is SessionKind.FULL:
                assert session.source == OWNER.source
                assert "token" in session.evidence
            assert "password" in session.evidence

    def _a_locked_out_owner_has_a_way(self, account: Account) -> None:
        """Asked again when anything about the account changed, or the time."""
        if account.locked_at is not None and self.turned_away != (account.version, self.world.clock()):
            self.turned_away = account.version, self.world.clock()
            refused = self.world.services.sign_in.with_password("ada", Secret(self.password), OWNER)
            assert isinstance(refused, NotNow)
            assert "Restore" in refused.sentence or "unlock" in refused.sentence


assert timedelta(hours=72) == DEFAULT.routes[2].wait


@pytest.mark.parametrize("slice_", range(soak_count(1, 8)))
def test_whoever_does_what_in_whatever_order_every_rule_holds(slice_: int) -> None:
    """A million steps in a soak, in slices that run beside each other."""
    often = settings(
        max_examples=soak_count(8, 2_500),
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type(f"Recoveries{slice_}", (Recoveries,), {}), settings=often)
