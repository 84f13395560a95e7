"""A small app behind a real server, which does on request what apps do at their worst.

python -m tests.terminal.ssh.served HOST_KEY [settings as JSON]
"""

import asyncio
import json
import os
import random
import ssl
import sys
import time
from dataclasses import replace
from pathlib import Path

from textual import work
from textual.app import ComposeResult

from core.errors import LockwrightError
from core.terminal.app import TerminalApp
from core.terminal.offload import offload
from core.terminal.peer import Peer
from core.terminal.screens.page import Body, Page
from core.terminal.ssh import Limits, ServeSettings, serve
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.tokens import Tokens


def _descriptors() -> list[str]:
    return sorted(entry.name for entry in Path("/proc/self/fd").iterdir())


class Porch(Page[None]):
    """The first screen: says who came, takes a word."""

    def compose(self) -> ComposeResult:
        yield Title("Porch")
        yield Words("", id="answer")
        with Body():
            yield Words("Nobody is there yet.", id="who")
            yield Field("Word", limit=64, id="word")
            yield PasswordField(id="password")
        yield BottomLine(right=[("enter", "say it")])

    def action_back(self) -> None:
        """Nothing is behind this."""

    def say(self, text: str) -> None:
        self.query_one("#answer", Words).say(text)

    @work
    async def submit(self) -> None:
        field = self.query_one("#word", Field)
        word, _, rest = field.value.partition(" ")
        password = self.query_one("#password", PasswordField).secret.reveal()
        field.focus()
        match word:
            case "crash":
                raise RuntimeError(f"the password is {password}")
            case "vanish":
                os._exit(77)
            case "hang":
                time.sleep(600)  # noqa: ASYNC251  # that is the point
            case "leave":
                self.app.exit(return_code=int(rest))
            case "chance":
                numbers = [random.random(), ssl.RAND_bytes(8).hex(), Tokens().identifier()]
                self.say(f"chance {numbers}")
            case "sign-in":
                self.app.known_to(rest)  # type: ignore[attr-defined]
                self.say("signed in")
            case "self":
                self.say(
                    f"self pid={os.getpid()} fds={sorted(entry.name for entry in Path('/proc/self/fd').iterdir())}"  # noqa: ASYNC240
                )
            case "limits":
                import resource

                self.say(f"core={resource.getrlimit(resource.RLIMIT_CORE)} env={sorted(os.environ)}")
            case "size":
                self.say(f"size {self.app.size.width} x {self.app.size.height}")
            case "ask":
                self.app.asked.put_nowait(float(rest))  # type: ignore[attr-defined]
            case "think":
                await offload(time.sleep, float(rest))
                self.say("thought")
            case _:
                self.say(f"you said {word} {len(password)}")


class Served(TerminalApp):
    NAME = "Porch"

    def get_default_screen(self) -> Porch:
        return Porch()

    def welcome(self, peer: Peer) -> None:
        self.screen.query_one("#who", Words).say(
            f"from {peer.source} key {peer.fingerprint} user {peer.user} term {peer.term} depth {peer.depth}"
        )

    def arrived(self, peer: Peer) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self.run_worker(self.journey())

    async def journey(self) -> None:
        """Goes on for as long as the app, as the journeys of real ones do."""
        while True:
            await offload(time.sleep, await self.asked.get())
            self.screen.query_one("#answer", Words).say("the journey goes on")

    def news(self, tag: str) -> None:
        self.screen.query_one("#who", Words).say(f"news for {tag}")


class Chores:
    """Due work that reads what to pass on from a file, and dies when told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self) -> list[str]:
        (self.folder / "clerk").write_text(str(os.getpid()))
        news = self.folder / "news"
        if not news.exists():
            return []
        tags = news.read_text().split()
        news.unlink()
        if tags == ["fail"]:
            raise RuntimeError("a secret")
        return tags


def main(host_key: str, told: str = "{}") -> int:
    wanted = json.loads(told)
    limits = Limits(**wanted.pop("limits", {}))
    settings = replace(
        ServeSettings(host_key=Path(host_key), host="127.0.0.1", port=0, name="Porch", limits=limits), **wanted
    )
    try:
        return serve(
            lambda _: Served(report=lambda line: print(line, file=sys.stderr)), Chores(Path(host_key).parent), settings
        )
    except LockwrightError as error:
        print(f"refused: {error}", flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
