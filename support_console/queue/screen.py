"""The queue: cases in the order in which they need somebody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from core.cases import Filter
from core.cases import Place as Beginning
from core.terminal.screens.page import Command
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Line
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.desk_view import QueuePage
from core.use_cases.outcomes import Busy, Done, NotNow, Over
from support_console.calls import act, call, look
from support_console.page import DeskPage, warned
from support_console.queue.drawing import COLUMNS, FILTERS, SEARCHING, cells, figures, filters, hints
from support_console.queue.listing import Listing
from support_console.queue.wishes import NEEDS, WAYS, OpenCase, Place, Wished
from support_console.rows import Rows
from support_console.session import Here

REFRESH_EVERY = 4.0
"""Seconds between two looks at what changed."""
AHEAD = 60
"""Lines that are read ahead of the bar."""
PATIENCE = 0.15
"""Seconds after a key in the search line before it is searched for."""
CarryOut = Callable[[Wished], Awaitable[None]]
Ask = Callable[..., Awaitable[QueuePage | NotNow | Busy | Over]]
"""`call` or `look`."""


class QueueScreen(DeskPage[None]):
    """Lists cases and follows what happens to them; leaving it is signing out."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#cases"
    HELP = (
        "The case at the top has waited longest for somebody: open it with enter, claim it there, and do what it says "
        "next. A case that you claim is yours for 15 minutes, longer while it is on your screen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search by the beginning of a reference or a name"),
        *(Binding(str(index), f"filter({index})", f"show {each}") for index, each in enumerate(FILTERS, 1)),
        Binding("c", "claim", "claim the case with the bar"),
        *(Binding(way.key, f"go('{place.name}')", way.word) for place, way in WAYS.items()),
        Binding("o", "sign_out", "sign out"),
    ]

    cases = getters.query_one("#cases", Rows)
    search = getters.query_one("#search Line", Line)

    def __init__(self, here: Here, carry_out: CarryOut) -> None:
        super().__init__(here)
        self._carry_out = carry_out
        self._which = Filter.ALL
        self._listing = Listing()
        self._goes_to_found = False
        self._page: QueuePage | None = None

    def compose(self) -> ComposeResult:
        yield Title("Recovery cases", warned(self.here))
        with Horizontal(id="search"):
            yield Words(words("/", "$accent"), id="slash")
            yield Line("", hint="reference or name", limit=40)
            yield Words("", id="figures", classes="quiet")
        yield Words("", id="filters")
        yield Rows(COLUMNS, draw=cells, key=lambda line: line.reference, empty="One moment …", id="cases")
        yield Notice(id="news")
        yield BottomLine(left=[])

    def on_mount(self) -> None:
        self._show_filters()
        self.load()
        self.set_interval(REFRESH_EVERY, self._tick)

    def on_screen_resume(self) -> None:
        self._tick()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """In the search line every sign is text, so only keys that are no sign act there."""
        self.query_one(BottomLine).offer(*(SEARCHING if event.widget is self.search else hints(self.here.may)))

    def _tick(self) -> None:
        if self.is_current and not self.is_busy and self._page is not None and not self._is_reading:
            self.renew() if len(self.cases) else self.load(look)

    @property
    def _is_reading(self) -> bool:
        """Whether a read is under way: one begun meanwhile would end it, and on a slow day no read would come to its end."""
        return any(read.node is self and read.group == "read" and not read.is_finished for read in self.workers)

    @work(group="read", exclusive=True)
    async def load(self, ask: Ask = call, *, after_pause: bool = False) -> None:
        """Read the first page of what is asked for; unless one only looks, the keys that follow are for what it shows."""
        if after_pause:
            await asyncio.sleep(PATIENCE)
        page = await self._read(None, ask)
        if isinstance(page, QueuePage):
            self._listing.begin(page)
            self._show(page)
            if self._goes_to_found:
                self._goes_to_found = False
                self.cases.focus()

    @work(group="read", exclusive=True)
    async def renew(self) -> None:
        """Read again what is in view; the line with the bar stays where it is."""
        for number, after in self._listing.pages_of(self.cases.in_view):
            page = await self._read(after)
            if not isinstance(page, QueuePage):
                return
            self._listing.renew(number, page)
            self._page = page
        if self._page is not None:
            self._show(self._page)

    @work(group="more", exclusive=True)
    async def read_on(self) -> None:
        """Read the next page."""
        beginning = self._listing.next
        page = await self._read(beginning)
        if isinstance(page, QueuePage) and self._listing.next == beginning:
            self._listing.go_on(page)
            self._show(page)

    async def _read(self, after: Beginning | None, ask: Ask = look) -> QueuePage | NotNow | Busy | Over:
        page = await ask(
            self.here.services.desk.queue,
            self.here.ticket,
            which=self._which,
            search=self.search.value,
            after=after,
            peek=True,
        )
        if not isinstance(page, QueuePage):
            self.refused(page)
        elif self.query_one("#news", Notice).tone is Tone.DANGER:
            self.news("")
        return page

    def _show(self, page: QueuePage) -> None:
        self._page = page
        self.cases.show(self._listing.lines, more=not self._listing.complete, empty=self._nothing())
        self.query_one("#figures", Words).say(figures(page))

    def _nothing(self) -> str:
        if self.search.value:
            return "No case begins like that."
        return "No case waits here. New ones appear by themselves."

    def _show_filters(self) -> None:
        self.query_one("#filters", Words).say(filters(self._which))

    @on(Rows.Chosen, "#cases")
    def open(self, event: Rows.Chosen) -> None:
        """Open the case."""
        event.stop()
        self.wish(OpenCase(event.line.reference))

    @on(Rows.Moved, "#cases")
    def ahead(self, event: Rows.Moved) -> None:
        """Read on before the end comes into view."""
        event.stop()
        if not self._listing.complete and event.rows.at + AHEAD > len(event.rows):
            self.read_on()

    @on(Line.Changed)
    def narrow(self, event: Line.Changed) -> None:
        """Search for what is typed."""
        event.stop()
        self._goes_to_found = False
        self.cases.begin_anew()
        self.load(look, after_pause=True)

    @on(Line.Submitted)
    def searched(self, event: Line.Submitted) -> None:
        """To what is found, once it is there: enter in a list that is still to come would do nothing."""
        event.stop()
        self._goes_to_found = True
        self.load()

    @work(group="wish")
    async def wish(self, wished: Wished) -> None:
        """Let the journey do it."""
        await self._carry_out(wished)

    @work(group="wish")
    async def action_claim(self) -> None:
        """Claim the case with the bar, without opening it."""
        line = self.cases.current
        if line is None or self.is_busy:
            return
        with self.busy("claiming"):
            answer = await act(self.app, self.here, self.here.services.desk.claim, line.reference)
        if isinstance(answer, Done):
            self.news(f"{line.reference} is yours for 15 minutes.", Tone.GOOD)
        elif isinstance(answer, NotNow):
            self.news(answer.sentence, Tone.WARNING)  # it stays although the list can be read
        else:
            self.refused(answer)
        self.renew()

    def told(self, binding: Binding) -> str:
        right = NEEDS.get(binding.action)
        return binding.description if right is None or self.here.may(right) else ""

    def action_filter(self, index: int) -> None:
        """Show other cases."""
        self._which = FILTERS[index - 1]
        self._show_filters()
        self.cases.begin_anew()
        self.load()

    def action_search(self) -> None:
        """To the search line; what is typed now takes the place of what was searched for before."""
        self.search.focus()
        self.search.action_select_all()

    def action_go(self, place: str) -> None:
        """To another part of the console, or why not."""
        way = WAYS[Place[place]]
        if self.here.may(way.right):
            self.wish(Place[place])
        else:
            self.news(f"{way.word.capitalize()}: your role may not do this ({way.right.value}).", Tone.WARNING)

    def action_back(self) -> None:
        """From the search line back to every case; nothing is behind the queue."""
        if self.search.value:
            self.search.value = ""
        elif self.cases.has_focus:
            self.news("o signs out, ctrl+q leaves.")
        self.cases.focus()

    def action_sign_out(self) -> None:
        """Sign out."""
        if not self.is_busy:
            self.dismiss(None)

    def commands(self) -> Iterable[Command]:
        for index, each in enumerate(FILTERS, 1):
            yield Command(f"Show {each}", "a part of the queue", partial(self.action_filter, index))
        for place, way in WAYS.items():
            if self.here.may(way.right):
                yield Command(way.word.capitalize(), "another part of the console", partial(self.action_go, place.name))
        yield Command("Sign out", "end this session", self.action_sign_out)
