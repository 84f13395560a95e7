"""Colours: in one file, four forms, readable in each."""

import re
from pathlib import Path

import pytest
from textual.color import Color

from core.terminal.theme import THEMES, Colours, fitting

ROOT = Path(__file__).parents[2]
RICH = [Colours.DARK, Colours.LIGHT]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2, 1 to 21."""

    def light(name: str) -> float:
        parts = [part / 255 for part in Color.parse(name).rgb]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", RICH)
def test_text_stands_out_from_every_ground(colours: Colours):
    theme = THEMES[colours]
    names = theme.variables
    for ground in ("ground", "field", "field-focus"):
        assert contrast(names["ink"], names[ground]) >= 7, ground
        for ink in (names["quiet"], theme.accent, theme.warning, names["danger"], names["good"]):
            assert ink is not None
            assert contrast(ink, names[ground]) >= 4.5, (ink, ground)


def test_every_form_names_the_same_things():
    names = {
        colours: set(theme.variables) - {"ansi-background", "ansi-foreground"} for colours, theme in THEMES.items()
    }
    assert all(each == names[Colours.DARK] for each in names.values())


@pytest.mark.parametrize(
    ("depth", "colours"),
    [("truecolor", Colours.DARK), ("256", Colours.DARK), ("standard", Colours.SIXTEEN), (None, Colours.PLAIN)],
)
def test_a_form_fits_what_a_terminal_can_show(depth: str | None, colours: Colours):
    assert fitting(depth) is colours


def test_no_colour_is_named_outside_the_theme():
    found = []
    for folder in ("core/terminal", "tui", "support_console"):
        for path in sorted([*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.tcss")]):
            if path.name == "theme.py":
                continue
            text = path.read_text()
            for match in re.finditer(
                r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?!\w)|rgba?\(|hsla?\(|\bansi_(?:default|black|red|green|yellow|blue|magenta|cyan|white|bright_\w+)\b",
                text,
            ):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(ROOT)}:{line} {match.group()}")
    assert found == []
