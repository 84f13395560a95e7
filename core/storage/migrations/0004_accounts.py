"""Accounts, their names and roles, and invitations."""

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    plain = '"C"' if isinstance(db, PostgresqlDatabase) else None  # names sort and page by their bytes on both

    class NameRow(Model):
        name = CharField(32, primary_key=True)
        taken_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "account_names"

    class AccountRow(Model):
        id = CharField(32, primary_key=True)
        name = CharField(32, unique=True, collation=plain)
        address = TextField()
        address_folded = TextField(index=True, collation=plain)
        confirmed_address = TextField(null=True, unique=True)
        address_confirmed_at = BigIntegerField(null=True)
        former_address = TextField(null=True)
        former_until = BigIntegerField(null=True)
        password_hash = BlobField()
        password_set_at = BigIntegerField()
        password_by_mail = BooleanField()
        password_proved_at = BigIntegerField(null=True)
        two_factor_since = BigIntegerField(null=True)
        enrolments = IntegerField()
        address_frozen_until = BigIntegerField(null=True)
        locked_at = BigIntegerField(null=True)
        lock_reason = TextField()
        contested_until = BigIntegerField(null=True)
        probation_by = CharField(16, null=True)
        probation_since = BigIntegerField(null=True)
        probation_session = CharField(32, null=True)
        theme = TextField()
        created_at = BigIntegerField()
        version = IntegerField()
        mac = BlobField()

        class Meta:
            database = db
            table_name = "accounts"

    class RoleRow(Model):
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        role = CharField(16, index=True)
        since = BigIntegerField()
        by = CharField(32)

        class Meta:
            database = db
            table_name = "account_roles"
            primary_key = CompositeKey("account", "role")

    class InvitationRow(Model):
        id = CharField(32, primary_key=True)
        code = BlobField(unique=True)
        role = CharField(16, null=True)
        address = TextField(null=True)
        by = CharField(32)
        made_at = BigIntegerField()
        until = BigIntegerField()
        used_at = BigIntegerField(null=True)
        mac = BlobField()

        class Meta:
            database = db
            table_name = "invitations"

    db.create_tables([NameRow, AccountRow, RoleRow, InvitationRow])
