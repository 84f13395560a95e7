"""`lockwright-admin` run inside the test: the same words, streams and exit code without half a second of start each time."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.admin import __main__ as command
from core.admin import common
from core.services import Services, open_services


@dataclass(frozen=True)
class Ended:
    """How it ended and what it printed, by the names that `subprocess` gives them."""

    returncode: int
    stdout: str
    stderr: str


def admin(home: Path, *words: str, typed: str = "") -> Ended:
    """Run the command with `typed` on its standard input; an error that would be a traceback is raised."""
    opened: list[Services] = []

    def kept(*settings: Any) -> Services:
        opened.append(open_services(*settings))
        return opened[-1]

    streams = {name: _pipe(typed if name == "stdin" else "") for name in ("stdin", "stdout", "stderr")}
    with pytest.MonkeyPatch.context() as process:
        process.setattr(sys, "argv", ["lockwright-admin", "--home", str(home), *words])
        process.setattr(sys, "excepthook", sys.excepthook)  # typer puts its own there
        process.setattr(common, "open_services", kept)  # what the end of a process closes
        for name, stream in streams.items():
            process.setattr(sys, name, stream)
        try:
            command.main()
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            for services in opened:
                services.close()
    assert isinstance(code, int), code
    return Ended(code, _read(streams["stdout"]), _read(streams["stderr"]))


def _pipe(text: str) -> io.TextIOWrapper:
    """A stream that is no terminal."""
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")


def _read(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
