"""Pictures as text, of one screen at several sizes and in several colourings at once: one walk through an app gives all.

    await album.add(ada.pilot, "queue", "You should see three cases, ada's first, marked as late.")
    ...
    assert not album.changes, album.changes

A picture is a file of text beside its test: for each size the signs, line by line, and a letter for the colours of each
cell; the letters are explained at the end, in the order of the colourings. What differs is shown as a difference of lines.
A change that is meant is accepted with `--snapshot-update`, once it was looked at: with `LOCKWRIGHT_PICTURES=folder` in
the environment every picture is also written as PNG.
"""

import asyncio
import difflib
import os
import string
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count, groupby
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from core.terminal.app import TerminalApp
from core.terminal.theme import Colours
from tests.cells import draw, screen_cells
from tests.terminal.still import settle

USUAL, WIDE, HUGE = (80, 24), (120, 40), (160, 50)
BRIGHT = (Colours.DARK, Colours.LIGHT)
EVERY = tuple(Colours)


class Album:
    """The pictures of one walk, each at `sizes` and in `colourings` unless it is asked for others."""

    def __init__(
        self,
        folder: Path,
        *,
        accept: bool,
        sizes: Sequence[tuple[int, int]] = (USUAL,),
        colourings: Sequence[Colours] = BRIGHT,
    ) -> None:
        self._folder, self._accept = folder, accept
        self._sizes, self._colourings = sizes, colourings
        self._changes: list[str] = []

    @property
    def changes(self) -> str:
        """How the pictures differ from what they were when somebody last looked at them; empty if they do not."""
        return "\n\n".join(self._changes)

    async def add(
        self,
        pilot: Pilot[Any],
        name: str,
        should: str,
        *,
        sizes: Sequence[tuple[int, int]] = (),
        colourings: Sequence[Colours] = (),
    ) -> None:
        """Draw what `pilot`'s app shows; it has its size again afterwards, and wears one of the colourings."""
        app = pilot.app
        assert isinstance(app, TerminalApp)
        before, colourings = app.size, colourings or self._colourings
        letters: dict[tuple[str, ...], str] = {}
        names, parts = _letters(), [should, ""]
        for size in sizes or self._sizes:
            await _resize(pilot, size)
            shown = {}
            for colouring in sorted(colourings, key=app.colours.__ne__):  # dressing costs most: first what it wears
                if app.colours is not colouring:
                    app.wear(colouring)
                await settle(pilot)
                shown[colouring] = [_runs(app, strip) for strip in app.screen._compositor.render_strips(app.size)]
                _picture(app, name, size, colouring)
            rows = [shown[each] for each in colourings]
            signs = ["\n".join(sign for sign, _ in drawn) for drawn in rows]
            assert len(set(signs)) == 1, f"{name}: colours move signs at {size}"
            parts += [f"=== {size[0]}x{size[1]}", signs[0], "--- colours"]
            for looks in zip(*([look for _, look in drawn] for drawn in rows), strict=True):
                worn = list(zip(*looks, strict=True))
                parts.append(
                    " ".join(f"{len(list(run))}{_letter(look, letters, names)}" for look, run in groupby(worn))
                )
        parts += [f"=== letters: {', '.join(each.words.lower() for each in colourings)}"]
        parts += [f"{letter}  {'   '.join(look)}" for look, letter in letters.items()]
        await _resize(pilot, before)
        self._compare(name, "\n".join(parts) + "\n")

    def _compare(self, name: str, drawn: str) -> None:
        kept = self._folder / f"{name}.txt"
        before = kept.read_text(encoding="utf-8") if kept.exists() else ""
        if drawn == before:
            return
        if self._accept:
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(drawn, encoding="utf-8")
            return
        lines = difflib.unified_diff(before.splitlines(), drawn.splitlines(), "before", "now", lineterm="", n=1)
        self._changes.append(f"{name} looks different:\n" + "\n".join(list(lines)[:80]))


async def _resize(pilot: Pilot[Any], size: tuple[int, int]) -> None:
    """Give the app's screen another size, and wait until it has it: Textual lets a moment pass before it takes one."""
    if pilot.app.size != size:
        await pilot.resize_terminal(*size)
        async with asyncio.timeout(20):
            while pilot.app.screen.size != size:  # noqa: ASYNC110  # nothing there sets an event
                await asyncio.sleep(0.002)
        await settle(pilot)


def _letters() -> Iterator[str]:
    yield from string.ascii_letters
    yield from (f"({number})" for number in count())


def _letter(look: tuple[str, ...], letters: dict[tuple[str, ...], str], names: Iterator[str]) -> str:
    if look not in letters:
        letters[look] = next(names)
    return letters[look]


def _runs(app: App[Any], strip: Strip) -> tuple[str, list[str]]:
    """The signs of a line, and how each of its cells looks."""
    for line_filter in app.get_line_filters():
        strip = strip.apply_filter(line_filter, app.screen.background_colors[1])
    signs, looks = [], []
    for text, style, control in strip:
        if not control:
            signs.append(text)
            looks += [_look(style)] * cell_len(text)
    return "".join(signs).rstrip(), looks


@lru_cache(maxsize=4096)
def _look(style: Style | None) -> str:
    """Ink on ground, and b(old), d(im), u(nderlined), r(eversed)."""
    style = style or Style.null()
    names = [colour.name if colour is not None else "default" for colour in (style.color, style.bgcolor)]
    marks = [
        mark for mark, on in zip("bdur", (style.bold, style.dim, style.underline, style.reverse), strict=True) if on
    ]
    return " ".join([f"{names[0]} on {names[1]}", *marks])


def _picture(app: App[Any], name: str, size: tuple[int, int], colouring: Colours) -> None:
    folder = os.environ.get("LOCKWRIGHT_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        draw(screen_cells(app)).save(Path(folder) / f"{name}-{size[0]}x{size[1]}-{colouring.value}.png")
