"""Cases as they are kept: one live case an account, conditional changes, leases, and rows changed behind our back."""

from datetime import timedelta

import pytest

from core.accounts import Accounts
from core.cases import Action, CaseFile, CaseLeases, Cases, Filter, Form, Kind, MomentKind, Need, Queue, State
from core.cases.policy import DEFAULT
from core.cases.tables import CaseRow, EvidenceRow, MomentRow
from core.errors import StorageError
from core.origin import LOCAL, Origin
from tests.racing import race
from tests.units import InUnits

MIA, JON = "1" * 32, "2" * 32
FORM = Form("lost it", "ring me", "it is me")


@pytest.fixture
def accounts(storage, vault, clock, tokens):
    return InUnits(storage, Accounts(vault, clock, tokens))


@pytest.fixture
def cases(storage, vault, clock, tokens):
    return InUnits(storage, Cases(vault, clock, tokens))


@pytest.fixture
def leases(storage, clock):
    return InUnits(storage, CaseLeases(clock))


@pytest.fixture
def file(storage, vault, clock, tokens):
    return InUnits(storage, CaseFile(vault, clock, tokens))


@pytest.fixture
def queue(storage, vault, clock):
    return InUnits(storage, Queue(vault, clock))


@pytest.fixture
def someone(accounts):
    def someone(name="ada"):
        return accounts.register(accounts.new_id(), name, f"{name}@example.org", b"")

    return someone


@pytest.fixture
def opened(cases, someone):
    """A case of ada's."""
    return cases.open(someone(), FORM, Origin("203.0.113.7"), DEFAULT, repeated=False)


def test_a_case_is_kept_with_its_policy_and_its_form_sealed(cases, opened, clock, storage):
    case = opened.case
    assert cases.get(case.id) == cases.by_reference(case.reference) == cases.live_of(case.account) == case
    assert (case.state, case.people, case.round, case.damaged) == (State.OPEN, 2, 1, False)
    assert (case.policy, case.policy_hash) == (DEFAULT, DEFAULT.hash)
    assert cases.form(case) == FORM
    assert case.expires_at == clock() + timedelta(days=14)
    with storage.unit():
        kept = repr(list(CaseRow.select().dicts()))
    for canary in ("lost it", "ring me", "it is me", opened.return_code.reveal()):
        assert canary not in kept


def test_an_account_has_one_live_case(cases, opened, someone, accounts):
    account = accounts.by_name("ada")
    assert cases.open(account, FORM, LOCAL, DEFAULT, repeated=False) is None
    cases.move(opened.case, Action.WITHDRAW)
    assert cases.live_of(account.id) is None
    again = cases.open(account, FORM, LOCAL, DEFAULT, repeated=False)
    assert again.case.reference != opened.case.reference
    assert {case.state for case in cases.of(account.id)} == {State.OPEN, State.WITHDRAWN}


def test_of_sixteen_who_open_at_once_one_does(cases, someone):
    account = someone()
    opened = race(lambda: cases.open(account, FORM, LOCAL, DEFAULT, repeated=False))
    assert sum(case is not None for case in opened) == 1


def test_a_case_has_turned_when_it_was_opened_and_again_when_it_ended(cases, opened, clock):
    began, case = clock(), opened.case
    assert cases.turned_since(began) == [(case.account, began, None)]
    clock.advance(seconds=1)
    assert cases.turned_since(clock()) == []
    cases.move(case, Action.WITHDRAW)
    assert cases.turned_since(clock()) == cases.turned_since(began) == [(case.account, began, clock())]


def test_the_return_code_is_right_for_its_case_only(cases, opened, someone):
    other = cases.open(someone("bob"), FORM, LOCAL, DEFAULT, repeated=False)
    assert cases.right_code(opened.case, opened.return_code.reveal())
    assert not cases.right_code(opened.case, other.return_code.reveal())
    assert not cases.right_code(opened.case, "0" * 12)


def test_of_sixteen_changes_of_one_version_one_wins(cases, opened):
    moved = race(lambda: cases.move(opened.case, Action.FREEZE))
    assert sum(case is not None for case in moved) == 1
    assert cases.move(opened.case, Action.WITHDRAW) is None
    assert cases.get(opened.case.id).version == opened.case.version + 1


