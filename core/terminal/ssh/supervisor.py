"""The process that `serve` is called in: it starts the others, and starts again what dies.

It holds both ends of every line between them, so that whoever is started again finds the line as it was. It reads
nothing from the network and keeps no key.
"""

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from core.errors import LockwrightError
from core.terminal.peer import Peer
from core.terminal.ssh import hardening, host_key
from core.terminal.ssh.clerk import Work
from core.terminal.ssh.log import log
from core.terminal.ssh.rehearsal import Rehearsal
from core.terminal.ssh.settings import ServeSettings
from core.terminal.ssh.starting import Doors, Line, exec_front, fork_clerk, fork_zygote, listen

if TYPE_CHECKING:
    from core.terminal.app import TerminalApp  # the front, which imports this package, loads no Textual

_SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_STARTING = 60.0
"""Seconds that the first start of a process may take."""
_SOON = 5.0
"""A process that lives shorter than this is started again only after a pause."""


def serve(
    open_app: Callable[[Peer], "TerminalApp"], work: Work, settings: ServeSettings, rehearsal: Rehearsal | None = None
) -> int:
    """Serve until SIGTERM; the exit code. A second SIGTERM ends at once.

    Raises LockwrightError, with a sentence, when the address is taken, the host key cannot be used, or the first
    screen cannot be composed.
    """
    if sys.platform != "linux":
        raise LockwrightError("Serving over SSH needs Linux.")
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    hardening.adopt_orphans()
    with contextlib.closing(_Supervisor(open_app, work, settings, rehearsal)) as supervisor:
        return supervisor.run()


@dataclass(slots=True)
class _Post:
    """A process that must be there."""

    name: str
    start: Callable[[], int]
    pid: int = 0
    since: float = 0
    pause: float = 0
    due: float | None = 0
    """When to start it, None while it runs."""


@dataclass(slots=True)
class _Doomed:
    """Children whose front is gone: killed at `at` if they are still there."""

    handles: list[int] = field(default_factory=list)
    at: float = 0


class _Supervisor:
    def __init__(
        self,
        open_app: Callable[[Peer], "TerminalApp"],
        work: Work,
        settings: ServeSettings,
        rehearsal: Rehearsal | None,
    ) -> None:
        self._settings = settings
        self._doors = doors = Doors(
            listen(settings.host, settings.port),
            host_key.open_or_make(settings.host_key),
            Line.new(),
            Line.new(),
            Line.new(),
            os.pipe(),
        )
        self._doomed = _Doomed()
        self._posts = [
            _Post("zygote", partial(fork_zygote, doors, open_app, settings, rehearsal)),
            _Post("front", partial(exec_front, doors, settings)),
            _Post("clerk", partial(fork_clerk, doors, work, settings)),
        ]

    def close(self) -> None:
        """Let go of every line."""
        self._doors.close()

    def run(self) -> int:
        zygote_post, front, clerk_post = self._posts
        hardening.call_this("supervisor")
        self._start(zygote_post)
        self._start(front)  # beside it: each loads much, and neither needs the other yet
        if not self._answers(self._doors.first_screen[0]):
            self._stop(signal.SIGKILL)
            raise LockwrightError("The first screen could not be composed; the log says why.")
        if not self._answers(self._doors.to_front.near.fileno()):
            self._stop(signal.SIGKILL)
            raise LockwrightError("The SSH front did not start; the log says why.")
        self._doors.to_front.near.recv(64)
        self._start(clerk_post)
        host, port = self._doors.listening.getsockname()[:2]
        print(f"{self._settings.name} listens on {host} port {port}. Host key: {self._fingerprint()}", flush=True)  # noqa: T201
        return self._watch()

    def _watch(self) -> int:
        while True:
            wake = min([post.due for post in self._posts if post.due is not None] or [time.monotonic() + 1])
            got = signal.sigtimedwait(_SIGNALS, max(0.0, min(1.0, wake - time.monotonic())))
            if got is not None and got.si_signo in (signal.SIGTERM, signal.SIGINT):
                return self._drain()
            self._reap()
            self._end_doomed()
            now = time.monotonic()
            for post in self._posts:
                if post.due is not None and post.due <= now:
                    self._start(post)

    def _start(self, post: _Post) -> None:
        post.pid = post.start()
        post.since = time.monotonic()
        post.due = None

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for post in self._posts:
                if post.pid == pid:
                    self._lost(post, status)

    def _lost(self, post: _Post, status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        log("process lost", name=post.name, code=code)
        now = time.monotonic()
        post.pause = 0 if now - post.since > _SOON else min(5.0, post.pause * 2 + 0.1)
        post.due = now + post.pause
        post.pid = 0
        if post.name == "front":
            self._doom_children(now)

    def _doom_children(self, now: float) -> None:
        """The channels of all children are gone: they end by themselves, but for those that hang."""
        pids = hardening.children_of(os.getpid()) + hardening.children_of(self._posts[0].pid)
        ours = {post.pid for post in self._posts}
        for pid in pids:
            if pid not in ours:
                try:
                    self._doomed.handles.append(os.pidfd_open(pid))
                except OSError:
                    continue  # gone already
        self._doomed.at = now + self._settings.limits.hang

    def _end_doomed(self, *, at_once: bool = False) -> None:
        if self._doomed.handles and (at_once or time.monotonic() >= self._doomed.at):
            for handle in self._doomed.handles:
                with contextlib.suppress(OSError):  # it has ended
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                os.close(handle)
            self._doomed.handles = []

    # The end

    def _drain(self) -> int:
        """No new connection; a notice on every screen; the end when everybody has left or the time is over."""
        settings = self._settings
        self._doors.listening.close()
        front = self._posts[1]
        until = time.monotonic() + settings.drain + 3
        self._doors.to_front.near.send(b"drain")
        while front.pid and time.monotonic() < until:
            got = signal.sigtimedwait(_SIGNALS, 0.2)
            if got is not None and got.si_signo in (signal.SIGTERM, signal.SIGINT):
                break
            self._reap()
        self._stop(signal.SIGTERM)
        return 0

    def _stop(self, number: int) -> None:
        """End every process, and see that none is left."""
        self._doom_children(time.monotonic())
        for post in self._posts:
            if post.pid:
                os.kill(post.pid, number)
        until = time.monotonic() + self._settings.limits.hang
        while time.monotonic() < until and self._any_left():
            time.sleep(0.02)
        for post in self._posts:
            if post.pid:
                os.kill(post.pid, signal.SIGKILL)
        self._end_doomed(at_once=True)
        until = time.monotonic() + self._settings.limits.hang
        while time.monotonic() < until and self._any_left():
            time.sleep(0.02)

    def _any_left(self) -> bool:
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            for post in self._posts:
                if post.pid == pid:
                    post.pid = 0

    def _answers(self, descriptor: int) -> bool:
        """Whether a process that has just been started says that it is ready before it dies."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        until = time.monotonic() + _STARTING
        while time.monotonic() < until:
            if poll.poll(100):
                return True
            self._reap()
            if any(post.pid == 0 and post.since for post in self._posts):
                return bool(poll.poll(0))
        return False

    def _fingerprint(self) -> str:
        return host_key.fingerprint(self._settings.host_key)
