"""A QR code in half blocks, as large as it needs to be or not at all.

yield QrCode(full=uri, short=uri_without_prefix, id="code")

@on(QrCode.Fitted)
def key_only(self, event: QrCode.Fitted) -> None:
    self.query_one("#key-only").display = not event.fits
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import qrcode
from qrcode.constants import ERROR_CORRECT_L
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from core.terminal.theme import MODULE, PAPER

_PAPER = Style.parse(f"{MODULE} on {PAPER}")
_INK = Style.parse(f"{PAPER} on {MODULE}")

_ZONES = ((4, 5, 4), (3, 5, 4), (2, 5, 4), (4, 3, 4), (3, 3, 4), (2, 3, 4), (4, 3, 2), (3, 3, 2), (2, 3, 2))
"""Quiet zones from best to least: columns at each side, half rows above and below.

Always odd above: the halves of a cell then meet on the edges of the finder patterns, which decoders survive when a
terminal leaves a gap between its rows (measured)."""


@dataclass(frozen=True, slots=True)
class QrDrawing:
    """A code laid out: its modules with the quiet zone around, two rows of them to a row of the terminal."""

    rows: tuple[tuple[bool, ...], ...]
    """Dark or not, for every half cell; an even number of rows."""
    version: int
    quiet: int
    """Modules of quiet zone on the tightest side."""

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Rows of the terminal."""
        return len(self.rows) // 2

    def cells(self, y: int) -> list[tuple[str, bool]]:
        """Row `y` of the terminal: a block or space, and whether its ground is dark.

        Of `▀` and `▄` the one is taken whose ground continues the neighbouring row, so that a gap between rows, filled
        with the ground, lengthens a module instead of cutting it.
        """
        blank = (False,) * self.width
        above = self.rows[2 * y - 1] if y else blank
        top, bottom = self.rows[2 * y], self.rows[2 * y + 1]
        below = self.rows[2 * y + 2] if 2 * y + 2 < len(self.rows) else blank
        cells = []
        for before, upper, lower, after in zip(above, top, bottom, below, strict=True):
            if upper == lower:
                cells.append((" ", upper))
            elif before == lower or after != upper:
                cells.append(("▀", lower))
            else:
                cells.append(("▄", upper))
        return cells


Modules = tuple[list[list[bool]], int]


def modules_of(uri: str) -> Modules:
    """The modules of a code for `uri` and its version: error correction L and mixed modes, the smallest there is."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=0)
    code.add_data(uri)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()], int(code.version)


def draw(modules: Sequence[Sequence[bool]], version: int, *, above: int, below: int, side: int) -> QrDrawing:
    """The modules with that much quiet zone."""
    width = len(modules) + 2 * side
    blank = (False,) * width
    edge = (False,) * side
    rows = [blank] * above + [(*edge, *row, *edge) for row in modules] + [blank] * below
    return QrDrawing(tuple(rows), version, min(above, below, side))


def choose_qr(full: str, short: str, cut: str = "", *, width: int, height: int) -> QrDrawing | None:
    """The best code that fits `width` x `height` cells, or None: then the key is shown as text.

    First the full URI, then the short one, each with the whole quiet zone of four modules; then each with less, down
    to two; then the one whose names are `cut`. Never clipped, never scrolled.
    """
    return _best(_codes(full, short, cut), width, height)


def _codes(full: str, short: str, cut: str) -> list[list[Modules]]:
    """The codes in the order in which they are tried; those of one group before the next."""
    whole = [modules_of(full), modules_of(short)]
    return [whole] if cut in {"", short} else [whole, [modules_of(cut)]]


def _best(groups: Sequence[Sequence[Modules]], width: int, height: int) -> QrDrawing | None:
    for codes, zones in product(groups, (_ZONES[:1], _ZONES[1:])):
        for modules, version in codes:
            for side, above, below in zones:
                if len(modules) + 2 * side <= width and (len(modules) + above + below) <= 2 * height:
                    return draw(modules, version, above=above, below=below, side=side)
    return None


class QrCode(Widget):
    """Black on white in any theme. It takes its parent's height, chooses again on every resize, and never scrolls.

    `Fitted` says whether a code is shown; without one the widget takes no room at all.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "QrCode { width: auto; height: 1fr; }"

    @dataclass
    class Fitted(Message):
        """Another code is shown, or none any more."""

        code: "QrCode"
        fits: bool

        @property
        def control(self) -> "QrCode":
            return self.code

    def __init__(self, full: str, short: str, cut: str = "", *, beside: int = 0, id: str | None = None) -> None:
        """`beside` columns of the parent's width are kept free for what stands next to the code."""
        super().__init__(id=id)
        self._codes = _codes(full, short, cut)
        self._beside = beside
        self._room = Size(-1, -1)
        self._drawing: QrDrawing | None = None

    @property
    def drawing(self) -> QrDrawing | None:
        """What is shown, None when nothing fits."""
        return self._drawing

    def _choose(self, room: Size) -> None:
        if room == self._room:
            return
        self._room = room
        self._drawing = _best(self._codes, room.width - self._beside, room.height)
        self.post_message(self.Fitted(self, self._drawing is not None))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        self._choose(container)
        return self._drawing.width if self._drawing else 0

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        drawing = self._drawing
        if drawing is None:
            return Strip.blank(width, self.rich_style)
        cells = drawing.cells(y) if y < drawing.height else [(" ", False)] * drawing.width
        segments = [Segment(sign, _INK if dark else _PAPER) for sign, dark in cells]
        return Strip(segments).crop(0, width).simplify()
