"""What no text, no environment and no key by accident may reach: Textual's own doors, shut."""

import base64
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.driver import Driver

import core.terminal.environment  # noqa: F401  # turns switches off by being imported
from core.terminal.local_driver import LocalDriver

_OURS = {"quit", "help", "palette", "focus_next", "focus_previous"}
"""Actions of the app that keys may call."""


class SealedApp(App[None]):
    """An app that writes no file, opens no page, presses no key and copies nothing, whatever it is asked to."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    MOUSE: ClassVar[bool] = False
    """Keys do everything; the mouse is left to the terminal, whose own selection then copies text."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse every action that Textual brings, but for a few: they write files, press keys and change screens."""
        stock = getattr(App, f"action_{action}", None)
        mine = getattr(type(self), f"action_{action}", None)
        if action not in _OURS and stock is not None and mine is stock:
            return False
        return super().check_action(action, parameters)

    async def _broker_event(self, event_name: str, event: events.Event, default_namespace: Any) -> bool:
        """No text does anything when it is clicked."""
        return False

    def get_driver_class(self) -> type[Driver]:
        """The terminal, never a module named by the environment."""
        return LocalDriver

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        return super()._build_driver(headless, inline, mouse and self.MOUSE, size)

    def _set_pointer_shape(self, shape: str) -> None:
        """Nothing: there is no pointer."""

    def _log(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: Textual's own log would hold what was typed."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing: what a widget selects is not ours to give away; see `copy_on_purpose`."""

    def copy_on_purpose(self, text: str) -> None:
        """Put `text` on the clipboard of the person's terminal (OSC 52), because a key that says so was pressed."""
        if self._driver is not None and not self.is_headless:
            coded = base64.b64encode(text.encode()).decode("ascii")
            self._driver.write(f"\x1b]52;c;{coded}\x07")

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Nothing: a browser would open where the program runs."""

    def save_screenshot(self, *args: Any, **kwargs: Any) -> str:
        """Nothing: no picture of a secret is written."""
        return ""

    def deliver_screenshot(self, *args: Any, **kwargs: Any) -> str | None:
        """Nothing, likewise."""
        return None

    def deliver_text(self, *args: Any, **kwargs: Any) -> str | None:
        """Nothing is written where the program runs."""
        return None

    def deliver_binary(self, *args: Any, **kwargs: Any) -> str | None:
        """Nothing is written where the program runs."""
        return None

    def simulate_key(self, key: str) -> None:
        """Nothing: keys come from the person."""

    async def _on_app_blur(self, event: events.AppBlur) -> None:
        """Another window has focus: nothing moves here."""
        event.prevent_default()

    async def _on_app_focus(self, event: events.AppFocus) -> None:
        """Focus is where it was."""
        event.prevent_default()
