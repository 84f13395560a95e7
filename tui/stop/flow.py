"""The journey of stopping: a code from a notice, and after a completed recovery the old device back."""

from typing import Any

from textual.app import App

from core.origin import Origin
from core.services import Services
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.stop import Stopped
from tui.ask import ask
from tui.stop.restore import RestorePage
from tui.stop.screen import Restore, StopScreen
from tui.stop.stopped import StoppedPage


async def stop_journey(app: App[Any], services: Services, origin: Origin) -> None:
    """Stop what a notice told of, or bring the old device back."""
    answer = await ask(app, StopScreen(services.stop, origin, services.parts.clock))
    if isinstance(answer, Stopped):
        restores = await ask(app, StoppedPage(answer))
    else:
        restores = isinstance(answer, Restore)
    if restores:
        restored = await ask(app, RestorePage(services.stop, origin, services.parts.clock))
        if restored is not None:
            await ask(app, Message("Your old device is back", *restored.sentences, tone=Tone.GOOD))
