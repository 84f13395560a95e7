"""A case: facts at the left, the timeline at the right, and below them what can be done now."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from core.staff import Right
from core.terminal.screens.page import Command
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.desk_view import StaffCase
from support_console.calls import look
from support_console.case.acts import ACTS, KEYS, Named, first_choice, meant, possible, standings
from support_console.case.drawing import facts_of, standing, timeline_of
from support_console.news import News
from support_console.page import DeskPage
from support_console.pane import Pane
from support_console.session import Here
from support_console.wording import keys

REFRESH_EVERY = 3.0
"""Seconds between two looks at what others did."""
DRAW_EVERY = 20.0
"""Seconds after which times are said anew."""

CarryOut = Callable[[Named, StaffCase], Awaitable[News | None]]


class CaseScreen(DeskPage[None]):
    """Shows one case, follows what others do with it, and takes the keys of its acts."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#timeline"
    HELP = (
        "The line at the top says what to do next. Claim the case, read the timeline, ask for evidence that a route "
        "wants, verify ownership once one is met; then somebody else approves. The key of what cannot be done now says why. "
        "Only what the policy lists counts as evidence: no story, no urgency, no caller id. Times are UTC."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"act('{key}')", " or ".join(act.word for act in ACTS if act.key == key)) for key in KEYS),
        Binding("g", "account", "the account"),
    ]

    facts = getters.query_one("#facts", Pane)
    timeline = getters.query_one("#timeline", Pane)

    def __init__(
        self, here: Here, case: StaffCase, carry_out: CarryOut, open_account: Callable[[str], Awaitable[None]]
    ) -> None:
        super().__init__(here)
        self._case, self._carry_out, self._open_account = case, carry_out, open_account
        self._looks: set[asyncio.Future[Any]] = set()
        """Those under way, which nobody may wait for any more."""

    def compose(self) -> ComposeResult:
        yield Title(self._case.reference)
        yield Words("", id="next")
        with Horizontal(id="panes"):
            yield Pane(id="facts")
            yield Pane(newest_last=True, id="timeline")
        yield Notice(id="news")
        yield Words("", id="acts")
        yield BottomLine()

    def on_mount(self) -> None:
        self.call_after_refresh(self._show)
        self.set_interval(REFRESH_EVERY, self._tick)
        self.set_interval(DRAW_EVERY, self._show)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        self._tick()

    def _tick(self) -> None:
        if self.is_current and not self.is_busy:
            self.renew()

    @work(group="read", exclusive=True)
    async def renew(self) -> None:
        """Show the case as it is now, and say what somebody else just did."""
        await self._renew()

    async def _renew(self) -> None:
        desk = self.here.services.desk
        looking = asyncio.ensure_future(look(desk.case, self.here.ticket, self._case.reference, peek=True))
        self._looks.add(looking)
        looking.add_done_callback(self._looks.discard)
        case = await asyncio.shield(looking)
        if not isinstance(case, StaffCase):
            self.refused(case)
            return
        before, self._case = self._case, case
        if self.query_one("#news", Notice).tone is Tone.DANGER and case != before:
            self.news("")
        if case.holder != before.holder and not case.mine:
            self._tell_holder(case)
        else:
            self._tell_watchers(case, before)
        self._show()

    async def looked(self) -> None:
        """Wait until no look is under way, as each notes that the case is on this screen."""
        if self._looks:
            await asyncio.wait(self._looks)

    def _tell_watchers(self, case: StaffCase, before: StaffCase) -> None:
        came = sorted(set(case.watchers) - set(before.watchers))
        if came:
            self.news(f"{' and '.join(came)} {'looks' if len(came) == 1 else 'look'} at this case too.")

    def _tell_holder(self, case: StaffCase) -> None:
        if case.holder is not None:
            self.news(f"{case.holder} has this case now.", Tone.WARNING)
        elif case.state.live:
            self.news("Nobody has this case now.")

    def _show(self) -> None:
        case, now = self._case, self.now
        title = self.query_one(Title)
        title.sentence = f"{case.reference}   {case.account_name}"
        title.step = standing(case, now)
        self.query_one("#next", Words).say(words("→ ", "bold $accent") + words(case.next_step, "bold", lines=2))
        self.facts.say(facts_of(case, now, self.facts.width))
        self.timeline.say(timeline_of(case, now, self.timeline.width))
        acts = self.query_one("#acts", Words)
        acts.say(keys([*((act.key, act.word) for act in possible(case)), *self._ways], acts.content_size.width))
        first = first_choice(case)
        self.query_one(BottomLine).offer(
            [("esc", "queue"), ("tab", "other side"), ("?", "help")],
            [(first.key, first.word)] if first is not None else [],
        )

    def told(self, binding: Binding) -> str:
        can = {act.key: f"{act.word}: {act.explanation}" for act in possible(self._case)} | dict(self._ways)
        return can.get(binding.key, "")

    @property
    def _ways(self) -> list[tuple[str, str]]:
        return [("g", "account")] if self.here.may(Right.LOOK_UP) else []

    def action_act(self, key: str) -> None:
        """Do what the key means here, or say why not."""
        named = meant(self._case, key)
        self.attempt(named)

    def attempt(self, named: Named) -> None:
        """Do `named`, or say why not."""
        if self.is_busy:
            return
        act = standings(self._case).get(named.right)
        if act is None or not act.allowed:
            why = act.why_not if act is not None else "That is not for this case."
            self.news(f"{named.word.capitalize()}: {why[:1].lower()}{why[1:]}", Tone.WARNING)
            return
        self.news("")
        self.do(named)

    @work(group="act")
    async def do(self, named: Named) -> None:
        """Let the journey do it, then show what is so now."""
        with self.busy():
            said = await self._carry_out(named, self._case)
        await self._renew()  # not busy any more: the next key counts
        if said is not None:
            self.news(said.sentence, said.tone)

    @work(group="act")
    async def action_account(self) -> None:
        """To the account of the case, or why not."""
        if not self._ways:
            self.news(f"Account: your role may not do this ({Right.LOOK_UP.value}).", Tone.WARNING)
            return
        await self._open_account(self._case.account_id)

    def commands(self) -> Iterable[Command]:
        for named in possible(self._case):
            yield Command(f"{named.word.capitalize()} ({named.key})", named.explanation, partial(self.attempt, named))
        if self._ways:
            yield Command("Account (g)", "the account of this case", self.action_account)
