"""The outbox of notices."""

from peewee import BigIntegerField, BlobField, BooleanField, CharField, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class NoticeRow(Model):
        id = CharField(32, primary_key=True)
        kind = CharField(40)
        account = CharField(32, null=True, index=True)
        group = CharField(64, null=True, index=True, column_name="belongs_to")
        to = BlobField()
        letter = BlobField(null=True)
        state = CharField(16)
        created_at = BigIntegerField()
        short_lived = BooleanField()
        due_at = BigIntegerField()
        give_up_at = BigIntegerField()
        tries = IntegerField()
        held_until = BigIntegerField(null=True)
        settled_at = BigIntegerField(null=True, index=True)
        delivers = BooleanField()
        reason = TextField(null=True)

        class Meta:
            database = db
            table_name = "notices"

    NoticeRow.add_index(NoticeRow.state, NoticeRow.due_at)
    db.create_tables([NoticeRow])
