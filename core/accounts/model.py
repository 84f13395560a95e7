"""What an account is, and the pure rules of its name, address and roles."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

NAME_LIMIT = 32
ADDRESS_LIMIT = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
HOST = "host"
"""Who gave a role that was given on the host: the operator."""
ROLE_SETTLES = timedelta(days=7)
FORMER_ADDRESS_KEPT = timedelta(days=30)
"""How long an address that was replaced still gets every notice."""
ADDRESS_FROZEN = timedelta(days=7)
"""How long the address stays as it is once 2FA was enrolled anew after probation."""

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_RESERVED = frozenset(
    """
    abuse account accounts admin administrator agent anonymous audit auditor billing console daemon everyone
    guest help helpdesk host hostmaster info lead local localhost lockwright mail mailer member moderator news
    nobody noreply null operator owner postmaster recovery root security service serve staff support sysadmin
    system team undefined webmaster
    """.split()  # noqa: SIM905  # a paragraph reads better than a column of fifty
)


class Role(StrEnum):
    """What an account may do beside managing itself; every account is a member."""

    MEMBER = "member"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Lock(StrEnum):
    """Why an account is locked; what staff write about it is sealed beside the entry of the audit trail."""

    STOPPED = "stopped by its owner"
    AFTER_RECOVERY = "recovery stopped"
    """A stop code undid a completed recovery: the old device can be restored, and that unlocks."""
    BY_STAFF = "locked by staff"


OWNERS_LOCKS = frozenset({Lock.STOPPED, Lock.AFTER_RECOVERY})
"""What a stop code locked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A staff role, since when it is held and who gave it."""

    role: Role
    since: datetime
    by: str
    """The id of the account that gave it, or `host`."""

    def counts(self, now: datetime) -> bool:
        """Whether it may verify and approve: at once when given on the host, else after 7 days."""
        return self.by == HOST or self.since + ROLE_SETTLES <= now


@dataclass(frozen=True, slots=True)
class Probation:
    """2FA was switched off by a way back; until it is on again the account is limited to enrolling."""

    by: str
    """`backup_code` or `case`."""
    since: datetime
    session: str | None
    """The id of the session that opened the way and may enrol without showing it again."""

    def carried(self, old: str, new: str) -> "Probation":
        """The same probation, where session `new` takes the place of `old`."""
        return replace(self, session=new) if self.session == old else self


@dataclass(frozen=True, slots=True)
class Account:
    """A person's entry, as it is stored and under its MAC."""

    id: str
    name: str
    address: str = field(repr=False)
    address_confirmed_at: datetime | None
    former_address: str | None = field(repr=False)
    """The confirmed address that was replaced last; it gets every notice until `former_until`."""
    former_until: datetime | None
    password_hash: bytes = field(repr=False)
    """Argon2id, sealed by the vault for this account."""
    password_set_at: datetime
    password_by_mail: bool
    password_proved_at: datetime | None
    """The first sign-in with this password and a token."""
    grants: tuple[Grant, ...]
    two_factor_since: datetime | None
    """When 2FA was switched on; None while it is off."""
    enrolments: int
    """How often a device was enrolled: apps overwrite an equal label, so the second is called `name (2)`."""
    address_frozen_until: datetime | None
    locked_at: datetime | None
    lock_reason: str
    """A `Lock`, never a person's words; empty while it is not locked."""
    contested_until: datetime | None
    """Somebody said of a recovery case that it was not theirs."""
    probation: Probation | None
    theme: str
    created_at: datetime
    version: int

    @property
    def two_factor_on(self) -> bool:
        return self.two_factor_since is not None

    @property
    def roles(self) -> frozenset[Role]:
        """The staff roles held; empty for a plain member."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        return bool(self.grants)

    def confirmed(self, address: str) -> bool:
        """Whether `address` is the present one and confirmed."""
        return self.address_confirmed_at is not None and folded(address) == folded(self.address)

    def grant(self, role: Role) -> Grant | None:
        """How `role` is held, None when it is not."""
        return next((grant for grant in self.grants if grant.role is role), None)


def new_account(
    account_id: str, name: str, address: str, password_hash: bytes, grants: tuple[Grant, ...], now: datetime
) -> Account:
    """An account as it begins: 2FA off, the address not confirmed."""
    return Account(
        id=account_id,
        name=name,
        address=address,
        address_confirmed_at=None,
        former_address=None,
        former_until=None,
        password_hash=password_hash,
        password_set_at=now,
        password_by_mail=False,
        password_proved_at=None,
        grants=grants,
        two_factor_since=None,
        enrolments=0,
        address_frozen_until=None,
        locked_at=None,
        lock_reason="",
        contested_until=None,
        probation=None,
        theme="",
        created_at=now,
        version=1,
    )


@dataclass(frozen=True, slots=True)
class Damaged:
    """An account whose record was changed behind our back, so it counts as locked.

    Its hash lies sealed for it and says whether a password was ever its own; nothing else in the record is believed.
    """

    id: str
    name: str
    password_hash: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NameTaken:
    """Somebody has, or once had, this name."""


@dataclass(frozen=True, slots=True)
class AddressTaken:
    """Another account confirmed this address; that is never said on screen."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation was for: whoever shows its code may sign up, once."""

    id: str
    role: Role | None
    address: str | None = field(repr=False)
    by: str
    until: datetime

    def is_for(self, address: str) -> bool:
        """Whether somebody with `address` may use it."""
        return self.address is None or folded(self.address) == folded(address)


def name_problem(name: str) -> str | None:
    """Why `name` cannot be an account's name, as a sentence; None when it can."""
    if not name:
        return "Type a name."
    if not ("a" <= name[0] <= "z"):
        return "A name begins with a small letter a to z."
    if len(name) < 2:
        return "A name has at least 2 characters."
    if len(name) > NAME_LIMIT:
        return f"A name has at most {NAME_LIMIT} characters."
    if _NAME.fullmatch(name) is None:
        return "A name is small letters a to z, digits, and . _ - between them."
    if re.sub("[._-]", "", name) in _RESERVED:
        return "This name is reserved. Choose another one."
    return None


def address_problem(text: str) -> str | None:
    """Why `text` cannot be an e-mail address, as a sentence; None when it can (RFC 5321 dot-string, ASCII)."""
    if not text:
        return "Type an e-mail address."
    if len(text) > ADDRESS_LIMIT:
        return f"An e-mail address has at most {ADDRESS_LIMIT} characters."
    if not text.isascii():
        return "Only addresses in plain ASCII letters can be used."
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        return "An e-mail address looks like name@example.org."
    if len(local) > 64 or _LOCAL_PART.fullmatch(local) is None:
        return "The part before the @ cannot be used in an e-mail address."
    labels = domain.split(".")
    if len(labels) < 2 or any(_LABEL.fullmatch(label) is None for label in labels) or labels[-1].isdigit():
        return "The part after the @ is not the name of a mail domain, like example.org."
    return None


def folded(address: str) -> str:
    """`address` as it is compared: two that differ in case only are the same."""
    return address.lower()
