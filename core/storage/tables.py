"""The rows that belong to the storage itself."""

from peewee import IntegerField, TextField

from core.storage.rows import Row, TimeField


class InstallationRow(Row):
    """One row at most: which installation this database is, so that its keys can be told from others'."""

    number = IntegerField(primary_key=True)
    """Always 1."""
    id = TextField()
    created_at = TimeField()

    class Meta:
        table_name = "installation"


class LeaseRow(Row):
    name = TextField(primary_key=True)
    holder = TextField()
    until = TimeField()

    class Meta:
        table_name = "leases"
