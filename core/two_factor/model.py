"""Devices, enrolments, and what comes of a token."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.secret import Secret
from core.two_factor.totp import NoMatch, Off, Used

ENROLMENT_LIFE = timedelta(minutes=30)
"""How long the wizard's work in progress is kept."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The wizard's work in progress: nothing counts until it is finished.

    It belongs to one account and one session, and an account has one at a time. With `secret` it brings a device,
    without one only a new backup code.
    """

    id: str
    account: str
    session: str
    expires_at: datetime
    secret: Secret | None = field(repr=False)
    """The device's key in base32."""
    verified: bool
    """A token of the new device was accepted (always so when there is no new device)."""
    replaces: bool
    """The account has a device already, which this one replaces at the end."""
    asks_group: int | None
    """Which group of the backup code (from 0) the owner has to type; None before there is a code."""
    group_typed: bool
    """The owner typed that group, so has the code written down."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The enrolment counts from now on."""

    code_hash: bytes = field(repr=False)
    """The sealed hash of the backup code that goes with it."""
    device: bool
    """A device came with it, not only a code."""


@dataclass(frozen=True, slots=True)
class Device:
    """The authenticator in use; its secret never leaves this part."""

    id: str
    """The enrolment that brought it."""
    since: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The token counted, once: its step and all before it are closed."""

    step: int
    device: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The device's secret cannot be read: 2FA is on, but no token can be checked."""


@dataclass(frozen=True, slots=True)
class NoDevice:
    """The account has no device."""


@dataclass(frozen=True, slots=True)
class NoEnrolment:
    """The enrolment ended: finished, expired, or discarded by a newer one."""


Checked = Accepted | Used | Off | NoMatch | Broken | NoDevice
Verified = Accepted | Used | Off | NoMatch | NoEnrolment


def same_offset(one: int, other: int) -> bool:
    """Whether two tokens were off by as much: to within the step that may begin between reading and typing."""
    return abs(one - other) <= 1 and (one > 0) == (other > 0)
