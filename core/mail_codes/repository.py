"""Mail codes and stop codes, inside the caller's unit. Tries and uses are counted by conditional updates."""

from datetime import UTC, datetime
from typing import Any

from core.clock import Clock
from core.errors import Unreadable
from core.mail_codes.model import (
    DAY,
    DIGITS,
    PAUSE,
    STOP_LENGTH,
    TRIES,
    Issued,
    NoneOpen,
    Purpose,
    Right,
    Standing,
    Stop,
    StopKind,
    TooSoon,
    WrongCode,
    clean,
    clean_stop,
)
from core.mail_codes.tables import MailCodeRow, MailLimitRow, StopCodeRow
from core.secret import Secret
from core.tokens import Tokens
from core.vault import Vault


class MailCodes:
    """The codes that prove a mailbox: short-lived, single-use, and never more than a few to one address."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def issue(self, purpose: Purpose, *, account: str, address: str, bound: str = "") -> Issued | TooSoon:
        """A new code for `address`, void unless tried with the same `bound` (the claimant, as evidence).

        At most one a minute and five in 24 hours to one address for one purpose, whoever asks. Any older code of the
        account for the purpose is void from now on.
        """
        now = self._clock()
        until = self._until_allowed(purpose, address, now)
        if until is not None:
            return TooSoon(until)
        code, identifier = self._tokens.digits(DIGITS), self._tokens.identifier()
        fresh: dict[str, Any] = {
            "id": identifier,
            "bound": bound,
            "mac": self._vault.mac(_MAIL_CODE, purpose, account, bound, identifier, code),
            "address": self._vault.seal(address.encode(), _MAIL_CODE, account, identifier),
            "expires_at": now + purpose.life,
            "tries": 0,
        }
        MailCodeRow.insert(purpose=purpose, account=account, **fresh).on_conflict(
            conflict_target=[MailCodeRow.purpose, MailCodeRow.account], update=fresh
        ).execute()
        return Issued(Secret(code), fresh["expires_at"])

    def try_code(self, purpose: Purpose, account: str, bound: str, code: str) -> Right | WrongCode | NoneOpen:
        """Try `code` against the open one. A try is counted before it is compared, so that guesses in parallel cannot
        pass the five (ASVS 6.6.3); a right one is spent. What is no eight digits is wrong without counting.
        """
        mine = (
            (MailCodeRow.purpose == purpose)
            & (MailCodeRow.account == account)
            & (MailCodeRow.bound == bound)
            & (MailCodeRow.expires_at > self._clock())
        )
        digits = clean(code)
        if digits is None:
            row = MailCodeRow.get_or_none(mine, MailCodeRow.tries < TRIES)
            return NoneOpen() if row is None else WrongCode(TRIES - row.tries)
        counted = MailCodeRow.update(tries=MailCodeRow.tries + 1).where(mine, MailCodeRow.tries < TRIES)
        open_still = counted.execute()
        row = MailCodeRow.get_or_none(mine)
        mac, identifier = (_NO_MAC, "") if row is None else (row.mac, row.id)
        right = self._vault.mac_matches(mac, _MAIL_CODE, purpose, account, bound, identifier, digits)
        if not open_still or row is None:  # after the same work: whether a code is open must not be told by its time
            return NoneOpen()
        if not right:
            return WrongCode(TRIES - row.tries)
        if not MailCodeRow.delete().where(mine, MailCodeRow.id == row.id).execute():
            return NoneOpen()
        sent_to = self._sent_to(row, account)
        return NoneOpen() if sent_to is None else Right(sent_to)

    def standing(self, purpose: Purpose, *, account: str, address: str) -> Standing:
        """Whether a code for `address` is open, and when another can be sent; nothing is counted."""
        now = self._clock()
        mine = (MailCodeRow.purpose == purpose) & (MailCodeRow.account == account)
        row = MailCodeRow.get_or_none(mine, MailCodeRow.expires_at > now, MailCodeRow.tries < TRIES)
        counts_until = row.expires_at if row is not None and self._sent_to(row, account) == address else None
        limit = MailLimitRow.get_or_none(MailLimitRow.key == self._limit_key(purpose, address))
        if limit is None:
            return Standing(counts_until, None)
        next_from = max(limit.first + PAUSE, limit.fifth + DAY)
        return Standing(counts_until, next_from if next_from > now else None, limit.fifth > now - DAY)

    def void(self, account: str, purpose: Purpose | None = None) -> bool:
        """Make the account's open code for `purpose` worthless, or all of them."""
        mine = MailCodeRow.account == account
        if purpose is not None:
            mine &= MailCodeRow.purpose == purpose
        return bool(MailCodeRow.delete().where(mine).execute())

    def expire(self) -> int:
        """Erase codes that are over, and limits that no longer bind; how many."""
        now = self._clock()
        # In the order in which issuing locks them: the other way round the two would wait for each other.
        limits = MailLimitRow.delete().where(MailLimitRow.first <= now - DAY).execute()
        codes = MailCodeRow.delete().where(MailCodeRow.expires_at <= now).execute()
        return int(limits) + int(codes)

    def _until_allowed(self, purpose: Purpose, address: str, now: datetime) -> datetime | None:
        """None when one more code may go to `address`, which is then counted; otherwise until when it may not.

        One conditional update tests and counts, so two at once are one too many, not two.
        """
        key = self._limit_key(purpose, address)
        never = dict.fromkeys(("first", "second", "third", "fourth", "fifth"), _LONG_AGO)
        limit = MailLimitRow
        shift = {
            "first": now,
            "second": limit.first,
            "third": limit.second,
            "fourth": limit.third,
            "fifth": limit.fourth,
        }
        allowed = (limit.key == key) & (limit.first <= now - PAUSE) & (limit.fifth <= now - DAY)
        limit.insert(key=key, **never).on_conflict_ignore().execute()
        if limit.update(shift).where(allowed).execute():
            return None
        row = limit.get_or_none(limit.key == key)
        # None: the limit was swept away as over between the two statements, and somebody else's code counts now.
        return now + PAUSE if row is None else max(row.first + PAUSE, row.fifth + DAY)

    def _limit_key(self, purpose: Purpose, address: str) -> bytes:
        return self._vault.mac(_MAIL_LIMIT, purpose, address.strip().lower())

    def _sent_to(self, row: Any, account: str) -> str | None:
        """The address that a code was sent to; None when it cannot be read."""
        try:
            return self._vault.unseal(row.address, _MAIL_CODE, account, row.id).decode()
        except Unreadable:
            return None


