"""The throttle against a small oracle: plain numbers, one try after another."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.origin import LOCAL, Origin
from core.throttle import Admitted, Disabled, Factor, OnlyKnown, Wait
from tests.soak import soak_count

FACTORS = [Factor.PASSWORD, Factor.TOKEN]
_worlds = itertools.count()


@dataclass
class Counts:
    failures: int = 0
    until: float = 0
    last: float = 0
    run: int = 0


@dataclass
class Oracle:
    """The rules once more, in the simplest way that says them."""

    now: float = 0
    counters: dict = field(default_factory=dict)

    def admit(self, factor, known, source):
        source_counter = self.counters.setdefault(source, Counts()) if source else None
        if source_counter:
            if self.now - source_counter.last >= 86400:
                source_counter.failures = 0
            if self.now < source_counter.until:
                return "wait", round(source_counter.until - self.now)
        lanes = ["known", "outside"] if known else ["outside"]
        for lane in lanes:
            counter = self.counters.setdefault((factor, lane), Counts())
            if counter.failures >= 50:
                continue
            if self.now < counter.until:
                return "wait", round(counter.until - self.now)
            return "admitted", [
                (one, self.add(one, free), one.run) for one, free in [(source_counter, 50), (counter, 5)] if one
            ]
        inside = self.counters.get((factor, "known"), Counts()).failures
        return ("disabled" if inside >= 50 else "only known"), None

    def add(self, counter, free):
        counter.failures += 1
        over = counter.failures - free
        counter.until = self.now + (0 if over < 0 else min(900, 2**over))
        counter.last = self.now
        return counter.failures

    def settle(self, counted, known, factor, ending, source):
        for counter, number, run in counted:
            is_source = counter is self.counters.get(source)
            if ending == "busy" or (ending == "right" and is_source):
                if counter.run == run and counter.failures > 0:
                    if counter.failures == number:
                        counter.until = 0
                    counter.failures -= 1
            elif ending == "right":
                self.clear(counter)
            elif ending == "wrong" and counter.run != run:
                self.add(counter, 50 if is_source else 5)
        if ending == "right" and known:
            self.clear(self.counters.setdefault((factor, "known"), Counts()))

    def clear(self, counter):
        counter.failures, counter.until, counter.run = 0, 0, counter.run + 1


tries = st.tuples(
    st.just("try"),
    st.sampled_from(FACTORS),
    st.booleans(),  # known
    st.booleans(),  # from the machine itself
    st.sampled_from(["wrong", "wrong", "wrong", "right", "busy", "crash", "later"]),
    st.sampled_from([1, 1, 1, 4, 6, 20, 60]),
)
passing = st.tuples(st.just("pass"), st.sampled_from([1, 2, 60, 900, 86400]))
endings = st.tuples(st.just("end"), st.integers(0, 5), st.sampled_from(["wrong", "right", "busy"]))


@settings(max_examples=soak_count(12, 400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(tries, passing, endings), min_size=1, max_size=14))
def test_the_throttle_answers_as_the_oracle_does(throttle, clock, steps):
    world = next(_worlds)
    subject, away = f"{world:032x}", Origin(f"source of world {world}")
    began, oracle, pending = clock(), Oracle(), []

    def told(answer):
        match answer:
            case Admitted():
                return "admitted", None
            case Wait(seconds=seconds):
                return "wait", seconds
            case OnlyKnown():
                return "only known", None
            case Disabled():
                return "disabled", None

    def go_on(seconds):
        oracle.now += seconds
        clock.now = began + timedelta(seconds=oracle.now)

    def settle(answer, counted, known, factor, ending, source):
        oracle.settle(counted, known, factor, ending, source)
        if ending == "busy":
            throttle.take_back(answer)
        elif ending != "crash":
            throttle.settle(answer, success=ending == "right")

    for step in steps:
        match step:
            case ("pass", seconds):
                go_on(seconds)
            case ("end", place, ending):
                if place < len(pending):
                    answer, counted, known, factor, _, source = pending.pop(place)
                    settle(answer, counted, known, factor, ending, source)
            case (_, factor, known, local, ending, times):
                source = None if local else away.source
                for _ in range(times):
                    expected, more = oracle.admit(factor, known, source)
                    answer = throttle.admit(subject, factor, LOCAL if local else away, known=known)
                    assert told(answer) == (expected, more if expected == "wait" else None)
                    if expected == "wait":
                        go_on(more)
                    if expected != "admitted":
                        continue
                    if ending == "later":
                        pending.append((answer, more, known, factor, ending, source))
                    else:
                        settle(answer, more, known, factor, ending, source)
    standing = {one.factor: (one.outside, one.known) for one in throttle.standing(subject)}
    assert standing == {
        factor: failures
        for factor in FACTORS
        if any(
            failures := tuple(oracle.counters.get((factor, lane), Counts()).failures for lane in ("outside", "known"))
        )
    }
