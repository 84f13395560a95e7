from datetime import timedelta

import pytest

from core.accounts import HOST, Account, AddressTaken, Damaged, NameTaken, Role
from core.errors import Conflict
from tests.racing import race, race_processes
from tests.soak import soak_count

ROUNDS = range(soak_count(3, 60))


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_many_who_want_a_name_one_gets_it(register, accounts, round_):
    answers = race(lambda: register("wanted"))
    winners = [answer for answer in answers if isinstance(answer, Account)]
    assert len(winners) == 1
    assert answers.count(NameTaken()) == 15
    assert accounts.by_name("wanted") == winners[0]


def test_of_many_processes_that_want_a_name_one_gets_it(register, storage):
    storage.close()
    answers = race_processes(lambda: isinstance(register("wanted"), Account))
    assert sorted(answers) == [False, False, False, True]


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_many_who_confirm_an_address_one_gets_it(register, accounts, round_):
    made = [register(f"person{number}", "wanted@example.org") for number in range(16)]
    answers = race(*[lambda account=account: accounts.confirm_address(account) for account in made])
    winners = [answer for answer in answers if isinstance(answer, Account)]
    assert len(winners) == 1
    assert answers.count(AddressTaken()) == 15
    assert accounts.by_confirmed_address("wanted@example.org") == winners[0]


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_many_changes_to_one_version_one_is_kept(alice, accounts, round_):
    answers = race(*[lambda number=number: accounts.change(alice, theme=str(number)) for number in range(16)])
    winners = [answer for answer in answers if answer is not None]
    assert len(winners) == 1
    assert accounts.get(alice.id) == winners[0]


@pytest.mark.parametrize("round_", ROUNDS)
def test_changes_of_who_holds_the_account_all_happen(alice, accounts, storage, round_):
    inside = accounts._part

    def enrol_once_more():
        with storage.unit():
            account = inside.get(alice.id, hold=True)
            return inside.change(account, enrolments=account.enrolments + 1)

    assert None not in race(enrol_once_more)
    assert accounts.get(alice.id).enrolments == 16


@pytest.mark.parametrize("round_", ROUNDS)
def test_whoever_reads_while_roles_change_sees_one_moment(alice, accounts, storage, round_):
    inside = accounts._part

    def give_and_take():
        for _ in range(5):
            with storage.unit():
                inside.grant(inside.get(alice.id, hold=True), Role.AGENT, HOST)
            with storage.unit():
                inside.revoke(inside.get(alice.id, hold=True), Role.AGENT)
        return []

    def look():
        return [accounts.get(alice.id) for _ in range(20)] + [accounts.by_name("alice") for _ in range(20)]

    seen = [account for answers in race(give_and_take, look, look, look) for account in answers]
    assert not any(isinstance(account, Damaged) for account in seen)


def test_of_many_roles_given_to_one_version_one_is_kept(alice, accounts):
    def give(role):
        try:
            return accounts.grant(alice, role, HOST)
        except Conflict:
            return None

    answers = race(*[lambda role=role: give(role) for role in [Role.AGENT, Role.LEAD, Role.ADMIN, Role.AUDITOR]])
    winners = [answer for answer in answers if answer is not None]
    assert len(winners) == 1
    assert accounts.get(alice.id) == winners[0]


@pytest.mark.parametrize("round_", ROUNDS)
def test_an_invitation_lets_one_in(invitations, clock, round_):
    code = invitations.make(by=HOST, until=clock() + timedelta(days=1))
    assert sum(answer is not None for answer in race(lambda: invitations.accept(code))) == 1
