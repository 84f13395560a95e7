import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.text import ELLIPSIS, REPLACEMENT, TextProblem, accept, shown
from tests.soak import soak_count

FUZZ = settings(max_examples=soak_count(300, 100_000), deadline=None)
HOSTILE = "\x00\x05\x07\x0e\x1b\x7f\x85\x9b\x9d\u061c\u200b\u200d\u200e\u202e\u2028\u2029\u2066\ufeff\U000e0041\ud800"
anything = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from(HOSTILE + "\n\r\t \u0301\u0323[]/@"))
)


def controls(text):
    return [sign for sign in text if unicodedata.category(sign).startswith("C") or sign in "\u2028\u2029"]


@FUZZ
@given(anything, st.integers(1, 40), st.integers(1, 4))
@example("\u0301" * 500, 5, 1)
@example("a\nb\nc\nd", 7, 2)
def test_what_is_shown_holds_nothing_that_acts_and_is_no_longer_than_agreed(text, limit, lines):
    seen = shown(text, limit=limit, lines=lines)
    assert [sign for sign in controls(seen) if sign != "\n"] == []
    assert seen.count("\n") < lines
    assert len(seen) <= limit


@FUZZ
@given(anything, st.integers(1, 40), st.integers(1, 4))
def test_showing_what_was_shown_changes_nothing(text, limit, lines):
    once = shown(text, limit=limit, lines=lines)
    assert shown(once, limit=limit, lines=lines) == once


@FUZZ
@given(anything, st.integers(1, 60), st.integers(1, 4))
def test_what_is_let_in_holds_nothing_that_acts_and_is_shown_as_it_is(text, limit, lines):
    kept = accept(text, limit=limit, lines=lines)
    if isinstance(kept, TextProblem):
        return
    assert [sign for sign in controls(kept) if sign != "\n"] == []
    assert len(kept) <= limit
    assert kept.count("\n") < lines
    assert kept == kept.strip() == unicodedata.normalize("NFC", kept)
    assert accept(kept, limit=limit, lines=lines) == kept
    kept.encode()
    seen = shown(kept, limit=limit, lines=lines)
    if not any(unicodedata.category(sign).startswith("M") for sign in kept):
        assert seen == kept


@pytest.mark.parametrize("sign", HOSTILE)
def test_no_hostile_character_is_let_in_or_shown(sign):
    assert isinstance(accept(f"a{sign}b", limit=10), TextProblem)
    assert shown(f"a{sign}b") == f"a{REPLACEMENT}b"


@pytest.mark.parametrize(
    "sign", ["\u115f", "\u1160", "\u3164", "\uffa0", "\u034f", "\u180b", "\ufe0f", "\U000e0100", "\u2800", "\u17b4"]
)
def test_what_is_drawn_as_nothing_is_neither_let_in_nor_shown(sign):
    assert accept(f"a{sign}b", limit=10) is TextProblem.INVISIBLE
    assert shown(f"a{sign}b") == f"a{REPLACEMENT}b"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 11, TextProblem.TOO_LONG),
        ("x" * 1000, TextProblem.TOO_LONG),
        ("a\nb\nc\nd", TextProblem.TOO_MANY_LINES),
        ("a\x1b[2J", TextProblem.CONTROL),
        ("a\rb", TextProblem.CONTROL),
        ("a\u202eb", TextProblem.INVISIBLE),
        ("a\ud800", TextProblem.BROKEN),
        ("a\u0378", TextProblem.UNKNOWN),
        ("a\ue000", TextProblem.UNKNOWN),
    ],
)
def test_what_is_not_let_in_is_answered_with_a_sentence(text, problem):
    assert accept(text, limit=10, lines=3) is problem
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  plain  ", "plain"),
        ("e\u0301", "é"),
        ("a\u00a0b\u3000c", "a b c"),
        ("\t\n", ""),
        ("Ελληνικά", "Ελληνικά"),
        ("日本語", "日本語"),
        ("🔑", "🔑"),
    ],
)
def test_what_is_let_in_is_kept_in_one_form(text, kept):
    assert accept(text, limit=10) == kept


def test_several_lines_are_let_in_where_several_are_asked_for():
    assert accept("one\r\ntwo\tthree\n", limit=20, lines=2) == "one\ntwo three"
    assert accept("one\ntwo", limit=20) is TextProblem.CONTROL


@pytest.mark.parametrize(
    ("text", "options", "seen"),
    [
        ("[@click=app.approve]x[/nope]", {}, "[@click=app.approve]x[/nope]"),
        ("\x1b]52;c;cHduZWQ=\x1b\\", {}, f"{REPLACEMENT}]52;c;cHduZWQ={REPLACEMENT}\\"),
        ("a\nb\tc\u00a0d", {}, "a b c d"),
        ("a\r\nb", {"lines": 2}, "a\nb"),
        ("a\nb\nc", {"lines": 2}, f"a\nb{ELLIPSIS}"),
        ("abcdef", {"limit": 4}, f"abc{ELLIPSIS}"),
        ("abcd", {"limit": 4}, "abcd"),
        ("ab", {"limit": 1}, ELLIPSIS),
        ("e\u0301" * 3, {"limit": 3}, "ééé"),
        ("x\u0301\u0302\u0303\u0304y", {}, "x\u0301\u0302y"),
        ("\u0301x", {}, f"{REPLACEMENT}x"),
        ("a\n\u0301x", {"lines": 2}, f"a\n{REPLACEMENT}x"),
        ("", {}, ""),
    ],
)
def test_what_is_shown(text, options, seen):
    assert shown(text, **options) == seen


@pytest.mark.parametrize("sign", ["a", "\u0301", "\x1b", "\n"])
def test_the_work_is_bounded_by_the_limit_and_not_by_what_was_sent(sign):
    bomb = sign * 10_000_000
    began = time.perf_counter()
    shown(bomb, limit=200, lines=5)
    accept(bomb, limit=200, lines=5)
    assert time.perf_counter() - began < 0.5
