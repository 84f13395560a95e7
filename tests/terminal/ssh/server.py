"""A server of a test's own: started, read, stopped, and seen to leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.terminal.ssh.hardening import children_of

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0


class Server:
    """A running server; `log` holds its lines so far."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.process = process
        self.log: list[str] = []
        self.port = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.log.append(line.rstrip("\n"))

    def says(self, text: str, *, patience: float = PATIENCE, times: int = 1) -> str:
        """Wait until a line of the log holds `text` (for the n-th time); that line."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            lines = [line for line in list(self.log) if text in line]
            if len(lines) >= times:
                return lines[times - 1]
            if self.process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"{text!r} was not logged:\n" + "\n".join(self.log))

    @property
    def pid(self) -> int:
        return self.process.pid

    def part(self, name: str) -> int:
        """The process id of the front, the zygote or the clerk."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for pid in children_of(self.pid):
                if _named(pid) == name:
                    return pid
            time.sleep(0.05)
        raise AssertionError(f"there is no {name}")

    @property
    def sessions(self) -> list[int]:
        """The processes of all sessions."""
        return [pid for pid in self.everything() if _named(pid) == "session"]

    def no_sessions(self, *, patience: float = PATIENCE) -> None:
        """Wait until no session's process is left."""
        until = time.monotonic() + patience
        while self.sessions:
            assert time.monotonic() < until, f"left behind: {self.sessions}"
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def everything(self) -> list[int]:
        """Every process that this server ever started and that still runs."""
        return [pid for pid in _processes() if _session_of(pid) == self.pid and _state(pid) != "Z"]


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _session_of(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[3]) if stat else 0


def _state(pid: int) -> str:
    stat = _stat(pid)
    return stat[0] if stat else "Z"


def _named(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@contextmanager
def serving(folder: Path, **told: Any) -> Iterator[Server]:
    """A server with a host key in `folder`, stopped and gone at the end."""
    with started(folder, "tests.terminal.ssh.served", str(folder / "key"), json.dumps(told)) as server:
        yield server


@contextmanager
def started(folder: Path, module: str, *arguments: str) -> Iterator[Server]:
    """The server that a program is, on a port of its own choice, stopped and gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TEXTUAL_DRIVER": "no.such:Driver", "NO_COLOR": "1"},
    )
    server = Server(folder, process)
    try:
        server.port = int(server.says("listens on").split(" port ")[1].split(".")[0])
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            left = server.everything()
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            server._reader.join(PATIENCE)
            process.stdout.close()
    assert not left, f"left behind: {left}"
