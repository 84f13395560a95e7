"""The console's first screen: name and password."""

import asyncio

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.settings import Settings
from core.terminal.screens.page import Body, Page
from core.terminal.typeahead import holding
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Tone
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.console import Console
from core.use_cases.outcomes import Wrong
from core.use_cases.sign_in import TokenNeeded
from support_console.calls import call
from support_console.outcome import refuse

WRONG = "The name or the password is not right. Type the password again; capitals count."


class Door(Page[None]):
    """Always at the bottom of the stack; it needs nothing but settings, so it can be drawn before anything is opened."""

    HELP = (
        "The console is for staff: people with a role in recovering accounts. You sign in with the password of your "
        "account and a token from your device. Without two-factor authentication, enable it in the account app first."
    )

    name_field = getters.query_one("#name", Field)
    password = getters.query_one("#password", PasswordField)
    outcome = getters.query_one(Countdown)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__()
        self._settings, self._clock = settings, clock
        self._entrance: tuple[Console, Origin] | None = None
        self._opened = asyncio.Event()
        self._passed: asyncio.Queue[TokenNeeded] = asyncio.Queue()

    def compose(self) -> ComposeResult:
        yield Title(f"{self._settings.site} support")
        with Body():
            yield Words("Sign in to recover accounts. Members' own accounts are in the account app.", classes="gap")
            yield Field("Name", limit=64, id="name")
            yield PasswordField("Password", id="password")
            yield Countdown(self._clock, id="outcome")
        yield BottomLine(
            left=[("f1", "help"), ("tab", "next field")], right=[("enter", "sign in"), ("ctrl+q", "leave")]
        )

    def open(self, console: Console, origin: Origin, name: str) -> None:
        """From now on names and passwords are taken; `name` is whose key the connection proved."""
        self._entrance = console, origin
        self._opened.set()
        if name and not self.name_field.value:
            self.name_field.value = name
            self.password.focus()

    def wait(self, sentence: str) -> None:
        """Say why nothing is taken yet; nothing when empty. What was typed stays."""
        self.outcome.say(sentence, Tone.WARNING)

    def say(self, sentence: str, tone: Tone = Tone.WARNING) -> None:
        """Say why one is back here."""
        self.outcome.clear()
        self.outcome.say(sentence, tone)
        self.password.clear()
        (self.password if self.name_field.value else self.name_field).focus()

    async def passed(self) -> TokenNeeded:
        """Wait until somebody's password was right."""
        return await self._passed.get()

    @work
    async def submit(self) -> None:
        with self.busy("opening"), holding():
            await self._opened.wait()
        assert self._entrance is not None
        console, origin = self._entrance
        with self.busy("checking"):
            answer = await call(console.with_password, self.name_field.value, self.password.secret, origin)
        if isinstance(answer, TokenNeeded):
            self.password.clear()
            self.outcome.clear()
            self._passed.put_nowait(answer)
            return
        if isinstance(answer, Wrong):
            self.password.clear()
            self.password.focus()
        refuse(self, answer, wrong=WRONG)

    def action_back(self) -> None:
        """There is nothing behind the first screen."""
