"""Who forgot a password waits, sealed, until somebody looks: each ask is looked at once."""

import pytest

from core.mail_codes import Ask, PasswordAsks
from core.mail_codes.tables import PasswordAskRow
from core.storage import Storage
from core.tokens import Tokens
from core.vault import Vault
from tests.racing import race
from tests.repeatable import WorldClock

ADA = Ask("ada", "ada@example.org", "203.0.113.7")
EVE = Ask("eve", "eve@example.org", "203.0.113.8")


@pytest.fixture
def asks(vault: Vault, clock: WorldClock, tokens: Tokens) -> PasswordAsks:
    return PasswordAsks(vault, clock, tokens)


def test_asks_are_taken_in_the_order_they_came_each_once(
    storage: Storage, asks: PasswordAsks, clock: WorldClock
) -> None:
    with storage.unit():
        assert not asks.any()
        asks.put(ADA)
        clock.advance(seconds=1)
        asks.put(EVE)
        assert asks.any()
        assert [asks.take(), asks.take(), asks.take()] == [ADA, EVE, None]
        assert not asks.any()


def test_one_ask_taken_by_many_at_once_has_one_taker(storage: Storage, asks: PasswordAsks) -> None:
    with storage.unit():
        asks.put(ADA)

    def take() -> Ask | None:
        with storage.unit():
            return asks.take()

    assert [taken for taken in race(take) if taken is not None] == [ADA]


def test_an_ask_is_dropped_after_an_hour(storage: Storage, asks: PasswordAsks, clock: WorldClock) -> None:
    with storage.unit():
        asks.put(ADA)
        clock.advance(hours=1)
        assert asks.take() is None
        assert not asks.any()


def test_what_was_typed_is_kept_sealed_and_one_that_was_changed_is_dropped(
    storage: Storage, asks: PasswordAsks
) -> None:
    with storage.unit():
        asks.put(ADA)
        row = PasswordAskRow.select().get()
        assert b"ada" not in bytes(row.said)
        PasswordAskRow.update(said=bytes(row.said)[:-1] + b"x").execute()
        assert asks.take() is None


def test_an_ask_shows_neither_name_nor_address() -> None:
    assert "ada" not in repr(ADA)
