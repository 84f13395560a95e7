"""Bars, drawn by textual-plotext: imported when the figures are looked at, since nothing else needs it.

It writes no colour of its own ("clear", "default"), so that ours hold in every form, and none where there is none.
"""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import RenderResult
from textual_plotext import PlotextPlot

from support_console.overview.drawing import SHADES

AXIS = 2
"""Lines below the bars: the axis and its numbers."""
WHOLE = "▇"
"""What a bar of one part is drawn with."""
THIN = 0.1
"""Of the room of a bar: one line."""


class Bars(PlotextPlot):
    """Lying bars, one a line, the first on top; each of parts that have shades of their own."""

    DEFAULT_CSS = """
    Bars { color: $quiet; }
    Bars > .bars--bar { color: $accent; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"bars--bar"}

    def __init__(self, bars: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.theme = "clear"
        self.styles.height = len(bars) + AXIS
        signs = SHADES if len(bars[0]) > 1 else WHOLE
        plot, places = self.plt, [float(place) for place in range(len(bars), 0, -1)]
        for part in reversed(range(len(bars[0]))):  # the whole bar first, then what begins it over it
            ends = [sum(bar[: part + 1]) for bar in bars]
            plot.bar(places, ends, orientation="horizontal", width=THIN, marker=signs[part], color="default", minimum=0)
        most = max(1, *(sum(bar) for bar in bars))
        marks = sorted({0.0, float(most // 2), float(most)})
        plot.xticks(marks, [f"{mark:,.0f}" for mark in marks])
        plot.xlim(0, most)
        plot.yticks([], [])
        plot.ylim(0.5, len(bars) + 0.5)
        plot.xaxes(lower=True, upper=False)
        plot.yaxes(left=True, right=False)

    def render(self) -> RenderResult:
        drawn = super().render()
        if isinstance(drawn, Text):
            drawn.highlight_regex(f"[{SHADES}{WHOLE}]+", self.get_component_rich_style("bars--bar", partial=True))
        return drawn
