"""The app that both front ends are built on: what every screen may rely on, and what no text may reach.

class LockwrightApp(TerminalApp):
    NAME = "Lockwright"

    def on_mount(self) -> None:
        self.run_worker(self.journey())    # a coroutine over screens

app = LockwrightApp(report=log_line)
app.run()
sys.exit(app.return_code)
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from rich.color import ColorSystem
from textual import events
from textual._compositor import CompositorUpdate
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor
from textual.notifications import SeverityLevel
from textual.screen import Screen

from core.terminal.calm import CalmApp, to_stderr
from core.terminal.frame import Frame
from core.terminal.peer import Peer
from core.terminal.screens.help import Help
from core.terminal.screens.page import Page
from core.terminal.screens.palette import Command, Palette
from core.terminal.theme import THEMES, Colours, fitting, themes_for
from core.terminal.typeahead import TypeAhead, Typed
from core.terminal.words import words
from core.tokens import Tokens

_COLOUR_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}


class TerminalApp(CalmApp):
    """Themes, leaving, help, the palette and type-ahead, on what `CalmApp` and `SealedApp` promise."""

    AUTO_FOCUS = "*"
    ESCAPE_TO_MINIMIZE = False

    CSS = """
    Screen { background: $ground; color: $ink; }
    * { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    Input { scrollbar-size-horizontal: 0; }  /* it would take the only row */
    Toast {
        background: $field; color: $ink; border: none; border-left: outer $accent; padding: 0 1; margin: 0 0 1 0;
    }
    Toast.-warning { border-left: outer $warning; }
    Toast.-error { border-left: outer $danger; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "leave", priority=True, system=True),
        Binding("ctrl+p", "palette", "commands", show=False, priority=True, system=True),
        Binding("f1", "help", "help", show=False, priority=True, system=True),
        Binding("question_mark", "help", "help", show=False, system=True),
        Binding("ctrl+c", "how_to_leave", show=False, system=True),
    ]

    def __init__(
        self,
        *,
        report: Callable[[str], None] | None = None,
        farewell: Callable[[str], None] = to_stderr,
        tokens: Tokens | None = None,
    ) -> None:
        super().__init__(report=report, farewell=farewell, tokens=tokens)
        self.animation_level = "none"
        self.title = self.NAME
        self.keys = TypeAhead(self, self._feed)
        self._fed: Typed | None = None
        self._suits: str | None = "unknown"  # the colour depth that it was last told to draw for
        self._leaving: asyncio.Task[None] | None = None
        """Waits for the end of what leaving a screen sets off; nothing is painted meanwhile."""
        self._dress(None if self.no_color else self.console.color_system)

    # Who is there

    def known_to(self, tag: str | None) -> None:
        """Say for whom news from elsewhere is to come here; a server puts its own way of telling in place of this."""

    def welcome(self, peer: Peer) -> None:
        """Show who comes, as part of their first frame. Nothing is opened yet: `arrived` follows when it is drawn."""

    def arrived(self, peer: Peer) -> None:
        """Somebody took this app, composed before they came; overridden by an app that greets them."""

    def told(self, sentence: str) -> None:
        """The server has something to say to everybody."""
        self.say(sentence, "warning")

    def news(self, tag: str) -> None:
        """Something changed elsewhere for whom `known_to` named; overridden by an app that follows its session."""

    async def hang_up(self, code: int) -> None:
        """End with this exit code: nobody is there any more; overridden by an app that has something to end first."""
        self.exit(return_code=code)

    # Looks

    @property
    def colours(self) -> Colours:
        """What the app wears."""
        return Colours(self.theme)

    def wear(self, colours: Colours) -> None:
        """Put these colours on, now."""
        self.theme = colours
        self._filters = [ANSIToTruecolor(self.ansi_theme, enabled=not self.native_ansi_color)]

    def _dress(self, depth: str | None) -> None:
        """Take the forms as they look best at this colour depth, and put the fitting one on."""
        for theme in themes_for(depth).values():
            self.register_theme(theme)
        self.wear(fitting(depth))
        if self.is_running:
            self._watch_theme(self.theme)  # the same form may have other colours now

    def suit(self, peer: Peer) -> None:
        """Draw for this terminal, whatever this process's own environment says; before or after the start."""
        depth = peer.depth
        if depth == self._suits:
            return
        self._suits = depth
        self.no_color = depth is None
        self.console._color_system = _COLOUR_SYSTEMS[depth or "standard"]  # Rich offers no setter
        self._dress(depth)

    def available_colours(self) -> list[Colours]:
        """The forms that this terminal can show."""
        if self.no_color:
            return [Colours.PLAIN]
        if self.console.color_system == "standard":
            return [Colours.SIXTEEN, Colours.PLAIN]
        return list(Colours)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our names, so that a sheet can be read while a stock theme is still on."""
        return THEMES[Colours.DARK].variables

    # Between two questions

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; what is below is painted only when the journey has nothing else to show."""
        if self._leaving is None:
            self._begin_batch()
            self._leaving = asyncio.create_task(self._come_back())
        return super().pop_screen()

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Show a screen, in place of the one that was just left."""
        pushed = super().push_screen(*args, **kwargs)
        self._paint()
        return pushed

    async def _come_back(self) -> None:
        """Paint what is below the screen that was left, once nothing more comes of the key that left it."""
        await self.keys.nothing_comes()
        self._paint()

    def _paint(self) -> None:
        if self._leaving is not None:
            self._leaving = None
            self._end_batch()
            if self._running and not self._batch_count:
                self.screen.refresh()

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes go by `keys`, everything else goes its way; ctrl+q never waits."""
        match event:
            case events.Key(key="ctrl+q"):
                await super().on_event(event)
            case events.Key() | events.Paste() if not event.is_forwarded and event is not self._fed:
                if self.keys.take(event):
                    await super().on_event(event)
            case _:
                await super().on_event(event)

    def _feed(self, event: Typed) -> None:
        self._fed = event
        self.post_message(event)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        frame = Frame(renderable) if isinstance(renderable, CompositorUpdate) else None
        painting: Any = frame or renderable
        super()._display(screen, painting)
        if renderable is not None and not self._batch_count:
            self.keys.drawn(screen, frame.ready_at if frame else None)

    async def _press_keys(self, keys: Iterable[str]) -> None:
        for key in keys:
            await super()._press_keys([key])
            await self.keys.fed()

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """A passing word at the bottom right, for what needs no answer."""
        self.notify(str(words(sentence, limit=300)), severity=severity, markup=False)

    # Leaving, help, palette

    def action_how_to_leave(self) -> None:
        """ctrl+c is a habit: say what leaves."""
        self.say("ctrl+q leaves.")

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(return_code=0)

    def action_help(self) -> None:
        """Say what keys do here."""
        if not isinstance(self.screen, Help | Palette):
            self.push_screen(Help.of(self.screen))

    def action_palette(self) -> None:
        """Offer commands by name."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(self.commands(self.screen)), self._run_command)

    def commands(self, screen: Screen[Any]) -> list[Command]:
        """What the palette offers: what the screen does, then theme, help and leaving."""
        offered = list(screen.commands()) if isinstance(screen, Page) else []
        themes = [
            Command(f"Colours: {colours.words.lower()}", "how the screen looks", partial(self.wear, colours))
            for colours in self.available_colours()
            if colours is not self.colours
        ]
        return [
            *offered,
            *themes,
            Command("Help", "what keys do here", self.action_help),
            Command("Leave", f"end {self.NAME}", self.exit),
        ]

    def _run_command(self, command: Command | None) -> None:
        if command is not None:
            self.call_later(command.do)
