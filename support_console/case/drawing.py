"""A case as it is drawn: facts at the left, the timeline at the right. Pure functions."""

from datetime import datetime

from textual.content import Content

from core.cases import MomentKind
from core.origin import where
from core.terminal.words import words
from core.use_cases.case_view import RouteView
from core.use_cases.desk_view import EvidenceView, StaffCase
from core.use_cases.timeline import Line
from core.use_cases.words import moment
from support_console.wording import NOBODY, ago, day, facts, rough, until, when

NAMES = 10
INDENT = 13
"""Where what happened begins, beside its time."""
ROOMY = 50
"""Cells of a line from which on what somebody wrote stands below who wrote it, and not below the time."""
TEXT_LIMIT, TEXT_LINES = 2000, 40
_SPOKEN = {MomentKind.MESSAGE, MomentKind.QUESTION}


def standing(case: StaffCase, now: datetime) -> str:
    """State, who has it and the wait, for the right of the title."""
    parts = [case.state.value]
    if case.mine:
        left = f", {rough(case.lease_until - now)}" if case.lease_until is not None else ""
        parts.append(f"claimed by you{left}")
    elif case.holder is not None:
        parts.append(f"claimed by {case.holder}")
    if case.wait is not None and case.wait.over_at is not None:
        parts.append(f"wait {rough(case.wait.over_at - now)}" if case.wait.over_at > now else "wait is over")
    return "   ".join(parts)


def facts_of(case: StaffCase, now: datetime, width: int) -> Content:
    """What the policy says is met and missing, then who and what."""
    warnings = [_warned(said, width) for said in _warnings(case)]
    given = {each.kind: [seen for seen in case.evidence if seen.kind is each.kind] for each in case.evidence}
    routes: list[tuple[str, str | Content]] = []
    for route in sorted(case.routes, key=lambda each: (not each.met, not each.possible)):
        seen = [_evidence(each, now) for each in given.pop(route.kind, [])]
        routes.append((route.kind.value, Content("\n").join([_route(route), *seen])))
    routes += [(kind.value, Content("\n").join(_evidence(each, now) for each in seen)) for kind, seen in given.items()]
    blocks = [Content("\n").join(warnings)] if warnings else []
    if case.watchers:
        blocks.insert(0, facts([("Here too", ", ".join(case.watchers))], width, names=NAMES))
    blocks.append(facts(routes, width, names=NAMES) if routes else words("No route is open.", "$quiet"))
    blocks.append(facts(_facts(case, now), width, names=NAMES))
    policy = (words(said, "$quiet").wrap(width) for said in case.policy_text)
    blocks.append(Content("\n").join(line for lines in policy for line in lines))
    return Content("\n\n").join(blocks)


def _facts(case: StaffCase, now: datetime) -> list[tuple[str, str | Content]]:
    wait = case.wait
    rows: list[tuple[str, str | Content]] = []
    if wait is not None:
        over = f"{until(wait.over_at, now)}. " if wait.over_at is not None else ""
        rows.append(("Wait", over + wait.sentence))
    if case.verifier is not None:
        rows.append(("Verified", f"by {case.verifier}"))
    if case.approver is not None:
        rows.append(("Approved", f"by {case.approver}"))
    rows.append(("Account", _account(case)))
    rows.append(("Address", f"{case.address or NOBODY}\n{case.address_state}"))
    rows.append(("Contact", f"{case.contact or NOBODY} (not verified)"))
    rows.append(("Opened", f"{moment(case.opened_at)}\n{where(case.source)}"))
    if case.fingerprint is not None:
        rows.append(("Key", f"{case.fingerprint[:19]}…"))
    if case.last_sign_in_at is not None:
        here = "this source" if case.last_sign_in_here else "another source"
        rows.append(("Last in", f"{ago(case.last_sign_in_at, now)}, {here}"))
    if case.two_factor_since is not None:
        rows.append(("2FA", f"on since {day(case.two_factor_since)}"))
    if case.state.live:
        late = words(f"! {until(case.target, now)}, late", "$warning")
        rows.append(("Decide", late if case.target < now else until(case.target, now)))
        rows.append(("Ends", f"by itself {until(case.expires_at, now)}"))
    return rows


def _warnings(case: StaffCase) -> list[str]:
    said = []
    if case.damaged:
        said.append("This record was changed outside Lockwright. Nothing moves it; tell the operator.")
    if case.contested:
        said.append("Contested: the owner says that somebody else knows the password.")
    if case.repeated:
        said.append("The second recovery in 30 days: a lead approves it.")
    if case.frozen_by is not None:
        said.append(f"Frozen by {case.frozen_by}.")
    if case.warning is not None:
        said.append(case.warning)
    return said


def _warned(said: str, width: int) -> Content:
    lines = words(said, "$warning", lines=3).wrap(max(12, width - 2))
    return words("! ", "bold $warning") + Content("\n  ").join(lines)


def _account(case: StaffCase) -> str:
    since = f"\nsince {day(case.account_since)}" if case.account_since is not None else ""
    return f"{case.account_name}{since}"


def _evidence(each: EvidenceView, now: datetime) -> Content:
    mark, style = ("✓", "$good") if each.void is None else ("✗", "$danger")
    rests_on = f"; {each.rests_on}" if each.rests_on else ""
    given = f"{each.words} {ago(each.given_at, now)} by {each.by}{rests_on}"
    said = words(f"{mark} ", f"bold {style}") + words(given, limit=300)
    if each.void is not None:
        said += words(f" Void: {each.void}", "$danger", limit=300)
    if each.note:
        said += "\n" + words(f'"{each.note}"', "$quiet", limit=300, lines=4)
    return said


def _route(route: RouteView) -> Content:
    lead = ", a lead approves" if route.lead else ""
    people = "one person" if route.people < 2 else f"{route.people} people"
    wait = f"wait {rough(route.wait)}, {people}{lead}"
    if route.met:
        return words("✓ ", "bold $good") + words(f"met: {wait}", lines=2)
    missing = " ".join(route.missing if route.possible else route.missing[:1]) or "not met"
    return words("– ", "$quiet") + words(missing, "" if route.possible else "$quiet", limit=300, lines=4)


def timeline_of(case: StaffCase, now: datetime, width: int) -> Content:
    """What happened, oldest first; what people wrote stands indented below who wrote it."""
    blocks = [_moment(each, now, width) for each in case.timeline]
    return Content("\n").join(blocks) if blocks else words("Nothing happened yet.", "$quiet")


def _moment(each: Line, now: datetime, width: int) -> Content:
    time = words(when(each.at, now), "$quiet", lines=1)
    spoken = each.kind in _SPOKEN
    said = words(f"{each.who} ", "bold", limit=64, lines=1) + words(each.words, limit=200, lines=2)
    lines = said.wrap(max(12, width - INDENT))
    drawn = [time.pad_right(INDENT - time.cell_length) + line for line in lines[:1]]
    drawn += [words(" " * INDENT) + line for line in lines[1:]]
    if each.text:
        style = "" if spoken else "$quiet"
        written = words(each.text, style, limit=TEXT_LIMIT, lines=TEXT_LINES)
        mark = words("│ ", "$accent" if spoken else "$faint")
        space = words(" " * (INDENT if width >= ROOMY else 2))
        drawn += [space + mark + line for line in written.wrap(max(10, width - space.cell_length - 2))]
    return Content("\n").join(drawn)
