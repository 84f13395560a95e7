"""`lockwright serve` as a process of a test's own, and the OpenSSH client that comes to it."""

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path


@contextlib.contextmanager
def served(command: Sequence[str], told: Path) -> Iterator[int]:
    """The port of the server that `command` starts, and that is drained in the end; what it says goes to `told`."""
    with told.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[2])
    try:
        yield _port_in(told)
    finally:
        for _ in range(2):  # the second ends it at once
            server.send_signal(signal.SIGTERM)
            time.sleep(0.2)
        assert server.wait(60) == 0, told.read_text()


def _port_in(told: Path) -> int:
    until = time.monotonic() + 100
    while time.monotonic() < until:
        found = re.search(r"port (\d+)", told.read_text())
        if found:
            return int(found[1])
        time.sleep(0.1)
    raise AssertionError(told.read_text())


def ssh(port: int, *options: str) -> list[str]:
    """The command line of a client that trusts whatever is there, on this machine only."""
    trust = ("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR")
    return ["ssh", "-F", "none", "-p", str(port), *trust, *options, "ada@127.0.0.1"]
