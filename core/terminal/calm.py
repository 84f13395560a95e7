"""An app whose end is calm: one line for the person, one for the log, no value in either."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from textual import events

from core.terminal.crash import frames_of, here
from core.terminal.sealed import SealedApp
from core.text import shown
from core.tokens import Tokens

_CALM = "{name} had to stop (error {id}). What was not finished was not kept. Start it again to go on."


def to_stderr(line: str) -> None:
    stream = sys.__stderr__
    if stream is not None:
        stream.write(f"{line}\n")
        stream.flush()


class CalmApp(SealedApp):
    """Ends with an exit code and one sentence.

    `report` gets one line for each crash: error id, exception types, `module:line` frames, never a value.
    `farewell` gets the last words to the person, after the screen has been given back (standard error by default).
    """

    NAME: ClassVar[str] = "Lockwright"

    def __init__(
        self,
        *,
        report: Callable[[str], None] | None = None,
        farewell: Callable[[str], None] = to_stderr,
        tokens: Tokens | None = None,
    ) -> None:
        super().__init__()
        self.report = report
        self.farewell = farewell
        self._tokens = tokens or Tokens()
        self._crashed_as: str | None = None
        self._last_words = ""

    def _on_load(self, event: events.Load) -> None:
        asyncio.get_running_loop().set_exception_handler(self._loop_failed)

    def give_up(self, sentence: str) -> None:
        """End with exit code 1, because what `sentence` tells makes it impossible to go on."""
        self._last_words = shown(sentence, limit=500)
        self.exit(return_code=1)

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        if self._crashed_as is None:
            self._crashed_as = self._tokens.crockford(8)
            if self.report is not None:
                self.report(f"crash id={self._crashed_as} {frames_of(error)}")
        self._fatal_error()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """End, without showing what Textual would show."""
        self._handle_exception(here(RuntimeError("panic")))

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What fails outside every widget is reported without its text, and the app goes on."""
        error = context.get("exception")
        if self.report is not None:
            frames = frames_of(error) if isinstance(error, BaseException) else "no exception"
            self.report(f"failure outside the app {frames}")

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()
        if self._crashed_as is not None:
            self.farewell(_CALM.format(name=self.NAME, id=self._crashed_as))
        elif self._last_words:
            self.farewell(self._last_words)
