from datetime import timedelta

from core.storage import Leases


def test_a_lease_belongs_to_who_took_it_first(storage, clock):
    leases = Leases(clock)
    with storage.unit():
        assert leases.take("clerk", "one", clock() + timedelta(seconds=10))
        assert not leases.take("clerk", "two", clock() + timedelta(seconds=10))
        assert leases.take("outbox", "two", clock() + timedelta(seconds=10))
        assert leases.holder("clerk") == "one"


def test_a_lease_is_renewed_by_its_holder_and_ends_by_itself(storage, clock):
    leases = Leases(clock)
    with storage.unit():
        assert leases.take("clerk", "one", clock() + timedelta(seconds=10))
    clock.advance(seconds=9)
    with storage.unit():
        assert leases.take("clerk", "one", clock() + timedelta(seconds=10))
    clock.advance(seconds=9)
    with storage.unit():
        assert not leases.take("clerk", "two", clock() + timedelta(seconds=10))
    clock.advance(seconds=1)
    with storage.unit():
        assert leases.holder("clerk") is None
        assert leases.take("clerk", "two", clock() + timedelta(seconds=10))


def test_only_its_holder_gives_a_lease_back(storage, clock):
    leases = Leases(clock)
    with storage.unit():
        assert leases.take("clerk", "one", clock() + timedelta(seconds=10))
        assert not leases.release("clerk", "two")
        assert leases.release("clerk", "one")
        assert not leases.release("clerk", "one")
        assert leases.take("clerk", "two", clock() + timedelta(seconds=10))
