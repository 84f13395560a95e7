"""The outbox. What is said and to whom is sealed; what is said is wiped once it is handed over."""

from peewee import BlobField, BooleanField, CharField, IntegerField, TextField

from core.storage import Row, TimeField


class NoticeRow(Row):
    id = CharField(32, primary_key=True)
    kind = CharField(40)
    account = CharField(32, null=True, index=True)
    group = CharField(64, null=True, index=True, column_name="belongs_to")
    to = BlobField()
    letter = BlobField(null=True)
    state = CharField(16)
    created_at = TimeField()
    short_lived = BooleanField()
    """Not sent after `give_up_at`, even if it was never tried."""
    due_at = TimeField()
    give_up_at = TimeField()
    tries = IntegerField()
    held_until = TimeField(null=True)
    settled_at = TimeField(null=True)
    delivers = BooleanField()
    reason = TextField(null=True)
    receipt = BlobField(null=True)
    """Seals that it was handed over, when, and how: the wait of a case counts from it."""

    class Meta:
        table_name = "notices"
