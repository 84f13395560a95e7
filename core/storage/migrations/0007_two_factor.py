"""Devices and enrolments."""

from peewee import BigIntegerField, BlobField, BooleanField, CharField, Database, IntegerField, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class DeviceRow(Model):
        enrolment = CharField(32, primary_key=True)
        account = CharField(32, index=True)
        current = CharField(32, null=True, unique=True)
        sealed = BlobField()
        since = BigIntegerField()
        last_step = IntegerField()
        off_by = IntegerField(null=True)
        off_step = IntegerField(null=True)
        aside_until = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "two_factor_devices"

    class EnrolmentRow(Model):
        account = CharField(32, primary_key=True)
        id = CharField(32)
        session = CharField(32)
        sealed = BlobField(null=True)
        expires_at = BigIntegerField(index=True)
        verified = BooleanField()
        last_step = IntegerField()
        off_by = IntegerField(null=True)
        off_step = IntegerField(null=True)
        code_hash = BlobField(null=True)
        asks_group = IntegerField(null=True)
        group_mac = BlobField(null=True)
        group_typed = BooleanField()
        finished = BooleanField()

        class Meta:
            database = db
            table_name = "two_factor_enrolments"

    db.create_tables([DeviceRow, EnrolmentRow])
