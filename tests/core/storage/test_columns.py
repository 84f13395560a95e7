"""The shorter way to write columns says what peewee says."""

from typing import Any

import pytest
from peewee import JOIN, BlobField, CharField, Context, IntegerField, fn

from core.storage import Row, TimeField
from core.storage.columns import ShortWay


class HouseRow(Row):
    id = CharField(32, primary_key=True)
    built_at = TimeField(null=True)
    rooms = IntegerField(column_name="room_count")

    class Meta:
        table_name = "houses"


class GuestRow(Row):
    house = CharField(32)
    name = CharField(32)
    face = BlobField(null=True)

    class Meta:
        table_name = "guests"


Inner = HouseRow.alias()
GUESTS = GuestRow.select(GuestRow.house).where(GuestRow.name == HouseRow.id)
STATEMENTS: dict[str, Any] = {
    "select": HouseRow.select().where((HouseRow.rooms > 3) & HouseRow.built_at.is_null()).order_by(HouseRow.id.desc()),
    "join": HouseRow.select(HouseRow, GuestRow.name)
    .join(GuestRow, JOIN.LEFT_OUTER, on=(GuestRow.house == HouseRow.id))
    .where(GuestRow.name.in_(["ada", "bob"])),
    "alias": HouseRow.select(HouseRow.id, Inner.rooms).join(Inner, on=(Inner.id == HouseRow.id)),
    "subquery": HouseRow.select(fn.COUNT(HouseRow.id).alias("many")).where(HouseRow.id.in_(GUESTS)),
    "update": HouseRow.update(rooms=HouseRow.rooms + 1, built_at=None).where(HouseRow.id.in_(GUESTS)),
    "insert": HouseRow.insert(id="a", rooms=1, built_at=None).on_conflict_ignore(),
    "upsert": HouseRow.insert(id="a", rooms=1).on_conflict(conflict_target=[HouseRow.id], preserve=[HouseRow.rooms]),
    "delete": HouseRow.delete().where(HouseRow.built_at <= 5),
    "returning": HouseRow.update(rooms=1).returning(HouseRow.id, HouseRow.rooms),
}


@pytest.mark.parametrize("which", STATEMENTS)
def test_every_statement_reads_as_peewee_writes_it(which: str, storage: Any) -> None:
    with storage.unit():
        options = HouseRow._meta.database.get_context_options()
        theirs = Context(**options).sql(STATEMENTS[which]).query()
        assert ShortWay(**options).sql(STATEMENTS[which]).query() == theirs
        assert '"houses"' in theirs[0]
