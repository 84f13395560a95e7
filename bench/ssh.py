"""Serving over SSH, side by side with others of its kind in the same run.

    python -m bench ssh [--quick] [--only STAGE[,STAGE]] [--among SUBJECT[,SUBJECT]] [--report]

A stage measures its subjects (ours, openssh, wish) one after the other and is written to bench/ssh.json when it ends,
so that a run that is broken off, or one stage run again, loses nothing of the others. bench/RESULTS.md is written from
that file; `--report` does only that. `--quick` prints and writes nothing. Milliseconds depend on the machine, and on
what else it does: judge by the ratios to the peers.
"""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import processes, ssh_report
from bench.ssh_stages import (
    Figures,
    Stage,
    first_frames,
    left_behind,
    load,
    resting,
    resting_signed_in,
    while_signing_in,
)
from bench.subjects import Missing, Subject, lockwright, openssh, wish

SUBJECTS: dict[str, Callable[[], AbstractContextManager[Subject]]] = {
    "ours": lockwright,
    "openssh": openssh,
    "wish": wish,
}
SLOW = "openssh"
"""Each session of it takes most of a second: it gets fewer of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A stage: what is done, at full length and quickly, and whose it is."""

    full: Stage
    quick: Stage
    slow: Stage | None = None
    """What is done with a peer whose sessions are dear; nothing when None."""
    alone: bool = False
    """Whether only ours is measured: there is nothing of the kind elsewhere."""
    longest: int = 420
    """Seconds for one subject; then it is left as not finished."""


PLANS = {
    "frames": Plan(
        partial(first_frames, rounds=20, quiet=0.4),
        partial(first_frames, rounds=5, quiet=0.4),
        partial(first_frames, rounds=4, quiet=1.0, sizes=((80, 24), (200, 60))),
    ),
    "resting": Plan(partial(resting, count=100), partial(resting, count=20), alone=True),
    "signed_in": Plan(
        partial(resting_signed_in, count=300, seconds=600),
        partial(resting_signed_in, count=20, seconds=30),
        alone=True,
        longest=1740,  # people who do nothing are signed out after half an hour
    ),
    "load": Plan(
        partial(load, levels=(100, 300), runs=5, seconds=6),
        partial(load, levels=(100,), runs=2, seconds=3),
        partial(load, levels=(10,), runs=2, seconds=6),
    ),
    "signing_in": Plan(
        partial(while_signing_in, typing=20, signing=32, seconds=8),
        partial(while_signing_in, typing=10, signing=8, seconds=4),
        alone=True,
    ),
    "left_behind": Plan(partial(left_behind, count=2000), partial(left_behind, count=60), alone=True),
    "thousand": Plan(partial(load, levels=(1000,), runs=1, seconds=6), partial(load, levels=(40,), runs=1, seconds=3)),
}


def _machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "?",
    )
    return (
        f"{os.cpu_count()} cores ({model}), Linux {platform.release()}, Python {platform.python_version()}, "
        f"Textual {version('textual')}, asyncssh {version('asyncssh')}"
    )


async def _bounded(stage: Stage, subject: Subject, longest: int) -> Figures:
    async with asyncio.timeout(longest):
        return await stage(subject)


def _measured(plan: Plan, among: list[str], *, quick: bool) -> dict[str, Any]:
    """What the subjects do in one stage, and how busy the machine was with other things before and after."""
    figures: dict[str, Any] = {}
    for name in among:
        stage = plan.quick if quick else plan.full
        if name == SLOW:
            stage = plan.slow
        if stage is None or (plan.alone and name != "ours"):
            continue
        try:
            with SUBJECTS[name]() as subject:
                print(f"  {subject.name} ...", file=sys.stderr, flush=True)
                before = processes.taken()
                measured = asyncio.run(_bounded(stage, subject, plan.longest))
                figures[name] = measured | {"others_percent": [before, processes.taken()]}
        except Missing as what:
            figures[name] = {"missing": str(what)}
        except (TimeoutError, OSError, AssertionError) as error:
            figures[name] = {"failed": f"{type(error).__name__} {error}".strip()}
    return figures


def main(arguments: list[str]) -> None:
    """Measure what is asked for, write it down, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench ssh")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--only", default=",".join(PLANS))
    parser.add_argument("--among", default=",".join(SUBJECTS))
    asked = parser.parse_args(arguments)
    stages = {} if asked.quick else ssh_report.kept()
    for name in [] if asked.report else asked.only.split(","):
        print(f"{name}:", file=sys.stderr, flush=True)
        began = datetime.now(UTC)
        figures = _measured(PLANS[name], asked.among.split(","), quick=asked.quick)
        before = stages.get(name, {}).get("figures", {})
        stages[name] = {
            "machine": _machine(),
            "command": " ".join(["python -m bench ssh", *arguments]),
            "date": f"{began:%Y-%m-%d %H:%M} UTC",
            "figures": before | figures,
        }
        if not asked.quick:
            ssh_report.keep(stages)
    if asked.report:
        ssh_report.keep(stages)
    print(ssh_report.table(stages))
