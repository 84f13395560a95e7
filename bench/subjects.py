"""What is measured: Lockwright, and others of its kind where they are installed on this machine."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

ROOT = Path(__file__).parents[1]
SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin")
GOCODE = Path("/usr/share/gocode/src/github.com/charmbracelet/wish")


class Missing(Exception):
    """A peer cannot run here; the text says what is not installed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A server to be measured."""

    name: str
    port: int
    roots: Callable[[], list[int]]
    """The processes that it consists of, without those that they started."""
    to_form: bytes
    """What is typed to get from the first screen to a field."""
    form: str
    """What is seen there."""
    key: asyncssh.SSHKey | None = None
    user: str = "ada"


@contextmanager
def lockwright() -> Iterator[Subject]:
    """`lockwright serve`, with a home of its own."""
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+") as log:
        command = [
            sys.executable,
            "-m",
            "tui",
            "--home",
            str(Path(home) / "home"),
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
        ]
        with _running(command, stdout=log, stderr=log) as process:
            line = _awaited(Path(home) / "log", "port ", process)
            port = int(line.split("port ")[1].split(".")[0])
            yield Subject("Lockwright", port, lambda: [process.pid], b"s", "Name")


@contextmanager
def openssh() -> Iterator[Subject]:
    """OpenSSH, with the same app started anew for each session."""
    if not SSHD:
        raise Missing("OpenSSH's sshd (Debian: openssh-server)")
    with tempfile.TemporaryDirectory(dir="/run" if os.geteuid() == 0 else None) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host")], check=True)
        key = asyncssh.generate_private_key("ssh-ed25519")
        (folder / "keys").write_bytes(key.export_public_key())
        (folder / "session").write_text(f"#!/bin/sh\ncd {ROOT}\nexec {sys.executable} -m tui --home {folder}/home\n")
        (folder / "session").chmod(0o755)
        port = _free_port()
        (folder / "config").write_text(
            f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\nPermitRootLogin yes\n"
            f"AuthorizedKeysFile {folder}/keys\nStrictModes no\nForceCommand {folder}/session\nMaxStartups 100\n"
        )
        with _running([SSHD, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL) as process:
            _listens(port, process)
            yield Subject(
                "OpenSSH + a process", port, lambda: [process.pid], b"s", "Name", key, os.environ.get("USER", "root")
            )


@contextmanager
def wish() -> Iterator[Subject]:
    """A form of the same kind in Go, by charmbracelet/wish."""
    if not shutil.which("go") or not GOCODE.exists():
        raise Missing(
            "Go with wish (Debian: golang-go golang-github-charmbracelet-wish-dev golang-github-charmbracelet-bubbles-dev)"
        )
    with tempfile.TemporaryDirectory() as name:
        program = Path(name) / "wish"
        environ = {
            **os.environ,
            "GOPATH": "/usr/share/gocode",
            "GO111MODULE": "off",
            "GOCACHE": str(Path(name) / "cache"),
        }
        source = ROOT / "bench/wish/main.go"
        subprocess.run(["go", "build", "-o", str(program), str(source)], check=True, env=environ, cwd=source.parent)
        port = _free_port()
        with _running([str(program), str(port), str(Path(name) / "key")], stderr=subprocess.DEVNULL) as process:
            _listens(port, process)
            yield Subject("wish (Go)", port, lambda: [process.pid], b"", "Name")


@contextmanager
def _running(command: list[str], **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        for _ in range(2):
            if process.poll() is None:
                process.terminate()
                time.sleep(0.3)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _awaited(log: Path, text: str, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(600):
        for line in log.read_text().splitlines():
            if text in line:
                return line
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(log.read_text())


def _listens(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the peer does not listen")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
