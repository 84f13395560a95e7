"""Sessions, half-open sign-ins and known sources."""

from peewee import BigIntegerField, BlobField, CharField, Database, ForeignKeyField, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class AccountRow(Model):
        id = CharField(32, primary_key=True)

        class Meta:
            database = db
            table_name = "accounts"

    class SessionRow(Model):
        id = CharField(32, primary_key=True)
        token = BlobField(unique=True)
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        kind = CharField(16)
        source = TextField()
        fingerprint = TextField(null=True)
        opened_at = BigIntegerField()
        seen_at = BigIntegerField()
        idle_until = BigIntegerField(index=True)
        expires_at = BigIntegerField(index=True)
        idle = BigIntegerField()
        evidence = TextField()
        mac = BlobField()
        ended_at = BigIntegerField(null=True, index=True)
        end_reason = TextField(null=True)

        class Meta:
            database = db
            table_name = "sessions"

    class SignInRow(Model):
        id = CharField(32, primary_key=True)
        token = BlobField(unique=True)
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        source = TextField()
        fingerprint = TextField(null=True)
        begun_at = BigIntegerField()
        until = BigIntegerField(index=True)
        wrong = IntegerField()
        mac = BlobField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "sign_ins"

    class KnownSourceRow(Model):
        key = BlobField(primary_key=True)
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        seen_at = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "known_sources"

    db.create_tables([SessionRow, SignInRow, KnownSourceRow])
