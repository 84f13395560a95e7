"""An app that is run once before the first fork, so that no session does anything for the first time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.terminal.app import TerminalApp  # the front, which imports this package, loads no Textual


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is played: the app that `open_app` gives, and what is typed at it, with a rest after each.

    The app stands on a throw-away installation, touches nothing of anybody, and leaves nothing open when it has ended
    but the threads of `offload`. `close` is called then.
    """

    open_app: "Callable[[], TerminalApp]"
    keys: tuple[bytes, ...] = ()
    close: Callable[[], None] = lambda: None
    opening: float = 0.3
    """Seconds for an app to open what it needs when somebody has arrived, in a thread that nothing waits for."""
