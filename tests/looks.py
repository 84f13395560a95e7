"""Pictures of screens that a person has looked at: the same app gives the same picture, on any machine.

    def test_first_screen(snap_compare):
        "You should see four lines, the bar at the first, and where you come from at the right."
        assert same(snap_compare, First, size=WIDE, colours=Colours.LIGHT)

A changed picture is looked at in `snapshot_report.html`, and accepted with `--snapshot-update` on Python 3.11 only:
other versions know other characters.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from core.terminal.app import TerminalApp
from core.terminal.theme import Colours
from tests.shots import OneScreen
from tests.terminal.still import settle

USUAL, WIDE = (80, 24), (120, 40)
PYTHON = (3, 11)


def same(
    snap_compare: Callable[..., bool],
    make: Callable[[], Any],
    *,
    press: Iterable[str] = (),
    size: tuple[int, int] = USUAL,
    colours: Colours = Colours.DARK,
) -> bool:
    """Whether the app or page that `make` gives looks, after these keys, as it did when it was last looked at."""
    made = make()
    app = made if isinstance(made, App) else OneScreen(made)

    async def dressed(pilot: Pilot[Any]) -> None:
        assert isinstance(app, TerminalApp)
        app.wear(colours)
        await settle(pilot)
        for key in press:
            await pilot.press(key)
            await settle(pilot)

    return snap_compare(app, terminal_size=size, run_before=dressed)


def refuse_other_pythons(config: pytest.Config) -> None:
    """Stop a run that would write pictures with another Python than the one they are kept for."""
    if config.getoption("update_snapshots", default=False) and sys.version_info[:2] != PYTHON:
        raise pytest.UsageError(f"pictures are written with Python {'.'.join(map(str, PYTHON))} only")
