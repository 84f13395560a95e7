"""What must not be told is not told by the work that it takes either: the same statements in the same order.

How long they take is measured by `python -m bench timing`.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.origin import Origin
from core.secret import Secret
from core.use_cases.outcomes import Done, TokenWrong, Wrong
from tests.world import PASSWORD, World

NEW = Secret("eleven green bottles by the wall")
THERE = Origin("203.0.113.7")


class Heard(logging.Handler):
    """The SQL of every statement, without its values."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert isinstance(record.msg, str), record
        self.statements.append(re.sub('"s[0-9a-f]{32}"', "", record.msg))  # names of savepoints are drawn


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything that the database is asked meanwhile."""
    logger, heard = logging.getLogger("peewee"), Heard()
    before = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield heard.statements
    finally:
        logger.setLevel(before)
        logger.propagate = True
        logger.removeHandler(heard)


def statements(ask: Callable[[], object], answer: object) -> list[str]:
    """What the database is asked while `ask` gives `answer`."""
    with listening() as heard:
        given = ask()
    assert given == answer
    assert heard
    return heard


def test_a_wrong_name_takes_the_statements_of_a_wrong_password(world: World) -> None:
    world.person("ada")
    world.person("eve", two_factor=True)
    sign_in = world.services.sign_in.with_password
    asked = [statements(lambda n=name: sign_in(n, NEW, THERE), Wrong()) for name in ("ada", "nobody", "eve", "7 x")]
    assert asked[0] == asked[1] == asked[2] == asked[3]
    again = statements(lambda: sign_in("ada", NEW, THERE), Wrong())
    assert again == statements(lambda: sign_in("nobody", NEW, THERE), Wrong())
    assert again == statements(lambda: sign_in("never-tried", NEW, THERE), Wrong())


def test_asking_for_a_mail_code_takes_the_same_statements_whoever_it_is_for(world: World) -> None:
    world.person("ada")
    world.person("eve", confirmed=False)
    ask = world.services.forgotten.ask
    pairs = [
        ("ada", "ada@example.org"),
        ("ada", "x@example.org"),
        ("nobody", "x@example.org"),
        ("eve", "eve@example.org"),
    ]
    world.clock.advance(minutes=2)
    first = statements(lambda: ask("ada", "other@example.org", THERE), Done())
    for name, address in [*pairs, pairs[0]]:
        world.clock.advance(days=2)
        assert statements(lambda n=name, a=address: ask(n, a, THERE), Done()) == first


def test_a_wrong_mail_code_takes_the_same_statements_whether_or_not_one_is_open(world: World) -> None:
    world.person("ada")
    world.person("eve")
    world.clock.advance(minutes=2)
    assert world.services.forgotten.ask("ada", "ada@example.org", THERE) == Done()
    world.mail()
    reset = world.services.forgotten.reset
    asked = [
        statements(lambda n=name: reset(n, "00000000", NEW, THERE), TokenWrong(None))
        for name in ("ada", "eve", "nobody", "7 x")
    ]
    assert asked[0] == asked[1] == asked[2] == asked[3]


def test_restoring_with_a_wrong_name_takes_the_statements_of_a_wrong_password(world: World) -> None:
    world.person("ada")
    restore = world.services.stop.restore
    known = statements(lambda: restore("ada", NEW, "000000", THERE), Wrong())
    assert known == statements(lambda: restore("nobody", NEW, "000000", THERE), Wrong())


def test_signing_up_with_an_address_in_use_takes_the_statements_of_one_that_is_free(world: World) -> None:
    world.person("ada")
    register = world.services.sign_up.register
    asked = []
    for name, address in (("bob", "ada@example.org"), ("eve", "eve@example.org")):
        world.clock.advance(days=2)
        with listening() as heard:
            register(name, address, Secret(PASSWORD), THERE)
        asked.append(list(heard))
    assert asked[0] == asked[1]
