"""Where mail codes and stop codes are kept: codes as MACs, addresses sealed."""

from peewee import BlobField, CharField, CompositeKey, IntegerField

from core.storage import Row, TimeField


class MailCodeRow(Row):
    """The one open mail code of an account for a purpose."""

    purpose = CharField(16)
    account = CharField(32)
    id = CharField(32)
    bound = CharField(64)
    mac = BlobField()
    address = BlobField()
    expires_at = TimeField(index=True)
    tries = IntegerField()

    class Meta:
        table_name = "mail_codes"
        primary_key = CompositeKey("purpose", "account")


class MailLimitRow(Row):
    """When the last five codes went to an address for a purpose, newest first."""

    key = BlobField(primary_key=True)
    first = TimeField()
    second = TimeField()
    third = TimeField()
    fourth = TimeField()
    fifth = TimeField()

    class Meta:
        table_name = "mail_code_limits"


class PasswordAskRow(Row):
    """Somebody forgot a password: the name and address that were typed, sealed."""

    id = CharField(32, primary_key=True)
    asked_at = TimeField(index=True)
    said = BlobField()

    class Meta:
        table_name = "password_asks"


class StopCodeRow(Row):
    mac = BlobField(primary_key=True)
    kind = CharField(16)
    account = CharField(32, index=True)
    case_id = CharField(32, null=True, index=True)
    expires_at = TimeField(index=True)
    used_at = TimeField(null=True)

    class Meta:
        table_name = "stop_codes"
