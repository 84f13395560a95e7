"""Rows changed behind our back, by somebody who can write to the database and does not have the keys."""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from peewee import SqliteDatabase

from core.accounts import HOST, Account, Damaged, Probation, Role
from core.accounts.tables import AccountRow, InvitationRow, RoleRow
from core.errors import StorageError
from core.storage.rows import database_of_the_unit


@pytest.fixture
def victim(accounts, register, clock):
    """An account in which every column says something."""
    account = accounts.confirm_address(register("victim", roles=[Role.AGENT]))
    return accounts.change(
        account,
        two_factor_since=clock(),
        enrolments=1,
        former_address="old@example.org",
        former_until=clock() + timedelta(days=30),
        password_proved_at=clock(),
        address_frozen_until=clock() + timedelta(days=7),
        locked_at=clock(),
        lock_reason="stopped",
        contested_until=clock() + timedelta(days=30),
        probation=Probation("case", clock(), "a" * 32),
    )


FORGERIES = {
    "name": "viktim",
    "address": "mallory@example.org",
    "confirmed_address": "mallory@example.org",
    "address_confirmed_at": None,
    "former_address": "mallory@example.org",
    "former_until": None,
    "password_hash": b"mallory's",
    "password_set_at": timedelta(days=-40),
    "password_by_mail": True,
    "password_proved_at": timedelta(days=-40),
    "two_factor_since": None,
    "enrolments": 0,
    "address_frozen_until": None,
    "locked_at": None,
    "lock_reason": "",
    "contested_until": None,
    "probation_by": "backup_code",
    "probation_since": timedelta(days=-1),
    "probation_session": "b" * 32,
    "created_at": timedelta(days=-400),
    "version": 1,
    "mac": b"\0" * 36,
}


@pytest.mark.parametrize("column", FORGERIES)
def test_a_column_changed_behind_our_back_reads_as_damaged(storage, accounts, victim, clock, column):
    forged = FORGERIES[column]
    value = clock() + forged if isinstance(forged, timedelta) else forged
    with storage.unit():
        assert AccountRow.update(**{column: value}).where(AccountRow.id == victim.id).execute() == 1
    found = accounts.get(victim.id)
    assert found == Damaged(victim.id, "viktim" if column == "name" else "victim")
    assert accounts.by_name(found.name) == found


def test_every_column_but_how_it_looks_is_under_the_mac():
    columns = {field.name for field in AccountRow._meta.sorted_fields}
    assert columns - FORGERIES.keys() == {"id", "theme", "address_folded"}


def test_a_row_copied_over_another_account_reads_as_damaged(storage, accounts, victim, alice):
    with storage.unit():
        source = AccountRow.select().where(AccountRow.id == alice.id).dicts().get()
        stolen = {column: source[column] for column in ("password_hash", "mac", "version", "two_factor_since")}
        AccountRow.update(**stolen).where(AccountRow.id == victim.id).execute()
    assert accounts.get(victim.id) == Damaged(victim.id, "victim")


def test_a_role_added_behind_our_back_reads_as_damaged(storage, accounts, alice, clock):
    with storage.unit():
        RoleRow.insert(account=alice.id, role="admin", since=clock(), by=HOST).execute()
    assert isinstance(accounts.get(alice.id), Damaged)
    assert accounts.staff("admin") == []


def test_a_role_of_another_account_moved_over_reads_as_damaged(storage, accounts, victim, alice):
    with storage.unit():
        RoleRow.update(account=alice.id).where(RoleRow.account == victim.id).execute()
    assert isinstance(accounts.get(alice.id), Damaged)
    assert isinstance(accounts.get(victim.id), Damaged)


@pytest.mark.parametrize(
    "forged", [{"role": "admin"}, {"role": "member"}, {"role": "god"}, {"by": "f" * 32}, {"since": timedelta(days=-8)}]
)
def test_a_role_changed_behind_our_back_reads_as_damaged(storage, accounts, victim, clock, forged):
    values = {name: clock() + value if name == "since" else value for name, value in forged.items()}
    with storage.unit():
        RoleRow.update(**values).where(RoleRow.account == victim.id).execute()
    assert isinstance(accounts.get(victim.id), Damaged)


