"""Where sessions, half-open sign-ins and known sources are kept."""

from peewee import BigIntegerField, BlobField, CharField, IntegerField, TextField

from core.storage import Row, TimeField


class SessionRow(Row):
    id = CharField(32, primary_key=True)
    token = BlobField(unique=True)
    """The MAC of the token, which is kept nowhere."""
    account = CharField(32, index=True)
    kind = CharField(16)
    source = TextField()
    fingerprint = TextField(null=True)
    opened_at = TimeField()
    seen_at = TimeField()
    idle_until = TimeField()
    expires_at = TimeField()
    idle = BigIntegerField()
    """Microseconds."""
    evidence = TextField()
    mac = BlobField()
    """Over what never changes: a session moved to another account is none."""
    ended_at = TimeField(null=True, index=True)
    end_reason = TextField(null=True)

    class Meta:
        table_name = "sessions"


class SignInRow(Row):
    id = CharField(32, primary_key=True)
    token = BlobField(unique=True)
    account = CharField(32, index=True)
    source = TextField()
    fingerprint = TextField(null=True)
    begun_at = TimeField()
    until = TimeField()
    wrong = IntegerField()
    mac = BlobField()
    ended_at = TimeField(null=True)

    class Meta:
        table_name = "sign_ins"


class KnownSourceRow(Row):
    key = BlobField(primary_key=True)
    """The MAC of account and source: where people sign in from is kept no longer than their sessions."""
    account = CharField(32, index=True)
    seen_at = TimeField()

    class Meta:
        table_name = "known_sources"