@pytest.mark.parametrize("action", [Action.APPROVE, Action.COMPLETE, Action.UNFREEZE, Action.REOPEN])
def test_what_the_table_forbids_is_not_done(cases, opened, action):
    assert cases.move(opened.case, action, approver=JON, verifier=MIA) is None
    assert cases.get(opened.case.id) == opened.case


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "approved", "verifier": MIA, "approver": JON},
        {"account": None},
        {"policy_text": "[]"},
        {"policy_hash": "0" * 64},
        {"opened_at": 0},
        {"round_began_at": 0},
        {"return_mac": b"\0" * 36},
        {"people": 1},
        {"repeated": True},
        {"reference": "00000000"},
        {"version": 2},
        {"live": None},
        {"mac": b"\0" * 36},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_row_changed_behind_our_back_is_damaged_and_stands_still(cases, opened, someone, storage, columns):
    if columns.get("account", "") is None:
        columns = {"account": someone("bob").id}
    with storage.unit():
        CaseRow.update(columns).execute()
    case = cases.get(opened.case.id)
    assert case.damaged
    for action in Action:
        assert cases.move(case, action) is None


def test_the_database_keeps_two_people_two(cases, opened, storage):
    case = cases.move(opened.case, Action.VERIFY, route=Kind.MAIL, verifier=MIA)
    with pytest.raises(StorageError):
        cases.move(case, Action.APPROVE, approver=MIA)
    with pytest.raises(StorageError), storage.unit():
        CaseRow.update(state="completed", live=None).execute()
    assert cases.get(case.id) == case
    one = cases.change(case, people=1)
    assert cases.move(one, Action.APPROVE, approver=MIA).state is State.APPROVED


def test_the_claimants_presence_puts_off_the_end_but_never_past_thirty_days(cases, opened, clock):
    start = clock()
    clock.advance(days=10)
    cases.seen(cases.get(opened.case.id))
    assert cases.get(opened.case.id).expires_at == start + timedelta(days=24)
    clock.advance(days=12)
    cases.seen(cases.get(opened.case.id))
    assert cases.get(opened.case.id).expires_at == start + timedelta(days=30)
    assert cases.expiring() == []
    clock.advance(days=8)
    assert cases.expiring() == [opened.case.id]


def test_a_lease_is_taken_by_one_renewed_by_its_holder_and_over_by_itself(cases, leases, opened, clock):
    case, until = opened.case, clock() + timedelta(minutes=15)
    assert leases.take(case, MIA, until)
    assert not leases.take(case, JON, until)
    assert leases.take(case, MIA, until)
    assert not leases.renew(case, JON, until)
    assert cases.get(case.id).holder(clock()) == MIA
    clock.advance(minutes=15)
    assert cases.get(case.id).holder(clock()) is None
    assert not leases.renew(case, MIA, clock() + timedelta(minutes=15))
    assert leases.take(case, JON, clock() + timedelta(minutes=15))
    assert not leases.release(case, MIA)
    assert leases.release(case, JON)
    assert leases.give(case, MIA, clock() + timedelta(hours=8))
    assert leases.renew(case, MIA, clock() + timedelta(minutes=15))
    assert cases.get(case.id).claimed_until == clock() + timedelta(hours=8), "a renewal never shortens"
    cases.move(case, Action.REJECT)
    assert not leases.take(case, MIA, until)


def test_decisions_and_openings_are_counted(cases, opened, clock):
    start = clock()
    for _ in range(3):
        cases.decided(MIA)
        clock.advance(minutes=30)
    assert cases.decisions(MIA, clock() - timedelta(hours=1)) == 1
    assert cases.decisions(MIA, start - timedelta(seconds=1)) == 3
    assert cases.decisions(JON, start - timedelta(seconds=1)) == 0
    assert cases.openings_from("203.0.113.7", start - timedelta(seconds=1)) == 1
    assert cases.openings(opened.case.account, start - timedelta(seconds=1)) == 1
    cases.move(opened.case, Action.STOP)
    assert cases.openings(opened.case.account, start - timedelta(seconds=1)) == 0


def test_evidence_counts_once_of_each_kind_and_is_sealed(file, opened, storage):
    first = file.add_evidence(opened.case, Kind.PERSON, by=MIA, note="seen with a passport")
    second = file.add_evidence(opened.case, Kind.PERSON, by=MIA, note="seen again")
    given = file.evidence(opened.case)
    assert {each.id: each.void_reason for each in given} == {first.id: "given again", second.id: ""}
    assert all(each.genuine for each in given)
    assert {each.note for each in given} == {"seen with a passport", "seen again"}
    assert file.void(second, "no more")
    assert not file.void(second, "twice")
    with storage.unit():
        assert "passport" not in repr(list(EvidenceRow.select().dicts()))


