"""The code to scan, alone: the whole terminal is its paper."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from core.terminal.screens.page import Page
from core.terminal.widgets.qr_code import QrCode
from core.terminal.words import Words


class FullScreenPage(Page[None]):
    """As large as it is; any key goes back to the steps."""

    CSS_PATH = "full_screen.tcss"
    AUTO_FOCUS = ""
    HELP = "Point the camera of your authenticator app at the code. Any key goes back."

    def __init__(self, *uris: str) -> None:
        super().__init__()
        self._uris = uris

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield QrCode(*self._uris)
            yield Words("any key\ngoes back", id="hint", classes="quiet")

    def on_key(self, event: events.Key) -> None:
        """Back to the steps."""
        event.stop()
        self.dismiss(None)

    def on_unmount(self) -> None:
        """Let go of the key."""
        self._uris = ()
