"""Backup codes."""

from peewee import BigIntegerField, BlobField, CharField, Database, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class BackupCodeRow(Model):
        account = CharField(32, primary_key=True)
        hash = BlobField(null=True)
        made_at = BigIntegerField()
        used_at = BigIntegerField(null=True)
        used_in = CharField(64, null=True)
        voided_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "backup_codes"

    db.create_tables([BackupCodeRow])
