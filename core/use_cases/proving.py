"""Asking again before security changes: the password, and a token when 2FA is on (ASVS 7.5.1).

In two units, because the hash is computed between them: `begin` counts the attempt in a unit of its own, `settle`
finishes inside the unit of the change, so that proof and change stand or fall together. `prove` is both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from core.accounts import Account
from core.audit import Event
from core.backup_code import Stored, clean
from core.cases import clean_return_code
from core.errors import HasherBusy
from core.origin import Origin
from core.secret import Secret
from core.sessions import Session
from core.throttle import Admitted, Factor
from core.two_factor import Accepted
from core.use_cases.outcomes import Busy, Invalid, Over, Proof, ProofRefused, WayNeeded, Wrong
from core.use_cases.parts import Parts
from core.use_cases.second_factor import check_token
from core.use_cases.standing import origin_of, who
from core.use_cases.tries import admit, settle

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A proof that was counted and compared, and waits to be settled."""

    ticket: Secret
    account: Account
    origin: Origin
    password: Admitted
    password_right: bool
    token: str = field(repr=False)
    way: Admitted | None
    way_right: bool
    stored_way: Stored | None = None
    """The backup code that was compared, which must still be the one that counts."""
    fresh_hash: bytes = field(default=b"", repr=False)
    """The sealed hash of the new password or code that the change brings, when it brings one."""


@dataclass(frozen=True, slots=True)
class Proved:
    """Who asks, proved anew in this unit."""

    session: Session
    account: Account
    """Held until the unit ends."""
    origin: Origin
    fresh_hash: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """A proof that was counted, before its hashes are computed."""

    account: Account
    origin: Origin
    password: Admitted
    way: Admitted | None
    way_code: Secret | None
    stored_way: Stored | None
    return_code_right: bool = True
    """False when a completed case's return code was asked and another one shown."""


class Proving:
    """Checks the proof that comes with a change of security."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def prove(
        self,
        ticket: Secret,
        proof: Proof,
        then: Callable[[Proved], Answer],
        *,
        asks_way: bool = False,
        fresh: Secret | None = None,
        fresh_use: str = "password",
    ) -> Answer | ProofRefused:
        """What `then` answers, called in the unit that settles the proof; why not, when it is refused.

        Call it outside any unit. The rest is for `begin`.
        """
        attempt = self.begin(ticket, proof, asks_way=asks_way, fresh=fresh, fresh_use=fresh_use)
        if not isinstance(attempt, Attempt):
            return attempt
        with self._parts.storage.unit():
            proved = self.settle(attempt)
            return then(proved) if isinstance(proved, Proved) else proved

    def begin(
        self,
        ticket: Secret,
        proof: Proof,
        *,
        asks_way: bool = False,
        fresh: Secret | None = None,
        fresh_use: str = "password",
    ) -> Attempt | ProofRefused:
        """Count the attempt in a unit of its own, then compute the hashes outside any unit, that of `fresh` among them.

        `asks_way`: in probation, another session than the one that opened it shows again what switched 2FA off.
        """
        parts = self._parts
        if not proof.password:
            return Invalid("password", "Type your password.")
        with parts.storage.unit():
            counted = self._count(ticket, proof, asks_way=asks_way)
        if not isinstance(counted, Counted):
            return counted
        account = counted.account
        try:
            password_right = parts.hasher.verify(account.password_hash, proof.password, account.id, "password")
            way_right = counted.return_code_right and (
                counted.way_code is None
                or (
                    counted.stored_way is not None
                    and parts.hasher.verify(counted.stored_way.hash, counted.way_code, account.id, "backup code")
                )
            )
            fresh_hash = parts.hasher.hash(fresh, account.id, fresh_use) if fresh is not None else b""
        except HasherBusy as busy:
            with parts.storage.unit():
                parts.throttle.take_back(counted.password)
                if counted.way is not None:
                    parts.throttle.take_back(counted.way)
            return Busy(busy.wait)
        return Attempt(
            ticket,
            account,
            counted.origin,
            counted.password,
            password_right,
            proof.token,
            counted.way,
            way_right,
            counted.stored_way,
            fresh_hash,
        )

    def _count(self, ticket: Secret, proof: Proof, *, asks_way: bool) -> Counted | ProofRefused:
        parts = self._parts
        found = who(parts, ticket)
        if isinstance(found, Over):
            return found
        session, account = found
        origin = origin_of(session)
        way_code: Secret | None = None
        stored: Stored | None = None
        if asks_way and account.probation is not None and account.probation.session != session.id:
            if proof.way is None:
                return WayNeeded(account.probation.by)
            if account.probation.by == "case":
                return self._count_return_code(account, origin, proof.way)
            cleaned = clean(proof.way.reveal())
            if cleaned is None:
                return Invalid("way", "A backup code is 20 letters and digits in four groups of five.")
            way_code = Secret(cleaned)
            stored = parts.backup_codes.current(account.id)
        password = admit(parts, account, Factor.PASSWORD, origin)
        if not isinstance(password, Admitted):
            return password
        if way_code is None:
            return Counted(account, origin, password, None, None, None)
        way = admit(parts, account, Factor.BACKUP_CODE, origin, source_counted=True)
        if not isinstance(way, Admitted):
            parts.throttle.take_back(password)
            return way
        return Counted(account, origin, password, way, way_code, stored)

    def _count_return_code(self, account: Account, origin: Origin, way: Secret) -> Counted | ProofRefused:
        """The way back was a recovery case: its return code is compared at once, as it needs no hash."""
        parts = self._parts
        cleaned = clean_return_code(way.reveal())
        if cleaned is None:
            return Invalid("way", "A return code is 12 letters and digits in three groups of four.")
        password = admit(parts, account, Factor.PASSWORD, origin)
        if not isinstance(password, Admitted):
            return password
        counted = admit(parts, account, Factor.RETURN_CODE, origin, source_counted=True)
        if not isinstance(counted, Admitted):
            parts.throttle.take_back(password)
            return counted
        case = parts.cases.completed_last(account.id)
        right = case is not None and parts.cases.right_code(case, cleaned)
        return Counted(account, origin, password, counted, None, None, return_code_right=right)

    def settle(self, attempt: Attempt) -> Proved | ProofRefused:
        """Finish the proof inside the caller's unit: what was compared must still be what counts."""
        parts = self._parts
        found = who(parts, attempt.ticket)
        if isinstance(found, Over):
            return found
        session, account = found
        password_right = attempt.password_right and account.password_hash == attempt.account.password_hash
        way_right = attempt.way_right and self._way_unchanged(attempt.stored_way)
        right = password_right and way_right
        settle(parts, attempt.password, attempt.origin, success=password_right, whole_try=right)
        if attempt.way is not None:
            settle(parts, attempt.way, attempt.origin, success=way_right)
        if not right:
            parts.audit.record(Event.PROOF_FAILED, account=account.id, source=attempt.origin.source)
            return Wrong()
        if account.two_factor_on:
            checked = check_token(parts, account, attempt.token, attempt.origin)
            if not isinstance(checked, Accepted):
                parts.audit.record(Event.PROOF_FAILED, account=account.id, source=attempt.origin.source)
                return checked
        return Proved(session, account, attempt.origin, attempt.fresh_hash)

    def _way_unchanged(self, compared: Stored | None) -> bool:
        """A leaked code may have been made void while its hash was computed."""
        if compared is None:
            return True
        current = self._parts.backup_codes.current(compared.account)
        return current is not None and current.hash == compared.hash
