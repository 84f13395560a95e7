"""Figures: what waits, how old it is, how long a decision takes, and how cases ended."""

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.desk_view import Overview
from support_console.calls import look
from support_console.overview.drawing import Figures, figures_of
from support_console.page import DeskPage, warned


class OverviewScreen(DeskPage[None]):
    """Read when one wants to, never moving by itself."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#figures"
    HELP = (
        "Live cases by what they wait for and by age; how long decisions took; how cases ended in each of the last eight "
        "weeks. A bar's parts are drawn as the heads of the columns say. The figures are read when the screen opens."
    )

    def compose(self) -> ComposeResult:
        yield Title("Figures", warned(self.here))
        yield VerticalScroll(can_focus=True, id="figures")
        yield Notice(id="news")
        yield BottomLine(left=[("esc", "queue"), ("↑↓", "scroll"), ("?", "help")])

    def on_mount(self) -> None:
        self.load()

    @work(group="read", exclusive=True)
    async def load(self) -> None:
        """Read the figures."""
        found = await look(self.here.services.desk.overview, self.here.ticket)
        if not isinstance(found, Overview):
            self.refused(found)
            return
        await self.query_one("#figures").mount_all(part for each in figures_of(found) for part in _parts(each))


def _parts(figures: Figures) -> list[Widget]:
    """A title, and below it the numbers with the bars beside them."""
    from support_console.overview.plot import Bars  # noqa: PLC0415  # half of a plotting library, for this screen alone

    shown: list[Widget] = [Words(figures.text)]
    if not figures.is_empty:
        bars = Bars(figures.bars)
        bars.styles.margin = (len(figures.head), 0, 0, 0)
        shown.append(bars)
    return [Words(figures.title), Horizontal(*shown, classes="figures")]
