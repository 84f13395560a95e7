"""Asks for a mail code that sets a new password, until the due work has looked at them."""

from peewee import BigIntegerField, BlobField, CharField, Database, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class PasswordAskRow(Model):
        id = CharField(32, primary_key=True)
        asked_at = BigIntegerField(index=True)
        said = BlobField()

        class Meta:
            database = db
            table_name = "password_asks"

    db.create_tables([PasswordAskRow])
