"""How each process of a server begins: what it keeps of its parent's descriptors, as whom it runs, what it is told."""

import json
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

from core.errors import LockwrightError
from core.terminal.crash import frames_of
from core.terminal.peer import Peer
from core.terminal.ssh import clerk, hardening
from core.terminal.ssh.clerk import Work
from core.terminal.ssh.log import log
from core.terminal.ssh.rehearsal import Rehearsal
from core.terminal.ssh.settings import ServeSettings
from core.terminal.ssh.wire import pair

if TYPE_CHECKING:
    from core.terminal.app import TerminalApp  # the front, which imports this package, loads no Textual

_FRONT = "import sys; sys.path[:] = sys.argv[2].split(':'); from core.terminal.ssh.front.__main__ import main; main(sys.argv[1])"


@dataclass(slots=True)
class Line:
    """Both ends of a line between two processes."""

    near: socket.socket
    far: socket.socket

    @classmethod
    def new(cls) -> "Line":
        return cls(*pair())


@dataclass(frozen=True, slots=True)
class Doors:
    """All that connects the processes: whoever is started again finds it as it was."""

    listening: socket.socket
    host_key: int
    to_zygote: Line
    to_news: Line
    to_front: Line
    first_screen: tuple[int, int]
    """A pipe: the zygote says in it that it is ready."""

    def close(self) -> None:
        """Let go of every line."""
        for line in (self.to_zygote, self.to_news, self.to_front):
            line.near.close()
            line.far.close()
        self.listening.close()
        for descriptor in (self.host_key, *self.first_screen):
            os.close(descriptor)


def fork_zygote(
    doors: Doors, open_app: Callable[[Peer], "TerminalApp"], settings: ServeSettings, rehearsal: Rehearsal | None
) -> int:
    """Start the warm parent of all sessions; its id."""

    def be() -> NoReturn:
        line, ready = doors.to_zygote.far, doors.first_screen[1]
        hardening.keep_only([line.fileno(), ready])
        hardening.become(settings.user)
        hardening.die_with_parent()
        from core.terminal.ssh.zygote import serve_forks  # noqa: PLC0415  # Textual is loaded in the zygote only

        serve_forks(line, open_app, rehearsal, settings.limits, ready)

    return _fork("zygote", be)


def fork_clerk(doors: Doors, work: Work, settings: ServeSettings) -> int:
    """Start the process that does what is due; its id."""

    def be() -> NoReturn:
        news = doors.to_news.near
        hardening.keep_only([news.fileno()])
        hardening.become(settings.user)
        hardening.die_with_parent()
        clerk.keep_working(work, news)

    return _fork("clerk", be)


def exec_front(doors: Doors, settings: ServeSettings) -> int:
    """Start an interpreter of its own, with nothing of ours in its memory but what it is told; its id."""
    lines = {
        "zygote": doors.to_zygote.near.fileno(),
        "news": doors.to_news.far.fileno(),
        "supervisor": doors.to_front.far.fileno(),
        "listening": doors.listening.fileno(),
        "host_key": doors.host_key,
    }
    brief = {
        **lines,
        "name": settings.name,
        "user": settings.front_user,
        "drain": settings.drain,
        "limits": asdict(settings.limits),
        "guests": asdict(settings.guests) if settings.guests is not None else None,
        "parent": os.getpid(),
    }
    environ = {"LANG": "C.UTF-8", "PATH": os.defpath}

    def be() -> NoReturn:
        hardening.keep_only(list(lines.values()))
        for descriptor in lines.values():
            os.set_inheritable(descriptor, True)
        arguments = [sys.executable, "-I", "-c", _FRONT, json.dumps(brief), ":".join(filter(None, sys.path))]
        os.execve(sys.executable, arguments, environ)  # noqa: S606  # ourselves, with arguments of ours

    return _fork("front", be)


def _fork(name: str, be: Callable[[], NoReturn]) -> int:
    """Start a process that is `be` and nothing else; its id."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        hardening.call_this(name)
        hardening.forget_signals()
        be()
    except BaseException as error:  # noqa: BLE001  # the process ends here, whatever happened
        log(
            "process failed",
            name=name,
            error=frames_of(error),
            said=str(error) if isinstance(error, LockwrightError) else "",
        )
    finally:
        os._exit(1)


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises LockwrightError when the address cannot be used."""
    try:
        if not host and socket.has_dualstack_ipv6():
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise LockwrightError(f"Port {port} of {host or 'this machine'} cannot be used: {error.strerror}.") from error
