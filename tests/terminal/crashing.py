"""An app that fails in the way it is told, with secrets in reach.

python -m tests.terminal.crashing handler report.txt
"""

import asyncio
import sys
from pathlib import Path

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from core.terminal.app import TerminalApp
from core.terminal.offload import offload
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.password_field import PasswordField

CANARY = "canary-5f2a"


class Bad(Widget):
    def render(self) -> str:
        secret = f"{CANARY}-render"
        raise ValueError(secret)


class Failing(Page[None]):
    def compose(self) -> ComposeResult:
        with Body():
            yield PasswordField()
            yield Choices(Choice("x", "Fail"))

    def submit(self) -> None:
        secret = self.query_one(PasswordField).secret.reveal()
        match self.app.how:  # type: ignore[attr-defined]
            case "handler":
                raise ValueError(secret)
            case "worker":
                self.run_worker(self._fail(secret))
            case "thread":
                self.run_worker(offload(self._fail_here, secret))
            case "timer":
                self.set_timer(0.01, lambda: self._fail_here(secret))
            case "render":
                self.mount(Bad())
            case "task":
                self.leak = asyncio.get_running_loop().create_task(self._fail(secret))
                del self.leak
            case "chain":
                try:
                    self._fail_here(secret)
                except ValueError as error:
                    raise RuntimeError(f"{secret} again") from error
            case "input":
                self.app._driver.process_message = self._fail_at  # type: ignore[union-attr,assignment]
            case "panic":
                self.app.panic(secret)

    async def _fail(self, secret: str) -> None:
        self._fail_here(secret)

    def _fail_at(self, message: Message) -> None:
        secret = f"{CANARY}-{message}"
        raise ValueError(secret)

    def _fail_here(self, secret: str) -> None:
        raise ValueError(secret)


class Crashing(TerminalApp):
    NAME = "Crashing"

    def __init__(self, how: str, report: Path) -> None:
        super().__init__(report=lambda line: report.write_text(report.read_text() + line + "\n"))
        self.how = how

    def on_mount(self) -> None:
        self.push_screen(Failing())


def main() -> None:
    report = Path(sys.argv[2])
    report.write_text("")
    app = Crashing(sys.argv[1], report)
    app.run()
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
