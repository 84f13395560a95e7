"""The figures as they are drawn: numbers in lines, and the bars that stand beside these lines. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from core.terminal.words import words
from core.use_cases.desk_view import Overview
from support_console.wording import rough

SHADES = "█▓▒░·"
"""What the parts of a bar are drawn with, so that they can be told apart without colour."""
WIDE = 20
"""Cells of a name and its number."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One set of figures: what it is, what heads the numbers, the numbers, and the parts of a bar for each line."""

    title: Content
    head: tuple[Content, ...]
    lines: tuple[Content, ...]
    bars: tuple[tuple[int, ...], ...]

    @property
    def text(self) -> Content:
        """All that is read, line by line; the bars stand beside the last ones."""
        return Content("\n").join([*self.head, *self.lines])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(any(parts) for parts in self.bars)


def figures_of(found: Overview) -> tuple[Figures, ...]:
    """What waits, how old it is, how long a decision took, and how cases ended."""
    median = found.median_decision
    took = "none in the last 30 days" if median is None else f"half took {rough(median)} or less, in the last 30 days"
    return (
        _counts("Live cases wait for", [(need.value, count) for need, count in found.by_need]),
        _counts("Live cases by age", found.by_age),
        _counts("Time to a decision", found.decisions, took),
        _weeks(found),
    )


def _counts(title: str, counts: Sequence[tuple[str, int]], said: str = "") -> Figures:
    """A line for each name, its number at the right."""
    names = max(len(name) for name, _ in counts)
    lines = (
        words(f"{name:<{names}}", lines=1) + words(f"{count:>{WIDE - names},}", "bold", lines=1)
        for name, count in counts
    )
    bars = tuple((count,) for _, count in counts)
    return Figures(words(title, "bold") + words(f"   {said}", "$quiet"), (), tuple(lines), bars)


def _weeks(found: Overview) -> Figures:
    """How cases ended, the newest week first, a column for each outcome with the shade of its part of the bar."""
    weeks = [(f"{start.day} {start:%b}", [count for _, count in ends]) for start, ends in found.outcomes_by_week[::-1]]
    names = [state.value for state, _ in found.outcomes_by_week[-1][1]]
    first = max(len(week) for week, _ in weeks)
    head = words(" " * first + "".join(f"  {name}" for name in names), "$muted", lines=1)
    key = words(" " * first, lines=1)
    for name, shade in zip(names, SHADES, strict=True):
        key += words(" " * len(name), lines=1) + words(shade * 2, "$accent", lines=1)
    lines = []
    for week, counts in weeks:
        line = words(f"{week:>{first}}", "$quiet", lines=1)
        for name, count in zip(names, counts, strict=True):
            line += words(f"  {count:>{len(name)},}", "bold" if count else "$quiet", lines=1)
        lines.append(line)
    bars = tuple(tuple(counts) for _, counts in weeks)
    title = words("Cases that ended", "bold") + words("   in the week from", "$quiet")
    drawn = any(any(parts) for parts in bars)
    return Figures(title, (head, key) if drawn else (head,), tuple(lines), bars)
