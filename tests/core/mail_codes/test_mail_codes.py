"""Mail codes: short-lived, five tries, one use, and few to one address."""

import functools
from collections import Counter
from datetime import timedelta

import pytest

from core.home import prepare
from core.mail_codes import Issued, MailCodes, NoneOpen, Purpose, Right, Standing, TooSoon, WrongCode
from core.mail_codes.tables import MailCodeRow, MailLimitRow
from core.vault import Vault
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.units import InUnits
from tests.world import counted_tokens

ADA, BOB = "a" * 32, "b" * 32
MAILBOX = "ada@example.org"
both_ways = pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])


@pytest.fixture
def codes(storage, vault, clock, tokens):
    return InUnits(storage, MailCodes(vault, clock, tokens))


def issue(codes, purpose=Purpose.ADDRESS, account=ADA, address=MAILBOX, bound=""):
    issued = codes.issue(purpose, account=account, address=address, bound=bound)
    assert isinstance(issued, Issued)
    return issued.code.reveal()


def other_than(code):
    return f"{(int(code) + 1) % 10**8:08d}"


def test_a_code_is_eight_digits_and_says_until_when(codes, clock):
    issued = codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX)
    assert len(issued.code.reveal()) == 8
    assert issued.code.reveal().isdigit()
    assert issued.until == clock() + timedelta(minutes=10)
    assert issued.code.reveal() not in repr(issued)


def test_a_right_code_tells_the_address_it_was_sent_to(codes):
    code = issue(codes, address="Ada.Lovelace@Example.org")
    answer = codes.try_code(Purpose.ADDRESS, ADA, "", code)
    assert answer == Right("Ada.Lovelace@Example.org")
    assert "Lovelace" not in repr(answer)


def test_a_code_is_used_once(codes):
    code = issue(codes)
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", code), Right)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", code) == NoneOpen()


def test_a_code_may_be_typed_with_spaces(codes):
    code = issue(codes)
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", f" {code[:4]} {code[4:]}\n"), Right)


def test_without_a_code_there_is_none_to_try(codes):
    assert codes.try_code(Purpose.ADDRESS, ADA, "", "12345678") == NoneOpen()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_code_is_wrong_for_every_other_purpose(codes, purpose):
    code = issue(codes, purpose)
    for other in Purpose:
        if other is not purpose:
            assert codes.try_code(other, ADA, "", code) == NoneOpen()
    assert isinstance(codes.try_code(purpose, ADA, "", code), Right)


def test_a_code_of_another_account_is_wrong(codes):
    hers = issue(codes)
    his = issue(codes, account=BOB, address="bob@example.org")
    assert hers != his
    assert codes.try_code(Purpose.ADDRESS, BOB, "", hers) == WrongCode(4)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", his) == WrongCode(4)


def test_evidence_is_bound_to_the_claimant(codes):
    code = issue(codes, Purpose.EVIDENCE, bound="case 1")
    assert codes.try_code(Purpose.EVIDENCE, ADA, "case 2", code) == NoneOpen()
    assert codes.try_code(Purpose.EVIDENCE, ADA, "", code) == NoneOpen()
    assert isinstance(codes.try_code(Purpose.EVIDENCE, ADA, "case 1", code), Right)


def test_five_tries_and_the_code_is_void(codes):
    code = issue(codes)
    for left in (4, 3, 2, 1, 0):
        assert codes.try_code(Purpose.ADDRESS, ADA, "", other_than(code)) == WrongCode(left)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", code) == NoneOpen()


def test_the_fifth_try_may_be_the_right_one(codes):
    code = issue(codes)
    for _ in range(4):
        codes.try_code(Purpose.ADDRESS, ADA, "", other_than(code))
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", code), Right)


@pytest.mark.parametrize("typed", ["", "1234567", "abcdefgh", "０１２３４５６７", "\ud800", "1" * 9])
def test_what_is_no_code_is_wrong_and_costs_no_try(codes, typed):
    code = issue(codes)
    for _ in range(9):
        assert codes.try_code(Purpose.ADDRESS, ADA, "", typed) == WrongCode(5)
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", code), Right)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", typed) == NoneOpen()


@pytest.mark.parametrize(
    ("purpose", "life"),
    [
        (Purpose.ADDRESS, timedelta(minutes=10)),
        (Purpose.PASSWORD, timedelta(minutes=10)),
        (Purpose.EVIDENCE, timedelta(hours=24)),
    ],
)
def test_a_code_lives_as_long_as_its_purpose_allows(codes, clock, purpose, life):
    code = issue(codes, purpose)
    begun = clock()
    clock.now = begun + life
    assert codes.try_code(purpose, ADA, "", code) == NoneOpen()
    clock.now = begun + life - timedelta(microseconds=1)
    assert isinstance(codes.try_code(purpose, ADA, "", code), Right)


def test_a_new_code_makes_the_older_one_void(codes, clock):
    first = issue(codes)
    codes.try_code(Purpose.ADDRESS, ADA, "", other_than(first))
    clock.advance(minutes=1)
    second = issue(codes)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", first) == WrongCode(4)
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", second), Right)


