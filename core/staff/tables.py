"""Where staff's fresh tokens and readmissions are kept."""

from peewee import BlobField, CharField

from core.storage import Row, TimeField


class FreshRow(Row):
    session = CharField(32, primary_key=True)
    until = TimeField()
    mac = BlobField()

    class Meta:
        table_name = "staff_fresh_tokens"


class ReadmissionRow(Row):
    account = CharField(32, primary_key=True)
    two_factor_since = TimeField()
    by = CharField(32)
    at = TimeField()
    mac = BlobField()

    class Meta:
        table_name = "staff_readmissions"
