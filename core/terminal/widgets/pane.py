"""A part of a screen that is read, and scrolled by the arrows when focus is on it."""

from typing import Any, ClassVar

from rich.segment import Segment, Segments
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip

from core.terminal.words import Words

BAR = 3
"""Lines with the bar of focus: one as high as the pane would read as what parts it from the next."""


class Thread(ScrollBarRender):
    """A thumb that is a thin line: as a block it looks like a bar of focus where there is no colour."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]

    @classmethod
    def render_bar(cls, *told: Any, **named: Any) -> Segments:
        drawn = super().render_bar(*told, **named)
        return Segments([_thin(segment) for segment in drawn.segments], new_lines=drawn.new_lines)


def _thin(segment: Segment) -> Segment:
    style = segment.style
    if style is None or not style.reverse:
        return segment
    return Segment("│", Style(color=style.color, meta=style.meta))


class Pane(VerticalScroll, can_focus=True):
    """Words in a column of their own. With `newest_last`, what is added comes into view, unless one reads further up."""

    DEFAULT_CSS = """
    Pane {
        height: 1fr;
        padding: 0 1 0 2;
        background: $ground;
        scrollbar-gutter: stable;
        scrollbar-color: $quiet;
        & > .pane--bar { color: $accent; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"pane--bar"}
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

    def on_mount(self) -> None:
        self.vertical_scrollbar.renderer = Thread  # type: ignore[misc]  # Textual says to set it on one

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        if not self.has_focus or crop.x:
            return strips
        bar = Strip([Segment("▌", self.get_component_rich_style("pane--bar"))])
        return [
            Strip.join([bar, strip.crop(1)]) if row < BAR else strip for row, strip in enumerate(strips, start=crop.y)
        ]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self._keep_up()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = self._newest_last and new_value >= self.max_scroll_y - 1
