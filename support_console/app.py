"""The support console: it wires the journey to a terminal, and decides nothing."""

from collections.abc import Callable
from typing import ClassVar

from textual.screen import Screen

from core.apps.app import JourneyApp, OpenServices
from core.clock import Clock, system_clock
from core.origin import Origin
from core.services import Services
from core.settings import Settings
from support_console.calls import call
from support_console.flow import ConsoleJourney
from support_console.sign_in.door import Door


class ConsoleApp(JourneyApp):
    """Staff work recovery cases."""

    NAME: ClassVar[str] = "Lockwright support console"

    def __init__(
        self,
        settings: Settings,
        open_services: OpenServices,
        *,
        clock: Clock = system_clock,
        does_due_work: bool = False,
        has_clerk: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(open_services, does_due_work=does_due_work, has_clerk=has_clerk, report=report)
        self._door = Door(settings, clock)
        self._journey: ConsoleJourney | None = None

    def get_default_screen(self) -> Screen[None]:
        return self._door

    def journey(self, services: Services, origin: Origin) -> ConsoleJourney:
        return ConsoleJourney(
            self,
            self._door,
            services,
            origin,
            self.presence,
            known_to=lambda tag: self.known_to(tag),  # noqa: PLW0108  # a server replaces it on this one app
            has_clerk=self._has_clerk,
        )

    def waits(self, sentence: str) -> None:
        self._door.wait(sentence)

    async def sign_out(self) -> None:
        here = self._journey.here if self._journey is not None else None
        if here is not None:
            await call(here.services.console.sign_out, here.ticket)
