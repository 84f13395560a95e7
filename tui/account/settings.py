"""Settings: a list of pages at the left, the one with the bar at the right."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content

from core.terminal.app import TerminalApp
from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.account_settings import Overview
from core.use_cases.outcomes import Busy, NotNow, Over
from tui.account.activity import Activity
from tui.account.case_banner import CaseBanner
from tui.account.leaves import Leaves, leaves_of, read_panel
from tui.account.news import CarryOut
from tui.account.panels import Leaf, Panel, appearance_panel
from tui.account.wishes import Wish, Wished
from tui.account.wording import two_factor
from tui.calls import call
from tui.session import Here
from tui.words import sentence

ROWS_BELOW = 4
"""Rows that a screenful of the history leaves for what can be done with it."""

INDENT = 3
"""Columns that a page's text leaves for the bar at its left and for the one that scrolls at its right."""


class SettingsScreen(Page[None]):
    """Everything about one's own account; leaving it is signing out."""

    CSS_PATH = "settings.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "The list at the left has the pages of Settings; up and down go from one to the next. "
        "Enter or the right arrow goes to what can be done on a page, esc comes back to the list."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "things", "to what can be done on the page"),
        Binding("left", "leaves", "to the list of pages"),
        Binding("pagedown", "scroll(1)", "read on", show=False),
        Binding("pageup", "scroll(-1)", "read back", show=False),
        Binding("o", "sign_out", "sign out"),
    ]

    def __init__(self, here: Here, carry_out: CarryOut) -> None:
        super().__init__()
        self._here, self._carry_out = here, carry_out
        self._overview: Overview | None = None
        self._panel = Panel(Content(""))
        self._activity = Activity(here)

    def compose(self) -> ComposeResult:
        yield Title("Settings", self._here.name)
        yield CaseBanner(self._here, self.wish)
        with Horizontal():
            yield Leaves(Choice("", Leaf.ACCOUNT.value), id="leaves")
            with Vertical():
                with Body():
                    yield Words(id="above")
                    yield Choices(id="things")
                    yield Words(id="detail", classes="quiet")
                    yield Words(id="below")
                yield Notice(id="news")
        yield BottomLine()

    def on_mount(self) -> None:
        self._hint()
        self.load(and_focus=True)

    @work(group="page", exclusive=True)
    async def load(self, *, and_focus: bool = False) -> None:
        """Show the account and the page as they are now."""
        await self._load()
        if and_focus:
            self.action_things()

    async def _load(self) -> None:
        here = self._here
        overview = await call(here.services.account_settings.overview, here.ticket)
        if not isinstance(overview, Overview):
            self._refused(overview)
            return
        self._overview = overview
        self.query_one(Title).step = f"{here.name}, {two_factor(overview.account.two_factor_since)}"
        self.query_one(CaseBanner).look()
        self.query_one("#leaves", Leaves).show(*leaves_of(overview))
        await self._load_page()

    async def _load_page(self) -> None:
        """Read and show the page with the bar; of two that are read at once, the one that the bar is on."""
        leaf = self._leaf
        panel = await self._read(leaf)
        if leaf is not self._leaf:
            return
        if not isinstance(panel, Panel):
            self._refused(panel)
            return
        self._panel = panel
        for name, said in (("#above", panel.above), ("#below", panel.below)):
            part = self.query_one(name, Words)
            part.say(said)
            part.display = bool(said.plain)
        things = self.query_one("#things", Choices)
        things.show(*(offer.choice for offer in panel.offers))
        things.display = bool(panel.offers)
        self._tell_detail(things)
        if not panel.offers and self.focused is not self.query_one("#leaves"):
            self.action_leaves()

    async def _read(self, leaf: Leaf) -> Panel | Over | NotNow | Busy:
        assert self._overview is not None
        assert isinstance(self.app, TerminalApp)
        if leaf is Leaf.ACTIVITY:
            return await self._activity.read(self._width, self.query_one(Body).size.height - ROWS_BELOW)
        if leaf is Leaf.APPEARANCE:
            return appearance_panel(self.app.colours, self.app.available_colours())
        return await read_panel(leaf, self._here, self._overview, self._width)

    @property
    def _width(self) -> int:
        """Columns of a page's text."""
        return self.query_one(Body).content_size.width - INDENT

    @property
    def _leaf(self) -> Leaf:
        current = self.query_one("#leaves", Leaves).current
        return Leaf(current.name) if current else Leaf.ACCOUNT

    def _refused(self, refusal: Over | NotNow | Busy) -> None:
        if isinstance(refusal, Over):
            self._here.gone.set()
        else:
            self.query_one("#news", Notice).say(sentence(refusal), Tone.DANGER)

    @on(Choices.Moved, "#leaves")
    def turn_to(self, event: Choices.Moved) -> None:
        """Another page."""
        event.stop()
        self.query_one("#news", Notice).clear()
        self._activity.from_the_newest()
        self.query_one(Body).scroll_home(animate=False)
        if self._overview is not None:
            self.load_page()

    @work(group="page", exclusive=True)
    async def load_page(self) -> None:
        """Show the page with the bar."""
        await self._load_page()

    @on(Choices.Chosen, "#leaves")
    def open_page(self, event: Choices.Chosen) -> None:
        """Into the page."""
        event.stop()
        self.action_things()

    @on(Choices.Chosen, "#things")
    def choose(self, event: Choices.Chosen) -> None:
        """Do what was chosen."""
        event.stop()
        if offer := self._panel.offer(event.choice.name):
            self.wish(offer.wish)

    @on(Choices.Moved, "#things")
    def tell_detail(self, event: Choices.Moved) -> None:
        """Say more about the line with the bar."""
        event.stop()
        self._tell_detail(event.choices)

    def _tell_detail(self, things: Choices) -> None:
        offer = self._panel.offer(things.current.name) if things.current else None
        detail = self.query_one("#detail", Words)
        detail.say(offer.detail if offer else "")
        detail.display = any(offer.detail for offer in self._panel.offers)

    def wish(self, wish: Wished) -> None:
        """Turn the page of the history, sign out, or let it be carried out."""
        if self.is_busy:
            return
        match wish:
            case Wish.SIGN_OUT:
                self.action_sign_out()
            case Wish.OLDER | Wish.NEWER:
                self._activity.turn(older=wish is Wish.OLDER)
                self.load_page()
            case _:
                self.query_one("#news", Notice).clear()
                self.carry_out(wish)

    @work(group="wish")
    async def carry_out(self, wish: Wished) -> None:
        """Let the journey do it, then show what is so now."""
        with self.busy():
            news = await self._carry_out(wish)
            await self._load()
        if news is not None:
            self.query_one("#news", Notice).say(news.sentence, news.tone)

    def commands(self) -> Iterable[Command]:
        for offer in self._panel.offers:
            if offer.choice.key.isalpha():
                yield Command(offer.choice.label, offer.choice.explanation, partial(self.wish, offer.wish))
        yield Command("Sign out", "end this session", self.action_sign_out)

    def on_resize(self) -> None:
        """What is laid out by width is laid out anew."""
        if self._overview is not None:
            self.call_after_refresh(self.load_page)

    def on_descendant_focus(self) -> None:
        self._hint()

    def _hint(self) -> None:
        """Say the keys of where focus is."""
        left = [("?", "help"), ("o", "sign out")]
        if self.focused is not None and self.focused.id == "things":
            self.query_one(BottomLine).offer([("esc", "pages"), *left], [("enter", "choose"), ("ctrl+q", "leave")])
        else:
            self.query_one(BottomLine).offer(left, [("enter", "open"), ("ctrl+q", "leave")])

    def action_leaves(self) -> None:
        """To the list of pages."""
        self.query_one("#leaves").focus()

    def action_things(self) -> None:
        """To what can be done on the page."""
        things = self.query_one("#things", Choices)
        (things if things.choices else self.query_one("#leaves")).focus()

    def action_scroll(self, pages: int) -> None:
        """Read a page that is longer than the terminal."""
        body = self.query_one(Body)
        body.scroll_relative(y=pages * body.size.height, animate=False)

    def action_back(self) -> None:
        """From a page to the list; from there only `o` goes further, since esc is pressed lightly."""
        if self.focused is not None and self.focused.id == "things":
            self.action_leaves()
        elif not self.is_busy:
            self.query_one("#news", Notice).say("o signs out, ctrl+q leaves.")

    def action_sign_out(self) -> None:
        """Sign out."""
        if not self.is_busy:
            self.dismiss(None)
