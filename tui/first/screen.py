"""The first screen: what this is, and the four ways on."""

import asyncio
from collections.abc import Iterable
from enum import StrEnum
from functools import partial

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import HorizontalGroup

from core.origin import LOCAL_SOURCE, Origin
from core.settings import Settings
from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.words import Words, words


class WayOn(StrEnum):
    """What a person came to do."""

    SIGN_IN = "sign in"
    SIGN_UP = "sign up"
    FORGOT = "forgot"
    STOP = "stop"


INVITED = ("I have an invitation", "sign up with the code from it")
"""What a closed site offers in its palette only: the few who are invited are told."""


class FirstScreen(Page[None]):
    """Always at the bottom of the stack; it needs nothing but settings, so it can be drawn before anything is opened."""

    HELP = (
        "This is where accounts live: sign in to look after your password, your two-factor authentication and your "
        "keys. Everything works by keys; the ones that count are always on the screen."
    )

    notice = getters.query_one("#notice", Notice)
    ways = getters.query_one(Choices)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._chosen: asyncio.Queue[WayOn] = asyncio.Queue()
        self._met = ""

    def compose(self) -> ComposeResult:
        with HorizontalGroup(id="head"):
            yield Words(f"{self._settings.site} accounts", id="site", classes="strong")
            yield Words("", id="whence", classes="quiet")
        with Body():
            yield Words("Your account, from any terminal.")
            yield Words(self._invitation(), classes="gap")
            yield Choices(
                Choice("s", "Sign in", id=WayOn.SIGN_IN),
                self._sign_up(),
                Choice("f", "Forgot password", id=WayOn.FORGOT),
                Choice("x", "Stop", "enter the code from a notice", id=WayOn.STOP),
            )
            yield Notice(id="notice")
        yield BottomLine(left=[("?", "help")], right=[("enter", "choose"), ("ctrl+q", "leave")])

    def _invitation(self) -> str:
        if self._settings.registration == "closed":
            return "Sign in to look after it."
        return "Sign in, or make an account in a minute."

    def _sign_up(self) -> Choice:
        match self._settings.registration:
            case "open":
                return Choice("n", "Sign up", id=WayOn.SIGN_UP)
            case "invite":
                return Choice("n", "Sign up", "with an invitation", id=WayOn.SIGN_UP)
            case "closed":
                return Choice("n", "Sign up", "closed: ask the people here", id=WayOn.SIGN_UP, enabled=False)

    def meet(self, origin: Origin, owner: str | None) -> None:
        """Say where this connection comes from, and whose key it proved, if anybody's."""
        where = "this machine" if origin.source == LOCAL_SOURCE else origin.source
        lines = [f"you come from {where}"]
        if origin.key is not None:
            lines.append(f"key {origin.key.fingerprint[:13]}…" + (f"  ({owner})" if owner else ""))
        met = "\n".join(lines)
        if met != self._met:
            self._met = met
            self.query_one("#whence", Words).update(words(met), layout=False)  # its size stands in the sheet

    def say(self, sentence: str, tone: Tone = Tone.CALM) -> None:
        """Say why one is back here; nothing when empty."""
        self.notice.say(sentence, tone)

    async def chosen(self) -> WayOn:
        """Wait until a way on is chosen."""
        return await self._chosen.get()

    def commands(self) -> Iterable[Command]:
        for choice in self.ways.choices:
            if choice.enabled:
                yield Command(choice.label, choice.explanation, partial(self._go, WayOn(choice.name)))
        if self._settings.registration == "closed":
            yield Command(*INVITED, partial(self._go, WayOn.SIGN_UP))

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Go the way that was chosen."""
        event.stop()
        self._go(WayOn(event.choice.name))

    def _go(self, way: WayOn) -> None:
        """Hand the choice to whoever waits for it."""
        if self._chosen.empty():
            self._chosen.put_nowait(way)

    def action_back(self) -> None:
        """There is nothing behind the first screen."""
