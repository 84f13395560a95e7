"""References and return codes as people type them, what a case waits for, and when it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Need, clean_reference, clean_return_code, shown_reference, shown_return_code
from core.cases.model import MomentKind, new_reference, new_return_code
from core.tokens import Tokens


@pytest.mark.parametrize(
    "typed", ["LW-7K3M-9QXT", "lw-7k3m-9qxt", "7K3M9QXT", " LW 7K3M 9QXT ", "7k3m-9qxt", "lw7k3m9qxt", "LW–7K3M–9QXT"]
)
def test_a_reference_is_forgiven_its_spelling(typed):
    assert clean_reference(typed.replace("–", "-")) == "7K3M9QXT"


@pytest.mark.parametrize("typed", ["", "LW-", "LW-7K3M", "7K3M9QXT7", "nonsense!", "x" * 500, "LW-7K3M-9QXU", "\x00"])
def test_what_is_no_reference_is_none(typed):
    assert clean_reference(typed) is None


@given(st.binary(min_size=8, max_size=8))
def test_every_reference_comes_back_as_it_was_shown(drawn):
    reference = new_reference(Tokens(lambda count: drawn[:count]))
    assert clean_reference(shown_reference(reference)) == reference


@given(st.binary(min_size=12, max_size=12))
def test_every_return_code_comes_back_as_it_was_shown(drawn):
    code = new_return_code(Tokens(lambda count: drawn[:count]))
    assert clean_return_code(shown_return_code(code).lower()) == code.reveal()
    assert code.reveal() not in repr(code)


@given(st.text())
def test_no_text_breaks_the_cleaning(text):
    for cleaned, length in ((clean_reference(text), 8), (clean_return_code(text), 12)):
        assert cleaned is None or len(cleaned) == length


def test_staff_come_before_the_claimant_and_the_claimant_before_the_clock():
    assert [need.rank for need in Need] == [0, 0, 0, 0, 1, 2]


def test_who_holds_a_case_is_not_the_claimants_business():
    assert [kind for kind in MomentKind if kind.internal] == [
        MomentKind.CLAIMED,
        MomentKind.RELEASED,
        MomentKind.REASSIGNED,
    ]
