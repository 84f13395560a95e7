"""A past to act in: the services on a clock that is set forward, and what people do, each in a sentence."""

import base64
import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from core.accounts import Account, Role
from core.admin.demo.cast import PASSWORD
from core.cases import Form
from core.errors import LockwrightError
from core.notices import MAIL_FOLDER
from core.origin import LOCAL, Origin, ProvedKey, fingerprint_of
from core.secret import Secret
from core.services import Services, open_services
from core.settings import Settings
from core.two_factor import STEP
from core.two_factor.totp import step_at, token_at
from core.use_cases.console import StaffIn
from core.use_cases.outcomes import Done, Proof
from core.use_cases.recovery_doors import CaseOpened
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun

Wanted = TypeVar("Wanted")
_MAIL_CODE = re.compile(r"\b(\d{4}) (\d{4})\b")
_STOP_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def sure(outcome: object, kind: type[Wanted]) -> Wanted:
    """`outcome`, which the story counts on being a `kind`."""
    if not isinstance(outcome, kind):
        raise LockwrightError(f"The demo cannot be filled: {outcome!r}.")
    return outcome


class PastClock:
    """A `Clock` that stands still until it is set forward."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def go_on(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    def go_to(self, moment: datetime) -> None:
        """Let time pass until `moment`; it never runs backwards."""
        self._now = max(self._now, moment)


@dataclass(slots=True)
class Actor:
    """Somebody with an account, and what they have at hand."""

    name: str
    role: Role
    key: str = ""
    """The TOTP secret of their device, in base32."""
    ssh_key: str = ""
    """The private SSH key that their client proves, in OpenSSH's form; empty without one."""
    public_key: str = ""
    case: str = ""
    """The reference of the case that is open, or was last."""
    return_code: str = ""

    @property
    def address(self) -> str:
        return f"{self.name}@example.org"

    def token_at(self, moment: datetime) -> str:
        """What their device shows."""
        return token_at(base64.b32decode(self.key), step_at(moment))


class Stage:
    """Everything that the story does goes through the use cases, as if it were done then."""

    def __init__(self, settings: Settings, now: datetime, *, since: timedelta) -> None:
        self.now = now
        self.clock = PastClock(now - since)
        self.settings = settings
        self.services: Services = open_services(settings, clock=self.clock)
        self.actors: dict[str, Actor] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.services.close()

    def at(self, **before: float) -> None:
        """Go to so long before now, and do what was due meanwhile."""
        self.clock.go_to(self.now - timedelta(**before))
        self.services.due.tick()

    def hire(self, name: str, role: Role) -> Actor:
        """Somebody with an account, a confirmed address and 2FA."""
        services = self.services
        actor = self.actors[name] = Actor(name, role)
        roles = frozenset() if role is Role.MEMBER else frozenset({role})
        sure(services.operator.add_account(name, actor.address, Secret(PASSWORD), confirmed=True, roles=roles), Account)
        signed_in = sure(services.sign_in.with_password(name, Secret(PASSWORD), LOCAL), SignedIn)
        services.sign_in.sign_out(self._enable(actor, signed_in.ticket))
        return actor

    def _enable(self, actor: Actor, ticket: Secret) -> Secret:
        setup = self.services.two_factor
        begun = sure(setup.begin(ticket, Proof(Secret(PASSWORD))), EnrolmentBegun)
        actor.key = begun.secret.reveal()
        sure(setup.verify(ticket, begun.id, actor.token_at(self.clock())), Done)
        code = sure(setup.backup_code(ticket, begun.id), Secret).reveal()
        group = sure(setup.ask_group(ticket, begun.id), int)
        sure(setup.check_group(ticket, begun.id, code[5 * group : 5 * group + 5]), Done)
        return sure(setup.finish(ticket, begun.id), Enabled).ticket

    def _next_token(self, actor: Actor) -> str:
        self.clock.go_on(STEP)  # each counts once
        return actor.token_at(self.clock())

    def sign_in(self, name: str, origin: Origin = LOCAL) -> Secret:
        """Somebody with password and token; the session's ticket."""
        half = self.door(name, origin)
        token = self._next_token(self.actors[name])
        return sure(self.services.sign_in.with_token(half, token, origin), SignedIn).ticket

    def add_key(self, name: str, origin: Origin, label: str) -> None:
        """An SSH key of somebody's own, registered in a session with 2FA on."""
        key = Ed25519PrivateKey.from_private_bytes(self.services.parts.tokens.bytes(32))
        actor = self.actors[name]
        actor.ssh_key = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode("ascii")
        actor.public_key = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
        proved = self.origin_of(name, origin)
        ticket = self.sign_in(name, proved)
        proof = Proof(Secret(PASSWORD), self._next_token(actor))
        sure(self.services.account_settings.add_key(ticket, proof, proved, label), Done)
        self.services.sign_in.sign_out(ticket)

    def origin_of(self, name: str, origin: Origin) -> Origin:
        """`origin`, where somebody's client proves their key."""
        public = self.actors[name].public_key
        fingerprint = fingerprint_of(public)
        assert fingerprint is not None
        return Origin(origin.source, ProvedKey(fingerprint, public))

    def door(self, name: str, origin: Origin = LOCAL) -> Secret:
        """Whoever knows somebody's password, before the second factor."""
        return sure(self.services.sign_in.with_password(name, Secret(PASSWORD), origin), TokenNeeded).half

    def open_case(self, name: str, form: Form, origin: Origin) -> Secret:
        """A case for somebody's account, its notices handed over; the claimant's ticket."""
        opened = sure(self.services.recovery.open(self.door(name, origin), form, origin), CaseOpened)
        actor = self.actors[name]
        actor.case, actor.return_code = opened.reference, opened.return_code.reveal()
        self.services.due.tick()
        return opened.ticket

    def give_mail_code(self, name: str, ticket: Secret) -> None:
        """The claimant reads the owner's mail."""
        sure(self.services.recovery.send_mail_code(ticket), Done)
        code = "".join(self._in_letter(name, _MAIL_CODE).groups())
        sure(self.services.recovery.give_mail_code(ticket, code), Done)

    def stop_code(self, name: str) -> str:
        """What the owner reads in the newest notice."""
        return self._in_letter(name, _STOP_CODE)[0]

    def at_desk(self, name: str, do: Callable[[Secret], object], kind: type[object] = Done) -> None:
        """Somebody of the staff signs in to the console, does something, and leaves."""
        console = self.services.console
        step = sure(console.with_password(name, Secret(PASSWORD), LOCAL), TokenNeeded)
        token = self._next_token(self.actors[name])
        ticket = sure(console.with_token(step.half, token, LOCAL), StaffIn).ticket
        sure(do(ticket), kind)
        console.sign_out(ticket)

    def _in_letter(self, name: str, wanted: re.Pattern[str]) -> re.Match[str]:
        """What stands in the newest letter to somebody that holds it."""
        self.services.due.tick()
        address = self.actors[name].address
        found: list[tuple[int, str, re.Match[str]]] = []
        for path in (self.settings.home / MAIL_FOLDER / "new").iterdir():
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",))
            match = wanted.search(body.get_content()) if body is not None and letter["To"] == address else None
            if match is not None:
                found.append((path.stat().st_mtime_ns, path.name, match))
        if not found:
            raise LockwrightError(f"The demo cannot be filled: no such letter to {name}.")
        return max(found, key=lambda each: each[:2])[2]
