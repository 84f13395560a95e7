"""One group of the backup code, typed while the code is hidden: it shows that the owner has it."""

from collections.abc import Callable
from typing import TypeVar

from textual import getters, work
from textual.app import ComposeResult

from core.backup_code import GROUPS
from core.secret import Secret
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import BACKUP_GROUP, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Busy, Done, Invalid, NotNow, Over
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.session import Here

Finished = TypeVar("Finished")

ORDINALS = ("first", "second", "third", "last")


class TypeGroupPage(Page[Finished | Over]):
    """Answers what `finish` answers once the group is right: with it the code counts. None shows the code again."""

    HELP = (
        "Look at what you saved, not at the screen: this is how you notice that the code was not saved after all. "
        "Esc shows the code once more."
    )

    group = getters.query_one("#group", CodeField)

    def __init__(
        self,
        here: Here,
        enrolment: str,
        index: int,
        finish: Callable[[Secret, str], Finished | Over],
        *,
        title: str,
        step: str,
        then: str,
    ) -> None:
        super().__init__()
        self._here, self._enrolment, self._index, self._finish = here, enrolment, index, finish
        self._heading, self._step, self._then = title, step, then

    def compose(self) -> ComposeResult:
        which = ORDINALS[self._index]
        places = [f"[ {which} ]" if at == self._index else "·····" for at in range(GROUPS)]
        yield Title(self._heading, self._step)
        with Body():
            yield Words(f"Type the {which} group of your Backup Code, from where you saved it.", classes="strong gap")
            yield Words(f"      {' - '.join(places)}", classes="quiet gap")
            yield CodeField(f"The {which} group", form=BACKUP_GROUP, id="group")
            yield Outcome(self._here.services.parts.clock)
            yield Words(self._then)
        yield BottomLine(left=[("esc", "show the code again")], right=[("enter", "Continue")])

    @work
    async def submit(self) -> None:
        here, setup = self._here, self._here.services.two_factor
        with self.busy("one moment"):
            checked = await call(setup.check_group, here.ticket, self._enrolment, self.group.value)
            answer = await call(self._finish, here.ticket, self._enrolment) if isinstance(checked, Done) else checked
        if isinstance(answer, Invalid):
            self.group.clear()
            refuse(self, answer)
        elif isinstance(answer, NotNow | Busy):
            refuse(self, answer)
        else:
            self.dismiss(answer)
