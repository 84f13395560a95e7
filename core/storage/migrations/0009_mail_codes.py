"""Mail codes, their limits, and stop codes."""

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, Database, IntegerField, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class MailCodeRow(Model):
        purpose = CharField(16)
        account = CharField(32)
        id = CharField(32)
        bound = CharField(64)
        mac = BlobField()
        address = BlobField()
        expires_at = BigIntegerField(index=True)
        tries = IntegerField()

        class Meta:
            database = db
            table_name = "mail_codes"
            primary_key = CompositeKey("purpose", "account")

    class MailLimitRow(Model):
        key = BlobField(primary_key=True)
        first = BigIntegerField()
        second = BigIntegerField()
        third = BigIntegerField()
        fourth = BigIntegerField()
        fifth = BigIntegerField()

        class Meta:
            database = db
            table_name = "mail_code_limits"

    class StopCodeRow(Model):
        mac = BlobField(primary_key=True)
        kind = CharField(16)
        account = CharField(32, index=True)
        case_id = CharField(32, null=True, index=True)
        restores = BlobField(null=True)
        issued_at = BigIntegerField()
        expires_at = BigIntegerField(index=True)
        used_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "stop_codes"

    db.create_tables([MailCodeRow, MailLimitRow, StopCodeRow])
