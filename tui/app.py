"""The account app: it wires the journey to a terminal, and decides nothing."""

from collections.abc import Callable
from typing import ClassVar

from textual.screen import Screen

from core.accounts import name_problem
from core.apps.app import JourneyApp, OpenServices
from core.origin import Origin
from core.services import Services
from core.settings import Settings
from core.terminal.peer import Peer
from core.terminal.widgets.notice import Tone
from tui.calls import call
from tui.first.screen import FirstScreen
from tui.flow import AccountJourney


class AccountApp(JourneyApp):
    """Sign up, sign in, and look after an account."""

    NAME: ClassVar[str] = "Lockwright"
    CSS_PATH = "first/screen.tcss"  # the first screen is never pushed, and only what is pushed brings its own sheet

    def __init__(
        self,
        settings: Settings,
        open_services: OpenServices,
        *,
        does_due_work: bool = False,
        has_clerk: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(open_services, does_due_work=does_due_work, has_clerk=has_clerk, report=report)
        self._first = FirstScreen(settings)
        self._journey: AccountJourney | None = None
        self._guess = ""
        """A name that the client gave, which may or may not be an account's."""

    def get_default_screen(self) -> Screen[None]:
        return self._first

    def welcome(self, peer: Peer) -> None:
        """Show where a person comes from before anything is opened."""
        self._first.meet(peer.origin, None)
        self._guess = peer.user if name_problem(peer.user) is None else ""

    def journey(self, services: Services, origin: Origin) -> AccountJourney:
        return AccountJourney(
            self,
            self._first,
            services,
            origin,
            self.presence,
            guess=self._guess,
            known_to=lambda tag: self.known_to(tag),  # noqa: PLW0108  # a server replaces it on this one app
            has_clerk=self._has_clerk,
        )

    def waits(self, sentence: str) -> None:
        self._first.say(sentence, Tone.WARNING)

    async def sign_out(self) -> None:
        here = self._journey.here if self._journey is not None else None
        if here is not None:
            await call(here.services.sign_in.sign_out, here.ticket)
