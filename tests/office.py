"""A support office over a world: staff at their consoles, owners who lost their device, and what they do."""

import base64
import hashlib

from core.accounts import Account, Role
from core.cases import Case, Form, State, clean_reference
from core.origin import LOCAL, Origin, ProvedKey
from core.secret import Secret
from core.use_cases.console import StaffIn
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.desk_view import StaffCase
from core.use_cases.outcomes import Done, Proof
from core.use_cases.recovery_doors import CameBack, CaseOpened
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.world import PASSWORD, Person, World


def proved_key(number: int) -> ProvedKey:
    """An SSH key as a connection proves it."""
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + number.to_bytes(32)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return ProvedKey(f"SHA256:{digest}", "ssh-ed25519 " + base64.b64encode(blob).decode())


KEY = proved_key(1)
WITH_KEY = Origin("203.0.113.7", KEY)
LOST = Form("My phone fell into the weir.", "ring the bell at number 9", "I made the account in January.")
THERE = Origin("203.0.113.7")


class Office:
    """What a test tells in sentences: a case is opened, evidence given, verified, approved."""

    def __init__(self, world: World, **roles: Role) -> None:
        self.world = world
        self.roles = roles
        """Of staff who are hired when they first sit down."""
        self.consoles: dict[str, Secret] = {}

    def hire(self, name: str, *roles: Role) -> Secret:
        """Somebody with roles given on the host, a device, and a console session; its ticket."""
        world = self.world
        person = world.people[name] = Person(name, f"{name}@example.org", PASSWORD)
        made = world.services.operator.add_account(
            name, person.address, Secret(PASSWORD), confirmed=True, roles=frozenset(roles)
        )
        assert isinstance(made, Account), made
        signed_in = world.services.sign_in.with_password(name, Secret(PASSWORD), LOCAL)
        assert isinstance(signed_in, SignedIn), signed_in
        world.enable(name, signed_in.ticket)
        return self.sit_down(name)

    def sit_down(self, name: str) -> Secret:
        """Sign in to the console; the ticket, whose token is fresh for 5 minutes."""
        world = self.world
        if name not in world.people and name in self.roles:
            return self.hire(name, self.roles[name])
        step = world.services.console.with_password(name, Secret(world.people[name].password), LOCAL)
        assert isinstance(step, TokenNeeded), step
        world.clock.advance(seconds=30)
        staff_in = world.services.console.with_token(step.half, world.token_for(name), LOCAL)
        assert isinstance(staff_in, StaffIn), staff_in
        self.consoles[name] = staff_in.ticket
        return staff_in.ticket

    def here(self, *names: str) -> None:
        """Hire those of the staff who should be there before anything happens."""
        for name in names:
            if name not in self.world.people:
                self.hire(name, self.roles[name])

    def door(self, name: str, origin: Origin = LOCAL) -> Secret:
        """The password step of somebody with 2FA on: what Recover your Account is chosen from."""
        step = self.world.services.sign_in.with_password(name, Secret(self.world.people[name].password), origin)
        assert isinstance(step, TokenNeeded), step
        return step.half

    def owner(self, name: str = "ada") -> Person:
        """Somebody with 2FA on, whose address has been confirmed for so long that it counts."""
        if name not in self.world.people:
            self.world.person(name, two_factor=True)
            self.world.clock.advance(days=40)
        return self.world.people[name]

    def with_key(self, name: str = "ada", origin: Origin = WITH_KEY) -> Person:
        """An owner who, 40 days ago, registered the SSH key of `origin` in a session with 2FA on."""
        person = self.world.people.get(name) or self.world.person(name, two_factor=True)
        signed_in = self.world.sign_in(name, origin)
        self.world.clock.advance(seconds=30)
        proof = Proof(Secret(person.password), self.world.token_for(name))
        assert self.world.services.account_settings.add_key(signed_in.ticket, proof, origin, "laptop") == Done()
        self.world.clock.advance(days=40)
        return person

    def open(self, name: str = "ada", origin: Origin = LOCAL) -> CaseOpened:
        """Open a case, and have its notices handed over."""
        opened = self.open_unheard(name, origin)
        self.world.services.due.tick()
        return opened

    def open_unheard(self, name: str = "ada", origin: Origin = LOCAL) -> CaseOpened:
        """Open a case whose notices have yet to be handed over."""
        opened = self.world.services.recovery.open(self.door(name, origin), LOST, origin)
        assert isinstance(opened, CaseOpened), opened
        return opened

    def mailed(self, opened: CaseOpened, name: str = "ada") -> CaseOpened:
        """Give the mail code as evidence."""
        recovery, person = self.world.services.recovery, self.world.people[name]
        assert recovery.send_mail_code(opened.ticket) == Done()
        assert recovery.give_mail_code(opened.ticket, self.world.mail_code(person.address)) == Done()
        return opened

    def proved(self, opened: CaseOpened, origin: Origin = WITH_KEY) -> CaseOpened:
        """Give the SSH key of the connection as evidence."""
        assert self.world.services.recovery.give_key(opened.ticket, origin) == Done()
        return opened

    def after(self, **time: float) -> None:
        """Let time pass, and what is due be done."""
        self.world.clock.advance(**time)
        self.world.services.due.tick()

    def verify(self, opened: CaseOpened, agent: str = "mia") -> Verified:
        verified = self.world.services.desk.verify(self.sit_down(agent), opened.reference)
        assert isinstance(verified, Verified), verified
        return verified

    def approve(self, opened: CaseOpened, agent: str = "jon") -> Approved:
        ticket = self.sit_down(agent)
        approved = self.world.services.desk.approve(ticket, opened.reference, opened.reference)
        assert isinstance(approved, Approved), approved
        return approved

    def decided(self, name: str = "ada") -> CaseOpened:
        """A case by mail that mia verified and jon approved, its wait still running."""
        opened = self.mailed(self.open(name), name)
        self.verify(opened)
        assert not self.approve(opened).completed
        return opened

    def back(self, opened: CaseOpened, name: str = "ada", origin: Origin = LOCAL) -> CameBack:
        back = self.world.services.recovery.come_back(self.door(name, origin), opened.return_code.reveal(), origin)
        assert isinstance(back, CameBack), back
        return back

    def seen(self, opened: CaseOpened, agent: str = "mia") -> StaffCase:
        case = self.world.services.desk.case(self.consoles[agent], opened.reference)
        assert isinstance(case, StaffCase), case
        return case

    def stored(self, opened: CaseOpened) -> Case:
        """The case as it is kept, nothing that is due done."""
        parts = self.world.services.parts
        reference = clean_reference(opened.reference)
        assert reference is not None
        with parts.storage.unit():
            case = parts.cases.by_reference(reference)
        assert case is not None
        return case

    def state(self, opened: CaseOpened) -> State:
        return self.stored(opened).state
