"""How the kit looks."""

import pytest

from core.terminal.theme import Colours
from tests.looks import USUAL, WIDE, refuse_other_pythons, same
from tests.terminal.gallery import Fields, First, Scan, Token, question


def test_a_menu(snap_compare):
    """You should see four lines with a bar at the first, help at the left below, leaving at the right."""
    assert same(snap_compare, First)


def test_a_menu_on_a_wide_and_light_terminal(snap_compare):
    """You should see the same with more air around it, dark on light."""
    assert same(snap_compare, First, size=WIDE, colours=Colours.LIGHT)


def test_fields_with_an_error(snap_compare):
    """You should see four fields, the first with focus and an error under it with its mark, the rest where they were."""
    assert same(snap_compare, Fields, press=["enter", "enter", "enter", "enter"])


def test_a_token_half_typed(snap_compare):
    """You should see three digits and the cursor in the fourth place."""
    assert same(snap_compare, Token, press=["1", "2", "3"], size=USUAL)


def test_a_token_without_colour(snap_compare):
    """You should see the same shapes, the bar and the mark included, in the terminal's own two colours."""
    assert same(snap_compare, Token, press=["1", "2", "3"], colours=Colours.PLAIN)


def test_a_question(snap_compare):
    """You should see No with the bar, and the grave answer below it in the danger colour."""
    assert same(snap_compare, question)


def test_a_code_beside_its_key(snap_compare):
    """You should see a black code on white paper from the very top to the bottom, and the key beside it."""
    assert same(snap_compare, Scan)


def test_help_over_a_menu(snap_compare):
    """You should see a sentence, the keys of the menu, and the keys that work everywhere, in one column."""
    assert same(snap_compare, First, press=["?"])


def test_the_palette(snap_compare):
    """You should see a line to type in and the commands, the bar at the first that matches."""
    assert same(snap_compare, First, press=["ctrl+p", "l", "e"])


def test_pictures_are_not_written_by_another_python(pytestconfig, monkeypatch):
    monkeypatch.setattr(pytestconfig.option, "update_snapshots", True)
    monkeypatch.setattr("tests.looks.PYTHON", (2, 7))
    with pytest.raises(pytest.UsageError):
        refuse_other_pythons(pytestconfig)
