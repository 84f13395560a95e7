"""Where accounts, their names, roles and invitations are kept."""

from peewee import BlobField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from core.storage import Row, TimeField


class NameRow(Row):
    """A name that was taken: it stays so, whatever becomes of the account."""

    name = CharField(32, primary_key=True)
    taken_at = TimeField()

    class Meta:
        table_name = "account_names"


class AccountRow(Row):
    id = CharField(32, primary_key=True)
    name = CharField(32, unique=True)
    address = TextField()
    address_folded = TextField(index=True)
    confirmed_address = TextField(null=True, unique=True)
    """The folded address once it is confirmed, so that one account has it; null before."""
    address_confirmed_at = TimeField(null=True)
    former_address = TextField(null=True)
    former_until = TimeField(null=True)
    password_hash = BlobField()
    password_set_at = TimeField()
    password_by_mail = BooleanField()
    password_proved_at = TimeField(null=True)
    two_factor_since = TimeField(null=True)
    enrolments = IntegerField()
    address_frozen_until = TimeField(null=True)
    locked_at = TimeField(null=True)
    lock_reason = TextField()
    contested_until = TimeField(null=True)
    probation_by = CharField(16, null=True)
    probation_since = TimeField(null=True)
    probation_session = CharField(32, null=True)
    theme = TextField()
    created_at = TimeField()
    version = IntegerField()
    mac = BlobField()
    """Over every column but `theme`, and over the rows of `account_roles`."""

    class Meta:
        table_name = "accounts"


class RoleRow(Row):
    account = CharField(32)
    role = CharField(16)
    since = TimeField()
    by = CharField(32)

    class Meta:
        table_name = "account_roles"
        primary_key = CompositeKey("account", "role")


class InvitationRow(Row):
    id = CharField(32, primary_key=True)
    code = BlobField(unique=True)
    """The MAC of the code, which is kept nowhere."""
    role = CharField(16, null=True)
    address = TextField(null=True)
    by = CharField(32)
    made_at = TimeField()
    until = TimeField()
    used_at = TimeField(null=True)
    mac = BlobField()

    class Meta:
        table_name = "invitations"
