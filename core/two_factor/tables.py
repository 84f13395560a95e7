"""Where devices and enrolments are kept. Secrets are sealed; a group of a backup code is kept as a MAC only."""

from peewee import BlobField, BooleanField, CharField, IntegerField

from core.storage import Row, TimeField


class DeviceRow(Row):
    """A device: the current one of its account, or one set aside for some days after a recovery."""

    enrolment = CharField(32, primary_key=True)
    account = CharField(32, index=True)
    current = CharField(32, null=True, unique=True)
    """The account again while the device is in use, so that it can have only one; null when set aside."""
    sealed = BlobField()
    since = TimeField()
    last_step = IntegerField()
    off_by = IntegerField(null=True)
    """By how many steps the last token was off, if it was ..."""
    off_step = IntegerField(null=True)
    """... and which step it belonged to: the same token typed twice says nothing more."""
    aside_until = TimeField(null=True)

    class Meta:
        table_name = "two_factor_devices"


class EnrolmentRow(Row):
    """An account's enrolment in progress."""

    account = CharField(32, primary_key=True)
    id = CharField(32)
    session = CharField(32)
    sealed = BlobField(null=True)
    expires_at = TimeField(index=True)
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
        table_name = "two_factor_enrolments"
