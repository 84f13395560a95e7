"""A part of a screen that is read: it follows what is added, unless one reads further up."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from core.terminal.screens.page import Page
from core.terminal.widgets.pane import Pane
from core.terminal.words import words
from tests.cells import screen_cells, text_of
from tests.terminal.alone import alone
from tests.terminal.still import settle


class Past(Page[None]):
    AUTO_FOCUS = "Pane"

    def compose(self) -> ComposeResult:
        yield Pane(newest_last=True)


def lines(count):
    return words("\n".join(f"line {number}." for number in range(count)), lines=200)


async def test_what_is_added_comes_into_view_unless_one_reads_further_up():
    async with alone(Past()) as (app, pilot):
        pane = app.screen.query_one(Pane)
        pane.say(lines(60))
        await settle(pilot)
        assert "line 59." in text_of(screen_cells(app))
        await pilot.resize_terminal(80, 12)
        await settle(pilot)
        assert "line 59." in text_of(screen_cells(app)), "a smaller room keeps the end in view"
        pane.say(lines(70))
        await settle(pilot)
        assert "line 69." in text_of(screen_cells(app))
        await pilot.press("home")
        pane.say(lines(80))
        await settle(pilot)
        assert "line 0." in text_of(screen_cells(app))
        await pilot.press("end")
        pane.say(lines(90))
        await settle(pilot)
        assert "line 89." in text_of(screen_cells(app))


class Sides(Page[None]):
    AUTO_FOCUS = "#left"

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Pane(id="left")
            yield Pane(id="right")


async def test_focus_is_a_short_bar_beside_one_of_two_and_how_far_one_read_a_thin_line():
    async with alone(Sides()) as (app, pilot):
        for pane in app.screen.query(Pane):
            pane.say(lines(60))
        await settle(pilot)
        left, right = (pane.region.x for pane in app.screen.query(Pane))
        assert bars(app) == {(left, row) for row in range(3)}
        assert "│" in text_of(screen_cells(app)), "there is more below"
        await pilot.press("tab")
        await settle(pilot)
        assert bars(app) == {(right, row) for row in range(3)}


def bars(app):
    rows = screen_cells(app)
    return {(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell.sign == "▌"}
