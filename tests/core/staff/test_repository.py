"""Fresh tokens last five minutes, readmissions are for one device, and neither can be written by hand."""

from datetime import timedelta

import pytest

from core.accounts import HOST
from core.staff import StaffRoom
from core.staff.tables import FreshRow, ReadmissionRow
from tests.units import InUnits

SESSION, MIA = "5" * 32, "a" * 32


@pytest.fixture
def room(storage, vault, clock):
    return InUnits(storage, StaffRoom(vault, clock))


def test_a_token_is_fresh_for_five_minutes(room, clock):
    assert room.fresh_until(SESSION) is None
    until = room.freshen(SESSION)
    assert until == clock() + timedelta(minutes=5)
    clock.advance(minutes=4, seconds=59)
    assert room.fresh_until(SESSION) == until
    assert room.expire() == 0
    clock.advance(seconds=1)
    assert room.fresh_until(SESSION) is None
    assert room.expire() == 1


def test_showing_another_token_makes_it_fresh_anew(room, clock):
    room.freshen(SESSION)
    clock.advance(minutes=4)
    assert room.freshen(SESSION) == clock() + timedelta(minutes=5)


def test_freshness_written_by_hand_or_moved_to_another_session_counts_for_nothing(room, storage, clock):
    room.freshen(SESSION)
    with storage.unit():
        FreshRow.update(until=clock() + timedelta(days=1)).execute()
    assert room.fresh_until(SESSION) is None
    room.freshen(SESSION)
    with storage.unit():
        FreshRow.update(session="6" * 32).execute()
    assert room.fresh_until("6" * 32) is None


def test_a_readmission_is_kept_and_replaced(room, clock):
    assert room.readmission(MIA) is None
    room.readmit(MIA, clock(), HOST)
    first = room.readmission(MIA)
    assert (first.two_factor_since, first.by, first.at) == (clock(), HOST, clock())
    clock.advance(days=1)
    room.readmit(MIA, clock(), "b" * 32)
    assert room.readmission(MIA).by == "b" * 32


@pytest.mark.parametrize("columns", [{"account": "c" * 32}, {"by": "d" * 32}, {"two_factor_since": 0}, {"at": 0}])
def test_a_readmission_written_by_hand_is_none(room, storage, clock, columns):
    room.readmit(MIA, clock(), HOST)
    with storage.unit():
        ReadmissionRow.update(columns).execute()
    assert room.readmission(columns.get("account", MIA)) is None
