"""Find an account: by the beginning of its name or address, or by a case."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content

from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Line
from core.terminal.widgets.notice import Notice
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.account_desk import AccountLine
from support_console.calls import look
from support_console.page import DeskPage, warned
from support_console.rows import Column, Rows
from support_console.session import Here
from support_console.wording import NOBODY

PATIENCE = 0.15
"""Seconds after a key before what is typed is looked for."""
COLUMNS = (Column("account", most=34), Column("two-factor", 10), Column("state", 16), Column("live case", 12))


class FindScreen(DeskPage[None]):
    """A line to type in, and what begins like that."""

    CSS_PATH = "find.tcss"
    AUTO_FOCUS = "#search Line"
    HELP = (
        "Type the beginning of a name, of an e-mail address, or the reference of a case; at most 50 accounts are shown. "
        "Looking at an account is recorded, and its owner sees it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search"),
        Binding("down", "results", show=False),
    ]

    accounts = getters.query_one("#accounts", Rows)
    search = getters.query_one("#search Line", Line)

    def __init__(self, here: Here, open_account: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(here)
        self._open_account = open_account

    def compose(self) -> ComposeResult:
        yield Title("Accounts", warned(self.here))
        with Horizontal(id="search"):
            yield Words(words("/", "$accent"), id="slash")
            yield Line("", hint="name, address or case", limit=80)
        yield Rows(
            COLUMNS,
            draw=_cells,
            key=lambda line: line.account_id,
            empty="Type the beginning of a name, of an address, or a case reference.",
            id="accounts",
        )
        yield Notice(id="news")
        yield BottomLine(right=[("enter", "open")])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """In the line every sign is text, so only keys that are no sign act there."""
        typing = event.widget is self.search
        keys = [("f1", "help")] if typing else [("/", "search"), ("?", "help")]
        self.query_one(BottomLine).offer([("esc", "queue"), *keys])

    @on(Line.Changed)
    def narrow(self, event: Line.Changed) -> None:
        """Look for what is typed."""
        event.stop()
        self.find()

    @on(Line.Submitted)
    def found(self, event: Line.Submitted) -> None:
        """To what was found; with one account, into it."""
        event.stop()
        self.accounts.focus()
        self.find(then_open=True)

    @work(group="find", exclusive=True)
    async def find(self, *, then_open: bool = False) -> None:
        """Show what begins like that."""
        if not then_open:
            await asyncio.sleep(PATIENCE)
        text = self.search.value.strip()
        answer = await look(self.here.services.account_desk.find, self.here.ticket, text)
        if not isinstance(answer, tuple):
            self.refused(answer)
            return
        self.news("")
        self.accounts.show(answer, empty="No account begins like that." if text else "")
        if then_open and len(answer) == 1:
            self.accounts.action_choose()

    @on(Rows.Chosen, "#accounts")
    @work(group="open")
    async def open(self, event: Rows.Chosen) -> None:
        """Open the account."""
        event.stop()
        await self._open_account(event.line.account_id)

    def action_search(self) -> None:
        """To the line."""
        self.search.focus()

    def action_results(self) -> None:
        """From the line to what was found."""
        self.accounts.focus()


def _cells(line: AccountLine) -> list[Content]:
    state = [
        word
        for word, so in (("damaged", line.damaged), ("locked", line.locked and not line.damaged), ("staff", line.staff))
        if so
    ]
    grave = "$danger" if line.damaged or line.locked else ""
    return [
        words(line.name, limit=60, lines=1),
        words("on" if line.two_factor else "off", lines=1),
        words(", ".join(state) or "member", grave, lines=1),
        words(line.live_case or NOBODY, lines=1),
    ]
