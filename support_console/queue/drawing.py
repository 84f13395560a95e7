"""The queue as it is drawn. Pure functions."""

from collections.abc import Callable

from textual.content import Content

from core.cases import COUNTED, Filter
from core.staff import Right
from core.terminal.widgets.bottom_line import KeyHint
from core.terminal.words import words
from core.use_cases.desk_view import CaseLine, QueuePage
from support_console.queue.wishes import WAYS
from support_console.rows import Column
from support_console.wording import NOBODY, rough

FILTERS = tuple(Filter)
COLUMNS = (
    Column("case", 12),
    Column("account", most=24),
    Column("age", 10, right=True),
    Column("needs", 24, most=30),
    Column("who", 10, most=24),
    Column("state", 9, room=100),
)
SEARCHING: tuple[list[KeyHint], list[KeyHint]] = [("esc", "every case"), ("enter", "to the list")], [("f1", "help")]
"""The keys of the bottom line while one types in the search line, where every sign is text."""


def filters(which: Filter) -> Content:
    """The parts of the queue with their keys, a line at the one that is shown: the bar of focus is the list's."""
    parts = []
    for index, each in enumerate(FILTERS, 1):
        on = each is which
        mark = words("│ " if on else "  ", "$quiet")
        parts.append(mark + words(f"{index} ", "$accent") + words(each.value, "bold" if on else "$quiet"))
    return Content(" ").join(parts)


def figures(page: QueuePage) -> str:
    """How many are live, how many of them need staff, and how old the oldest is."""
    oldest = f"   oldest {rough(page.oldest)}" if page.oldest is not None else ""
    return f"{_counted(page.live)} live   {_counted(page.need_staff)} need staff{oldest}"


def _counted(number: int) -> str:
    return f"{number:,}" if number <= COUNTED else f"over {COUNTED:,}"


def hints(may: Callable[[Right], bool]) -> tuple[list[KeyHint], list[KeyHint]]:
    """The keys of the bottom line that a role has a use for, at its left and at its right."""
    claim = [("c", "claim")] if may(Right.CLAIM) else []
    ways = [(way.key, way.word) for way in WAYS.values() if may(way.right)]
    return [("enter", "open"), *claim, *ways], [("?", "help"), ("o", "sign out")]


def cells(line: CaseLine) -> list[Content]:
    """One case, a piece for each column."""
    return [
        words(line.reference, lines=1),
        words(line.account_name, limit=60, lines=1),
        words(rough(line.age), lines=1),
        words(f"! {line.need_words}" if line.late else line.need_words, "$warning" if line.late else "", lines=1),
        words("you" if line.mine else line.holder or NOBODY, "bold" if line.mine else "", limit=40, lines=1),
        words(line.state.value, "$quiet", lines=1),
    ]
