"""The support desk takes no longer the more cases and entries there are: an index for each order that it reads in."""

from peewee import SQL, BigIntegerField, CharField, Database, Model, PostgresqlDatabase
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    class CaseRow(Model):
        id = CharField(32, primary_key=True)
        name = CharField(32)
        live = CharField(32)
        claimed_by = CharField(32)
        claimed_until = BigIntegerField()
        ended_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "cases"

    class EntryRow(Model):
        id = BigIntegerField(primary_key=True)
        event = CharField(40)
        account = CharField(32)
        case = CharField(32, column_name="about_case")

        class Meta:
            database = db
            table_name = "audit_entries"

    if isinstance(db, PostgresqlDatabase):  # references are searched by their bytes, as names are
        db.execute_sql('ALTER TABLE cases ALTER COLUMN reference TYPE VARCHAR(8) COLLATE "C"')
    for old in ("cases_by_name", "caserow_claimed_by", "entryrow_about_case_id"):
        db.execute_sql(f"DROP INDEX IF EXISTS {old}")
    live, ended = SQL("live IS NOT NULL"), SQL("ended_at IS NOT NULL")
    for index in (
        CaseRow.index(CaseRow.name, CaseRow.id, where=live, name="cases_by_name"),
        CaseRow.index(CaseRow.name, CaseRow.id, where=ended, name="cases_ended_by_name"),
        CaseRow.index(CaseRow.claimed_by, CaseRow.claimed_until, where=live, name="cases_claimed"),
        EntryRow.index(EntryRow.account, EntryRow.event, EntryRow.id, name="audit_entries_of_account"),
        EntryRow.index(EntryRow.case, EntryRow.event, EntryRow.id, name="audit_entries_of_case"),
    ):
        db.execute(index)
