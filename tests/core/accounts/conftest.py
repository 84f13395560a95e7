import pytest

from core.accounts import Accounts, Invitations
from tests.units import InUnits


@pytest.fixture
def accounts(storage, vault, clock, tokens):
    """The repository, each call a unit of its own."""
    return InUnits(storage, Accounts(vault, clock, tokens))


@pytest.fixture
def invitations(storage, vault, clock, tokens):
    return InUnits(storage, Invitations(vault, clock, tokens))


@pytest.fixture
def register(accounts):
    def register(name, address=None, **more):
        return accounts.register(accounts.new_id(), name, address or f"{name}@example.org", b"sealed", **more)

    return register


@pytest.fixture
def alice(register):
    return register("alice", "Alice@Example.org")
