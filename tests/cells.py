"""A screen as cells, and cells as a picture: what a terminal with a given cell size and line gap would show."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.color import Color, ColorType
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.app import App

Colour = tuple[int, int, int]

_FONTS = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono{}.ttf",
    "/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono{}.ttf",
    "/Library/Fonts/DejaVuSansMono{}.ttf",
]
_HALVES = {
    "▀": (0, 0, 1, 0.5),
    "▄": (0, 0.5, 1, 1),
    "█": (0, 0, 1, 1),
    "▌": (0, 0, 0.5, 1),
    "▐": (0.5, 0, 1, 1),
    "▁": (0, 0.875, 1, 1),
    "▂": (0, 0.75, 1, 1),
    "▔": (0, 0, 1, 0.125),
}
DARK_TERMINAL = TerminalTheme(
    (20, 20, 20),
    (220, 220, 220),
    [
        (0, 0, 0),
        (205, 60, 60),
        (60, 180, 75),
        (200, 170, 60),
        (80, 120, 230),
        (190, 90, 190),
        (60, 180, 190),
        (200, 200, 200),
    ],
    [
        (110, 110, 110),
        (255, 90, 90),
        (90, 230, 110),
        (250, 220, 90),
        (120, 160, 255),
        (240, 130, 240),
        (100, 230, 240),
        (255, 255, 255),
    ],
)


@dataclass(frozen=True)
class Cell:
    sign: str
    ink: Colour
    ground: Colour
    bold: bool = False
    underline: bool = False


def screen_cells(app: App[Any], terminal: TerminalTheme = DARK_TERMINAL) -> list[list[Cell]]:
    """What the app shows now, cell by cell; a wide sign fills its cell and leaves the next one empty."""
    size = app.size
    filters = app.get_line_filters()
    rows = []
    for strip in app.screen._compositor.render_strips(size):
        filtered = strip
        for line_filter in filters:
            filtered = filtered.apply_filter(line_filter, app.screen.background_colors[1])
        row: list[Cell] = []
        for text, style, control in filtered:
            if control:
                continue
            for sign in text:
                width = cell_len(sign)
                if width == 0 and row:
                    row[-1] = Cell(row[-1].sign + sign, row[-1].ink, row[-1].ground, row[-1].bold, row[-1].underline)
                    continue
                cell = _cell(sign, style or Style.null(), terminal)
                row.append(cell)
                row.extend(Cell("", cell.ink, cell.ground) for _ in range(width - 1))
        rows.append(row[: size.width])
    return rows


def screen_text(app: App[Any]) -> str:
    """What can be read on the screen, line by line: `text_of(screen_cells(app))`, at a tenth of its cost."""
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(text for text, _, control in strip if not control).rstrip() for strip in strips)


def _cell(sign: str, style: Style, terminal: TerminalTheme) -> Cell:
    ink = _rgb(style.color, terminal, foreground=True)
    ground = _rgb(style.bgcolor, terminal, foreground=False)
    if style.dim:
        ink = tuple((a + b) // 2 for a, b in zip(ink, ground, strict=True))
    if style.reverse:
        ink, ground = ground, ink
    return Cell(sign, ink, ground, bool(style.bold), bool(style.underline))


def _rgb(colour: Color | None, terminal: TerminalTheme, *, foreground: bool) -> Colour:
    if colour is None or colour.type is ColorType.DEFAULT:
        return tuple(terminal.foreground_color if foreground else terminal.background_color)
    return tuple(colour.get_truecolor(terminal, foreground))


@lru_cache
def _font(size: int, *, bold: bool) -> Any:
    for path in _FONTS:
        name = path.format("-Bold" if bold else "")
        if Path(name).exists():
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)


def draw(
    rows: list[list[Cell]], *, cell: tuple[int, int] = (10, 20), gap_above: int = 0, gap_below: int = 0
) -> Image.Image:
    """The cells as a picture. A gap is filled with the ground of its cell, as terminals do; glyphs do not reach into it."""
    wide, high = cell
    step = high + gap_above + gap_below
    image = Image.new("RGB", (wide * max(len(row) for row in rows), step * len(rows)))
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        for x, each in enumerate(row):
            left, top = x * wide, y * step
            pen.rectangle((left, top, left + wide - 1, top + step - 1), fill=each.ground)
        for x, each in enumerate(row):
            left, top = x * wide, y * step + gap_above
            if each.sign in _HALVES:
                x0, y0, x1, y1 = _HALVES[each.sign]
                pen.rectangle(
                    (left + x0 * wide, top + y0 * high, left + x1 * wide - 1, top + y1 * high - 1), fill=each.ink
                )
            elif each.sign.strip():
                font = _font(int(high * 0.8), bold=each.bold)
                pen.text((left, top + high * 0.78), each.sign, fill=each.ink, font=font, anchor="ls")
            if each.underline:
                pen.line((left, top + high - 2, left + wide - 1, top + high - 2), fill=each.ink)
    return image


def text_of(rows: list[list[Cell]]) -> str:
    """The cells as lines of text."""
    return "\n".join("".join(cell.sign for cell in row).rstrip() for row in rows)
