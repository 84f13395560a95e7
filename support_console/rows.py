"""A list of many lines: only those in view are drawn, and reading it anew never moves the line under the bar.

rows = Rows((Column("case", 14), Column("account"), Column("age", 8, right=True)), draw=cells, key=reference, id="cases")
rows.show(lines)

@on(Rows.Chosen)
def open(self, event: Rows.Chosen) -> None: ... event.line
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from core.terminal.words import words

BETWEEN = 2
"""Columns between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list."""

    title: str
    width: int = 0
    """In cells; 0 takes what the others leave."""
    right: bool = False
    """Numbers align right."""
    room: int = 0
    """The width of the list from which on it is shown."""
    most: int = 0
    """How wide it gets where there is room: first those without width, then the others, from the left."""


Cells = Callable[[Any], Sequence[Content]]
"""What a line shows, a piece of content for each column."""


class Rows(Widget, can_focus=True):
    """Lines with a bar at the one that enter acts on; below them which are in view, unless all are.

    `empty` is said when there are none.
    """

    DEFAULT_CSS = """
    Rows { width: 1fr; height: 1fr; color: $ink; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "move(-10000000)", show=False),
        Binding("end", "move(10000000)", show=False),
        Binding("enter", "choose", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a line."""

        rows: "Rows"
        line: Any

        @property
        def control(self) -> "Rows":
            return self.rows

    @dataclass
    class Moved(Message):
        """The bar is on another line, or other lines are in view."""

        rows: "Rows"

        @property
        def control(self) -> "Rows":
            return self.rows

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        draw: Cells,
        key: Callable[[Any], object],
        empty: str = "Nothing here.",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns, self._draw, self._key, self._empty = tuple(columns), draw, key, empty
        self._lines: Sequence[Any] = ()
        self._more = False
        self._at = 0
        self._top = 0

    @property
    def current(self) -> Any | None:
        """The line with the bar."""
        return self._lines[self._at] if self._lines else None

    @property
    def at(self) -> int:
        """Which line that is, from 0."""
        return self._at

    @property
    def in_view(self) -> range:
        """The lines that are drawn."""
        return range(self._top, min(len(self._lines), self._top + self._room))

    def __len__(self) -> int:
        return len(self._lines)

    def show(self, lines: Sequence[Any], *, more: bool = False, empty: str | None = None) -> None:
        """Show these from now on; the bar stays on the same line, where it is on the screen, if that is still there.

        `more` are still to be read after them.
        """
        before, above = self.current, self._at - self._top
        self._lines, self._more = lines, more
        self._empty = self._empty if empty is None else empty
        if before is not None:
            wanted = self._key(before)
            found = next((index for index, line in enumerate(lines) if self._key(line) == wanted), None)
            self._at = self._at if found is None else found
        self._at = max(0, min(self._at, len(lines) - 1))
        self._top = self._at - above
        self._keep_in_view()
        self.refresh()

    def begin_anew(self) -> None:
        """Forget where the bar was: other lines come."""
        self._lines, self._more, self._at, self._top = (), False, 0, 0
        self.refresh()

    @property
    def _room(self) -> int:
        below_head = self.content_size.height - 1
        return max(1, below_head - (len(self._lines) > below_head))

    def _keep_in_view(self) -> None:
        room = self._room
        self._top = max(min(self._top, self._at), self._at - room + 1, 0)
        self._top = max(0, min(self._top, len(self._lines) - room))

    def on_resize(self) -> None:
        self._keep_in_view()
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        columns = [(index, each) for index, each in enumerate(self._columns) if width >= each.room]
        widths = _widths([each for _, each in columns], width)
        shown = [(index, each, wide) for (index, each), wide in zip(columns, widths, strict=True)]
        head = [_fit(words(each.title, "$muted", lines=1), each, wide) for _, each, wide in shown]
        drawn = [words("  ") + words(" " * BETWEEN).join(head)]
        if not self._lines:
            drawn.append(words(f"  {self._empty}", "$quiet", lines=1))
        for index in self.in_view:
            cells = self._draw(self._lines[index])
            here = index == self._at
            parts = [_fit(cells[at], each, wide) for at, each, wide in shown]
            line = words(" " * BETWEEN).join(parts)
            if here:
                bar = words("▌ ", "$accent") if self.has_focus else words("│ ", "$quiet")
                line = bar + line.stylize("bold")
            else:
                line = words("  ") + line
            drawn.append(line.truncate(width) if width else line)
        if len(self.in_view) < len(self._lines):
            where = words(self._where, "$quiet", lines=1)
            drawn.append(where.pad_left(max(0, width - where.cell_length)))
        return Content("\n").join(drawn)

    @property
    def _where(self) -> str:
        """Which of how many are in view: `1-15 of 47`."""
        seen = self.in_view
        return f"{seen.start + 1:,}-{seen.stop:,} of {len(self):,}{' and more' if self._more else ''}"

    def action_move(self, by: int) -> None:
        """Move the bar."""
        self._go(self._at + by)

    def action_page(self, by: int) -> None:
        """Move it by a screenful."""
        self._go(self._at + by * max(1, self._room - 1))

    def _go(self, to: int) -> None:
        self._at = max(0, min(to, len(self._lines) - 1))
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def action_choose(self) -> None:
        """Take the line with the bar."""
        if self._lines:
            self.post_message(self.Chosen(self, self.current))


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    """How wide each column is in a list of `width` cells."""
    loose = sum(1 for each in columns if not each.width)
    free = width - sum(each.width for each in columns) - BETWEEN * max(0, len(columns) - 1) - 2
    share = max(4, free // loose) if loose else 0
    widths = [each.width or min(share, each.most or share) for each in columns]
    free -= sum(wide for each, wide in zip(columns, widths, strict=True) if not each.width)
    for at, each in enumerate(columns):
        more = max(0, min(free, each.most - widths[at])) if each.width else 0
        widths[at] += more
        free -= more
    return widths


def _fit(cell: Content, column: Column, width: int) -> Content:
    cell = cell.truncate(width, ellipsis=True)
    space = width - cell.cell_length
    return cell.pad_left(space) if column.right else cell.pad_right(space)
