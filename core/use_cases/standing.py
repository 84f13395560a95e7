"""Who is asking, read anew in each unit, and the account held still while it changes."""

from typing import Any

from core.accounts import Account, Damaged, name_problem, unless_lost
from core.audit import Event
from core.origin import Origin, ProvedKey
from core.secret import Secret
from core.sessions import Session, SessionKind
from core.use_cases.outcomes import NotNow, Over
from core.use_cases.parts import Parts

IN_PROBATION = NotNow("Two-factor authentication is off since the device was lost. Enable it again first.")

NO_ACCOUNT = "0" * 32
"""The id that no account has: asked for where nobody has the name, so that it takes as long (ASVS 6.3.8)."""


def hold(parts: Parts, account_id: str) -> Account | Damaged | None:
    """The account, kept from changing by anybody else until the caller's unit ends."""
    return seen(parts, account_id, hold=True)


def seen(parts: Parts, account_id: str, *, hold: bool = False) -> Account | Damaged | None:
    """The account, compared with what else is stored about it.

    With 2FA off and a device in use it is damaged: a whole row of before 2FA was on, put back, has a genuine MAC.
    """
    account = parts.accounts.get(account_id, hold=hold)
    device = parts.two_factor.device(account_id)  # looked for in any case, so that no answer takes longer
    if isinstance(account, Account) and not account.two_factor_on and device is not None:
        return Damaged(account.id, account.name, account.password_hash)
    return account


def hold_whoever(parts: Parts, found: Account | Damaged | None) -> Account | Damaged | None:
    """The account that was `found`, held; where none was, None after the same work."""
    return hold(parts, NO_ACCOUNT if found is None else found.id)


def named(parts: Parts, name: str) -> Account | Damaged | None:
    """The account of that name, however it was typed; None for what cannot be a name at all."""
    name = name.strip().lower()
    return parts.accounts.by_name(name if name_problem(name) is None else "")


def change(parts: Parts, account: Account, **columns: Any) -> Account:
    """`account` with `columns` changed; it was held, so that nobody can have been faster.

    Raises Conflict when it was not, and the unit is rolled back.
    """
    return unless_lost(parts.accounts.change(account, **columns))


def who(parts: Parts, ticket: Secret) -> tuple[Session, Account] | Over:
    """The live session behind `ticket` and its account, inside the caller's unit (ASVS 8.3.2: read anew each time)."""
    found = parts.sessions.find(ticket)
    if found is None or found.kind not in {SessionKind.FULL, SessionKind.PROBATION}:
        return Over()
    account = hold(parts, found.account)  # before its sessions, as everywhere, so that nobody waits in a circle
    if not isinstance(account, Account) or account.locked_at is not None:
        parts.sessions.end(found.id, "account locked")
        if isinstance(account, Damaged):
            parts.audit.record(Event.ACCOUNT_DAMAGED, account=account.id, source=found.source)
        return Over()
    session = parts.sessions.touch(ticket)
    return Over() if session is None else (session, account)


def who_past_probation(parts: Parts, ticket: Secret) -> tuple[Session, Account] | Over | NotNow:
    """`who`, but refused in probation: that allows to enrol, to change the password and to sign out."""
    found = who(parts, ticket)
    if isinstance(found, tuple) and found[0].kind is SessionKind.PROBATION:
        return IN_PROBATION
    return found


def origin_of(session: Session) -> Origin:
    """Where `session` comes from; of the key it proved only the fingerprint is kept."""
    return Origin(session.source, ProvedKey(session.fingerprint, "") if session.fingerprint else None)
