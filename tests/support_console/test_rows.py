"""A list of many lines says which of them are in view."""

from textual.app import ComposeResult

from core.terminal.screens.page import Page
from core.terminal.words import words
from support_console.rows import Column, Rows
from tests.cells import screen_text
from tests.terminal.alone import alone
from tests.terminal.still import settle


class Numbers(Page[None]):
    AUTO_FOCUS = "Rows"

    def compose(self) -> ComposeResult:
        yield Rows((Column("number"),), draw=lambda number: [words(str(number))], key=lambda number: number)


async def test_a_list_that_goes_on_says_what_is_in_view():
    async with alone(Numbers()) as (app, pilot):
        rows = app.screen.query_one(Rows)
        rows.show(range(1, 48))
        await settle(pilot)
        assert "1-22 of 47" in screen_text(app)
        await pilot.press("end")
        await settle(pilot)
        assert "26-47 of 47" in screen_text(app)
        rows.show(range(1, 1001), more=True)
        await settle(pilot)
        assert "of 1,000 and more" in screen_text(app)


async def test_a_list_that_is_in_view_uses_every_line():
    async with alone(Numbers()) as (app, pilot):
        app.screen.query_one(Rows).show(range(1, 24))
        await settle(pilot)
        assert "23" in screen_text(app).splitlines()[-1]
        assert " of " not in screen_text(app)