def test_a_role_deleted_behind_our_back_reads_as_damaged(storage, accounts, victim):
    with storage.unit():
        RoleRow.delete().where(RoleRow.account == victim.id).execute()
    assert isinstance(accounts.get(victim.id), Damaged)
    assert accounts.staff() == []


@pytest.mark.parametrize(
    "forged", ["two_factor_since = 9223372036854775807", "locked_at = -9223372036854775808", "enrolments = 2000000000"]
)
def test_a_value_that_cannot_even_be_read_is_damaged_and_hides_nobody_else(storage, accounts, victim, alice, forged):
    with storage.unit():
        database_of_the_unit().execute_sql(f"UPDATE accounts SET {forged} WHERE name = 'victim'")
    assert accounts.get(victim.id) == Damaged(victim.id, "victim")
    assert accounts.page() == [alice, Damaged(victim.id, "victim")]


@pytest.mark.parametrize("forged", ["two_factor_since = 'off'", "mac = 'text'", "password_hash = 1.5", "version = 0.5"])
def test_a_value_of_another_kind_is_damaged(storage, accounts, victim, alice, forged):
    """SQLite keeps anything in any column; PostgreSQL refuses most of it."""
    with contextlib.suppress(StorageError), storage.unit():
        database_of_the_unit().execute_sql(f"UPDATE accounts SET {forged} WHERE name = 'victim'")
    assert accounts.page() in ([alice, Damaged(victim.id, "victim")], [alice, victim])
    if isinstance(storage._database, SqliteDatabase):
        assert accounts.get(victim.id) == Damaged(victim.id, "victim")


def test_a_change_does_not_wash_a_forgery_clean(storage, accounts, alice, clock):
    with storage.unit():
        RoleRow.insert(account=alice.id, role="admin", since=clock(), by=HOST).execute()
    assert accounts.change(alice, theme="dark") is not None
    assert isinstance(accounts.get(alice.id), Damaged)


def test_a_change_of_what_was_read_before_a_forgery_writes_what_was_read(storage, accounts, alice, clock):
    with storage.unit():
        AccountRow.update(two_factor_since=clock()).where(AccountRow.id == alice.id).execute()
    assert accounts.get(alice.id) == Damaged(alice.id, "alice")
    assert accounts.change(alice, theme="dark").two_factor_on is False
    assert accounts.get(alice.id) == replace(alice, theme="dark", version=2)


def test_keys_of_another_installation_read_everything_as_damaged(storage, alice, tmp_path, clock, tokens):
    from core.accounts import Accounts
    from core.home import prepare
    from core.vault import Vault

    others = Accounts(Vault.create(prepare(tmp_path / "other"), "1" * 32, tokens), clock, tokens)
    with storage.unit():
        assert others.get(alice.id) == Damaged(alice.id, "alice")


@pytest.mark.parametrize("forged", [{"role": "admin"}, {"address": "x@example.org"}, {"until": timedelta(days=99)}])
def test_an_invitation_changed_behind_our_back_is_none(storage, invitations, clock, forged):
    code = invitations.make(by=HOST, until=clock() + timedelta(days=14))
    values = {name: clock() + value if name == "until" else value for name, value in forged.items()}
    with storage.unit():
        InvitationRow.update(**values).execute()
    assert invitations.accept(code) is None


def test_an_old_row_put_back_whole_cannot_be_told_by_itself(storage, accounts, alice, clock):
    """What the MAC cannot do; a device beside "2FA off", and the sealed audit trail, tell on it."""
    with storage.unit():
        old = AccountRow.select().where(AccountRow.id == alice.id).dicts().get()
    accounts.change(alice, two_factor_since=clock())
    with storage.unit():
        AccountRow.update(**old).where(AccountRow.id == alice.id).execute()
    assert isinstance(accounts.get(alice.id), Account)
