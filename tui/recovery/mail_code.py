"""Giving the mail code as evidence: have one sent, and type it."""

from datetime import datetime, timedelta
from functools import partial

from textual import getters, on, work
from textual.app import ComposeResult

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import MAIL_CODE, CodeField
from core.terminal.widgets.notice import Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Done, Over, Throttled
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.session import Here
from tui.words import mail_place, wait_until

CODE = "mail code"
SENT = "It is on its way."


class MailCodePage(Page[Done]):
    """Done once the code counts as evidence; a code that was sent earlier can be typed without another one."""

    HELP = (
        "The code shows that you read the mailbox whose address this account confirmed. It is good for 24 hours, in "
        "this case only, and it is asked for nowhere else. If you no longer read that mailbox, go back: the case says "
        "what else counts."
    )
    AUTO_FOCUS = "#code CodeLine"

    code = getters.query_one("#code", CodeField)
    outcome = getters.query_one(Outcome)

    def __init__(self, here: Here) -> None:
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        yield Title("Give the mail code", self._here.name)
        with Body():
            yield Words(
                "Let a code be sent to the confirmed address of this account, then type it here. It is good for "
                "24 hours and in this case only. A code that you have already is typed at once.",
                classes="gap",
            )
            yield CodeField("Code from the mail", form=MAIL_CODE, id="code")
            yield Outcome(self._here.services.parts.clock)
            yield Choices(Choice("s", "Send a code", "a code sent before stops working", id="send"))
        yield BottomLine(left=[("esc", "case"), ("s", "send a code"), ("?", "help")], right=[("enter", "give it")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Have a code sent."""
        event.stop()
        if not self.is_busy:
            self.send()

    @work
    async def send(self) -> None:
        """Have a code mailed."""
        here = self._here
        with self.busy("sending"):
            answer = await call(here.services.recovery.send_mail_code, here.ticket)
        match answer:
            case Done():
                self.code.clear()
                self.code.focus()
                self.outcome.say(f"{SENT} {mail_place(here.services.settings)}", Tone.GOOD)
            case Over():
                here.gone.set()
            case Throttled(wait=wait):
                self.outcome.count(partial(_too_soon, wait), wait)
            case _:
                refuse(self, answer)

    @work
    async def submit(self) -> None:
        here = self._here
        with self.busy("checking"):
            answer = await call(here.services.recovery.give_mail_code, here.ticket, self.code.value)
        match answer:
            case Done():
                self.dismiss(answer)
            case Over():
                here.gone.set()
            case _:
                self.code.clear()
                self.code.focus()
                refuse(self, answer, code=CODE)


def _too_soon(wait: timedelta, at: datetime, now: datetime) -> str:
    left = at + wait - now
    if left <= timedelta():
        return "Another code can be sent now. The last one still counts."
    return f"A code was sent already, and it still counts. Another can be sent {wait_until(left, now)}."
