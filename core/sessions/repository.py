"""Opening, finding and ending sessions and half-open sign-ins, inside the caller's unit.

Only MACs of tokens are kept, so a stolen database opens no session (ASVS 7.2.2, 16.2.5).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.clock import MICROSECOND, Clock
from core.origin import Origin
from core.secret import Secret
from core.sessions.model import (
    ENDED_KEPT,
    SIGN_IN_LIFE,
    SOURCE_KEPT,
    TOKEN_BYTES,
    WRITTEN_EVERY,
    WRONG_TOKENS,
    Begun,
    HalfOpen,
    Opened,
    Session,
    SessionKind,
)
from core.sessions.tables import KnownSourceRow, SessionRow, SignInRow
from core.tokens import Tokens
from core.vault import Part, Vault


class Limits(Protocol):
    """The settings that sessions need."""

    @property
    def member_idle(self) -> timedelta: ...
    @property
    def member_session(self) -> timedelta: ...
    @property
    def staff_idle(self) -> timedelta: ...
    @property
    def staff_session(self) -> timedelta: ...
    @property
    def claimant_idle(self) -> timedelta: ...
    @property
    def claimant_session(self) -> timedelta: ...


class Sessions:
    """Every session from its opening to its end, by idle time, by the clock, or by somebody."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens, settings: Limits) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens
        self._settings = settings

    def open(
        self, account: str, kind: SessionKind, origin: Origin, *, evidence: frozenset[str], staff: bool = False
    ) -> Opened:
        """A new session with a token of its own, which is told once, here (ASVS 7.2.4)."""
        now = self._clock()
        idle, life = self._limits(kind, staff=staff)
        token = self._tokens.bytes(TOKEN_BYTES).hex()
        row: dict[str, Any] = {
            "id": self._tokens.identifier(),
            "token": self._vault.mac("session token", token),
            "account": account,
            "kind": kind.value,
            "source": origin.source,
            "fingerprint": origin.fingerprint,
            "opened_at": now,
            "expires_at": now + life,
            "idle": idle // MICROSECOND,
            "evidence": " ".join(sorted(evidence)),
        }
        SessionRow.insert(
            **row,
            mac=self._vault.mac("session", *_fixed(row)),
            seen_at=now,
            idle_until=now + idle,
        ).execute()
        return Opened(_session({**row, "seen_at": now}), Secret(token))

    def find(self, token: Secret) -> Session | None:
        """The live session behind `token`; None when there is none, or it has ended."""
        row = self._row(SessionRow, token, "session token", _live(self._clock()))
        genuine = row is not None and self._vault.mac_matches(row["mac"], "session", *_fixed(row))
        return _session(row) if row is not None and genuine else None

    def touch(self, token: Secret) -> Session | None:
        """The live session behind `token`, its idle time begun anew; None once it has ended. Written every 5 s at most."""
        session, now = self.find(token), self._clock()
        if session is None or now - session.seen_at < WRITTEN_EVERY:
            return session
        used = SessionRow.update(seen_at=now, idle_until=now + session.idle)
        touched = used.where((SessionRow.id == session.id) & _live(now)).execute()
        return replace(session, seen_at=now) if touched else None

    def ending(self, token: Secret) -> str | None:
        """Why the session behind `token` ended, for the screen that it leaves; None while it lives or when unknown."""
        now = self._clock()
        row = self._row(SessionRow, token, "session token")
        if row is None:
            return None
        if row["end_reason"] is not None:
            return str(row["end_reason"])
        return "expired" if row["expires_at"] <= now else "idle" if row["idle_until"] <= now else None

    def last_there(self, session_id: str) -> datetime | None:
        """When whoever has or had that session was last at it: their last key, or when they left it themselves."""
        row = SessionRow.get_or_none(SessionRow.id == session_id)
        if row is None:
            return None
        return row.ended_at if row.end_reason == "signed out" else row.seen_at

    def end(self, session_id: str, reason: str) -> bool:
        """End the session with that id; False when it had ended before, and its first reason stays."""
        return self._end(SessionRow.id == session_id, reason) > 0

    def end_all(self, account: str, *, but: str | None = None, reason: str = "ended elsewhere") -> int:
        """End every session of `account`, except the one with the id `but`; how many that were."""
        theirs = SessionRow.account == account
        return self._end(theirs if but is None else theirs & (SessionRow.id != but), reason)

    def ended_since(self, moment: datetime) -> list[str]:
        """The ids of the sessions that somebody ended at `moment` or later, for whoever has to close their screens."""
        rows: Any = SessionRow.select(SessionRow.id).where(SessionRow.ended_at >= moment).tuples()
        return [session_id for (session_id,) in rows]

    def live(self, account: str) -> list[Session]:
        """The live sessions of `account`, the latest used first."""
        rows: Any = (
            SessionRow.select()
            .where((SessionRow.account == account) & _live(self._clock()))
            .order_by(SessionRow.seen_at.desc(), SessionRow.id)
            .dicts()
        )
        return [_session(row) for row in rows if self._vault.mac_matches(row["mac"], "session", *_fixed(row))]

    def begin_sign_in(self, account: str, origin: Origin) -> Begun:
        """A half-open sign-in: the password was right, the second factor has 5 minutes."""
        now = self._clock()
        token = self._tokens.bytes(TOKEN_BYTES).hex()
        row: dict[str, Any] = {
            "id": self._tokens.identifier(),
            "token": self._vault.mac("sign-in token", token),
            "account": account,
            "source": origin.source,
            "fingerprint": origin.fingerprint,
            "begun_at": now,
            "until": now + SIGN_IN_LIFE,
        }
        SignInRow.insert(
            **row,
            mac=self._vault.mac("sign-in", *_begun(row)),
            wrong=0,
        ).execute()
        return Begun(Secret(token), row["until"])

    def sign_in(self, token: Secret) -> HalfOpen | None:
        """The half-open sign-in behind `token`; None when it is over."""
        row = self._row(SignInRow, token, "sign-in token", _half_open(self._clock()))
        if row is None or not self._vault.mac_matches(row["mac"], "sign-in", *_begun(row)):
            return None
        names = ("id", "account", "source", "fingerprint", "until", "wrong")
        return HalfOpen(**{name: row[name] for name in names})

    def count_wrong(self, half: HalfOpen) -> int:
        """Count a wrong token; how many more are allowed, and 0 when the sign-in is over with it or was before."""
        mine = SignInRow.id == half.id
        counted = SignInRow.update(wrong=SignInRow.wrong + 1).where(mine & _half_open(self._clock())).execute()
        return WRONG_TOKENS - int(SignInRow.get(mine).wrong) if counted else 0

    def finish_sign_in(self, half: HalfOpen) -> bool:
        """Use the half-open sign-in up; True for one caller only, who may open the session."""
        now = self._clock()
        finished = SignInRow.update(ended_at=now).where((SignInRow.id == half.id) & _half_open(now))
        return bool(finished.execute())

    def end_sign_ins(self, account: str) -> int:
        """End every half-open sign-in of `account`; how many that were."""
        now = self._clock()
        return int(SignInRow.update(ended_at=now).where((SignInRow.account == account) & _half_open(now)).execute())

    def known(self, account: str, source: str) -> bool:
        """Whether `account` was signed in to from `source` before, within a year."""
        keys = self._vault.macs("known source", account, source)
        recent = KnownSourceRow.seen_at > self._clock() - SOURCE_KEPT
        return bool(KnownSourceRow.select().where(KnownSourceRow.key.in_(keys) & recent).exists())

    def remember(self, account: str, source: str) -> None:
        """From now on `source` is known to `account`: a sign-in from it was finished."""
        now, key = self._clock(), self._vault.mac("known source", account, source)
        KnownSourceRow.insert(key=key, account=account, seen_at=now).on_conflict(
            conflict_target=[KnownSourceRow.key], update={KnownSourceRow.seen_at: now}
        ).execute()

    def expire(self) -> int:
        """End what ran out and forget what is long over; how many sessions ended."""
        now = self._clock()
        still = SessionRow.ended_at.is_null()
        ran_out = [("expired", SessionRow.expires_at <= now), ("idle", SessionRow.idle_until <= now)]
        ended = 0
        for reason, over in ran_out:
            ended += SessionRow.update(ended_at=now, end_reason=reason).where(still & over).execute()
        SessionRow.delete().where(SessionRow.ended_at <= now - ENDED_KEPT).execute()
        SignInRow.delete().where(SignInRow.until <= now).execute()
        KnownSourceRow.delete().where(KnownSourceRow.seen_at <= now - SOURCE_KEPT).execute()
        return ended

    def _limits(self, kind: SessionKind, *, staff: bool) -> tuple[timedelta, timedelta]:
        settings = self._settings
        if kind is SessionKind.CLAIMANT:
            return settings.claimant_idle, settings.claimant_session
        if staff:
            return settings.staff_idle, settings.staff_session
        return settings.member_idle, settings.member_session

    def _row(self, rows: Any, token: Secret, purpose: str, *conditions: Any) -> dict[str, Any] | None:
        looked_up = rows.token.in_(self._vault.macs(purpose, token.reveal()))
        row: dict[str, Any] | None = rows.select().where(looked_up, *conditions).dicts().first()
        return row

    def _end(self, which: Any, reason: str) -> int:
        now = self._clock()
        return int(SessionRow.update(ended_at=now, end_reason=reason).where(which & _live(now)).execute())


def _live(now: datetime) -> Any:
    return SessionRow.ended_at.is_null() & (SessionRow.expires_at > now) & (SessionRow.idle_until > now)


def _half_open(now: datetime) -> Any:
    return SignInRow.ended_at.is_null() & (SignInRow.until > now) & (SignInRow.wrong < WRONG_TOKENS)


def _session(row: dict[str, Any]) -> Session:
    return Session(
        id=row["id"],
        account=row["account"],
        kind=SessionKind(row["kind"]),
        source=row["source"],
        fingerprint=row["fingerprint"],
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
        idle=row["idle"] * MICROSECOND,
        evidence=frozenset(row["evidence"].split()),
    )


def _fixed(row: dict[str, Any]) -> list[Part]:
    """What of a session never changes, for its MAC."""
    texts = [row[name] for name in ("id", "account", "kind", "source", "fingerprint", "evidence")]
    return [row["token"], *texts, row["idle"], row["opened_at"], row["expires_at"]]


def _begun(row: dict[str, Any]) -> list[Part]:
    texts = [row[name] for name in ("id", "account", "source", "fingerprint")]
    return [row["token"], *texts, row["begun_at"], row["until"]]
