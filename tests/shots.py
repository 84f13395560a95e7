"""Draw a screen to look at it.

    python -m tests.shots tests.terminal.gallery:Fields --keys a,d,a,tab --size 80x24 --colours light -o fields.png

The target is anything that can be called without arguments and gives a `TerminalApp` or a `Page`.
"""

import argparse
import asyncio
import importlib
from pathlib import Path
from typing import Any

from textual.app import App

from core.terminal.app import TerminalApp
from core.terminal.theme import Colours
from tests.cells import draw, screen_cells, text_of
from tests.terminal.still import settle


class OneScreen(TerminalApp):
    """An app around one page."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.page = page

    def on_mount(self) -> None:
        self.push_screen(self.page)


async def shoot(
    app: App[Any], path: Path, *, size: tuple[int, int] = (80, 24), keys: list[str] | None = None, colours: str = "dark"
) -> str:
    """Write the picture of `app` after `keys` to `path`; its text is returned."""
    async with app.run_test(size=size, notifications=True) as pilot:
        if isinstance(app, TerminalApp):
            app.wear(Colours(colours))
        await settle(pilot)
        await pilot.press(*(keys or []))
        await settle(pilot)
        cells = screen_cells(app)
        draw(cells).save(path)
        return text_of(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", help="module:callable")
    parser.add_argument("--keys", default="")
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--colours", default="dark", choices=[each.value for each in Colours])
    parser.add_argument("-o", "--output", type=Path, default=Path("shot.png"))
    asked = parser.parse_args()
    module, _, name = asked.target.partition(":")
    made = getattr(importlib.import_module(module), name)()
    app = made if isinstance(made, App) else OneScreen(made)
    width, height = map(int, asked.size.split("x"))
    keys = [key for key in asked.keys.split(",") if key]
    print(asyncio.run(shoot(app, asked.output, size=(width, height), keys=keys, colours=asked.colours)))


if __name__ == "__main__":
    main()
