"""Recovery cases, their evidence and timelines, decisions counted, freshness of staff's tokens, and readmissions."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    plain = '"C"' if isinstance(db, PostgresqlDatabase) else None  # names are searched by their bytes on both

    class AccountRow(Model):
        id = CharField(32, primary_key=True)

        class Meta:
            database = db
            table_name = "accounts"

    class CaseRow(Model):
        id = CharField(32, primary_key=True)
        reference = CharField(8, unique=True)
        account = ForeignKeyField(AccountRow, column_name="account", on_delete="CASCADE")
        name = CharField(32, collation=plain)
        live = CharField(32, null=True, unique=True)
        state = CharField(16)
        opened_at = BigIntegerField(index=True)
        source = CharField(64)
        fingerprint = CharField(64, null=True)
        policy_text = TextField()
        policy_hash = CharField(64)
        repeated = BooleanField()
        return_mac = BlobField()
        route = CharField(16, null=True)
        people = IntegerField()
        verifier = CharField(32, null=True)
        verified_at = BigIntegerField(null=True)
        approver = CharField(32, null=True)
        approved_at = BigIntegerField(null=True)
        round = IntegerField()
        round_began_at = BigIntegerField()
        frozen_at = BigIntegerField(null=True)
        frozen_by = CharField(32, null=True)
        ended_at = BigIntegerField(null=True, index=True)
        version = IntegerField()
        mac = BlobField()
        asked_at = BigIntegerField(null=True)
        turn_at = BigIntegerField()
        answered_at = BigIntegerField(null=True)
        claimant_session = CharField(32, null=True, index=True)
        claimant_seen_at = BigIntegerField()
        claimed_by = CharField(32, null=True, index=True)
        claimed_until = BigIntegerField(null=True)
        due_at = BigIntegerField(null=True)
        late_at = BigIntegerField(null=True, index=True)
        expires_at = BigIntegerField()
        need = CharField(16, null=True)
        need_rank = IntegerField(null=True)
        need_since = BigIntegerField(null=True)
        form = BlobField(null=True)

        class Meta:
            database = db
            table_name = "cases"
            constraints = [
                # two people decide where the policy says two, whatever a program does
                Check("people < 2 OR verifier IS NULL OR approver IS NULL OR verifier <> approver"),
                Check("state NOT IN ('approved', 'completed') OR (verifier IS NOT NULL AND approver IS NOT NULL)"),
                Check("state IN ('open', 'verified', 'approved', 'frozen') OR live IS NULL"),
            ]

    class EvidenceRow(Model):
        id = CharField(32, primary_key=True)
        case = ForeignKeyField(CaseRow, column_name="about_case", on_delete="CASCADE")
        kind = CharField(16)
        given_at = BigIntegerField()
        by = CharField(32)
        rests_on = TextField()
        since = BigIntegerField()
        fingerprint = CharField(64, null=True)
        source = CharField(64, null=True)
        note = BlobField(null=True)
        void_at = BigIntegerField(null=True)
        void_reason = TextField()
        mac = BlobField()

        class Meta:
            database = db
            table_name = "case_evidence"

    class MomentRow(Model):
        id = AutoField()
        uid = CharField(32)
        case = ForeignKeyField(CaseRow, column_name="about_case", on_delete="CASCADE")
        at = BigIntegerField()
        kind = CharField(16)
        by = CharField(32)
        text = BlobField(null=True)
        detail = TextField()

        class Meta:
            database = db
            table_name = "case_timeline"

    class DecisionRow(Model):
        id = AutoField()
        by = CharField(32)
        at = BigIntegerField()

        class Meta:
            database = db
            table_name = "case_decisions"

    class FreshRow(Model):
        session = CharField(32, primary_key=True)
        until = BigIntegerField(index=True)
        mac = BlobField()

        class Meta:
            database = db
            table_name = "staff_fresh_tokens"

    class ReadmissionRow(Model):
        account = CharField(32, primary_key=True)
        two_factor_since = BigIntegerField()
        by = CharField(32)
        at = BigIntegerField()
        mac = BlobField()

        class Meta:
            database = db
            table_name = "staff_readmissions"

    live = SQL("live IS NOT NULL")
    CaseRow.add_index(CaseRow.index(CaseRow.need_rank, CaseRow.need_since, CaseRow.id, where=live, name="cases_queue"))
    CaseRow.add_index(CaseRow.index(CaseRow.need, CaseRow.need_since, CaseRow.id, where=live, name="cases_by_need"))
    CaseRow.add_index(CaseRow.index(CaseRow.opened_at, where=live, name="cases_by_age"))
    CaseRow.add_index(CaseRow.index(CaseRow.expires_at, where=live, name="cases_expiring"))
    CaseRow.add_index(CaseRow.index(CaseRow.due_at, where=SQL("state = 'approved'"), name="cases_due"))
    CaseRow.add_index(CaseRow.index(CaseRow.source, CaseRow.opened_at, name="cases_by_source"))
    CaseRow.add_index(CaseRow.index(CaseRow.name, where=live, name="cases_by_name"))
    MomentRow.add_index(MomentRow.case, MomentRow.id)
    DecisionRow.add_index(DecisionRow.by, DecisionRow.at)
    db.create_tables([CaseRow, EvidenceRow, MomentRow, DecisionRow, FreshRow, ReadmissionRow])
