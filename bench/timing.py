"""Whether answers tell by their time what they do not say: a name that exists beside one that does not, interleaved.

`python -m bench timing [--samples N] [--processor] [--postgresql URL]`. Asked for is a difference of medians under 1 ms (ASVS 6.3.8).
"""

import argparse
import math
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.accounts import Account
from core.origin import Origin
from core.secret import Secret
from core.services import Services, open_services
from core.settings import Settings

PEOPLE = 100
PASSWORD = Secret("nine pale horses over the weir")
WRONG = Secret("eleven green bottles by the wall")
FROM = Origin("203.0.113.7")
MOST = 1.0  # ms between the medians
_WARM_UP = 20


class Hours:
    """A clock that stands still, and goes on by some hours when it is told to, so that nobody ever has to wait."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self) -> None:
        """Past every wait of a throttle, and past what a source is remembered for."""
        self.now += timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that anybody can ask; `one` and `other` must not be told apart."""

    name: str
    one: str
    other: str
    ask_one: Callable[[Services, int], object]
    ask_other: Callable[[Services, int], object]


QUESTIONS = [
    Question(
        "sign-in, wrong password",
        "a name that is there",
        "one that is not",
        lambda services, n: services.sign_in.with_password(person(n), WRONG, FROM),
        lambda services, n: services.sign_in.with_password(f"nobody{n}", WRONG, FROM),
    ),
    Question(
        "forgot password, asking",
        "name and address belong together",
        "they do not",
        lambda services, n: services.forgotten.ask(person(n), f"{person(n)}@example.org", FROM),
        lambda services, n: services.forgotten.ask(person(n), f"{person(n)}@example.com", FROM),
    ),
    Question(
        "forgot password, wrong code",
        "a name with a code open",
        "one that is not there",
        lambda services, n: services.forgotten.reset(person(n), "00000000", WRONG, FROM),
        lambda services, n: services.forgotten.reset(f"nobody{n}", "00000000", WRONG, FROM),
    ),
    Question(
        "restore, wrong password",
        "a name that is there",
        "one that is not",
        lambda services, n: services.stop.restore(person(n), WRONG, "000000", FROM),
        lambda services, n: services.stop.restore(f"nobody{n}", WRONG, "000000", FROM),
    ),
]


def person(number: int) -> str:
    """The name of somebody who has an account."""
    return f"person{number % PEOPLE}"


def main(arguments: list[str]) -> None:
    """Measure each question, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench timing", description=__doc__)
    parser.add_argument("--samples", type=int, default=1000, help="answers of each kind (1000)")
    parser.add_argument("--postgresql", default="sqlite", metavar="URL", help="an empty PostgreSQL database")
    parser.add_argument("--processor", action="store_true", help="our own processor time: a busy machine adds none")
    asked = parser.parse_args(arguments)
    clockwork = time.process_time if asked.processor else time.perf_counter
    with tempfile.TemporaryDirectory() as folder:
        clock = Hours()
        settings = Settings(
            home=Path(folder), database=asked.postgresql, demo=True, argon2_time=1, argon2_memory_kib=64
        )
        services = open_services(settings, clock=clock)
        fill(services)
        print(
            f"{asked.samples} answers of each kind, interleaved; medians in ms; KS: p of Kolmogorov and Smirnov's test"
        )
        print(f"{'question':28}  {'one':>8}  {'other':>8}  {'apart':>8}  {'KS p':>6}")
        for question in QUESTIONS:
            one, other = measure(services, clock, question, asked.samples, clockwork)
            apart = statistics.median(one) - statistics.median(other)
            verdict = "" if abs(apart) < MOST else "  TOO FAR APART"
            print(
                f"{question.name:28}  {statistics.median(one):8.3f}  {statistics.median(other):8.3f}  {apart:+8.3f}"
                f"  {smirnov(one, other):6.3f}{verdict}   ({question.one} / {question.other})"
            )
        services.close()


def fill(services: Services) -> None:
    """Make the people."""
    for number in range(PEOPLE):
        name = person(number)
        made = services.operator.add_account(name, f"{name}@example.org", PASSWORD, confirmed=True, roles=frozenset())
        assert isinstance(made, Account), made


def measure(
    services: Services, clock: Hours, question: Question, samples: int, clockwork: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """The milliseconds of each answer, in turns, the first of each turn alternating."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(-_WARM_UP, samples):
        asks = [(times[0], question.ask_one), (times[1], question.ask_other)]
        for into, ask in asks if turn % 2 else reversed(asks):
            prepare(services, clock, question, turn + _WARM_UP)
            began = clockwork()
            ask(services, turn + _WARM_UP)
            took = 1000 * (clockwork() - began)
            if turn >= 0:
                into.append(took)
    return times


def prepare(services: Services, clock: Hours, question: Question, turn: int) -> None:
    """Nobody waits, no lane is closed, and where a code is to be guessed there is one; the mail has gone."""
    clock.go_on()
    parts, name = services.parts, person(turn)
    with parts.storage.unit():
        account = parts.accounts.by_name(name)
        assert account is not None
        parts.throttle.lift(account.id)
    if "wrong code" in question.name:
        services.forgotten.ask(name, f"{name}@example.org", FROM)
        services.due.tick()
        clock.now += timedelta(minutes=5)
    elif turn % 10 == 0:
        services.due.tick()


def smirnov(one: list[float], other: list[float]) -> float:
    """The p of the two-sample Kolmogorov-Smirnov test: how likely two lists of one distribution are as far apart."""
    both = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    counts, furthest = [0, 0], 0.0
    for _, which in both:
        counts[which] += 1
        furthest = max(furthest, abs(counts[0] / len(one) - counts[1] / len(other)))
    size = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    scaled = (size + 0.12 + 0.11 / size) * furthest
    if scaled < 0.2:
        return 1.0
    terms = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, sum(terms)))
