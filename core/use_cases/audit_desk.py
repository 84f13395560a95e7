"""Auditors search the audit trail, check that it is whole, and take it elsewhere."""

from collections.abc import Iterable
from typing import Any

from core.audit import Entry, Event, ExportPage, ExportPlace, HeadsFile, Verdict
from core.secret import Secret
from core.staff import Right
from core.use_cases.account_desk import ID
from core.use_cases.console import Worker, never_fresh, worker
from core.use_cases.desk_rules import case_of
from core.use_cases.outcomes import Invalid, NotNow, Over
from core.use_cases.parts import Parts


class AuditDesk:
    """The audit trail, for those of the staff who may."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def search(self, ticket: Secret, *, event: Event | None = None, **wanted: Any) -> tuple[Entry, ...] | NotNow | Over:
        """Entries of the audit trail, newest first: `account`, `actor`, `case` (ids), `event`, `since`, `before`.

        The search is recorded, and the owner of the account or the case that it names reads of it.
        """
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.AUDIT)
            if not isinstance(found, Worker):
                return never_fresh(found)
            if wanted.get("before") is None:
                case = parts.cases.get(wanted["case"]) if wanted.get("case") else None
                parts.audit.record(
                    Event.AUDIT_SEARCHED,
                    account=wanted.get("account") or (case.account if case is not None else None),
                    actor=found.id,
                    case=case.id if case is not None else None,
                    source=found.session.source,
                )
            return tuple(parts.audit.search(event=event, reasons=True, **wanted))

    def verify(self, ticket: Secret) -> Verdict | NotNow | Over:
        """Whether the audit trail is whole."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.AUDIT)
            if not isinstance(found, Worker):
                return never_fresh(found)
            parts.audit.record(Event.AUDIT_VERIFIED, actor=found.id, source=found.session.source)
        return verified(parts)

    def export(self, ticket: Secret, after: ExportPlace | None = None) -> ExportPage | NotNow | Over:
        """A page of the whole trail with its seals, for keeping elsewhere; that it was begun is recorded."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, Right.EXPORT)
            if not isinstance(found, Worker):
                return never_fresh(found)
            if after is None:
                parts.audit.record(Event.AUDIT_EXPORTED, actor=found.id, source=found.session.source)
            return parts.audit.export_page(after)

    def names(self, ticket: Secret, ids: Iterable[str]) -> dict[str, str] | NotNow | Over:
        """The names behind ids of accounts, for showing the audit trail; one that is gone is left out."""
        parts = self._parts
        with parts.storage.unit():
            found = worker(parts, ticket, None)
            if not isinstance(found, Worker):
                return never_fresh(found)
            accounts = ((each, parts.accounts.get(each)) for each in dict.fromkeys(ids) if ID.fullmatch(each))
            return {each: account.name for each, account in accounts if account is not None}

    def ids(
        self, ticket: Secret, *, account: str = "", actor: str = "", case: str = ""
    ) -> dict[str, str] | Invalid | NotNow | Over:
        """What `search` is to be asked for, from the names and the reference that a person typed."""
        parts, found_ids = self._parts, {}
        with parts.storage.unit():
            found = worker(parts, ticket, Right.AUDIT)
            if not isinstance(found, Worker):
                return never_fresh(found)
            for field, name in (("account", account), ("actor", actor)):
                named = parts.accounts.by_name(name.strip().lower()) if name.strip() else None
                if name.strip() and named is None:
                    return Invalid(field, "There is no account of that name.")
                if named is not None:
                    found_ids[field] = named.id
            known = case_of(parts, case) if case.strip() else None
            if case.strip() and known is None:
                return Invalid("case", "There is no case of that reference.")
            if known is not None:
                found_ids["case"] = known.id
            return found_ids


def verified(parts: Parts) -> Verdict:
    """Whether the whole trail is as it was written, a step at a time so that others get the database in between."""
    verification = parts.audit.verification(HeadsFile(parts.settings.home).read())
    more = True
    while more:
        with parts.storage.unit():
            more = verification.step()
    return verification.verdict
