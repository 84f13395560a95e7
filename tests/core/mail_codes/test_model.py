"""The shapes of mail codes and stop codes, and what is forgiven when one is typed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import mail_codes
from core.crockford import ALPHABET, grouped
from core.mail_codes import Purpose


def test_codes_for_address_and_password_live_ten_minutes_and_evidence_a_day():
    assert {purpose: purpose.life for purpose in Purpose} == {
        Purpose.ADDRESS: timedelta(minutes=10),
        Purpose.PASSWORD: timedelta(minutes=10),
        Purpose.EVIDENCE: timedelta(hours=24),
    }


@pytest.mark.parametrize("typed", ["01234567", "0123 4567", "0123-4567", " 01 23 45 67\n", "0123\u00a04567"])
def test_spaces_and_hyphens_in_a_mail_code_are_forgiven(typed):
    assert mail_codes.clean(typed) == "01234567"


@pytest.mark.parametrize(
    "typed",
    ["", "0123456", "012345678", "0123456a", "０１２３４５６７", "0123456²", "0123456\ud800", "+1234567", "0" * 9999],
)
def test_what_is_no_eight_ascii_digits_is_no_mail_code(typed):
    assert mail_codes.clean(typed) is None


@pytest.mark.parametrize("typed", ["7K3M9QXT0ABC", "7k3m-9qxt-oabc", " 7K3M 9QXT 0ABC "])
def test_a_stop_code_is_as_forgiving_as_a_backup_code(typed):
    assert mail_codes.clean_stop(typed) == "7K3M9QXT0ABC"


@pytest.mark.parametrize("typed", ["", "7K3M9QXT0AB", "7K3M9QXT0ABCD", "7K3M9QXT0ABU", "7K3M9QXT0AB\u0130", "7" * 999])
def test_what_is_no_twelve_signs_is_no_stop_code(typed):
    assert mail_codes.clean_stop(typed) is None


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_gives_a_code_or_nothing(text):
    for clean, length, alphabet in ((mail_codes.clean, 8, "0123456789"), (mail_codes.clean_stop, 12, ALPHABET)):
        cleaned = clean(text)
        if cleaned is not None:
            assert len(cleaned) == length
            assert set(cleaned) <= set(alphabet)
            assert cleaned == clean(cleaned)


@given(st.text("0123456789", min_size=8, max_size=8), st.text(ALPHABET, min_size=12, max_size=12))
def test_a_code_is_read_back_as_it_is_written_into_letters(digits, stop):
    assert mail_codes.clean(grouped(digits, 4, " ")) == digits
    assert mail_codes.clean_stop(grouped(stop, 4).lower()) == stop
