"""Where backup codes are kept: one row an account, the code itself only as a sealed hash."""

from peewee import BlobField, CharField

from core.storage import Row, TimeField


class BackupCodeRow(Row):
    account = CharField(32, primary_key=True)
    hash = BlobField(null=True)
    """Null once the code is void."""
    made_at = TimeField()
    used_at = TimeField(null=True)
    used_in = CharField(64, null=True)
    voided_at = TimeField(null=True)

    class Meta:
        table_name = "backup_codes"
