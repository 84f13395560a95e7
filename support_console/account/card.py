"""An account before staff: state at the left, its security history at the right."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from core.audit import Entry
from core.staff import Right
from core.terminal.screens.page import Command
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.account_desk import AccountCard
from support_console.account.drawing import facts_of, history_of
from support_console.account.history import History
from support_console.calls import look
from support_console.news import News
from support_console.page import DeskPage, warned
from support_console.pane import Pane
from support_console.session import Here
from support_console.wording import keys

KEYS = {
    "l": (Right.LOCK, "lock or unlock"),
    "b": (Right.VOID_BACKUP_CODE, "void the backup code"),
    "f": (Right.LIFT_BLOCKS, "lift blocks"),
    "u": (Right.UNMASK, "unmask the address"),
}

CarryOut = Callable[[Right, AccountCard], Awaitable[News | None]]


class CardScreen(DeskPage[None]):
    """Shows one account, never a secret of it."""

    CSS_PATH = "card.tcss"
    AUTO_FOCUS = "#history"
    HELP = (
        "What is known about this account. Nothing here chooses a password or a factor for anybody. A leaked backup "
        "code is made void with b. Its cases are listed at the left: tab goes there, enter opens one. The history goes on as "
        "one goes down in it. Times are UTC."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding(key, f"act('{key}')", word) for key, (_, word) in KEYS.items()]

    facts = getters.query_one("#facts", Pane)
    history = getters.query_one("#history", Pane)
    cases = getters.query_one("#cases", Choices)

    def __init__(
        self, here: Here, card: AccountCard, carry_out: CarryOut, open_case: Callable[[str], Awaitable[None]]
    ) -> None:
        super().__init__(here)
        self._card, self._carry_out, self._open_case = card, carry_out, open_case
        self._read = History()
        self._read.renew(card.history)
        self._reading = False
        self._names: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        yield Title(self._card.name, warned(self.here))
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Pane(id="facts")
                yield Choices(id="cases")
            yield Pane(id="history")
        yield Notice(id="news")
        yield Words("", id="acts")
        yield BottomLine(left=[("esc", "back"), ("tab", "other side"), ("?", "help")])

    def on_mount(self) -> None:
        self.call_after_refresh(self._show)
        self.watch(self.history, "scroll_y", self._ahead, init=False)
        self.renew()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.query_one(BottomLine).offer(right=[("enter", "open")] if event.widget is self.cases else [])

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        if self.is_running and not self.is_busy:
            self.renew()

    @work(group="read", exclusive=True)
    async def renew(self) -> None:
        """Show the account as it is now."""
        await self._renew()

    async def _renew(self) -> None:
        card = await look(self.here.services.account_desk.card, self.here.ticket, self._card.account_id, peek=True)
        if isinstance(card, AccountCard):
            self._card = card
            self._read.renew(card.history)
            await self._meet(card.history)
            self._show()
        else:
            self.refused(card)

    async def _meet(self, entries: Iterable[Entry]) -> None:
        """Ask for the names of those who did what `entries` tell."""
        unknown = sorted({each.actor for each in entries if each.actor} - set(self._names))
        names = await look(self.here.services.audit_desk.names, self.here.ticket, unknown) if unknown else {}
        self._names |= names if isinstance(names, dict) else {}

    def _ahead(self) -> None:
        """Read on before the end of the history comes into view."""
        pane = self.history
        near = pane.max_scroll_y - pane.scroll_y < pane.size.height
        if near and self._read.entries and not self._read.complete and not self._reading:
            self._reading = True
            self.read_on()

    @work(group="older")
    async def read_on(self) -> None:
        """Add what happened before."""
        last, desk = self._read.entries[-1], self.here.services.account_desk
        older = await look(desk.history, self.here.ticket, self._card.account_id, last)
        if isinstance(older, tuple):
            await self._meet(older)
            self._read.read_on(older, last)
            self._show()
        else:
            self.refused(older)
        self._reading = False

    def _show(self) -> None:
        card, now = self._card, self.now
        self.query_one(Title).sentence = f"Account   {card.name}"
        self.facts.say(facts_of(card, now, self.facts.width))
        self.history.say(history_of(self._read.entries, self._names, now, self.history.width))
        self.call_after_refresh(self._ahead)
        may_open = self.here.may(Right.SEE_CASES)
        self.cases.show(*(Choice("", line.reference, line.state.value, id=line.reference) for line in card.cases))
        self.cases.display = bool(card.cases) and may_open
        acts = [(key, self._word(right, word)) for key, (right, word) in KEYS.items() if self._why_not(right) == ""]
        said = self.query_one("#acts", Words)
        said.say(keys(acts, said.content_size.width) if acts else words("You may look here.", "$quiet"))

    def _word(self, right: Right, word: str) -> str:
        if right is Right.LOCK:
            return "unlock" if self._card.locked_at is not None else "lock"
        return word

    def _why_not(self, right: Right) -> str:
        return dict(self._card.acts).get(right, "That is not for this account.")

    def told(self, binding: Binding) -> str:
        right, word = KEYS.get(binding.key, (None, binding.description))
        if right is None:
            return word
        return "" if self._why_not(right) else self._word(right, word)

    def action_act(self, key: str) -> None:
        """Do what the key means, or say why not."""
        right, word = KEYS[key]
        why = self._why_not(right)
        if self.is_busy:
            return
        if why:
            self.news(f"{self._word(right, word).capitalize()}: {why[:1].lower()}{why[1:]}", Tone.WARNING)
            return
        self.do(right)

    @work(group="act")
    async def do(self, right: Right) -> None:
        """Let the journey do it, then show what is so now."""
        with self.busy():
            said = await self._carry_out(right, self._card)
        await self._renew()
        if said is not None:
            self.news(said.sentence, said.tone)

    @on(Choices.Chosen, "#cases")
    @work(group="open")
    async def open(self, event: Choices.Chosen) -> None:
        """Open a case of this account."""
        event.stop()
        await self._open_case(event.choice.name)

    def commands(self) -> Iterable[Command]:
        for key, (right, word) in KEYS.items():
            if not self._why_not(right):
                name = f"{self._word(right, word).capitalize()} ({key})"
                yield Command(name, "this account", partial(self.action_act, key))
