"""A small app to type at, with screens of every kind that type-ahead meets.

python -m tests.terminal.desk [seconds that checking a password takes]
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial

from textual import on, work
from textual.app import ComposeResult

from core.terminal.app import TerminalApp
from core.terminal.offload import offload, offload_quietly
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words


class SignIn(Page[tuple[str, str]]):
    """Name and password: `right` is right, anything else is refused, and the password is asked again."""

    def __init__(self, check: Callable[[], object]) -> None:
        super().__init__()
        self.check = check

    def compose(self) -> ComposeResult:
        yield Title("Sign in")
        with Body():
            yield Field("Name", limit=32, id="name")
            yield PasswordField(id="password")
            yield Notice(id="outcome")
        yield BottomLine(right=[("enter", "go on")])

    @on(Field.Changed, "#name")
    @work(exclusive=True)
    async def muse(self) -> None:
        """What a strength meter does: work for each key that nobody waits for."""
        await offload_quietly(time.sleep, 0.01)

    @work
    async def submit(self) -> None:
        name = self.query_one("#name", Field).value
        password = self.query_one("#password", PasswordField).secret.reveal()
        with self.busy("checking"):
            await offload(self.check)
        if password == "right":
            self.dismiss((name, password))
        else:
            self.query_one("#password", PasswordField).clear()
            self.query_one("#outcome", Notice).say("That name and password do not match.", Tone.DANGER)
            self.query_one("#password", PasswordField).focus()


class Token(Page[str]):
    """Six digits, and two ways out by letter."""

    def compose(self) -> ComposeResult:
        yield Title("Second factor")
        with Body():
            yield CodeField("Token", form=TOKEN, id="token")
            yield Choices(Choice("b", "Backup Code"), Choice("r", "Recover your Account"))
        yield BottomLine(right=[("enter", "verify")])

    def submit(self) -> None:
        self.dismiss(self.query_one("#token", CodeField).value)

    @on(Choices.Chosen)
    def leave(self, event: Choices.Chosen) -> None:
        self.dismiss(event.choice.label)


class Account(Page[str]):
    """A menu with something grave in it."""

    def compose(self) -> ComposeResult:
        yield Title("Account")
        with Body():
            yield Choices(Choice("p", "Change password"), Choice("d", "Disable 2FA"), Choice("m", "Message"))
        yield BottomLine()

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        self.dismiss(event.choice.label)


class Open(Page[str]):
    """A visible field."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.sentence = title

    def compose(self) -> ComposeResult:
        yield Title(self.sentence)
        with Body():
            yield Field("Visible", id="visible")
        yield BottomLine()

    def submit(self) -> None:
        self.dismiss(self.query_one("#visible", Field).value)


class Menu(Page[str]):
    def compose(self) -> ComposeResult:
        yield Title("Desk")
        with Body():
            yield Words("Choose.")
            yield Choices(
                Choice("s", "Sign in"),
                Choice("t", "Sign in with token"),
                Choice("v", "Visible"),
                Choice("q", "Question"),
            )
        yield BottomLine()

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        self.dismiss(event.choice.key)

    def action_back(self) -> None:
        """There is nothing behind this."""


class Desk(TerminalApp):
    """A journey over them; `told` is what the screens answered, in order."""

    NAME = "Desk"

    def __init__(self, delay: float = 0.05) -> None:
        super().__init__()
        self.check: Callable[[], object] = partial(time.sleep, delay)
        self.answers: list[object] = []

    def on_mount(self) -> None:
        self.run_worker(self.journey())

    async def journey(self) -> None:
        while True:
            match await self.push_screen_wait(Menu()):
                case "s":
                    await self._signed_in(Account())
                case "t":
                    await self._signed_in(Token())
                case "v":
                    await self._signed_in(Open("Not what you think"))
                case "q":
                    self.answers.append(await self.push_screen_wait(Confirm("Sure?", yes="Do it")))
                case _:
                    self.exit()
                    return

    async def _signed_in(self, then: Page[str]) -> None:
        answer = await self.push_screen_wait(SignIn(self.check))
        self.answers.append(answer)
        if answer is None:
            return
        answer = await self.push_screen_wait(then)
        self.answers.append(answer)
        if answer == "Disable 2FA":
            self.answers.append(await self.push_screen_wait(Confirm("Disable 2FA?", yes="Disable 2FA")))


def main() -> None:
    app = Desk(float(sys.argv[1]) if len(sys.argv) > 1 else 0.05)
    app.run()
    print("answers", json.dumps(app.answers))
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
