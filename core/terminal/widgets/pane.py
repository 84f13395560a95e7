"""A part of a screen that is read, and scrolled by the arrows when focus is on it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from core.terminal.words import Words


class Pane(VerticalScroll, can_focus=True):
    """Words in a column of their own. With `newest_last`, what is added comes into view, unless one reads further up."""

    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        padding: 0 1;
        border-left: blank;
        background: $ground;
        scrollbar-gutter: stable;
        &:focus { border-left: outer $accent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False),
        Binding("end", "scroll_end", show=False),
    ]

    def __init__(self, *, newest_last: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._newest_last = newest_last
        self._said = ""
        self._follows = newest_last
        """The end is in view, and stays so."""

    def compose(self) -> ComposeResult:
        yield Words()

    @property
    def width(self) -> int:
        """Cells of a line."""
        return max(12, self.scrollable_content_region.width)

    def say(self, content: Content) -> None:
        """Show this; where one reads stays."""
        if content.plain == self._said:
            return
        self._said = content.plain
        self.query_one(Words).say(content)
        self._keep_up()

    def _keep_up(self) -> None:
        if self._follows:
            self.call_after_refresh(self.scroll_end, animate=False)

    def on_resize(self) -> None:
        self._keep_up()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = self._newest_last and new_value >= self.max_scroll_y - 1
