"""The process that does the due work, and passes on which sessions something happened to."""

import os
import socket
import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from core.errors import LockwrightError
from core.terminal.ssh import hardening
from core.terminal.ssh.log import log
from core.terminal.ssh.wire import News, packed

Work = Callable[[], "Iterable[str] | None"]
"""Does what is due now; the tags of sessions that it changed, if any."""

EVERY = 1.0
"""Seconds between two calls."""


def keep_working(work: Work, news: socket.socket) -> NoReturn:
    """Call `work` every second, for ever. What it cannot do is logged by type and tried again."""
    hardening.keep_memory_private()
    parent = os.getppid()
    said = ""
    while os.getppid() == parent:
        began = time.monotonic()
        try:
            for tag in work() or ():
                _pass_on(news, tag)
            said = ""
        except Exception as error:  # noqa: BLE001  # tomorrow's work does not fail for today's
            wrong = str(error) if isinstance(error, LockwrightError) else type(error).__name__
            if wrong != said:
                log("due work failed", error=wrong)
            said = wrong
        time.sleep(max(0.05, EVERY - (time.monotonic() - began)))
    os._exit(0)


def _pass_on(news: socket.socket, tag: str) -> None:
    try:
        news.send(packed(News(tag)), socket.MSG_DONTWAIT)
    except OSError:
        log("news not passed on")  # each session finds out by itself, later
