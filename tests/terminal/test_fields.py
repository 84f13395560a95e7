"""Fields, each alone."""

import pytest
from textual import events

from core.secret import Secret
from core.terminal.widgets.code_field import BACKUP_CODE, BACKUP_GROUP, LONG_CODE, MAIL_CODE, TOKEN, CodeField, CodeForm
from core.terminal.widgets.field import Field
from core.terminal.widgets.long_field import LongField
from core.terminal.widgets.password_field import PasswordField
from tests.cells import screen_cells, text_of
from tests.terminal.alone import Bench, alone
from tests.terminal.still import settle


def typed(text: str) -> list[str]:
    return ["space" if sign == " " else sign for sign in text]


async def test_enter_goes_to_the_next_field_and_in_the_last_one_submits():
    name, password = Field("Name"), PasswordField()
    page = Bench(name, password)
    async with alone(page) as (app, pilot):
        await pilot.press(*"ada", "enter")
        assert app.focused is password.line
        assert page.submitted == 0
        await pilot.press(*"pw", "enter")
        assert page.submitted == 1
        assert (name.value, password.secret) == ("ada", Secret("pw"))


async def test_more_than_fits_in_a_line_stays_to_be_read_when_everything_is_placed_anew():
    async with alone(Bench(Field("Name")), size=(40, 12)) as (app, pilot):
        await pilot.press(*"abcdefghij" * 6)
        await pilot.resize_terminal(42, 12)
        await settle(pilot)
        assert "abcdefghijabcdefghij" in text_of(screen_cells(app))


async def test_a_field_that_is_not_shown_is_no_next_field():
    name, hidden = Field("Name"), Field("Way")
    page = Bench(name, hidden)
    async with alone(page) as (_app, pilot):
        hidden.display = False
        await pilot.press("enter")
        assert page.submitted == 1


async def test_up_and_down_go_from_field_to_field():
    first, second = Field("First"), Field("Second")
    async with alone(Bench(first, second)) as (app, pilot):
        await pilot.press("down")
        assert app.focused is second.line
        await pilot.press("up")
        assert app.focused is first.line


async def test_an_error_stands_under_its_line_with_a_mark_until_the_next_change():
    field = Field("Name", note="small letters")
    async with alone(Bench(field)) as (app, pilot):
        field.refuse("That name is taken. Try another.")
        await settle(pilot)
        assert "! That name is taken. Try another." in text_of(screen_cells(app))
        assert "small letters" in text_of(screen_cells(app))
        await pilot.press("x")
        await settle(pilot)
        assert "taken" not in text_of(screen_cells(app))


@pytest.mark.parametrize(
    "make", [lambda: Field("Name"), PasswordField, lambda: CodeField("Token", form=TOKEN), lambda: LongField("Words")]
)
async def test_a_field_filled_by_the_program_says_nothing_and_keeps_its_error(make):
    field = make()
    page = Bench(field)
    async with alone(page) as (_app, pilot):
        field.value = "123456"
        field.error = "Not that."
        field.clear()
        await settle(pilot)
        assert page.heard_of(Field.Changed) == 0
        assert (field.value, field.error) == ("", "Not that.")
        await pilot.press("1")
        assert page.heard_of(Field.Changed) == 1


async def test_a_field_comes_into_view_with_its_label_and_its_error():
    fields = [Field(f"Label {number}", id=f"field{number}") for number in range(6)]
    async with alone(Bench(*fields), size=(60, 8)) as (app, pilot):
        for number, field in enumerate(fields):
            field.refuse(f"Not that {number}.")
            await settle(pilot)
            shown = text_of(screen_cells(app))
            assert f"Label {number}" in shown
            assert f"! Not that {number}." in shown
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        await settle(pilot)
        assert "Label 2" in text_of(screen_cells(app))


async def test_an_error_moves_nothing():
    field, below = Field("Name"), Field("Below")
    async with alone(Bench(field, below)) as (_app, pilot):
        before = below.region
        field.error = "That name is taken. Try another."
        await settle(pilot)
        assert below.region == before


