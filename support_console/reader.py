"""A long text to read and to copy: an export. What is longer than a page is read on as one goes down."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import words
from support_console.news import News
from support_console.page import DeskPage, warned
from support_console.rows import Column, Rows
from support_console.session import Here

AHEAD = 100
"""Lines that are read ahead of the bar."""
MOST_COPIED = 1_000_000
"""Signs that a terminal may be asked to put on its clipboard."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines, and how the next ones are read; None after the last."""

    lines: Sequence[str]
    more: "More | None" = None


More = Callable[[], Awaitable["Part | News | None"]]
"""Reads the next part; News says why it cannot be read."""


class Reader(DeskPage[None]):
    """Lines of a text, only those in view drawn; `c` hands what was read to the person's terminal."""

    CSS_PATH = "reader.tcss"
    AUTO_FOCUS = "#lines"
    HELP = (
        "c puts what was read so far on the clipboard of your terminal, if it allows that; paste it into a file. "
        "end goes as far as was read, and reads on."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy_all", "copy what was read")]

    def __init__(self, here: Here, heading: str, first: Part) -> None:
        super().__init__(here)
        self._heading = heading
        self._lines = list(enumerate(first.lines))
        self._more = first.more

    def compose(self) -> ComposeResult:
        yield Title(self._heading, warned(self.here))
        yield Rows((Column(""),), draw=_cells, key=lambda line: line[0], id="lines")
        yield Notice(id="news")
        yield BottomLine(right=[("?", "help")])

    def on_mount(self) -> None:
        self._show()
        if self._more is None:
            self.news("")

    def _show(self) -> None:
        self.query_one("#lines", Rows).show(self._lines)
        on = [("end", "read on")] if self._more is not None else []
        self.query_one(BottomLine).offer(left=[("esc", "back"), ("c", "copy"), *on])
        whole = "That is all of it." if self._more is None else "There is more: go down to read on."
        self.news(f"{len(self._lines):,} lines. {whole}")
        if self._more is not None and len(self._lines) < AHEAD:
            self.read_on()

    @on(Rows.Moved, "#lines")
    def ahead(self, event: Rows.Moved) -> None:
        """Read on before the end comes into view."""
        event.stop()
        if self._more is not None and event.rows.at + AHEAD > len(self._lines):
            self.read_on()

    @work(group="more", exclusive=True)
    async def read_on(self) -> None:
        """Add the next part."""
        more = self._more
        if more is None:
            return
        part = await more()
        if isinstance(part, News):
            self.news(part.sentence, part.tone)
        elif part is not None and self._more is more:
            self._lines.extend(enumerate(part.lines, len(self._lines)))
            self._more = part.more
            self._show()

    def action_copy_all(self) -> None:
        """Give what was read to the terminal."""
        text = "\n".join(line for _, line in self._lines)
        if len(text) > MOST_COPIED:
            self.news(
                "That is too long for a clipboard. Whoever runs the site can export it on the host.", Tone.WARNING
            )
            return
        self.copy(text)
        rest = "" if self._more is None else " There is more, which was not read."
        self.news(f"{len(self._lines):,} lines copied, if your terminal allows it.{rest}", Tone.GOOD)


def _cells(line: tuple[int, str]) -> list[Content]:
    return [words(line[1], limit=400, lines=1)]
