"""Lists of choices, titles and bottom lines."""

import pytest
from textual.app import ComposeResult

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from tests.cells import screen_cells, text_of
from tests.terminal.alone import Bench, alone
from tests.terminal.still import see, settle


def chosen(page: Bench) -> list[str]:
    return [message.choice.name for message in page.heard if isinstance(message, Choices.Chosen)]


async def test_enter_chooses_the_line_with_the_bar():
    page = Bench(Choices(Choice("s", "Sign in"), Choice("n", "Sign up"), Choice("f", "Forgot password")))
    async with alone(page) as (app, pilot):
        assert "▌ s  Sign in" in text_of(screen_cells(app))
        await pilot.press("down", "enter")
        await settle(pilot)
        assert chosen(page) == ["n"]
        assert "▌ n  Sign up" in text_of(screen_cells(app))


async def test_a_letter_chooses_its_line_and_takes_the_bar_there():
    page = Bench(Choices(Choice("s", "Sign in"), Choice("n", "Sign up", id="up")))
    async with alone(page) as (app, pilot):
        await pilot.press("n", "z")
        await settle(pilot)
        assert chosen(page) == ["up"]
        assert "▌ n  Sign up" in text_of(screen_cells(app))


async def test_a_line_that_cannot_be_chosen_is_not():
    page = Bench(Choices(Choice("s", "Sign in", enabled=False), Choice("n", "Sign up")))
    async with alone(page) as (_app, pilot):
        await pilot.press("s", "enter", "space")
        await settle(pilot)
        assert chosen(page) == []


async def test_without_focus_there_is_no_bar():
    page = Bench(Choices(Choice("s", "Sign in")), Field("Name"))
    async with alone(page) as (app, pilot):
        await pilot.press("tab")
        await settle(pilot)
        assert "▌ s" not in text_of(screen_cells(app))


async def test_the_ends_of_a_list_lead_to_what_stands_around_it():
    above, below = Field("Above"), Field("Below")
    choices = Choices(Choice("s", "Sign in"), Choice("n", "Sign up"))
    async with alone(Bench(above, choices, below)) as (app, pilot):
        await pilot.press("down")
        assert app.focused is choices
        await pilot.press("down")
        assert (app.focused, choices.at) == (choices, 1)
        await pilot.press("down")
        assert app.focused is below.line
        await pilot.press("up", "up", "up")
        assert app.focused is above.line


async def test_explanations_stand_in_a_column_of_their_own_and_are_cut_at_the_edge():
    page = Bench(
        Choices(
            Choice("b", "Backup Code", "works once"), Choice("r", "Recover your Account", "a person will help " * 6)
        )
    )
    async with alone(page, size=(60, 20)) as (app, _pilot):
        first, second = text_of(screen_cells(app)).splitlines()[:2]
        assert first.index("works once") == second.index("a person")
        assert second.endswith("…")


async def test_a_long_list_keeps_its_bar_in_view():
    page = Bench(Choices(*(Choice("", f"Line {number}", id=str(number)) for number in range(60))))
    async with alone(page) as (app, pilot):
        await pilot.press("end")
        await settle(pilot)
        assert "▌ Line 59" in text_of(screen_cells(app))
        await pilot.press("home")
        await settle(pilot)
        assert "▌ Line 0" in text_of(screen_cells(app))
        for _ in range(30):
            await pilot.press("down")
        await settle(pilot)
        assert "▌ Line 30" in text_of(screen_cells(app))


async def test_another_list_keeps_the_bar_on_the_same_thing():
    choices = Choices(Choice("a", "Ada"), Choice("b", "Bob"), Choice("c", "Cy"), at=1)
    async with alone(Bench(choices)) as (app, pilot):
        choices.show(Choice("x", "Xu"), Choice("a", "Ada"), Choice("b", "Bob"))
        await settle(pilot)
        assert "▌ b  Bob" in text_of(screen_cells(app))
        choices.show(Choice("y", "Yi"))
        await settle(pilot)
        assert "▌ y  Yi" in text_of(screen_cells(app))
        choices.show()
        await pilot.press("enter", "down")
        await settle(pilot)
        assert choices.current is None


class Lines(Page[None]):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.long = "x" * size

    def compose(self) -> ComposeResult:
        yield Title(f"Sign in as {self.long}", "step 2 of 2")
        with Body():
            yield Notice()
        yield BottomLine(
            left=[("esc", "back"), ("?", "help"), ("r", "recover")], right=[("b", "backup"), ("enter", "verify")]
        )


async def test_a_title_is_cut_and_its_step_is_not():
    async with alone(Lines(200)) as (app, _pilot):
        first = text_of(screen_cells(app)).splitlines()[0]
        assert first.startswith("  Sign in as xxx")
        assert first.endswith("x…  step 2 of 2")
        assert len(first) == 78


@pytest.mark.parametrize("width", [120, 80, 50, 40, 30, 20, 12])
async def test_the_way_back_and_the_next_step_stay_however_narrow_it_is(width: int):
    async with alone(Lines(2), size=(width, 12)) as (app, _pilot):
        last = text_of(screen_cells(app)).splitlines()[-1]
        assert "esc back" in last[:10] or width < 16
        if width >= 30:
            assert last.rstrip().endswith("enter verify")
        if width >= 80:
            assert last.split() == ["esc", "back", "?", "help", "r", "recover", "b", "backup", "enter", "verify"]


async def test_a_notice_has_a_mark_of_its_own_and_moves_nothing():
    notice, below = Notice(), Field("Below")
    async with alone(Bench(notice, below)) as (app, pilot):
        before = below.region
        marks = []
        for tone in Tone:
            notice.say("Read this.\nAnd this.", tone)
            await settle(pilot)
            lines = text_of(screen_cells(app)).splitlines()
            marks.append(lines[0].strip()[0])
            assert lines[1].index("And") == lines[0].index("Read")
        assert len(set(marks)) == 3, "warning and danger share one, and differ in colour and words"
        notice.clear()
        await settle(pilot)
        assert below.region == before
        assert notice.text == ""


async def test_a_bottom_line_says_what_is_being_done():
    page = Lines(2)
    async with alone(page) as (app, pilot):
        with page.busy("checking the password"):
            await see(pilot, "checking the password …")
        await settle(pilot)
        assert text_of(screen_cells(app)).rstrip().endswith("enter verify")