async def test_a_paste_that_is_too_long_is_refused_with_a_sentence():
    field = Field("Name", limit=32, value="ada")
    async with alone(Bench(field)) as (app, pilot):
        app.post_message(events.Paste("x" * 33))
        await settle(pilot)
        assert field.value == "ada"
        assert field.error == "That is too long: 32 characters fit here."
        assert app.bells == 1


async def test_a_megabyte_is_refused_at_once():
    field = Field("Name", limit=32)
    async with alone(Bench(field)) as (app, pilot):
        app.post_message(events.Paste("x" * 1_000_000))
        await settle(pilot, seconds=5)
        assert field.value == ""


async def test_only_the_first_line_of_a_paste_is_taken_and_said_so():
    field = Field("Name")
    async with alone(Bench(field)) as (app, pilot):
        app.post_message(events.Paste("ada\nrm -rf\n"))
        await settle(pilot)
        assert field.value == "ada"
        assert field.error == "Only the first line was taken."


async def test_signs_that_cannot_be_shown_are_left_out_and_said_so():
    field = Field("Name")
    async with alone(Bench(field)) as (app, pilot):
        app.post_message(events.Paste("a\x1b[2Jd\u202ea"))
        await settle(pilot)
        assert field.value == "a[2Jda"
        assert field.error == "Signs that cannot be shown were left out."


async def test_a_password_never_reaches_the_wire_or_a_clipboard():
    field = PasswordField()
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press(*"s3kr1t")
        await pilot.press("ctrl+shift+a", "ctrl+c", "ctrl+x", "super+c", "ctrl+v")
        await settle(pilot)
        assert field.secret == Secret("s3kr1t")
        assert "]52;" not in app.wire
        assert app.clipboard == ""
        assert "s3kr1t" not in app.wire
        assert "s3kr1t" not in text_of(screen_cells(app))


async def test_a_password_is_shown_on_purpose_and_hidden_again():
    field = PasswordField()
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press(*"s3kr1t", "ctrl+r")
        await settle(pilot)
        assert "s3kr1t" in text_of(screen_cells(app))
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "s3kr1t" not in text_of(screen_cells(app))


async def test_clearing_a_password_hides_what_comes_next():
    field = PasswordField()
    async with alone(Bench(field)) as (_app, pilot):
        await pilot.press("a", "ctrl+r")
        field.clear()
        await settle(pilot)
        assert field.secret == Secret("")
        assert field.line.password


async def test_an_idle_field_draws_nothing():
    async with alone(Bench(Field("Name"), PasswordField(), CodeField("Token", form=TOKEN), LongField("Words"))) as (
        app,
        pilot,
    ):
        await settle(pilot)
        for _ in range(4):
            app.recorder.written.clear()
            await pilot.pause(0.6)
            assert app.wire == ""
            await pilot.press("tab")
            await settle(pilot)


@pytest.mark.parametrize("make", [lambda: Field("Name"), PasswordField, lambda: CodeField("Token", form=TOKEN)])
async def test_typing_lays_nothing_out_again(make, monkeypatch: pytest.MonkeyPatch):
    field = make()
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press("1")
        await settle(pilot)
        layouts = []
        monkeypatch.setattr(
            type(app.screen), "_refresh_layout", lambda *_args, **_kwargs: layouts.append(1), raising=True
        )
        await pilot.press(*"23456", "backspace")
        await settle(pilot)
        assert layouts == []


async def test_a_long_value_scrolls_with_its_cursor():
    field = Field("Name", limit=400)
    async with alone(Bench(field)) as (app, pilot):
        app.post_message(events.Paste("x" * 150 + "END"))
        await settle(pilot)
        assert "END" in text_of(screen_cells(app))
        await pilot.press("home")
        await settle(pilot)
        assert "END" not in text_of(screen_cells(app))


