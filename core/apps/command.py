"""What the commands of both apps share: their options, this terminal, and where a crash is written down."""

import argparse
import asyncio
import getpass
import os
import signal
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core.errors import LockwrightError
from core.settings import Settings, load
from core.terminal.peer import Peer, local_peer

if TYPE_CHECKING:
    from core.apps.app import JourneyApp
    from core.apps.serving import Where  # --help and a wrong setting need no Textual


def parser_of(program: str, description: str) -> argparse.ArgumentParser:
    """The options that every app's command has."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="the home folder (default: $LOCKWRIGHT_HOME, or your data folder)"
    )
    parser.add_argument("--version", action="version", version=f"Lockwright {version('lockwright')}")
    return parser


def add_serve(parser: argparse.ArgumentParser, *, port: int, whom: str) -> None:
    """The command `serve`, which lets `whom` in over SSH, on `port` unless told otherwise."""
    commands = parser.add_subparsers(dest="command", metavar="[serve]")
    serve = commands.add_parser(
        "serve", help=f"let {whom} in over SSH", description=f"Let {whom} in over SSH; docs/serving.md tells the rest."
    )
    serve.add_argument("--host", default="", help="the address to listen on (default: every one)")
    serve.add_argument("--port", type=int, default=port, help=f"the port to listen on (default: {port})")
    serve.add_argument(
        "--user", metavar="NAME", help="when started as root: who the sessions run as, owner of the home"
    )
    serve.add_argument("--front-user", metavar="NAME", help="when started as root: who takes connections")


def settings_of(program: str, home: Path | None) -> Settings:
    """The settings, or one line that says what is wrong with them, and exit code 1."""
    try:
        return load(home, os.environ)
    except LockwrightError as error:
        sys.exit(f"{program}: {error}")


def serve_or_say(
    program: str, serve: "Callable[[Settings, Where], int]", settings: Settings, asked: argparse.Namespace
) -> NoReturn:
    """Serve as asked until told to stop, or say in one line why that is not possible, with exit code 1."""
    from core.apps.serving import Where  # noqa: PLC0415  # a local start needs no SSH

    try:
        sys.exit(serve(settings, Where(asked.host, asked.port, asked.user, asked.front_user)))
    except LockwrightError as error:
        sys.exit(f"{program}: {error}")


def is_terminal() -> bool:
    """Whether a person can see and type here."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def needs_terminal(program: str) -> NoReturn:
    """Say that there is none; exit code 1."""
    sys.exit(f"{program}: this is an app for a terminal; standard input and output must be one.")


def run_here(app: "JourneyApp", peer: Peer) -> NoReturn:
    """Run `app` in this terminal for `peer`; exit code 0 after leaving it, 1 when it had to stop."""
    app.suit(peer)
    app.arrived(peer)
    asyncio.run(_until_left(app))
    sys.exit(app.return_code or 0)


async def _until_left(app: "JourneyApp") -> None:
    """Run `app`; a hang-up, or being told to end, is a way to leave as well."""
    loop = asyncio.get_running_loop()
    leaving: list[asyncio.Task[None]] = []
    for number in (signal.SIGHUP, signal.SIGTERM):
        loop.add_signal_handler(number, lambda code: leaving.append(loop.create_task(app.hang_up(code))), 128 + number)
    await app.run_async()


def peer_here(environ: Mapping[str, str]) -> Peer:
    """The person at this machine's own terminal."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    return local_peer(user, environ)
