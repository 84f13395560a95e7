from dataclasses import dataclass
from datetime import timedelta

import pytest

from core.accounts import Accounts
from core.sessions import Sessions
from tests.units import InUnits


@dataclass(frozen=True)
class Limits:
    member_idle: timedelta = timedelta(minutes=30)
    member_session: timedelta = timedelta(hours=12)
    staff_idle: timedelta = timedelta(minutes=15)
    staff_session: timedelta = timedelta(hours=12)
    claimant_idle: timedelta = timedelta(minutes=30)
    claimant_session: timedelta = timedelta(hours=2)


@pytest.fixture
def sessions(storage, vault, clock, tokens):
    """The sessions, each call a unit of its own."""
    return InUnits(storage, Sessions(vault, clock, tokens, Limits()))


@pytest.fixture
def accounts(storage, vault, clock, tokens):
    return InUnits(storage, Accounts(vault, clock, tokens))


@pytest.fixture
def alice(accounts):
    return accounts.register(accounts.new_id(), "alice", "alice@example.org", b"sealed").id


@pytest.fixture
def bob(accounts):
    return accounts.register(accounts.new_id(), "bob", "bob@example.org", b"sealed").id