@pytest.mark.parametrize("columns", [{"kind": "key"}, {"by": JON}, {"since": 0}, {"given_at": 0}, {"rests_on": "9"}])
def test_evidence_changed_behind_our_back_is_not_genuine(file, opened, storage, columns):
    file.add_evidence(opened.case, Kind.PERSON, by=MIA, note="seen")
    with storage.unit():
        EvidenceRow.update(columns).execute()
    assert [each.genuine for each in file.evidence(opened.case)] == [False]


def test_evidence_moved_to_another_case_is_not_genuine(file, cases, opened, someone, storage):
    other = cases.open(someone("bob"), FORM, LOCAL, DEFAULT, repeated=False)
    file.add_evidence(opened.case, Kind.PERSON, by=MIA, note="seen")
    with storage.unit():
        EvidenceRow.update(case=other.case.id).execute()
    assert [each.genuine for each in file.evidence(other.case)] == [False]


def test_the_timeline_keeps_the_order_and_seals_what_people_wrote(file, opened, storage, clock):
    file.note(opened.case, MomentKind.OPENED, "claimant", text="canary one")
    clock.advance(minutes=1)
    file.note(opened.case, MomentKind.VERIFIED, MIA, detail="by route mail")
    told = file.timeline(opened.case)
    assert [(each.kind, each.by, each.text, each.detail) for each in told] == [
        (MomentKind.OPENED, "claimant", "canary one", ""),
        (MomentKind.VERIFIED, MIA, "", "by route mail"),
    ]
    assert len(file.timeline(opened.case, limit=1)) == 1
    with storage.unit():
        assert "canary" not in repr(list(MomentRow.select().dicts()))
        MomentRow.update(text=b"\0" * 60).execute()
    assert "cannot be read" in file.timeline(opened.case)[0].text


def test_the_queue_is_in_order_of_need_and_pages_without_gap(queue, cases, someone, clock):
    made = []
    for number in range(6):
        made.append(cases.open(someone(f"owner{number}"), FORM, LOCAL, DEFAULT, repeated=False).case)
        clock.advance(minutes=1)
    cases.change(made[0], asked_at=clock())
    cases.move(made[1], Action.FREEZE, frozen_at=clock(), frozen_by=MIA)
    order = [name for _, name in queue.page(Filter.ALL, me=MIA)]
    assert order == ["owner2", "owner3", "owner4", "owner5", "owner1", "owner0"]
    seen, after = [], None
    while page := queue.page(Filter.ALL, me=MIA, after=after, limit=2):
        seen += [name for _, name in page]
        after = queue.place(page[-1][0])
    assert seen == order
    assert [name for _, name in queue.page(Filter.WAITING, me=MIA)] == ["owner0"]
    assert [name for _, name in queue.page(Filter.FROZEN, me=MIA)] == ["owner1"]
    assert [name for _, name in queue.page(Filter.ALL, me=MIA, name="owner3")] == ["owner3"]
    assert [name for _, name in queue.page(Filter.ALL, me=MIA, reference=made[4].reference[:5])] == ["owner4"]
    count = queue.count()
    assert (count.live, count.need_staff, count.oldest) == (6, 5, made[0].opened_at)
    assert queue.by_need()[Need.FIRST_ANSWER] == 4


def test_ended_cases_leave_the_queue_and_are_listed_newest_first(queue, cases, someone, clock):
    for number in range(4):
        case = cases.open(someone(f"owner{number}"), FORM, LOCAL, DEFAULT, repeated=False).case
        clock.advance(minutes=1)
        cases.move(case, Action.WITHDRAW)
    assert queue.page(Filter.ALL, me=MIA) == []
    seen, after = [], None
    while page := queue.page(Filter.ENDED, me=MIA, after=after, limit=3):
        seen += [name for _, name in page]
        after = queue.place(page[-1][0])
    assert seen == ["owner3", "owner2", "owner1", "owner0"]
    assert queue.ended_between(clock() - timedelta(hours=1), clock() + timedelta(hours=1))[State.WITHDRAWN] == 4
    assert queue.decided_since(clock() - timedelta(hours=1)) == []
