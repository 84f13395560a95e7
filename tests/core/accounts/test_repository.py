from datetime import timedelta

import pytest

from core.accounts import HOST, Account, Accounts, AddressTaken, NameTaken, Probation, Role
from core.accounts.tables import AccountRow, RoleRow
from core.errors import Conflict
from core.storage.rows import database_of_the_unit


def test_a_new_account_has_2fa_off_and_an_unconfirmed_address(accounts, alice, clock):
    assert accounts.get(alice.id) == alice
    assert accounts.by_name("alice") == alice
    assert (alice.two_factor_on, alice.address_confirmed_at, alice.roles, alice.is_staff) == (False, None, set(), False)
    assert (alice.address, alice.password_hash, alice.password_set_at) == ("Alice@Example.org", b"sealed", clock())


def test_who_is_not_there_is_not_found(accounts, alice):
    assert accounts.get("0" * 32) is None
    assert accounts.by_name("bob") is None
    assert accounts.by_name("Alice") is None
    assert accounts.by_confirmed_address("alice@example.org") is None


def test_a_name_is_taken_by_the_first(register, accounts, alice):
    assert register("alice") == NameTaken()
    assert accounts.by_name("alice") == alice


def test_a_refused_name_leaves_nothing_behind(storage, register, alice):
    assert register("alice", roles=[Role.AGENT]) == NameTaken()
    with storage.unit():
        assert AccountRow.select().count() == 1
        assert RoleRow.select().count() == 0


def test_a_name_is_never_used_again_even_when_its_account_is_gone(storage, accounts, register):
    gone = register("gone", roles=[Role.LEAD])
    with storage.unit():
        AccountRow.delete().execute()
    assert accounts.get(gone.id) is None
    assert accounts.by_name("gone") is None
    assert register("gone") == NameTaken()


def test_neither_a_password_nor_an_address_is_in_what_an_account_prints(alice):
    assert "sealed" not in repr(alice)
    assert "Example" not in repr(alice)


def test_what_is_changed_is_kept(accounts, alice, clock):
    later = clock.advance(hours=1)
    probation = Probation("backup_code", later, "f" * 32)
    changed = accounts.change(
        alice,
        two_factor_since=later,
        enrolments=2,
        locked_at=later,
        lock_reason="stopped",
        contested_until=later + timedelta(days=30),
        address_frozen_until=later + timedelta(days=7),
        password_hash=b"another",
        password_by_mail=True,
        password_proved_at=later,
        probation=probation,
        theme="dark",
    )
    assert accounts.get(alice.id) == changed
    assert (changed.version, changed.two_factor_on, changed.probation) == (2, True, probation)
    assert accounts.change(changed, probation=None).probation is None
    assert accounts.get(alice.id).probation is None


def test_a_change_of_what_somebody_else_changed_first_does_nothing(accounts, alice):
    changed = accounts.change(alice, theme="dark")
    assert accounts.change(alice, theme="light") is None
    assert accounts.get(alice.id) == changed


def test_a_change_of_an_account_that_is_gone_does_nothing(storage, accounts, alice):
    with storage.unit():
        AccountRow.delete().execute()
    assert accounts.change(alice, theme="dark") is None


@pytest.mark.parametrize("column", ["id", "name", "grants", "created_at", "version", "nonsense"])
def test_what_never_changes_cannot_be_changed(accounts, alice, column):
    with pytest.raises(TypeError):
        accounts.change(alice, **{column: "x"})


def test_an_address_is_not_confirmed_by_the_way(accounts, alice, clock):
    with pytest.raises(TypeError):
        accounts.change(alice, address_confirmed_at=clock())
    confirmed = accounts.confirm_address(alice)
    with pytest.raises(TypeError):
        accounts.change(confirmed, address="mallory@example.org")


def test_a_confirmed_address_finds_its_account_in_whatever_case(accounts, alice, clock):
    confirmed = accounts.confirm_address(alice)
    assert confirmed.address_confirmed_at == clock()
    assert accounts.by_confirmed_address("aLICE@eXAMPLE.org") == confirmed


def test_only_one_account_can_confirm_an_address(accounts, alice, register):
    other = register("other", "alice@EXAMPLE.org")
    confirmed = accounts.confirm_address(alice)
    assert accounts.confirm_address(other) == AddressTaken()
    assert accounts.get(other.id) == other
    assert accounts.by_confirmed_address("alice@example.org") == confirmed


def test_a_refused_address_does_not_end_the_unit(storage, accounts, alice, register):
    other = register("other", "alice@example.org")
    accounts.confirm_address(alice)
    inside = accounts._part
    with storage.unit():
        assert inside.confirm_address(other) == AddressTaken()
        changed = inside.change(other, theme="dark")
    assert accounts.get(other.id) == changed


def test_an_address_that_was_given_up_can_be_confirmed_by_another(accounts, alice, register, clock):
    other = register("other", "alice@example.org")
    confirmed = accounts.confirm_address(alice)
    accounts.change(confirmed, address="new@example.org", address_confirmed_at=None)
    assert accounts.by_confirmed_address("alice@example.org") is None
    assert isinstance(accounts.confirm_address(other), Account)


