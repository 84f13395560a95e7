"""Where failures in a row are counted."""

from peewee import CharField, CompositeKey, IntegerField, TextField

from core.storage import Row, TimeField


class CounterRow(Row):
    lane = CharField(16)
    subject = TextField()
    """An account's id, a name that no account has, or a source."""
    factor = CharField(16)
    """Empty for the lane of a source."""
    failures = IntegerField()
    """In a row; tries that were admitted and never settled are among them."""
    until = TimeField()
    """No try is admitted before."""
    last_at = TimeField()
    streak = IntegerField()

    class Meta:
        table_name = "throttle"
        primary_key = CompositeKey("lane", "subject", "factor")
