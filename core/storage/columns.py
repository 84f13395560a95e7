"""How peewee writes the columns of our rows into a statement, by a shorter way."""

from typing import Any

from peewee import SCOPE_VALUES, Context, Field


class ShortWay(Context):
    """Writes a column in one step: peewee goes through five objects for each, a third of what a small statement costs."""

    __slots__ = ()

    def sql(self, obj: Any) -> Any:
        """As peewee's own, which every node of a statement goes through; an alias's field writes itself."""
        if isinstance(obj, Field) and type(obj).__sql__ is Field.__sql__:
            return self._column(obj)
        return super().sql(obj)  # type: ignore[no-untyped-call]  # peewee's stubs

    def _column(self, field: Any) -> Any:
        before, after = self.state.quote
        column = f"{before}{field.column_name}{after}"
        if self.scope == SCOPE_VALUES:
            return self.literal(column)
        table = field.model._meta.table  # noqa: SLF001 - how peewee's users reach a model's table
        return self.literal(f"{before}{self.alias_manager[table]}{after}.{column}")
