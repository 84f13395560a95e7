"""A case as its claimant sees it drawn: what is so, and what happened. Pure functions."""

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from core.cases import Kind, MomentKind, State
from core.terminal.words import words
from core.use_cases.case_view import CaseView, Offer, Wait
from core.use_cases.timeline import Line
from core.use_cases.words import moment
from tui.account.wording import place
from tui.recovery.wording import WHY_STOPPED, in_time

NAMES = 11
"""Cells of the names at the left."""
TIME = 18
"""Cells of a time in the timeline."""
ROOMY = 50
"""Cells of a line from which on what somebody wrote stands below who wrote it, and not below the time."""
QUESTION_LINES = 4
TEXT_LIMIT, TEXT_LINES = 2000, 40
_SPOKEN = {MomentKind.MESSAGE, MomentKind.QUESTION, MomentKind.REJECTED}
_EVIDENCE = {Kind.MAIL: "mail code", Kind.KEY: "SSH key", Kind.PERSON: "in person"}


def head_of(view: CaseView, width: int) -> Content:
    """What support asks, or else what comes next."""
    if view.question is not None:
        asked = words("Support asks: ", "$warning") + words(view.question, "bold", limit=300, lines=QUESTION_LINES)
        lines = [_hung(words("? ", "bold $warning"), asked, width)]
    else:
        lines = [_hung(words("→ ", "bold $accent"), words(view.next_step, "bold"), width)]
    if view.state is State.STOPPED:
        lines.append(_hung(words("  "), words(WHY_STOPPED), width))
    if view.warning is not None:
        lines.append(_hung(words("! ", "bold $warning"), words(view.warning, "$warning"), width))
    return Content("\n").join(lines)


def _hung(mark: Content, said: Content, width: int) -> Content:
    """`said` in lines of `width`, each as far in as the first one behind its mark."""
    cells = mark.cell_length
    lines = [line for part in said.split("\n") for line in part.wrap(max(16, width - cells))]
    below = words(" " * cells)
    return Content("\n").join((below if index else mark) + line for index, line in enumerate(lines))


def facts_of(view: CaseView, now: datetime, width: int, *, all_of_them: bool) -> Content:
    """Evidence and times, names at the left; `all_of_them` when there is room."""
    return Content("\n").join(
        _row(name, said, width) for name, said in _facts(view, now, width, all_of_them=all_of_them)
    )


def _facts(view: CaseView, now: datetime, width: int, *, all_of_them: bool) -> Iterator[tuple[str, Content]]:
    if view.live:
        if view.offers:
            offers = (_offer(each, width - NAMES) for each in sorted(view.offers, key=_rank))
            yield "Evidence", Content("\n").join(offers)
        yield "Wait", words(_wait(view.wait, now, in_full=all_of_them))
        yield "Decision", words(_decision(view, now))
    if view.live and all_of_them:
        yield "Ends", words(f"by itself {in_time(view.expires_at, now)}, if you do not come back before")
    if all_of_them or not view.live:
        yield "Opened", words(f"{moment(view.opened_at)}, from {place(view.source)}")


def _wait(wait: Wait, now: datetime, *, in_full: bool) -> str:
    if wait.over_at is None:
        return wait.sentence
    if wait.over_at <= now:
        return "over"
    return f"over {in_time(wait.over_at, now)}{f'. {wait.sentence}' if in_full else ''}"


def _decision(view: CaseView, now: datetime) -> str:
    match view.state:
        case State.APPROVED:
            return "made: approved"
        case State.FROZEN:
            return "none while the case is frozen"
        case _ if view.decided_by <= now:
            return f"was due {moment(view.decided_by)}; the leads of the support were told"
        case _:
            return f"{in_time(view.decided_by, now)} at the latest"


def _rank(offer: Offer) -> int:
    """What counts first, then what can be given."""
    return 0 if offer.given else 1 if offer.possible else 2


def _offer(offer: Offer, width: int) -> Content:
    name = _EVIDENCE[offer.kind]
    if offer.given:
        return _hung(words("✓ ", "bold $good"), words(f"{name}: given, and it counts"), width)
    if offer.possible:
        return _hung(words("· ", "bold $accent"), words(f"{name}: can be given now"), width)
    why = f"{name}: {offer.sentence[:1].lower()}{offer.sentence[1:]}"
    return _hung(words("– ", "$quiet"), words(why, "$quiet"), width)


def _row(name: str, said: Content, width: int) -> Content:
    lead = words(name, "$quiet")
    return _hung(lead.pad_right(NAMES - lead.cell_length), said, width)


def timeline_of(view: CaseView, width: int) -> Content:
    """What happened, oldest first; what people wrote stands indented below who wrote it."""
    return Content("\n").join(_moment(each, width) for each in view.timeline)


def _moment(each: Line, width: int) -> Content:
    time = words(f"{each.at:%a} {each.at.day} {each.at:%b, %H:%M}", "$quiet", lines=1)
    said = words(f"{each.who} ", "bold", limit=64, lines=1) + words(each.words, limit=200, lines=2)
    lines = said.wrap(max(16, width - TIME))
    drawn = [time.pad_right(TIME - time.cell_length) + line for line in lines[:1]]
    drawn += [words(" " * TIME) + line for line in lines[1:]]
    if each.text:
        spoken = each.kind in _SPOKEN
        mark = words("│ ", "$accent" if spoken else "$faint")
        written = words(each.text, "" if spoken else "$quiet", limit=TEXT_LIMIT, lines=TEXT_LINES)
        space = words(" " * (TIME if width >= ROOMY else 2))
        drawn += [space + mark + line for line in written.wrap(max(12, width - space.cell_length - 2))]
    return Content("\n").join(drawn)
