"""Where entries and seals are kept: plain ids and no foreign keys, for an entry outlives what it speaks of."""

from peewee import BigAutoField, BigIntegerField, BlobField, CharField, IntegerField, TextField

from core.storage import Row, TimeField


class EntryRow(Row):
    """One entry: written once, and marked once with the number of the seal that holds it."""

    id = BigAutoField()
    uid = CharField(32, unique=True)
    """Random, and under the MAC: a copy of an entry is no second entry."""
    at = TimeField()
    event = CharField(40)
    account = CharField(32, null=True)
    actor = CharField(32, null=True)
    case = CharField(32, null=True, column_name="about_case")
    source = CharField(64, null=True)
    detail = TextField()
    """JSON with its keys in order."""
    mac = BlobField()
    """Over everything above but the place."""
    seal = BigIntegerField(null=True)

    class Meta:
        table_name = "audit_entries"


class ReasonRow(Row):
    """Why staff did what an entry tells: a person's text, which can be erased while the entry stays."""

    entry = CharField(32, primary_key=True)
    """The uid of the entry."""
    account = CharField(32, index=True)
    text = BlobField()
    """Sealed."""

    class Meta:
        table_name = "audit_reasons"


class SealRow(Row):
    """One batch of entries, chained to the batch before."""

    number = BigIntegerField(primary_key=True)
    count = IntegerField()
    total = BigIntegerField()
    at = TimeField()
    entries = TextField()
    """The ids in order, as JSON: so it can be said which entry is gone."""
    digest = BlobField()
    previous = BlobField()
    signature = BlobField()

    class Meta:
        table_name = "audit_seals"
