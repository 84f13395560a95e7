"""One's own case: where it stands, what can be done now, and everything that happened in it."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.pane import Pane
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.case_view import CaseView
from core.use_cases.outcomes import Over
from tui.account.news import News
from tui.calls import look
from tui.recovery.drawing import facts_of, head_of, timeline_of
from tui.recovery.wishes import Wish, choices_of
from tui.recovery.wording import standing
from tui.session import Here
from tui.words import moment, sentence

REFRESH_EVERY = 3.0
"""Seconds between two looks at what others did."""
ROOMY = 30
"""Rows from which on everything is said that could be."""
LIGHTLY = "l leaves the case; ctrl+q leaves everything."

CarryOut = Callable[[Wish, CaseView], Awaitable[News | None]]


class CaseScreen(Page[None]):
    """Follows one case; leaving it ends the claimant's session, and the return code leads back."""

    CSS_PATH = "case.tcss"
    AUTO_FOCUS = "#things"
    HELP = (
        "The lines at the top say where your case stands and what comes next. Below is what you can do now; tab goes "
        "to what happened so far, where up and down scroll. It refreshes by itself, and you need not stay: mail to a "
        "confirmed address tells you when support writes or decides, and your password and return code lead back. Times "
        "are UTC."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "leave", "leave the case"),
        Binding("pageup", "read(-1)", show=False),
        Binding("pagedown", "read(1)", show=False),
    ]

    things = getters.query_one("#things", Choices)
    timeline = getters.query_one("#timeline", Pane)

    def __init__(self, here: Here, view: CaseView, carry_out: CarryOut) -> None:
        super().__init__()
        self._here, self._view, self._carry_out = here, view, carry_out
        self._seen_at = here.services.parts.clock()

    def compose(self) -> ComposeResult:
        yield Title(standing(self._view), self._view.account_name)
        with Container(id="sides"):
            with Body(id="state"):
                yield Words(id="head", classes="gap")
                yield Choices(*choices_of(self._view), id="things")
                yield Words(id="facts")
            with Container(id="past"):
                yield Words("What happened, times in UTC", classes="quiet")
                yield Pane(newest_last=True, id="timeline")
        yield Notice(id="news")
        yield BottomLine(left=[("l", "leave"), ("tab", "what happened"), ("?", "help")], right=[("enter", "choose")])

    def on_mount(self) -> None:
        self.call_after_refresh(self._show)
        self.set_interval(REFRESH_EVERY, self._tick)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _tick(self) -> None:
        if self.is_current and not self.is_busy:
            self.renew()

    @work(group="look", exclusive=True)
    async def renew(self) -> None:
        """Show the case as others have made it meanwhile."""
        await self._renew()

    async def _renew(self) -> None:
        here = self._here
        view = await look(here.services.recovery.view, here.ticket, peek=True)
        match view:
            case CaseView():
                self._seen_at = here.services.parts.clock()
                if len(view.timeline) != len(self._view.timeline):
                    self.news("")
                self._view = view
                self._show()
            case Over():
                here.gone.set()
            case _:
                self.news(f"{sentence(view)} What you see is of {moment(self._seen_at)}.", Tone.WARNING)

    def _show(self) -> None:
        view, now = self._view, self._here.services.parts.clock()
        facts = self.query_one("#facts", Words)
        self.query_one(Title).sentence = standing(view)
        self.query_one("#head", Words).say(head_of(view, facts.content_size.width))
        facts.say(facts_of(view, now, facts.content_size.width, all_of_them=self.size.height >= ROOMY))
        self.things.show(*choices_of(view))
        self.timeline.say(timeline_of(view, self.timeline.width))

    def news(self, said: str, tone: Tone = Tone.CALM) -> None:
        """Say something that happened; nothing when empty."""
        self.query_one("#news", Notice).say(said, tone)

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Do what was chosen."""
        event.stop()
        self.wish(Wish(event.choice.name))

    def wish(self, wish: Wish) -> None:
        """Let it be done, or leave."""
        if self.is_busy:
            return
        if wish is Wish.LEAVE:
            self.dismiss(None)
        else:
            self.news("")
            self.carry_out(wish)

    @work(group="wish")
    async def carry_out(self, wish: Wish) -> None:
        """Let the journey do it, then show what is so now."""
        with self.busy():
            said = await self._carry_out(wish, self._view)
        await self._renew()  # not busy any more: the next key counts
        if said is not None:
            self.news(said.sentence, said.tone)

    def commands(self) -> Iterable[Command]:
        for choice in choices_of(self._view):
            yield Command(choice.label, choice.explanation, partial(self.wish, Wish(choice.name)))
        yield Command("Leave", "password and return code lead back", self.action_leave)

    def action_leave(self) -> None:
        """Out of the case; password and return code lead back."""
        self.wish(Wish.LEAVE)

    def action_read(self, pages: int) -> None:
        """Read on where the case stands, when not all of it is in view, or else what happened."""
        state = self.query_one("#state", Body)
        part: Widget = state if state.max_scroll_y else self.timeline
        part.scroll_relative(y=pages * part.size.height, animate=False)

    def action_back(self) -> None:
        """From what happened to what can be done; esc is pressed lightly, so it goes no further."""
        if self.focused is self.timeline:
            self.things.focus()
        elif not self.is_busy:
            self.news(LIGHTLY)
