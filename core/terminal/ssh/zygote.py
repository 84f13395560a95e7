"""The warm parent of all sessions: it composes the first screen once and forks on request.

It holds no user's data, no database and no socket to anybody but the front, and it has one thread, since a fork
copies memory and nothing else. What a child needs of its own (services, threads, connections) it makes after the fork.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from core.errors import LockwrightError
from core.terminal.app import TerminalApp
from core.terminal.peer import Peer
from core.terminal.ssh import dense, hardening, warming
from core.terminal.ssh.child import live
from core.terminal.ssh.composing import Composed, Sheets, blank_for, compose, compose_all
from core.terminal.ssh.lately import Kind, Lately, told
from core.terminal.ssh.log import log
from core.terminal.ssh.rehearsal import Rehearsal
from core.terminal.ssh.settings import Limits

QUIET = 0.3
"""Seconds without a request after which there is time to make a screen for a terminal that comes often."""

BELOW_THE_FRONT = 10
"""Steps of niceness of every session: what one draws must not keep the front from passing on the keys of the others."""


def serve_forks(
    line: socket.socket,
    open_app: Callable[[Peer], TerminalApp],
    rehearsal: Rehearsal | None,
    limits: Limits,
    ready: int,
) -> NoReturn:
    """Compose what `open_app` opens, write to the descriptor `ready`, then fork one child for each request on `line`."""
    hardening.give_way(BELOW_THE_FRONT)
    hardening.keep_memory_private()  # what is given up here is given up in every child
    hardening.limit(memory=limits.memory, files=limits.files)
    hardening.keep_memory_small()
    _forget_this_terminal()
    sheets = warming.rehearse(rehearsal or warming.KEYS_ALONE)
    composed = compose_all(open_app, sheets)
    if threading.active_count() != 1:
        raise LockwrightError("The first screen started a thread; it must wait for `arrived` with that.")
    _settle_memory()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
    os.write(ready, b"ready")
    os.close(ready)
    lately = Lately({Kind(one.depth, one.size) for one in composed})
    quiet = select.poll()
    quiet.register(line, select.POLLIN)
    while True:
        if lately.hopes and not quiet.poll(QUIET * 1000):
            kind = lately.due(time.monotonic())
            if kind is not None:
                composed += _one_more(open_app, kind, sheets)
            continue
        request, descriptors, _, _ = socket.recv_fds(line, 64, 1)
        if not request:
            os._exit(0)
        if descriptors:
            _fork(line, request, descriptors[0], composed)
        else:
            with contextlib.suppress(ValueError):  # the front is believed in nothing
                lately.note(told(request))


def _one_more(open_app: Callable[[Peer], TerminalApp], kind: Kind, sheets: Sheets) -> tuple[Composed, ...]:
    """The first screen for `kind`; nothing when it cannot be made, since others are there."""
    try:
        return (compose(open_app, blank_for(kind), sheets),)
    except LockwrightError as error:
        log("no screen made", error=str(error))
        return ()
    finally:
        _settle_memory()


def _settle_memory() -> None:
    """Nothing that is there now is looked at again by the garbage collector of a child, and no hole is left in it."""
    gc.collect()
    dense.fill_holes()
    gc.freeze()


def _fork(line: socket.socket, request: bytes, channel: int, composed: tuple[Composed, ...]) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        log("no fork", error=error.strerror or "")
        os.close(channel)
        line.send(request)
        return
    if pid == 0:
        line.close()
        live(socket.socket(fileno=channel), composed)
    os.close(channel)
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        line.send(request)  # it has ended already
        return
    socket.send_fds(line, [request], [handle])
    os.close(handle)


def _forget_this_terminal() -> None:
    """What the operator's own terminal is like says nothing about anybody else's."""
    for name in list(os.environ):
        if name.startswith("TEXTUAL") or name in {"NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "TERM_PROGRAM"}:
            del os.environ[name]
    os.environ["TERM"] = "xterm-256color"
