"""Which installation this is, and the leases of its workers."""

from peewee import BigIntegerField, Check, IntegerField, Model, TextField


def up(migrator, db):
    class Installation(Model):
        number = IntegerField(primary_key=True, constraints=[Check("number = 1")])
        id = TextField()
        created_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "installation"

    class Lease(Model):
        name = TextField(primary_key=True)
        holder = TextField()
        until = BigIntegerField()

        class Meta:
            database = db
            table_name = "leases"

    db.create_tables([Installation, Lease])
