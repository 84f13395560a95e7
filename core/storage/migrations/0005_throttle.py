"""Counters of failures in a row."""

from peewee import BigIntegerField, CharField, CompositeKey, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class CounterRow(Model):
        lane = CharField(16)
        subject = TextField(index=True)
        factor = CharField(16)
        failures = IntegerField()
        until = BigIntegerField()
        last_at = BigIntegerField(index=True)
        streak = IntegerField()

        class Meta:
            database = db
            table_name = "throttle"
            primary_key = CompositeKey("lane", "subject", "factor")

    db.create_tables([CounterRow])
