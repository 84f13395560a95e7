"""Registered SSH keys."""

from peewee import AutoField, BigIntegerField, BlobField, BooleanField, CharField, Database, Model, TextField
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class SshKeyRow(Model):
        id = AutoField()
        account = CharField(32, index=True)
        fingerprint = CharField(64, index=True)
        live = CharField(64, null=True, unique=True)
        public = TextField()
        label = TextField()
        added_at = BigIntegerField()
        with_two_factor = BooleanField()
        removed_at = BigIntegerField(null=True)
        mac = BlobField()

        class Meta:
            database = db
            table_name = "ssh_keys"

    db.create_tables([SshKeyRow])
