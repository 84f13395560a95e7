"""Confirming an address with the code that was mailed to it, now or later."""

from datetime import datetime, timedelta
from typing import Any

from textual import getters, on, work
from textual.app import App, ComposeResult

from core.mail_codes import Standing
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import MAIL_CODE, CodeField
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Busy, Done, NotNow, Over, Throttled
from tui.ask import ask
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.session import Here
from tui.words import mail_place, span, wait_until

JUST_NOW = timedelta(minutes=9)
"""A code that counts for longer than this was sent a moment ago: it is good for 10 minutes."""


async def confirm_journey(app: App[Any], here: Here, address: str, *, news: str = "") -> bool | Over | None:
    """Confirm `address`, the present one, with the code that was sent to it, if one was; or later."""
    code = await call(here.services.account_settings.address_code, here.ticket)
    return code if isinstance(code, Over) else await ask(app, ConfirmAddressScreen(here, address, code, news=news))


class ConfirmAddressScreen(Page[bool | Over | None]):
    """True once the address is confirmed, None for later, `Over` when the session has ended."""

    CSS_PATH = "confirm_address.tcss"
    HELP = (
        "A confirmed address gets every notice about the safety of your account, and can help you back in. Until it "
        "is confirmed it does neither. You can do it any time under Settings, Account."
    )
    AUTO_FOCUS = "#code CodeLine"

    code = getters.query_one("#code", CodeField)
    outcome = getters.query_one(Outcome)

    def __init__(self, here: Here, address: str, code: Standing | NotNow | Busy, *, news: str = "") -> None:
        super().__init__()
        self._settings, self._ticket, self._clock = (
            here.services.account_settings,
            here.ticket,
            here.services.parts.clock,
        )
        self._address, self._code, self._news = address, code, news
        self._mail_place = mail_place(here.services.settings)

    def compose(self) -> ComposeResult:
        yield Title("Confirm your address")
        with Body():
            if self._news:
                yield Notice(self._news, Tone.GOOD, classes="gap")
            yield Words(about(self._code, self._address, self._clock()))
            yield Words(self._mail_place, classes="quiet gap")
            yield CodeField("Code from the mail", form=MAIL_CODE, id="code")
            yield Outcome(self._clock)
            yield Choices(
                Choice("r", "Send another code", "the one before stops working", id="send"),
                Choice("l", "Later", "under Settings; until then no notice reaches it", id="later"),
            )
        yield BottomLine(left=[("esc", "later"), ("?", "help")], right=[("enter", "confirm")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Another code, or later."""
        event.stop()
        if self.is_busy:
            return
        if event.choice.name == "send":
            self.send()
        else:
            self.dismiss(None)

    @work
    async def send(self) -> None:
        """Have another code mailed."""
        with self.busy("sending"):
            answer = await call(self._settings.send_address_code, self._ticket)
        match answer:
            case Done():
                self.code.clear()
                self.code.focus()
                self.outcome.say("Another code is on its way. The one before does not work any more.", Tone.GOOD)
            case Over():
                self.dismiss(answer)
            case Throttled():
                await self._say_too_soon()
            case _:
                refuse(self, answer)

    async def _say_too_soon(self) -> None:
        code = await call(self._settings.address_code, self._ticket)
        if isinstance(code, Standing):
            counts = " The last one still counts." if code.counts_until is not None else ""
            self.outcome.say(f"{_next(code, self._clock())}{counts}")
        else:
            refuse(self, code)

    @work
    async def submit(self) -> None:
        with self.busy("confirming"):
            answer = await call(self._settings.confirm_address, self._ticket, self.code.value)
        match answer:
            case Done():
                self.dismiss(True)
            case Over():
                self.dismiss(answer)
            case _:
                self.code.clear()
                self.code.focus()
                refuse(self, answer)


def about(code: Standing | NotNow | Busy, address: str, now: datetime) -> str:
    """Whether a code for `address` is on its way, and else when one can be sent."""
    if not isinstance(code, Standing):
        return f"Type the code from the mail to {address}."
    if code.counts_until is None:
        return f"No code is on its way to {address}. {_next(code, now)}"
    left = code.counts_until - now
    if left > JUST_NOW:
        return f"A code is on its way to {address}, good for 10 minutes."
    return f"A code was sent to {address}; it is good for {span(left)} more."


def _next(code: Standing, now: datetime) -> str:
    if code.next_from is None or code.next_from <= now:
        return "One can be sent now."
    when = wait_until(code.next_from - now, now)
    if code.day_is_full:
        return f"Five codes went there within 24 hours, which is the most. Another can be sent {when}."
    return f"A code was sent there just now. Another can be sent {when}."
