"""What Settings shows at the right for each of its pages: pure functions from what is known to what is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from textual.content import Content

from core.backup_code import State
from core.cases import Route
from core.cases.policy import length
from core.origin import Origin
from core.sessions import Session
from core.ssh_keys import Key
from core.terminal.theme import Colours
from core.terminal.widgets.choices import Choice
from core.terminal.words import words
from core.use_cases.account_settings import Overview
from tui.account.wishes import EndSession, RemoveKey, Wear, Wish, Wished
from tui.account.wording import (
    ago,
    day,
    key_detail,
    key_name,
    place,
    session_detail,
    session_since,
    short_fingerprint,
    table,
    ways_table,
)

OFF = "off: your password alone opens this account"
WHAT_IT_IS = (
    "With two-factor authentication, signing in asks for a token from your phone as well as your password: "
    "whoever learns the password alone stays outside. Setting it up takes two minutes."
)
HOW_TO_OFFER = "ssh -i KEY -o IdentitiesOnly=yes …"
CONTESTED = "since a recovery was stopped: mail codes recover nothing, and a lead approves"
NOT_CONFIRMED = "not confirmed: neither notices nor Forgot password reach it"
ADDRESS_SHOWN = 60


class Leaf(StrEnum):
    """The pages of Settings."""

    ACCOUNT = "Account"
    SESSIONS = "Sessions"
    KEYS = "SSH keys"
    ACTIVITY = "Activity"
    APPEARANCE = "Appearance"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to do on a page: how it is shown, what it asks for, and what is told about it while the bar is on it."""

    choice: Choice
    wish: Wished
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One page: what is so, what can be done, and what else to know."""

    above: Content
    offers: Sequence[Offer] = field(default=())
    below: Content = field(default=Content(""))

    def offer(self, name: str) -> Offer | None:
        """The line called `name`."""
        return next((offer for offer in self.offers if offer.choice.name == name), None)


def account_panel(overview: Overview, now: datetime, width: int) -> Panel:
    """Two-factor, password and address, with everything that can be done about them."""
    account, probation = overview.account, overview.probation
    offers: list[Offer] = []
    if account.two_factor_on:
        offers += [
            Offer(Choice("r", "Replace the device", "a new phone, or another app"), Wish.REPLACE_DEVICE),
            Offer(Choice("b", "New Backup Code", "the old one ends"), Wish.NEW_CODE),
            Offer(Choice("d", "Disable 2FA", danger=True), Wish.DISABLE),
        ]
    else:
        offers.append(Offer(Choice("e", "Enable", "two-factor authentication"), Wish.ENABLE))
    offers.append(Offer(Choice("p", "Change password"), Wish.CHANGE_PASSWORD))
    if probation is not None:
        return Panel(_facts(overview, now, width), offers, words(_probation(overview, now), "$warning"))
    offers.append(Offer(Choice("a", "Change address"), Wish.CHANGE_ADDRESS))
    if account.address_confirmed_at is None:
        offers.append(Offer(Choice("c", "Confirm address", "with a code from a mail"), Wish.CONFIRM_ADDRESS))
    if not account.two_factor_on:
        return Panel(_facts(overview, now, width), offers, words(WHAT_IT_IS, "$quiet"))
    heading = words("Ways back if the device is lost", "bold")
    return Panel(_facts(overview, now, width), offers, heading + "\n" + ways_table(overview.ways, now, width))


def _facts(overview: Overview, now: datetime, width: int) -> Content:
    account = overview.account
    facts = [("Two-factor", f"on since {_since(overview)}" if account.two_factor_on else OFF)]
    if account.two_factor_on:
        facts.append(("Backup code", _CODE[overview.backup_code]))
    confirmed = "confirmed" if account.address_confirmed_at else NOT_CONFIRMED
    address = account.address
    if len(address) > ADDRESS_SHOWN:
        address = f"{address[:ADDRESS_SHOWN]}…"
    facts += [("Password", f"set {ago(account.password_set_at, now)}"), ("Address", f"{address}, {confirmed}")]
    if account.contested_until is not None and account.contested_until > now:
        facts.append(("Contested", f"until {day(account.contested_until)}, {CONTESTED}"))
    return table(facts, width)


def sessions_panel(sessions: Sequence[Session], here_id: str, now: datetime) -> Panel:
    """Where the account is signed in."""
    offers = [
        Offer(
            Choice(_digit(index), place(session.source), session_since(session, here_id, now), id=session.id),
            Wish.SIGN_OUT if session.id == here_id else EndSession(session),
            session_detail(session, now),
        )
        for index, session in enumerate(sessions, 1)
    ]
    if len(sessions) == 1:
        return Panel(words("You are signed in here only. Times are in UTC."), offers)
    offers.append(Offer(Choice("x", "End all others", danger=True), Wish.END_OTHERS, "All but this session."))
    return Panel(words("Signed in now, times in UTC. Choose one to end it."), offers)


def keys_panel(keys: Sequence[Key], route: Route, origin: Origin, now: datetime, *, two_factor_on: bool) -> Panel:
    """The SSH keys of the account, the one that this connection proved, and what they are worth by `route`."""
    worth = f"a way back if the device is lost, from {length(route.age)} on" if route.enabled else "known to be yours"
    above = (
        f"A key that you add while two-factor is on is {worth}. "
        f"{'Choose one to remove it.' if keys else 'None is here yet.'}"
    )
    proved = origin.key
    in_use = proved.fingerprint if proved else ""
    offers = [
        Offer(
            Choice(_digit(index), key_name(key), _added(key, in_use), id=f"key{key.id}"),
            RemoveKey(key),
            key_detail(key, route, now),
        )
        for index, key in enumerate(keys, 1)
    ]
    if proved is None:
        below = f"No key was offered here. To add one, connect with it:\n{HOW_TO_OFFER}"
    elif any(key.fingerprint == proved.fingerprint for key in keys):
        below = f"To add another one, connect with it:\n{HOW_TO_OFFER}"
    else:
        detail = (
            proved.fingerprint if two_factor_on else f"{proved.fingerprint}\nTwo-factor is off: it will be no way back."
        )
        offers.append(
            Offer(Choice("a", "Add this connection's key", short_fingerprint(proved.fingerprint)), Wish.ADD_KEY, detail)
        )
        below = f"To add another one, connect with it:\n{HOW_TO_OFFER}"
    return Panel(words(above), offers, words(below, "$quiet"))


def appearance_panel(worn: Colours, available: Sequence[Colours]) -> Panel:
    """How the app looks, kept for this account."""
    offers = [
        Offer(Choice(_digit(index), colours.words, "now" if colours is worn else "", id=colours.value), Wear(colours))
        for index, colours in enumerate(available, 1)
    ]
    return Panel(words("How Lockwright looks when you are signed in."), offers)


_CODE = {
    State.READY: "unused, works once",
    State.SPENT: "used",
    State.VOID: "void: make a new one",
    State.NONE: "none: make one",
}


def _since(overview: Overview) -> str:
    account, device = overview.account, overview.device
    assert account.two_factor_since is not None
    since = day(account.two_factor_since)
    if device is None or day(device.since) == since:
        return since
    return f"{since}; this device since {day(device.since)}"


def _probation(overview: Overview, now: datetime) -> str:
    assert overview.probation is not None
    by_code = overview.probation.by == "backup_code"
    used = "your Backup Code was used" if by_code else "your account was recovered"
    code = "Backup Code" if by_code else "return code"
    return (
        f"Two-factor was switched off {ago(overview.probation.since, now)}, because {used}. "
        "Enable it again: until then you can change the password or sign out, nothing else. "
        f"Keep the {code} until then: other sessions ask for it."
    )


def _added(key: Key, in_use: str) -> str:
    """Since when a key is here, and whether it is the one of this connection."""
    return f"added {day(key.added_at)}{', in use here' if key.fingerprint == in_use else ''}"


def _digit(index: int) -> str:
    """The key of the line at `index`, as far as there are digits."""
    return str(index) if index < 10 else ""
