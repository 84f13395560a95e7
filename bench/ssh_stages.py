"""What is measured of a server over SSH: one function for each stage, given a running server."""

import asyncio
import random
import statistics
from collections.abc import Awaitable, Callable
from typing import Any

from bench import processes
from bench.subjects import Subject
from bench.visitors import Visitor, arrive, first_frame, now

SIZES = ((80, 24), (120, 40), (132, 43), (200, 60))
_PASSWORD = b"nine pale horses over the weir"
Figures = dict[str, Any]
Stage = Callable[[Subject], Awaitable[Figures]]


def _median(values: list[float]) -> float:
    return round(statistics.median(values) * 1000, 1)


def _percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 1)


def _tree(subject: Subject) -> list[int]:
    return processes.tree(*subject.roots())


async def first_frames(
    subject: Subject, *, rounds: int, quiet: float, sizes: tuple[tuple[int, int], ...] = SIZES
) -> Figures:
    """One visitor after the other, at each size."""
    figures: Figures = {}
    for size in sizes:
        frames, wholes, costs = [], [], []
        for number in range(rounds + 2):
            before = processes.cpu(_tree(subject))
            visitor = await arrive(subject, size)
            await visitor.settle(quiet)
            cost = processes.cpu(_tree(subject)) - before
            when, look = first_frame(visitor, size)
            assert len(look.split()) > 3, look
            if number >= 2:
                frames.append(when - visitor.connected)
                wholes.append(when - visitor.began)
                costs.append(cost)
            visitor.leave()
            await asyncio.sleep(0.2)
        figures["{}x{}".format(*size)] = {
            "frame_ms": _median(frames),
            "frame_p90_ms": _percentile(frames, 0.9),
            "whole_ms": _median(wholes),
            "cpu_ms": _median(costs),
        }
    return figures


async def _crowd(subject: Subject, count: int, there: list[Visitor]) -> None:
    """Fill up to `count` visitors, each at a field."""
    gate = asyncio.Semaphore(6)

    async def one() -> None:
        async with gate:
            visitor = await arrive(subject)
            await visitor.see(b"enter" if subject.to_form else subject.form.encode(), 120)
            if subject.to_form:
                await asyncio.sleep(0.2)
                visitor.type(subject.to_form)
                await asyncio.wait_for(visitor.want(subject.form.encode()), 120)
            visitor.record = None
            there.append(visitor)

    await asyncio.gather(*(one() for _ in range(count - len(there))))


async def _typing(visitors: list[Visitor], seconds: float) -> tuple[list[float], int]:
    """These type five keys a second each; how long each key took to be drawn, and how many never were."""
    took: list[float] = []
    missed = 0
    stop = now() + seconds

    async def one(visitor: Visitor) -> None:
        nonlocal missed
        await asyncio.sleep(random.random() * 0.2)
        typed = b""
        while now() < stop:
            began = now()
            if len(typed) >= 12:
                visitor.type(b"\x15")
                typed = b""
                await asyncio.sleep(0.2)
                continue
            typed += random.choice(b"abcdefghijklmnopqrstuvwxyz").to_bytes()
            seen = visitor.want(typed)
            visitor.type(typed[-1:])
            try:
                took.append(await asyncio.wait_for(seen, 10) - began)
            except TimeoutError:
                missed += 1
            await asyncio.sleep(max(0, 0.2 - (now() - began)))
        visitor.type(b"\x15")
        await asyncio.sleep(0.2)

    await asyncio.gather(*(one(visitor) for visitor in visitors))
    return took, missed


