"""What a process gives up before it meets the world."""

import ctypes
import os
import pwd
import resource
import signal
from collections.abc import Collection
from pathlib import Path

from core.errors import LockwrightError

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_LARGE = 256 * 1024


_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int | bytes) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def call_this(part: str) -> None:
    """Show this process as `part` in the system's list of processes (at most 15 signs)."""
    _prctl(_PR_SET_NAME, part.encode("ascii"))


def die_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none is lost."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def keep_memory_private() -> None:
    """No core file, and no other process of this user may look into this one's memory (ASVS 13.4.2)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def give_way(steps: int) -> None:
    """Become nicer by `steps`: whoever did not goes first wherever both want the same core."""
    os.setpriority(os.PRIO_PROCESS, 0, min(19, os.getpriority(os.PRIO_PROCESS, 0) + steps))


def become(user: str | None) -> None:
    """Turn into the system user `user` for good, when running as root; nothing when `user` is None."""
    if user is not None and os.geteuid() == 0:
        try:
            entry = pwd.getpwnam(user)
        except KeyError:
            raise LockwrightError(f"There is no system user {user!r} to serve as.") from None
        os.setgroups([])
        os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
        os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def keep_only(descriptors: Collection[int]) -> None:
    """Close every descriptor but the standard ones and these."""
    keep = {0, 1, 2, *descriptors}
    for entry in list(Path("/proc/self/fd").iterdir()):
        descriptor = int(entry.name)
        if descriptor not in keep:
            try:
                os.close(descriptor)
            except OSError:
                continue  # the one that listed the folder


def forget_signals() -> None:
    """Signals do what they do by default again, and none is blocked."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN if number in (signal.SIGINT, signal.SIGPIPE) else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def limit(*, memory: int, files: int) -> None:
    """Allocate no more than `memory` bytes and open no more than `files` descriptors."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def keep_memory_small() -> None:
    """Threads share one heap, and what is large goes back to the system when it is freed (an Argon2id hash: 19 MiB).

    Left to itself, glibc gives each thread a heap, and after the first large block that was freed it keeps the next ones.
    """
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(_M_ARENA_MAX, 1)
        _libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        _libc.mallopt(_M_TRIM_THRESHOLD, _LARGE)


def raise_descriptors() -> None:
    """As many descriptors as the system allows this process."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def children_of(pid: int) -> list[int]:
    """The processes that `pid` started and that still run."""
    try:
        return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []
