"""Where registered SSH keys are kept, removed ones included."""

from peewee import AutoField, BlobField, BooleanField, CharField, TextField

from core.storage import Row, TimeField


class SshKeyRow(Row):
    id = AutoField()
    account = CharField(32, index=True)
    fingerprint = CharField(64, index=True)
    live = CharField(64, null=True, unique=True)
    """The fingerprint again while the key is registered, so that one account has it; null once removed."""
    public = TextField()
    label = TextField()
    added_at = TimeField()
    with_two_factor = BooleanField()
    removed_at = TimeField(null=True)
    mac = BlobField()
    """Over everything above."""

    class Meta:
        table_name = "ssh_keys"