async def load(subject: Subject, *, levels: tuple[int, ...], runs: int, seconds: float) -> Figures:
    """Many at once, a tenth of them typing."""
    figures: Figures = {}
    there: list[Visitor] = []
    await _crowd(subject, 2, there)
    base = processes.pss(_tree(subject))
    for level in levels:
        began = now()
        await _crowd(subject, level, there)
        ramp = now() - began
        await asyncio.sleep(2)
        memory = (processes.pss(_tree(subject)) - base) / (level - 2)
        await asyncio.sleep(8)  # a session closes the database that it asked on arrival 5 s later: that is no rest
        before, began = processes.cpu(_tree(subject)), now()
        await asyncio.sleep(10)
        idle = (processes.cpu(_tree(subject)) - before) / (now() - began) * 100
        p50, p99, missed, keys = [], [], 0, 0
        for _ in range(runs):
            took, lost = await _typing(random.sample(there, max(1, level // 10)), seconds)
            p50.append(_percentile(took, 0.5))
            p99.append(_percentile(took, 0.99))
            missed += lost
            keys += len(took)
        figures[str(level)] = {
            "ramp_s": round(ramp, 1),
            "mb_each": round(memory, 2),
            "idle_percent": round(idle, 2),
            "key_p50_ms": statistics.median(p50),
            "key_p99_ms": statistics.median(p99),
            "key_p99_runs": p99,
            "keys": keys,
            "keys_missed": missed,
        }
    for visitor in there:
        visitor.leave()
    await asyncio.sleep(3)
    return figures


async def resting(subject: Subject, *, count: int) -> Figures:
    """Many at once who look at the first screen and type nothing; what each has opened is open."""
    gate = asyncio.Semaphore(6)
    there: list[Visitor] = []

    async def one() -> None:
        async with gate:
            visitor = await arrive(subject)
            await visitor.see(b"enter", 60)
            await asyncio.sleep(0.1)
            there.append(visitor)

    await asyncio.gather(*(one() for _ in range(2)))
    base = processes.pss(_tree(subject))
    await asyncio.gather(*(one() for _ in range(count - 2)))
    await asyncio.sleep(2)
    memory = (processes.pss(_tree(subject)) - base) / (count - 2)
    for visitor in there:
        visitor.leave()
    await asyncio.sleep(2)
    return {"sessions": count, "mb_each": round(memory, 2)}


async def resting_signed_in(subject: Subject, *, count: int, seconds: float) -> Figures:
    """Many at once who made an account, read Settings and type nothing: what their processes do by themselves."""
    gate = asyncio.Semaphore(8)
    there: list[Visitor] = []

    async def one(number: int) -> None:
        async with gate:
            there.append(await _signed_up(subject, number))

    await asyncio.gather(*(one(number) for number in range(2)))
    base = processes.pss(_tree(subject))
    await asyncio.gather(*(one(number) for number in range(2, count)))
    await asyncio.sleep(10)
    memory = (processes.pss(_tree(subject)) - base) / (count - 2)
    before, began = _cpu_by_name(subject), now()
    await asyncio.sleep(seconds)
    used = {name: total - before.get(name, 0) for name, total in _cpu_by_name(subject).items()}
    percent = {name: round(each / (now() - began) * 100, 2) for name, each in sorted(used.items())}
    for visitor in there:
        visitor.leave()
    await asyncio.sleep(2)
    return {
        "sessions": count,
        "mb_each": round(memory, 2),
        "idle_percent": round(sum(percent.values()), 2),
        "of_these": percent,
    }


async def _signed_up(subject: Subject, number: int) -> Visitor:
    """Somebody who has just made an account, and confirms its address later."""
    visitor = await arrive(subject)
    await visitor.see(b"enter")
    for keys, then in (
        (b"n", b"again"),
        (b"ada%d\tada%d@example.org\t%s\t%s\r" % (number, number, _PASSWORD, _PASSWORD), b"Later"),
        (b"\x1b", b"Appearance"),
    ):
        seen = visitor.want(then)
        visitor.type(keys)
        await asyncio.wait_for(seen, 120)
    visitor.record = None
    return visitor


def _cpu_by_name(subject: Subject) -> dict[str, float]:
    """Seconds of processor so far, by what the processes call themselves."""
    pids = _tree(subject)
    return {name: processes.cpu(processes.named(pids, name)) for name in processes.names(pids)}


async def while_signing_in(subject: Subject, *, typing: int, signing: int, seconds: float) -> Figures:
    """Key to paint of the others, quiet and while people sign in: each sign-in computes a hash of Argon2."""
    others: list[Visitor] = []
    await _crowd(subject, typing, others)
    at_door: list[Visitor] = []
    await _crowd(subject, signing, at_door)
    quiet, _ = await _typing(others, seconds)

    async def sign_in(visitor: Visitor) -> None:
        for keys in (b"nobody", b"\t", b"a password of nobody", b"\r"):
            visitor.type(keys)
            await asyncio.sleep(0.05)

    busy_task = asyncio.create_task(_typing(others, seconds))
    await asyncio.sleep(0.3)
    await asyncio.gather(*(sign_in(visitor) for visitor in at_door))
    busy, missed = await busy_task
    for visitor in (*others, *at_door):
        visitor.leave()
    await asyncio.sleep(2)
    return {
        "quiet_p50_ms": _percentile(quiet, 0.5),
        "busy_p50_ms": _percentile(busy, 0.5),
        "quiet_p99_ms": _percentile(quiet, 0.99),
        "busy_p99_ms": _percentile(busy, 0.99),
        "ratio": round(_percentile(busy, 0.99) / _percentile(quiet, 0.99), 1),
        "keys_missed": missed,
    }


async def left_behind(subject: Subject, *, count: int) -> Figures:
    """Come and go, and see what stays."""
    gate = asyncio.Semaphore(4)

    async def one() -> None:
        async with gate:
            visitor = await arrive(subject)
            await visitor.see(b"enter", 60)
            visitor.leave()

    async def come_and_go(number: int) -> tuple[int, int, float]:
        await asyncio.gather(*(one() for _ in range(number)))
        await asyncio.sleep(5)
        (front,) = processes.named(_tree(subject), "front")
        sessions = processes.named(_tree(subject), "session")
        return len(sessions), processes.descriptors(front), processes.resident(front)

    _, descriptors, resident = await come_and_go(min(200, count // 4))
    sessions, then, grown = await come_and_go(count)
    return {
        "sessions": count,
        "processes": sessions,
        "descriptors": then - descriptors,
        "kb_each_in_front": round((grown - resident) * 1000 / count, 2),
    }
