"""Who of the staff has a case on their screen; and the figures of the weeks from an index alone."""

from peewee import SQL, BigIntegerField, CharField, CompositeKey, Database, ForeignKeyField, Model
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class CaseRow(Model):
        id = CharField(32, primary_key=True)
        state = CharField(16)
        ended_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "cases"

    class WatcherRow(Model):
        case = ForeignKeyField(CaseRow, column_name="about_case", on_delete="CASCADE")
        agent = CharField(32)
        until = BigIntegerField()

        class Meta:
            database = db
            table_name = "case_watchers"
            primary_key = CompositeKey("case", "agent")

    db.create_tables([WatcherRow])
    db.execute_sql("DROP INDEX IF EXISTS caserow_ended_at")
    db.execute(CaseRow.index(CaseRow.ended_at, CaseRow.state, where=SQL("ended_at IS NOT NULL"), name="cases_ended"))
