"""What is on record about an account: who searched for it, why staff did what they did, all of its history."""

import pytest

from core.accounts import Role
from core.audit import told
from core.use_cases.outcomes import NotNow, Over
from tests.office import Office
from tests.world import World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def activity(world: World, name: str = "ada") -> list[str]:
    """What somebody reads in their own history, newest first."""
    entries = world.services.account_settings.activity(world.sign_in(name).ticket)
    assert isinstance(entries, list)
    return [told(each) for each in entries]


def test_the_owner_reads_of_a_search_that_names_the_account(ada: Office, world: World) -> None:
    trail, ticket = world.services.audit_desk, ada.hire("ira", Role.AUDITOR)
    pseudonym = f"Staff member {world.account('ira').id[:6]}"
    trail.search(ticket)
    assert not [said for said in activity(world) if "searched" in said]
    trail.search(ticket, account=world.account("ada").id)
    assert f"{pseudonym} searched the audit trail about this account" in activity(world)


def test_the_owner_reads_of_a_search_that_names_the_case(ada: Office, world: World) -> None:
    opened = ada.open()
    ticket = ada.hire("ira", Role.AUDITOR)
    case = ada.stored(opened)
    found = world.services.audit_desk.search(ticket, case=case.id)
    assert not isinstance(found, NotNow | Over)
    pseudonym = f"Staff member {world.account('ira').id[:6]}"
    assert f"{pseudonym} searched the audit trail about the recovery case" in activity(world)
