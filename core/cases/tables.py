"""Where cases, their evidence and their timelines are kept; what people wrote is sealed."""

from peewee import AutoField, BlobField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from core.storage import Row, TimeField


class CaseRow(Row):
    id = CharField(32, primary_key=True)
    reference = CharField(8, unique=True)
    account = CharField(32, index=True)
    name = CharField(32)
    """The account's name, for the queue's search."""
    live = CharField(32, null=True, unique=True)
    """The account again while the case is live, so that it has one at a time; null once it ended."""
    state = CharField(16)
    opened_at = TimeField()
    source = CharField(64)
    fingerprint = CharField(64, null=True)
    policy_text = TextField()
    policy_hash = CharField(64)
    repeated = BooleanField()
    return_mac = BlobField()
    route = CharField(16, null=True)
    people = IntegerField()
    verifier = CharField(32, null=True)
    verified_at = TimeField(null=True)
    approver = CharField(32, null=True)
    approved_at = TimeField(null=True)
    round = IntegerField()
    round_began_at = TimeField()
    frozen_at = TimeField(null=True)
    frozen_by = CharField(32, null=True)
    ended_at = TimeField(null=True)
    version = IntegerField()
    mac = BlobField()
    """Over everything above but `live`."""
    asked_at = TimeField(null=True)
    turn_at = TimeField()
    answered_at = TimeField(null=True)
    claimant_session = CharField(32, null=True)
    claimant_seen_at = TimeField()
    claimed_by = CharField(32, null=True)
    claimed_until = TimeField(null=True)
    due_at = TimeField(null=True)
    late_at = TimeField(null=True)
    expires_at = TimeField()
    need = CharField(16, null=True)
    """What it waits for, in order of urgency with the two below; null once it ended. Kept for the queue's index."""
    need_rank = IntegerField(null=True)
    need_since = TimeField(null=True)
    form = BlobField(null=True)
    """What the claimant wrote on opening it, sealed."""

    class Meta:
        table_name = "cases"


class EvidenceRow(Row):
    id = CharField(32, primary_key=True)
    case = CharField(32, index=True, column_name="about_case")
    kind = CharField(16)
    given_at = TimeField()
    by = CharField(32)
    rests_on = TextField()
    since = TimeField()
    fingerprint = CharField(64, null=True)
    source = CharField(64, null=True)
    note = BlobField(null=True)
    void_at = TimeField(null=True)
    void_reason = TextField()
    mac = BlobField()
    """Over everything above but the voiding, which only ever takes away."""

    class Meta:
        table_name = "case_evidence"


class MomentRow(Row):
    id = AutoField()
    uid = CharField(32)
    case = CharField(32, column_name="about_case")
    at = TimeField()
    kind = CharField(16)
    by = CharField(32)
    text = BlobField(null=True)
    detail = TextField()

    class Meta:
        table_name = "case_timeline"


class DecisionRow(Row):
    """A Verify or an Approve, for the limits of whoever decides."""

    id = AutoField()
    by = CharField(32)
    at = TimeField()

    class Meta:
        table_name = "case_decisions"


class WatcherRow(Row):
    """Somebody of the staff has the case on their screen."""

    case = CharField(32, column_name="about_case")
    agent = CharField(32)
    until = TimeField()

    class Meta:
        table_name = "case_watchers"
        primary_key = CompositeKey("case", "agent")
