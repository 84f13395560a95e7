"""Entries of the audit trail as staff read them, with names where there are any."""

from collections.abc import Mapping

from core.audit import HOST, Entry, told
from core.text import shown


def reported(entry: Entry, names: Mapping[str, str]) -> str:
    """What happened; staff by name, where `names` has it."""
    said = told(entry, to_owner=False)
    if entry.actor is not None and entry.actor in names:
        said = said.replace(f"Staff member {entry.actor[:6]}", who(entry.actor, names))
    return said


def who(account_id: str | None, names: Mapping[str, str]) -> str:
    """The name behind an id; the beginning of the id when nobody has it any more."""
    if account_id is None:
        return "–"
    if account_id == HOST:
        return "the operator"
    return shown(names.get(account_id, account_id[:6]), limit=64)
