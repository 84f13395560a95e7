"""Why staff did what they did, sealed beside the entry of the audit trail; it goes when the account is erased."""

from peewee import BlobField, CharField, Database, ForeignKeyField, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class AccountRow(Model):
        id = CharField(32, primary_key=True)

        class Meta:
            database = db
            table_name = "accounts"

    class ReasonRow(Model):
        entry = CharField(32, primary_key=True)
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        text = BlobField()

        class Meta:
            database = db
            table_name = "audit_reasons"

    db.create_tables([ReasonRow])
