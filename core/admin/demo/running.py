"""The two servers of a demo, started together and ended together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from core.admin.demo.ways_in import Ports
from core.errors import LockwrightError
from core.settings import PREFIX

LOG_FILE = "servers.log"
HOST = "127.0.0.1"
_SOON = 0.3
"""Seconds between the two signals that end a server: the second is for sessions that would keep it."""
_PATIENCE = 10.0
_LISTENS = " listens on "

Server = subprocess.Popen[str]


def run(home: Path, ports: Ports, started: Callable[[], None]) -> None:
    """Serve both apps on this machine, call `started` when they listen, and go on until ctrl+c or SIGTERM.

    Raises LockwrightError when one of them cannot start or ends by itself; its log is in the home folder.
    """
    for number in (signal.SIGTERM, signal.SIGINT):  # also where a shell started this beside itself, and ignores ctrl+c
        signal.signal(number, signal.default_int_handler)
    wanted = (("tui", ports.accounts), ("support_console", ports.console))
    with contextlib.suppress(KeyboardInterrupt), (home / LOG_FILE).open("a", encoding="utf-8") as log:
        commands = [
            [program, "--home", str(home), "serve", "--host", HOST, "--port", str(port)] for program, port in wanted
        ]
        with _servers(commands, log) as servers:
            for server in servers:
                _see_it_listen(server, home / LOG_FILE)
            started()
            while all(server.poll() is None for server in servers):
                time.sleep(0.2)
            raise LockwrightError(f"A server ended; {home / LOG_FILE} says why.")


@contextlib.contextmanager
def _servers(commands: Sequence[Sequence[str]], log: TextIO) -> Iterator[list[Server]]:
    """Processes that are told to end, and have ended, when the block is left."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    servers: list[Server] = []
    try:
        servers.extend(_start(command, environ, log) for command in commands)
        yield servers
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for server in servers:
            server.terminate()
        time.sleep(_SOON if servers else 0)
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(_PATIENCE)
            if server.stdout is not None:
                server.stdout.close()


def _start(command: Sequence[str], environ: Mapping[str, str], log: TextIO) -> Server:
    return subprocess.Popen(  # noqa: S603  # our own programs
        [sys.executable, "-m", *command],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,  # ctrl+c is for this process, which then ends them
    )


def _see_it_listen(server: Server, log: Path) -> None:
    """Return when it listens; LockwrightError with its last line when it ends instead."""
    assert server.stdout is not None  # as it was started
    for line in server.stdout:
        if _LISTENS in line:
            return
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    raise LockwrightError(said[-1] if said else "A server did not start.")