def test_an_address_can_be_put_back_as_confirmed(accounts, alice):
    confirmed = accounts.confirm_address(alice)
    replaced = accounts.change(confirmed, address="mallory@example.org", address_confirmed_at=None)
    back = accounts.confirm_address(replaced, "Alice@Example.org")
    assert back.address == "Alice@Example.org"
    assert accounts.by_confirmed_address("alice@example.org") == back


def test_confirming_what_somebody_else_changed_first_is_a_conflict(accounts, alice):
    changed = accounts.change(alice, theme="dark")
    with pytest.raises(Conflict):
        accounts.confirm_address(alice)
    assert accounts.get(alice.id) == changed


def test_notices_go_to_confirmed_addresses_only_and_to_one_that_was_replaced(accounts, alice, clock):
    assert accounts.addresses(alice) == ()
    confirmed = accounts.confirm_address(alice)
    assert accounts.addresses(confirmed) == ("Alice@Example.org",)
    replaced = accounts.change(
        confirmed,
        address="new@example.org",
        address_confirmed_at=None,
        former_address="Alice@Example.org",
        former_until=clock() + timedelta(days=30),
    )
    assert accounts.addresses(replaced) == ("Alice@Example.org",)
    both = accounts.confirm_address(replaced)
    assert accounts.addresses(both) == ("new@example.org", "Alice@Example.org")
    clock.advance(days=30)
    assert accounts.addresses(both) == ("new@example.org",)


def test_roles_are_given_and_taken_one_by_one(accounts, alice, register, clock):
    admin = register("boss", roles=[Role.ADMIN])
    later = clock.advance(days=1)
    agent = accounts.grant(alice, Role.AGENT, admin.id)
    both = accounts.grant(agent, Role.LEAD, HOST)
    assert accounts.get(alice.id).roles == {Role.AGENT, Role.LEAD}
    assert (both.grant(Role.AGENT).since, both.grant(Role.AGENT).by) == (later, admin.id)
    assert not accounts.get(alice.id).grant(Role.AGENT).counts(later)
    assert accounts.get(alice.id).grant(Role.LEAD).counts(later)
    one = accounts.revoke(accounts.get(alice.id), Role.LEAD)
    assert accounts.get(alice.id) == one
    assert one.roles == {Role.AGENT}


def test_giving_what_is_held_and_taking_what_is_not_changes_nothing(accounts, alice):
    agent = accounts.grant(alice, Role.AGENT, HOST)
    assert accounts.grant(agent, Role.AGENT, "f" * 32) == agent
    assert accounts.revoke(agent, Role.LEAD) == agent
    assert accounts.grant(agent, Role.MEMBER, HOST) == agent


def test_a_role_for_an_account_that_somebody_else_changed_first_is_a_conflict(accounts, alice):
    accounts.change(alice, theme="dark")
    with pytest.raises(Conflict):
        accounts.grant(alice, Role.AGENT, HOST)
    assert accounts.get(alice.id).roles == set()


def test_everybody_is_a_member_and_members_hold_no_role(register):
    assert register("plain", roles=[Role.MEMBER]).roles == set()


def test_staff_are_found_by_role(accounts, register):
    register("member")
    agent = register("agent-a", roles=[Role.AGENT])
    both = register("both", roles=[Role.AGENT, Role.LEAD])
    assert accounts.staff() == [agent, both]
    assert accounts.staff("lead") == [both]
    assert accounts.staff(Role.ADMIN) == []


def test_accounts_come_in_pages_by_name_with_all_their_roles(accounts, register):
    made = [register(name, roles=[Role.AGENT, Role.LEAD]) for name in ["a.c", "ab", "a-b", "a_b", "b"]]
    in_order = sorted(made, key=lambda account: account.name.encode())
    first = accounts.page(limit=2)
    assert first == in_order[:2]
    assert accounts.page(after=first[-1].name) == in_order[2:]
    assert [account.name for account in accounts.page(prefix="a")] == ["a-b", "a.c", "a_b", "ab"]
    assert accounts.page(prefix="%") == []
    assert accounts.page(prefix="a_", limit=1) == [accounts.by_name("a_b")]
    assert [account.name for account in accounts.page(prefix="a", after="a.c", limit=1)] == ["a_b"]
    assert [account.name for account in accounts.page(prefix="b", after="a.c")] == ["b"]
    assert accounts.page(prefix="a", after="b") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_by_the_beginning_of_a_name_walks_no_other_names(storage, vault, clock, tokens, register):
    for number in range(200):
        register(f"early{number}")
    register("late")
    repository = Accounts(vault, clock, tokens)

    def steps(prefix):
        """How many steps of SQLite's machine a page of one account takes."""
        taken = []
        with storage.unit():
            connection = database_of_the_unit().connection()
            connection.set_progress_handler(lambda: taken.append(1), 1)
            try:
                assert len(repository.page(prefix=prefix)) == 1
            finally:
                connection.set_progress_handler(None, 1)
        return len(taken)

    assert steps("late") <= steps("early0")


def test_accounts_are_found_by_the_beginning_of_their_address(accounts, register):
    found = register("found", "Someone@Example.org")
    register("other")
    assert accounts.page_by_address("SOME") == [found]
    assert accounts.page_by_address("%") == []
