"""An account as it is drawn for staff. Pure functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from core.accounts import Role
from core.audit import Entry
from core.backup_code import State as CodeState
from core.terminal.words import words
from core.throttle import Standing
from core.use_cases.account_desk import AccountCard
from core.use_cases.words import moment
from support_console.reported import reported
from support_console.wording import NOBODY, ago, day, facts, until, when

INDENT = 13
_CODE = {CodeState.READY: "unused", CodeState.SPENT: "used", CodeState.VOID: "void", CodeState.NONE: "none"}


def facts_of(card: AccountCard, now: datetime, width: int) -> Content:
    """State, blocks and ways back."""
    blocks = [facts(_facts(card, now), width, names=13)]
    if card.blocks:
        rows: list[tuple[str, str | Content]] = [
            (each.factor.value.replace("_", " "), _block(each, now)) for each in card.blocks
        ]
        blocks.append(words("Failures in a row", "bold") + "\n" + facts(rows, width, names=13))
    if card.cases:
        blocks.append(words("Cases", "bold"))
    return Content("\n\n").join(blocks)


def _facts(card: AccountCard, now: datetime) -> list[tuple[str, str | Content]]:
    rows: list[tuple[str, str | Content]] = []
    if card.damaged:
        rows.append(("!", words("Changed outside Lockwright, and locked. Tell the operator.", "bold $danger")))
    if card.locked_at is not None:
        rows.append(
            ("! Locked", words(f"since {moment(card.locked_at)}: {card.lock_reason or NOBODY}", "$danger", lines=3))
        )
    if card.contested_until is not None and card.contested_until > now:
        rows.append(("! Contested", words(until(card.contested_until, now), "$warning")))
    if card.probation is not None:
        rows.append(("! Probation", words(f"two-factor was switched off {ago(card.probation.since, now)}", "$warning")))
    confirmed = f"confirmed {day(card.address_confirmed_at)}" if card.address_confirmed_at else "not confirmed"
    on = f"on since {day(card.two_factor_since)}" if card.two_factor_since else "off"
    roles = ", ".join(sorted(role.value for role in card.roles if role is not Role.MEMBER))
    rows += [
        ("Since", day(card.created_at) if card.created_at else NOBODY),
        ("Address", f"{card.address or NOBODY}\n{confirmed}"),
        ("Two-factor", on),
        ("Backup code", _CODE[card.backup_code]),
        ("Sessions", str(card.sessions)),
        ("SSH keys", str(card.keys)),
    ]
    if roles:
        rows.append(("Staff", roles))
    return rows


def _block(each: Standing, now: datetime) -> str:
    said = f"{each.outside} from anywhere, {each.known} from known places"
    if each.disabled:
        return f"{said}; switched off"
    if each.only_known:
        return f"{said}; works only from known places"
    return f"{said}; waits {until(each.until, now)}" if each.until and each.until > now else said


def history_of(entries: Sequence[Entry], names: Mapping[str, str], now: datetime, width: int) -> Content:
    """The security history, newest first."""
    blocks = [_entry(each, names, now, width) for each in entries]
    return Content("\n").join(blocks) if blocks else words("Nothing happened yet.", "$quiet")


def _entry(entry: Entry, names: Mapping[str, str], now: datetime, width: int) -> Content:
    time = words(when(entry.at, now), "$quiet", lines=1)
    said = f"{reported(entry, names)}: {entry.reason}" if entry.reason else reported(entry, names)
    lines = words(said, limit=400, lines=4).wrap(max(12, width - INDENT))
    drawn = [time.pad_right(INDENT - time.cell_length) + line for line in lines[:1]]
    return Content("\n").join(drawn + [words(" " * INDENT) + line for line in lines[1:]])