def test_a_new_code_to_another_address_makes_the_older_one_void(codes):
    first = issue(codes)
    second = issue(codes, address="new@example.org")
    assert codes.try_code(Purpose.ADDRESS, ADA, "", first) == WrongCode(4)
    assert codes.try_code(Purpose.ADDRESS, ADA, "", second) == Right("new@example.org")


def test_a_code_for_another_claimant_makes_the_older_one_void(codes, clock):
    first = issue(codes, Purpose.EVIDENCE, bound="case 1")
    clock.advance(minutes=1)
    issue(codes, Purpose.EVIDENCE, bound="case 2")
    assert codes.try_code(Purpose.EVIDENCE, ADA, "case 1", first) == NoneOpen()


def test_voiding_takes_one_purpose_or_all(codes):
    written = {purpose: issue(codes, purpose) for purpose in Purpose}
    assert codes.void(ADA, Purpose.PASSWORD)
    assert not codes.void(ADA, Purpose.PASSWORD)
    assert not codes.void(BOB)
    assert codes.try_code(Purpose.PASSWORD, ADA, "", written[Purpose.PASSWORD]) == NoneOpen()
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", written[Purpose.ADDRESS]), Right)
    assert codes.void(ADA)
    assert codes.try_code(Purpose.EVIDENCE, ADA, "", written[Purpose.EVIDENCE]) == NoneOpen()


def test_at_most_one_code_a_minute(codes, clock):
    issue(codes)
    clock.advance(seconds=20)
    assert codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX) == TooSoon(clock() + timedelta(seconds=40))
    clock.advance(seconds=40)
    issue(codes)


def test_a_refused_code_leaves_the_open_one_alone(codes):
    code = issue(codes)
    assert isinstance(codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX), TooSoon)
    assert isinstance(codes.try_code(Purpose.ADDRESS, ADA, "", code), Right)


def test_at_most_five_codes_in_any_twenty_four_hours(codes, clock):
    begun = clock()
    for _ in range(5):
        issue(codes)
        clock.advance(hours=2)
    assert codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX) == TooSoon(begun + timedelta(hours=24))
    clock.now = begun + timedelta(hours=24)
    issue(codes)
    clock.advance(minutes=1)
    assert codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX) == TooSoon(begun + timedelta(hours=26))


def test_never_more_than_the_limit_however_the_asking_is_spread(codes, clock):
    sent = []
    for _ in range(300):
        if isinstance(codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX), Issued):
            sent.append(clock())
        clock.advance(minutes=11, seconds=17)
    assert len(sent) > 10
    for moment in sent:
        assert sum(timedelta(0) <= later - moment < timedelta(days=1) for later in sent) <= 5
        assert sum(timedelta(0) <= later - moment < timedelta(minutes=1) for later in sent) == 1


def test_limits_are_per_address_and_purpose_whoever_asks(codes):
    issue(codes, Purpose.ADDRESS)
    issue(codes, Purpose.PASSWORD)
    issue(codes, Purpose.EVIDENCE)
    issue(codes, Purpose.ADDRESS, address="other@example.org")
    for account in (ADA, BOB):
        assert isinstance(codes.issue(Purpose.ADDRESS, account=account, address=MAILBOX), TooSoon)


def test_an_address_written_otherwise_is_the_same_mailbox(codes):
    issue(codes)
    assert isinstance(codes.issue(Purpose.ADDRESS, account=ADA, address=" ADA@Example.ORG "), TooSoon)


def test_spending_or_voiding_a_code_does_not_reset_the_limit(codes):
    codes.try_code(Purpose.ADDRESS, ADA, "", issue(codes))
    codes.void(ADA)
    assert isinstance(codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX), TooSoon)


def test_how_it_stands_with_a_code_is_told_without_counting_anything(codes, clock):
    def stands(address=MAILBOX):
        return codes.standing(Purpose.ADDRESS, account=ADA, address=address)

    begun = clock()
    assert stands() == Standing(None, None)
    codes.try_code(Purpose.ADDRESS, ADA, "", issue(codes))
    assert stands() == Standing(None, begun + timedelta(minutes=1))
    clock.advance(minutes=2)
    for _ in range(3):
        issue(codes)
        clock.advance(minutes=2)
    assert stands() == Standing(clock() + timedelta(minutes=8), None)
    assert stands("other@example.org") == Standing(None, None)
    issue(codes)
    assert stands() == Standing(clock() + timedelta(minutes=10), begun + timedelta(days=1), day_is_full=True)
    for _ in range(5):
        codes.try_code(Purpose.ADDRESS, ADA, "", "00000000")
    assert stands() == Standing(None, begun + timedelta(days=1), day_is_full=True)
    clock.now = begun + timedelta(days=1)
    assert stands() == Standing(None, None)


