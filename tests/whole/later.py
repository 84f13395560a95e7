"""Programs as they are, on a later day: each reads the time off one file, which a test moves on.

`python -m tests.whole.later FILE MODULE ARGUMENTS...` is `python -m MODULE ARGUMENTS...` with that clock.
"""

import functools
import runpy
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Later:
    """A clock that goes as the machine's, so many seconds ahead as its file says."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def time(self) -> float:
        """The same as seconds since 1970."""
        return time.time() + float(self._file.read_text())

    def be(self, now: datetime) -> None:
        """Set the clock to `now`."""
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text(str((now - datetime.now(UTC)).total_seconds()))
        unfinished.replace(self._file)

    def pass_by(self, **by: float) -> None:
        """Let time pass for every program that has this clock, in the words of `timedelta`."""
        self.be(self() + timedelta(**by))

    def sleep(self, seconds: float) -> None:
        """What waiting is for whoever lives by this clock."""
        self.pass_by(seconds=seconds)

    def command(self, module: str, *arguments: str) -> list[str]:
        """The command line of `python -m MODULE`, living by this clock."""
        return [sys.executable, "-m", "tests.whole.later", str(self._file), module, *arguments]


def main() -> None:
    """Be the program that was named, with the clock replaced before anything asks for it."""
    import core.clock  # before whoever takes the clock from there

    later = Later(Path(sys.argv[1]))
    core.clock.system_clock = functools.partial(Later.__call__, later)
    module, sys.argv = sys.argv[2], sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
