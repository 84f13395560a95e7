"""Style sheets are read once in a run, not once in every app: in all of them they say the same."""

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def read_once() -> None:
    """Let every app that comes later in this process share what was read of a sheet in the same colours."""
    read: dict[tuple[Any, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def remembered(sheet: Stylesheet, css: str, read_from: Any, *told: Any, **named: Any) -> list[RuleSet]:
        colours = frozenset(sheet._variables.items())
        key = (css, read_from, told, tuple(named.items()), colours)
        if key not in read:
            read[key] = parse(sheet, css, read_from, *told, **named)
        return read[key]

    Stylesheet._parse_rules = remembered
