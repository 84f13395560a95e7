"""The audit trail: entries, and the seals over them."""

from peewee import BigAutoField, BigIntegerField, BlobField, CharField, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class EntryRow(Model):
        id = BigAutoField()
        uid = CharField(32, unique=True)
        at = BigIntegerField()
        event = CharField(40)
        account = CharField(32, null=True)
        actor = CharField(32, null=True)
        case = CharField(32, null=True, column_name="about_case")
        source = CharField(64, null=True)
        detail = TextField()
        mac = BlobField()
        seal = BigIntegerField(null=True, index=True)

        class Meta:
            database = db
            table_name = "audit_entries"

    EntryRow.add_index(EntryRow.account, EntryRow.id)
    EntryRow.add_index(EntryRow.actor, EntryRow.id)
    EntryRow.add_index(EntryRow.case, EntryRow.id)
    EntryRow.add_index(EntryRow.event, EntryRow.id)

    class SealRow(Model):
        number = BigIntegerField(primary_key=True)
        count = IntegerField()
        total = BigIntegerField()
        at = BigIntegerField()
        entries = TextField()
        digest = BlobField()
        previous = BlobField()
        signature = BlobField()

        class Meta:
            database = db
            table_name = "audit_seals"

    db.create_tables([EntryRow, SealRow])
