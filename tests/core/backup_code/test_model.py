"""The shape of a backup code, and what is forgiven when one is typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import backup_code
from core.crockford import ALPHABET
from core.secret import Secret
from core.tokens import Tokens

CODE = "7K3M9QXT0ABCDEFGHJ1V"
codes = st.text(ALPHABET, min_size=20, max_size=20)


def test_a_code_has_twenty_signs_of_five_bits():
    code = backup_code.make(Tokens())
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{20}", code.reveal())
    assert repr(code) == "Secret(…)"


def test_a_code_is_drawn_from_all_of_its_randomness():
    drawn = {backup_code.make(Tokens(lambda count, seed=seed: bytes([seed] * count))).reveal() for seed in range(32)}
    assert len(drawn) == 32


def test_a_code_is_shown_in_four_groups_of_five():
    assert backup_code.shown(Secret(CODE)) == "7K3M9-QXT0A-BCDEF-GHJ1V"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "7k3m9-qxt0a-bcdef-ghj1v",
        "7K3M9 QXTOA BCDEF GHJIV",
        "  7k3m9qxtoabcdefghjlv\n",
        "7-K-3-M-9-Q-X-T-0-A-B-C-D-E-F-G-H-J-1-V",
        "7K3M9\u00a0QXT0A\tBCDEF\u2003GHJ1V",
    ],
)
def test_case_spaces_hyphens_and_look_alikes_are_forgiven(typed):
    assert backup_code.clean(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", CODE[:-1], CODE + "0", CODE[:-1] + "U", CODE[:-1] + "*", CODE[:-1] + "Ａ", CODE[:-1] + "\u0130",
     CODE[:-1] + "\x00", CODE[:-1] + "\ud800", "\x1b[31m" + CODE, " " * 129, CODE * 1000],
)  # fmt: skip
def test_what_is_no_code_is_told_from_a_wrong_one(typed):
    assert backup_code.clean(typed) is None


@given(codes, st.randoms(use_true_random=False))
def test_however_a_code_is_copied_it_is_read_back(code, chance):
    alike = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        chance.choice(alike.get(sign, sign + sign.lower())) + chance.choice(("", " ", "-")) for sign in code
    )
    assert backup_code.clean(typed) == code


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_gives_a_code_or_nothing(text):
    for clean, length in ((backup_code.clean, 20), (backup_code.clean_group, 5)):
        cleaned = clean(text)
        if cleaned is not None:
            assert len(cleaned) == length
            assert set(cleaned) <= set(ALPHABET)
            assert cleaned == clean(cleaned)


@given(codes)
def test_the_groups_that_are_asked_are_those_that_are_shown(code):
    groups = [backup_code.group(Secret(code), index).reveal() for index in range(backup_code.GROUPS)]
    assert "-".join(groups) == backup_code.shown(Secret(code))
    assert [backup_code.clean_group(group.lower()) for group in groups] == groups


@pytest.mark.parametrize("index", [-1, 4])
def test_there_is_no_fifth_group(index):
    with pytest.raises(IndexError):
        backup_code.group(Secret(CODE), index)


def test_a_whole_code_is_no_group():
    assert backup_code.clean_group(CODE) is None
