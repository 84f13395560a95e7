"""Enrolments and devices, inside the caller's unit. Every stage and every token is won by one conditional update."""

from datetime import datetime
from typing import Any

from core.clock import Clock
from core.errors import Unreadable
from core.secret import Secret
from core.tokens import Tokens
from core.two_factor import totp
from core.two_factor.model import (
    ENROLMENT_LIFE,
    Accepted,
    Broken,
    Checked,
    Device,
    Enrolment,
    Finished,
    NoDevice,
    NoEnrolment,
    Verified,
    same_offset,
)
from core.two_factor.tables import DeviceRow, EnrolmentRow
from core.two_factor.totp import Match, NoMatch, Off, Used
from core.vault import Vault


class TwoFactor:
    """The second factor of every account: what is enrolled, what is being enrolled, and which tokens still count."""

    def __init__(self, vault: Vault, clock: Clock, tokens: Tokens) -> None:
        self._vault = vault
        self._clock = clock
        self._tokens = tokens

    def begin(self, account: str, session: str) -> Enrolment:
        """Start to enrol a new device; whatever enrolment the account had in progress is discarded."""
        return self._begin(account, session, self._tokens.bytes(totp.SECRET_BYTES))

    def begin_code(self, account: str, session: str) -> Enrolment:
        """Start to replace the backup code alone: an enrolment without a device, verified from the start."""
        return self._begin(account, session, None)

    def enrolment(self, enrolment: str, account: str, session: str) -> Enrolment | None:
        """The enrolment in progress, as it stands; None when it ended or belongs to another account or session."""
        row = EnrolmentRow.get_or_none(self._live(enrolment, account, session))
        try:
            return None if row is None else self._shown(row)
        except Unreadable:
            return None

    def verify(self, enrolment: Enrolment, token: str) -> Verified:
        """Check the initial token of the new device; its step stays closed, at sign-in too."""
        mine = self._mine(enrolment)
        row = EnrolmentRow.get_or_none(mine)
        if row is None or row.sealed is None:
            return NoEnrolment()
        try:
            secret = self._unseal(row.sealed, row.account, row.id)
        except Unreadable:
            return NoEnrolment()
        now = self._clock()
        verdict = totp.match(secret, token, now, row.last_step)
        if isinstance(verdict, Match):
            closed = {"last_step": verdict.step, "verified": True, "off_by": None, "off_step": None}
            won = EnrolmentRow.update(closed).where(mine, EnrolmentRow.last_step < verdict.step).execute()
            return Accepted(verdict.step, row.id) if won else Used(totp.wait_after(verdict.step, now))
        return _refused(EnrolmentRow, mine, row, verdict, now)

    def set_code_hash(self, enrolment: Enrolment, sealed_hash: bytes, *, asks: int, group: Secret) -> bool:
        """Put the backup code's sealed hash into a verified enrolment; the owner is to type `group`, which is number `asks`.

        False when the enrolment ended or is not verified. Done again, it replaces the code, and the group is asked anew.
        """
        code = {
            "code_hash": sealed_hash,
            "asks_group": asks,
            "group_mac": self._vault.mac(_CODE_GROUP, enrolment.account, enrolment.id, asks, group.reveal()),
            "group_typed": False,
        }
        return bool(EnrolmentRow.update(code).where(self._mine(enrolment), EnrolmentRow.verified).execute())

    def check_group(self, enrolment: Enrolment, typed: str) -> bool:
        """Whether `typed`, already cleaned, is the group that was asked for; only then can the enrolment be finished."""
        mine = self._mine(enrolment)
        row = EnrolmentRow.get_or_none(mine)
        if row is None or row.group_mac is None:
            return False
        mac = row.group_mac
        if not self._vault.mac_matches(mac, _CODE_GROUP, row.account, row.id, row.asks_group, typed):
            return False
        return bool(EnrolmentRow.update(group_typed=True).where(mine, EnrolmentRow.group_mac == mac).execute())

    def finish(self, enrolment: Enrolment) -> Finished | None:
        """Make the enrolment count: its device replaces the account's. Works once; None when another did, or it ended.

        The caller stores the code's hash and switches 2FA on in the same unit.
        """
        ready = EnrolmentRow.verified, EnrolmentRow.group_typed, EnrolmentRow.code_hash.is_null(False)
        won = EnrolmentRow.update(finished=True).where(self._mine(enrolment), ~EnrolmentRow.finished, *ready).execute()
        if not won:
            return None
        row = EnrolmentRow.get(EnrolmentRow.account == enrolment.account)
        row.delete_instance()
        if row.sealed is not None:
            _put_in_use(
                enrolment=row.id,
                account=row.account,
                sealed=row.sealed,
                since=self._clock(),
                last_step=row.last_step,
            )
        assert row.code_hash is not None
        return Finished(row.code_hash, device=row.sealed is not None)

    def discard(self, account: str) -> bool:
        """Drop the account's enrolment in progress, if there is one."""
        return bool(EnrolmentRow.delete().where(EnrolmentRow.account == account).execute())

    def check(self, account: str, token: str) -> Checked:
        """Check a token of the account's device; an accepted one counts once (RFC 6238 section 5.2, ASVS 6.5.1)."""
        row = DeviceRow.get_or_none(DeviceRow.current == account)
        return NoDevice() if row is None else self._check(row, DeviceRow.current == account, token)

    def device(self, account: str) -> Device | None:
        """The account's device in use."""
        row = DeviceRow.get_or_none(DeviceRow.current == account)
        return None if row is None else Device(row.enrolment, row.since)

    def erase(self, account: str) -> bool:
        """Erase the device in use and any enrolment in progress; False when there was no device.

        One that was set aside stays: a thief must not be able to burn the owner's way back.
        """
        self.discard(account)
        return bool(DeviceRow.delete().where(DeviceRow.current == account).execute())

    def set_aside(self, account: str, until: datetime) -> bool:
        """Take the device out of use but keep it sealed until `until`; False when there was none."""
        self.discard(account)
        away = DeviceRow.update(current=None, aside_until=until).where(DeviceRow.current == account)
        return bool(away.execute())

    def aside(self, account: str) -> bool:
        """Whether a device is set aside for the account."""
        return bool(DeviceRow.select().where(self._aside(account)).exists())

    def check_aside(self, account: str, token: str) -> Checked:
        """Check a token of the devices that are set aside for the account; the one accepted can be restored."""
        verdict: Checked = NoDevice()
        for row in DeviceRow.select().where(self._aside(account)).order_by(DeviceRow.since, DeviceRow.enrolment):
            verdict = self._check(row, self._aside(account), token)
            if isinstance(verdict, Accepted):
                return verdict
        return verdict

    def restore(self, account: str, device: str) -> bool:
        """Put a device that was set aside back into use, in the place of any other; False when its time is over."""
        row = DeviceRow.get_or_none(DeviceRow.enrolment == device, self._aside(account))
        if row is None:
            return False
        self.discard(account)  # first: enrolments are locked before devices everywhere, so nobody waits in a circle
        won = DeviceRow.delete().where(DeviceRow.enrolment == device, self._aside(account)).execute()
        if won:
            _put_in_use(
                enrolment=row.enrolment,
                account=account,
                sealed=row.sealed,
                since=row.since,
                last_step=row.last_step,
            )
        return bool(won)

    def expire(self) -> int:
        """Erase enrolments and set-aside devices whose time is over; how many."""
        now = self._clock()
        enrolments = EnrolmentRow.delete().where(EnrolmentRow.expires_at <= now).execute()
        devices = DeviceRow.delete().where(DeviceRow.current.is_null(), DeviceRow.aside_until <= now).execute()
        return int(enrolments) + int(devices)

    def _begin(self, account: str, session: str, secret: bytes | None) -> Enrolment:
        identifier = self._tokens.identifier()
        fresh: dict[str, Any] = {
            "id": identifier,
            "session": session,
            "sealed": None if secret is None else self._vault.seal(secret, _KEY, account, identifier),
            "expires_at": self._clock() + ENROLMENT_LIFE,
            "verified": secret is None,
            "last_step": totp.NEVER,
            "off_by": None,
            "off_step": None,
            "code_hash": None,
            "asks_group": None,
            "group_mac": None,
            "group_typed": False,
            "finished": False,
        }
        EnrolmentRow.insert(account=account, **fresh).on_conflict(
            conflict_target=[EnrolmentRow.account], update=fresh
        ).execute()
        return self._shown(EnrolmentRow(account=account, **fresh))

    def _check(self, row: Any, where: Any, token: str) -> Checked:
        try:
            secret = self._unseal(row.sealed, row.account, row.enrolment)
        except Unreadable:
            return Broken()
        now = self._clock()
        mine = where & (DeviceRow.enrolment == row.enrolment)
        verdict = totp.match(secret, token, now, row.last_step)
        if isinstance(verdict, Match):
            closed = {"last_step": verdict.step, "off_by": None, "off_step": None}
            won = DeviceRow.update(closed).where(mine, DeviceRow.last_step < verdict.step).execute()
            return Accepted(verdict.step, row.enrolment) if won else Used(totp.wait_after(verdict.step, now))
        return _refused(DeviceRow, mine, row, verdict, now)

    def _shown(self, row: Any) -> Enrolment:
        secret = None if row.sealed is None else self._unseal(row.sealed, row.account, row.id)
        return Enrolment(
            id=row.id,
            account=row.account,
            session=row.session,
            expires_at=row.expires_at,
            secret=None if secret is None else Secret(totp.base32(secret)),
            verified=row.verified,
            replaces=self.device(row.account) is not None,
            asks_group=row.asks_group,
            group_typed=row.group_typed,
        )

    def _unseal(self, sealed: bytes, account: str, enrolment: str) -> bytes:
        return self._vault.unseal(sealed, _KEY, account, enrolment)

    def _mine(self, enrolment: Enrolment) -> Any:
        return self._live(enrolment.id, enrolment.account, enrolment.session)

    def _live(self, enrolment: str, account: str, session: str) -> Any:
        return (
            (EnrolmentRow.account == account)
            & (EnrolmentRow.id == enrolment)
            & (EnrolmentRow.session == session)
            & (EnrolmentRow.expires_at > self._clock())
        )

    def _aside(self, account: str) -> Any:
        return (DeviceRow.account == account) & DeviceRow.current.is_null() & (DeviceRow.aside_until > self._clock())


_KEY = "totp secret"
_CODE_GROUP = "backup code group"


def _refused(
    table: type[DeviceRow | EnrolmentRow], mine: Any, row: Any, verdict: Used | Off | NoMatch, now: datetime
) -> Used | Off | NoMatch:
    """The refusal, after remembering by how much the token was off: only the next one can confirm it."""
    if isinstance(verdict, Off):
        step = totp.step_at(now) + verdict.steps
        twice = row.off_by is not None and step > row.off_step and same_offset(row.off_by, verdict.steps)
        table.update(off_by=verdict.steps, off_step=step).where(mine).execute()
        return Off(verdict.steps, twice=twice)
    if row.off_by is not None:
        table.update(off_by=None, off_step=None).where(mine).execute()
    return verdict


def _put_in_use(**device: Any) -> None:
    """Make `device` the account's only one in use, whichever other one is, or becomes so at the same moment."""
    device |= {"current": device["account"], "off_by": None, "off_step": None, "aside_until": None}
    DeviceRow.insert(device).on_conflict(conflict_target=[DeviceRow.current], update=device).execute()
