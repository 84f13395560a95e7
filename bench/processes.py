"""What a tree of processes costs, read from /proc."""

import os
import time
from pathlib import Path

_OF_PROCESS = 2
"""What makes a process id the id of its clock of processor time (Linux, clock_getcpuclockid), in nanoseconds."""


def tree(*roots: int) -> list[int]:
    """The processes `roots` and all that they started, as far as they run."""
    found: list[int] = []
    for pid in roots:
        if Path(f"/proc/{pid}").exists():
            found.append(pid)
            try:
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            except OSError:
                children = []
            found += tree(*(int(child) for child in children))
    return found


def cpu(pids: list[int]) -> float:
    """Seconds of processor that these have used so far, with threads that have ended."""
    total = 0.0
    for pid in pids:
        try:
            total += time.clock_gettime(~pid << 3 | _OF_PROCESS)
        except OSError:
            continue
    return total


def pss(pids: list[int]) -> float:
    """Megabytes that these hold, what they share counted in parts."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1000


def resident(pid: int) -> float:
    """Megabytes of `pid` that are in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1000


def named(pids: list[int], name: str) -> list[int]:
    """Those of `pids` that call themselves `name`."""
    kept = []
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                kept.append(pid)
        except OSError:
            continue
    return kept


def names(pids: list[int]) -> set[str]:
    """What `pids` call themselves."""
    found = set()
    for pid in pids:
        try:
            found.add(Path(f"/proc/{pid}/comm").read_text().strip())
        except OSError:
            continue
    return found


def descriptors(pid: int) -> int:
    """How many descriptors `pid` has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def taken(seconds: float = 1.5) -> float:
    """Per cent of all processors that are busy while nothing is measured."""
    before = _busy()
    time.sleep(seconds)
    return round((_busy() - before) / seconds / (os.cpu_count() or 1) * 100)


def _busy() -> float:
    """Seconds that all processors have worked so far."""
    user, nice, system, _, _, *rest = (
        int(number) for number in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + sum(rest[:3])) / os.sysconf("SC_CLK_TCK")