class StopCodes:
    """The codes in notices: whoever reads the notice can stop a case or undo a change without signing in, once."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def issue(self, kind: StopKind, account: str, *, until: datetime, case: str | None = None) -> Secret:
        """A new code, good until `until`."""
        code = self._tokens.crockford(STOP_LENGTH)
        StopCodeRow.insert(
            mac=self._vault.mac(_STOP_CODE, code),
            kind=kind,
            account=account,
            case_id=case,
            expires_at=until,
            used_at=None,
        ).execute()
        return Secret(code)

    def account_of(self, code: str) -> str | None:
        """Whose `code` is, spending nothing: an account is held before its codes are, everywhere in the same order."""
        typed = clean_stop(code)
        if typed is None:
            return None
        row = StopCodeRow.get_or_none(StopCodeRow.mac.in_(self._vault.macs(_STOP_CODE, typed)))
        return None if row is None else str(row.account)

    def take(self, code: str) -> Stop | None:
        """Spend `code`; None when it is no stop code, or one that was used or is over."""
        typed = clean_stop(code)
        if typed is None:
            return None
        now = self._clock()
        given = StopCodeRow.mac.in_(self._vault.macs(_STOP_CODE, typed))
        unused = StopCodeRow.used_at.is_null() & (StopCodeRow.expires_at > now)
        if not StopCodeRow.update(used_at=now).where(given, unused).execute():
            return None
        row = StopCodeRow.get(given)
        return Stop(StopKind(row.kind), row.account, row.case_id)

    def prolong(self, case: str, until: datetime) -> int:
        """Let the unused codes of a case count until `until`; how many there are."""
        unused = (StopCodeRow.case_id == case) & StopCodeRow.used_at.is_null()
        return int(StopCodeRow.update(expires_at=until).where(unused).execute())

    def void_case(self, case: str) -> int:
        """Make the codes of a case worthless; how many were open."""
        unused = (StopCodeRow.case_id == case) & StopCodeRow.used_at.is_null()
        return int(StopCodeRow.delete().where(unused).execute())

    def void(self, account: str, kind: StopKind) -> int:
        """Make the account's codes of one kind worthless; how many were open."""
        unused = (StopCodeRow.account == account) & (StopCodeRow.kind == kind) & StopCodeRow.used_at.is_null()
        return int(StopCodeRow.delete().where(unused).execute())

    def expire(self) -> int:
        """Erase codes that are over; how many."""
        return int(StopCodeRow.delete().where(StopCodeRow.expires_at <= self._clock()).execute())


_MAIL_CODE = "mail code"
_MAIL_LIMIT = "mail code limit"
_STOP_CODE = "stop code"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_NO_MAC = bytes(36)
