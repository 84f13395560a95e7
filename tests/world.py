"""The tests' world: services as they are, where the real ones are not repeatable a clock and randomness of our own."""

import email
import email.policy
import functools
import re
import shutil
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from core.accounts import Account
from core.audit import Event
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.services import open_services
from core.sessions import Session
from core.settings import Settings
from core.storage import Storage, sqlite_url
from core.use_cases.outcomes import Done, Proof
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.repeatable import BEGINNING, WorldClock, counted_tokens

__all__ = ["BEGINNING", "PASSWORD", "Person", "World", "WorldClock", "counted_tokens"]

PASSWORD = "nine pale horses over the weir"


@functools.cache
def _migrated() -> "tempfile.TemporaryDirectory[str]":
    """A folder with a SQLite file that has every table and nothing in it, to be copied: 1 ms instead of 35."""
    folder = tempfile.TemporaryDirectory()
    storage = Storage(sqlite_url(Path(folder.name) / "lockwright.sqlite"))
    storage.migrate()
    storage.close()
    return folder


@dataclass
class Person:
    """Somebody with an account, and what they have at hand."""

    name: str
    address: str
    password: str
    key: str = ""
    """The TOTP secret that their authenticator keeps, in base32; empty without one."""
    backup_code: str = ""


class World:
    """Services on a folder of their own, with a clock that stands still, repeatable randomness and cheap hashes."""

    def __init__(self, home: Path, *, clock: WorldClock | None = None, seed: str = "", **settings: Any) -> None:
        self.clock = clock or WorldClock()
        cheap = {"site": "Acme", "issuer": "Acme", "argon2_time": 1, "argon2_memory_kib": 64, "demo": True}
        self.settings = Settings(home=home, **(cheap | settings))
        file = home / "lockwright.sqlite"
        if "database" not in settings and not file.exists():
            shutil.copyfile(Path(_migrated().name) / file.name, file)
            file.chmod(0o600)
        self.services = open_services(self.settings, clock=self.clock, tokens=counted_tokens(seed))
        self.people: dict[str, Person] = {}
        self._read: dict[str, EmailMessage] = {}

    def close(self) -> None:
        self.services.close()

    def person(
        self, name: str, *, confirmed: bool = True, two_factor: bool = False, password: str = PASSWORD
    ) -> Person:
        """Sign somebody up; with their address confirmed, and with two-factor on if asked for. Nobody stays signed in."""
        person = self.people[name] = Person(name, f"{name}@example.org", password)
        signed_up = self.services.sign_up.register(name, person.address, Secret(password), LOCAL)
        assert isinstance(signed_up, SignedIn), signed_up
        ticket = signed_up.ticket
        if confirmed:
            done = self.services.account_settings.confirm_address(ticket, self.mail_code(person.address))
            assert isinstance(done, Done), done
        if two_factor:
            ticket = self.enable(name, ticket)
        self.services.sign_in.sign_out(ticket)
        return person

    def enable(self, name: str, ticket: Secret, *, way: Secret | None = None) -> Secret:
        """Enable two-factor for somebody who is signed in, and keep key and backup code; the new ticket.

        `way`: what a probation asks for once more.
        """
        setup, person = self.services.two_factor, self.people[name]
        begun = setup.begin(ticket, Proof(Secret(person.password), way=way))
        assert isinstance(begun, EnrolmentBegun), begun
        person.key = begun.secret.reveal()
        assert isinstance(setup.verify(ticket, begun.id, self.token_for(name)), Done)
        code = setup.backup_code(ticket, begun.id)
        assert isinstance(code, Secret), code
        person.backup_code = code.reveal()
        index = setup.ask_group(ticket, begun.id)
        assert isinstance(index, int)
        assert isinstance(setup.check_group(ticket, begun.id, person.backup_code[5 * index : 5 * index + 5]), Done)
        enabled = setup.finish(ticket, begun.id)
        assert isinstance(enabled, Enabled), enabled
        self.clock.advance(seconds=30)  # the initial token counted once
        return enabled.ticket

    def sign_in(self, name: str, origin: Origin = LOCAL) -> SignedIn:
        """Sign somebody in, with a token if two-factor is on."""
        person = self.people[name]
        step = self.services.sign_in.with_password(name, Secret(person.password), origin)
        if isinstance(step, TokenNeeded):
            self.clock.advance(seconds=30)
            signed_in = self.services.sign_in.with_token(step.half, self.token_for(name), origin)
            assert isinstance(signed_in, SignedIn), signed_in
            return signed_in
        assert isinstance(step, SignedIn), step
        return step

    def token_for(self, name: str, steps: int = 0) -> str:
        """What somebody's authenticator shows now, if its clock is ahead by `steps` of 30 s."""
        return rfc6238.token(self.people[name].key, self.clock(), steps)

    def account(self, name: str) -> Account:
        """What is stored about somebody."""
        parts = self.services.parts
        with parts.storage.unit():
            account = parts.accounts.by_name(name)
        assert isinstance(account, Account), account
        return account

    def sessions(self, name: str) -> list[Session]:
        """The live sessions of somebody."""
        parts, account = self.services.parts, self.account(name)
        with parts.storage.unit():
            return parts.sessions.live(account.id)

    def events(self, name: str) -> list[Event]:
        """What the audit trail holds about somebody, oldest first."""
        parts, account = self.services.parts, self.account(name)
        with parts.storage.unit():
            return [entry.event for entry in reversed(parts.audit.history(account.id, limit=200))]

    def mail(self) -> list[EmailMessage]:
        """Deliver what is due, and read the whole Maildir, oldest first."""
        self.services.due.tick()
        files = sorted((self.settings.home / "mail").glob("*/*"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [self._letter(file) for file in files if file.is_file()]

    def _letter(self, file: Path) -> EmailMessage:
        """The letter in a file, which never changes."""
        if file.name not in self._read:
            self._read[file.name] = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        return self._read[file.name]

    def letter(self, to: str) -> str:
        """The text of the last mail to an address."""
        last = next((each for each in reversed(self.mail()) if each["To"] == to), None)
        assert last is not None, f"no mail to {to}"
        body = last.get_body(("plain",))
        assert body is not None
        return body.get_content()

    def mail_code(self, to: str) -> str:
        """The eight digits in the last mail to an address."""
        found = re.search(r"\b(\d{4}) ?(\d{4})\b", self.letter(to))
        assert found, self.letter(to)
        return found[1] + found[2]

    def stop_code(self, to: str) -> str:
        """The stop code in the last mail to an address."""
        found = re.search(r"\b[0-9A-Z]{4}(?: ?- ?| )[0-9A-Z]{4}(?: ?- ?| )[0-9A-Z]{4}\b", self.letter(to))
        assert found, self.letter(to)
        return found[0]

    def stop_code_of(self, to: str, subject: str) -> str:
        """The stop code in the last mail to an address whose subject holds those words."""
        letters = [each for each in self.mail() if each["To"] == to and subject in str(each["Subject"])]
        assert letters, f"no mail about {subject} to {to}"
        body = letters[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", body.get_content())
        assert found, body.get_content()
        return found[0]
