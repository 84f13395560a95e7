"""One page for every act that wants something typed: what it does, the fields, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult

from core.terminal.screens.page import Body
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.field import Field
from core.terminal.widgets.long_field import LongField
from core.terminal.widgets.notice import Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.desk_view import Template
from core.use_cases.outcomes import Busy, Invalid, NotNow, Over
from support_console.calls import act
from support_console.outcome import refuse
from support_console.page import DeskPage, warned
from support_console.session import Here

NOT_DONE = "No token was given, so nothing was done."


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type; `name` is what the use case calls it when it refuses."""

    name: str
    label: str
    note: str = ""
    lines: int = 1
    limit: int = 200


class ActPage(DeskPage[Any]):
    """Asks for what an act needs and does it; answers what the use case answers once it is no refusal."""

    HELP: ClassVar[str] = "Nothing happens before the last field is handed in; esc goes back and changes nothing."

    def __init__(
        self,
        here: Here,
        use: Callable[..., Any],
        before: Sequence[object],
        *fields: Asked,
        title: str,
        why: str,
        yes: str,
        templates: Sequence[Template] = (),
    ) -> None:
        super().__init__(here)
        self._use, self._before, self._fields = use, tuple(before), fields
        self._heading, self._why, self._yes, self._templates = title, why, yes, tuple(templates)

    def compose(self) -> ComposeResult:
        yield Title(self._heading, warned(self.here))
        with Body():
            yield Words(self._why, classes="gap")
            for asked in self._fields:
                if asked.lines > 1:
                    yield LongField(asked.label, note=asked.note, lines=asked.lines, limit=asked.limit, id=asked.name)
                else:
                    yield Field(asked.label, note=asked.note, limit=asked.limit, id=asked.name)
            yield Countdown(self.here.services.parts.clock, id="outcome")
            if self._templates:
                yield Words("Begin with (tab, then a number)", classes="quiet")
                yield Choices(
                    *(
                        Choice(str(index), each.name, each.text, id=f"template{index}")
                        for index, each in enumerate(self._templates[:9], 1)
                    )
                )
        long = self._fields[-1].lines > 1 if self._fields else False
        yield BottomLine(
            left=[("esc", "back, nothing is done"), ("f1", "help")],
            right=[("ctrl+s" if long else "enter", self._yes)],
        )

    @on(Choices.Chosen)
    def begin_with(self, event: Choices.Chosen) -> None:
        """Put a text of the settings into the field."""
        event.stop()
        template = self._templates[int(event.choice.name.removeprefix("template")) - 1]
        field = self.query(LongField).first()
        field.value = template.text if not field.value.strip() else f"{field.value.rstrip()}\n{template.text}"
        field.focus()

    @work
    async def submit(self) -> None:
        outcome = self.query_one(Countdown)
        outcome.clear()
        fields = [self.query_one(f"#{asked.name}", Field) for asked in self._fields]
        for field in fields:
            if not field.value.strip():
                field.refuse("Type something here first.")
                return
        with self.busy("one moment"):
            answer = await act(self.app, self.here, self._use, *self._before, *(field.value for field in fields))
        match answer:
            case None:
                outcome.say(NOT_DONE, Tone.WARNING)
            case Over():
                self.here.gone.set()
            case Invalid() | NotNow() | Busy():
                refuse(self, answer)
            case _:
                self.dismiss(answer)