def test_what_is_over_is_erased_and_what_still_binds_is_kept(codes, clock, storage):
    issue(codes, Purpose.ADDRESS)
    issue(codes, Purpose.EVIDENCE)
    clock.advance(minutes=10)
    assert codes.expire() == 1
    with storage.unit():
        assert [row.purpose for row in MailCodeRow.select()] == [Purpose.EVIDENCE]
        assert MailLimitRow.select().count() == 2
    clock.advance(hours=24)
    assert codes.expire() == 3
    with storage.unit():
        assert MailCodeRow.select().count() == MailLimitRow.select().count() == 0
    issue(codes)


def test_neither_code_nor_address_is_kept_in_the_clear(codes, storage):
    code = issue(codes)
    with storage.unit():
        (row,) = MailCodeRow.select()
        (limit,) = MailLimitRow.select()
    kept = repr([row.__data__, limit.__data__])
    assert code not in kept
    assert "ada@" not in kept
    assert code.encode() not in row.mac + row.address + limit.key
    assert b"example" not in row.mac + row.address + limit.key


def test_an_address_that_was_tampered_with_is_not_told(codes, storage):
    code = issue(codes)
    with storage.unit():
        MailCodeRow.update(address=b"\x00" * 40).execute()
    assert codes.try_code(Purpose.ADDRESS, ADA, "", code) == NoneOpen()


def test_a_mac_moved_to_another_account_opens_nothing(codes, storage):
    hers = issue(codes)
    issue(codes, account=BOB, address="bob@example.org")
    with storage.unit():
        mac = MailCodeRow.get(MailCodeRow.account == ADA).mac
        MailCodeRow.update(mac=mac).where(MailCodeRow.account == BOB).execute()
    assert codes.try_code(Purpose.ADDRESS, BOB, "", hers) == WrongCode(4)


def test_under_other_keys_every_code_is_wrong(codes, storage, tmp_path, clock):
    code = issue(codes)
    other = Vault.create(prepare(tmp_path / "elsewhere"), "1" * 32, counted_tokens("elsewhere"))
    elsewhere = InUnits(storage, MailCodes(other, clock, counted_tokens()))
    assert elsewhere.try_code(Purpose.ADDRESS, ADA, "", code) == WrongCode(4)


@both_ways
def test_a_right_code_works_for_one_of_many(codes, clock, racing):
    for _ in range(soak_count(4, 1000)):
        code = issue(codes)
        answers = racing(functools.partial(codes.try_code, Purpose.ADDRESS, ADA, "", code))
        assert Counter(type(answer) for answer in answers) == {Right: 1, NoneOpen: len(answers) - 1}
        clock.advance(days=1)


def test_guesses_in_parallel_cannot_pass_the_five(codes, clock):
    for _ in range(soak_count(4, 1000)):
        code = int(issue(codes))
        guesses = [f"{(code + 1 + guess) % 10**8:08d}" for guess in range(16)]
        answers = race(*(functools.partial(codes.try_code, Purpose.ADDRESS, ADA, "", guess) for guess in guesses))
        assert sorted(answer.left for answer in answers if isinstance(answer, WrongCode)) == [0, 1, 2, 3, 4]
        assert answers.count(NoneOpen()) == 11
        assert codes.try_code(Purpose.ADDRESS, ADA, "", f"{code:08d}") == NoneOpen()
        clock.advance(days=1)


@both_ways
def test_of_many_who_ask_for_a_code_at_once_one_gets_it(codes, clock, racing):
    for _ in range(soak_count(4, 1000)):
        answers = racing(lambda: codes.issue(Purpose.ADDRESS, account=ADA, address=MAILBOX).until)
        assert sorted(answers) == [clock() + timedelta(minutes=1)] * (len(answers) - 1) + [
            clock() + Purpose.ADDRESS.life
        ]
        clock.advance(days=1)


def test_trying_against_asking_anew_never_lets_an_old_code_pass_twice(codes, clock):
    for _ in range(soak_count(4, 1000)):
        old = issue(codes)
        clock.advance(minutes=1)
        answers = race(
            functools.partial(codes.try_code, Purpose.ADDRESS, ADA, "", old),
            functools.partial(codes.issue, Purpose.ADDRESS, account=ADA, address=MAILBOX),
            threads=8,
        )
        assert sum(isinstance(answer, Right) for answer in answers) <= 1
        (new,) = (answer.code.reveal() for answer in answers if isinstance(answer, Issued))
        after = codes.try_code(Purpose.ADDRESS, ADA, "", new)
        assert isinstance(after, Right | NoneOpen)
        clock.advance(days=1)


def test_sweeping_against_asking_lets_no_second_code_out(codes, clock):
    for _ in range(soak_count(4, 1000)):
        issue(codes)
        clock.advance(days=1)
        answers = race(
            functools.partial(codes.issue, Purpose.ADDRESS, account=ADA, address=MAILBOX), codes.expire, threads=8
        )
        assert sum(isinstance(answer, Issued) for answer in answers) <= 1
        clock.advance(days=1)