@pytest.mark.parametrize(
    ("form", "given", "value", "look"),
    [
        (TOKEN, "1234", "1234", "1 2 3   4 _ _"),
        (TOKEN, "123 456", "123456", "1 2 3   4 5 6"),
        (MAIL_CODE, "12345678", "12345678", "1 2 3 4   5 6 7 8"),
        (BACKUP_CODE, "7k3m9-qxt4c", "7K3M9QXT4C", "7K3M9 - QXT4C - _____ - _____"),
        (BACKUP_CODE, "oil", "011", "011__ - _____ - _____ - _____"),
        (BACKUP_GROUP, "7k3m9", "7K3M9", "7 K 3 M 9"),
        (LONG_CODE, "7K3M 9QXT 4C0P", "7K3M9QXT4C0P", "7K3M - 9QXT - 4C0P"),
    ],
)
async def test_a_code_is_forgiving_and_grouped(form: CodeForm, given: str, value: str, look: str):
    for paste in (False, True):
        field = CodeField("Code", form=form)
        async with alone(Bench(field)) as (app, pilot):
            if paste:
                app.post_message(events.Paste(f" {given}\n"))
            else:
                await pilot.press(*typed(given))
            await settle(pilot)
            assert field.value == value
            assert look in text_of(screen_cells(app))


async def test_a_code_is_handed_on_only_when_it_is_complete():
    field = CodeField("Token", form=TOKEN)
    page = Bench(field)
    async with alone(page) as (_app, pilot):
        await pilot.press(*"1234", "enter")
        await settle(pilot)
        assert page.submitted == 0
        assert field.error == "The code has 6 digits; 4 are there so far."
        await pilot.press(*"56")
        assert field.error == ""
        await pilot.press("enter")
        assert page.submitted == 1


async def test_a_whole_code_pasted_over_another_replaces_it():
    field = CodeField("Token", form=TOKEN)
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press(*"123456")
        app.post_message(events.Paste("654 321"))
        await settle(pilot)
        assert field.value == "654321"


async def test_what_is_no_code_is_refused_with_a_sentence():
    field = CodeField("Token", form=TOKEN)
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press(*"12")
        app.post_message(events.Paste("1234567"))
        await settle(pilot)
        assert (field.value, field.error) == ("12", "That is too long: the code has 6 digits.")
        app.post_message(events.Paste("hunter2"))
        await settle(pilot)
        assert (field.value, field.error) == ("12", "A code has digits only.")


async def test_a_backup_code_has_no_u():
    field = CodeField("Backup code", form=BACKUP_CODE)
    async with alone(Bench(field)) as (_app, pilot):
        await pilot.press("7", "u")
        await settle(pilot)
        assert (field.value, field.error) == ("7", "A code has letters and digits only, and no U.")


async def test_places_of_a_code_are_emptied_from_the_right():
    field = CodeField("Token", form=TOKEN)
    async with alone(Bench(field)) as (_app, pilot):
        await pilot.press(*"123", "backspace")
        assert field.value == "12"
        await pilot.press("ctrl+u")
        assert field.value == ""


async def test_a_long_field_keeps_lines_and_its_limit():
    field = LongField("What happened", limit=20)
    page = Bench(field)
    async with alone(page) as (app, pilot):
        await pilot.press(*"one", "enter", *"two")
        assert field.value == "one\ntwo"
        app.post_message(events.Paste("x" * 20))
        await settle(pilot)
        assert field.value == "one\ntwo"
        assert field.error == "That is too long: 20 characters fit here."
        app.post_message(events.Paste("\x1b[2J"))
        await settle(pilot)
        assert field.value == "one\ntwo[2J"
        await pilot.press("ctrl+s")
        assert page.submitted == 1


async def test_tab_leaves_a_long_field():
    long, short = LongField("What happened"), Field("Name")
    async with alone(Bench(long, short)) as (app, pilot):
        assert app.focused is long.line
        await pilot.press("tab")
        assert app.focused is short.line


async def test_a_long_field_gives_nothing_to_a_clipboard():
    field = LongField("What happened")
    async with alone(Bench(field)) as (app, pilot):
        await pilot.press(*"words", "ctrl+a", "ctrl+shift+a", "ctrl+c", "ctrl+x", "ctrl+v")
        await settle(pilot)
        assert field.value == "words"
        assert "]52;" not in app.wire
