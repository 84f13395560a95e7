"""Which met route a verification is fixed on; No in front."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from core.cases import Kind
from core.terminal.screens.page import Body
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.desk_view import StaffCase
from support_console.page import DeskPage, warned
from support_console.session import Here
from support_console.wording import rough


class RouteScreen(DeskPage[Kind]):
    """Answers the route; None for no."""

    TYPE_AHEAD: ClassVar[bool] = False
    HELP = "Verifying says: the evidence shows that the claimant is the owner. You stand for it with your name."

    def __init__(self, here: Here, case: StaffCase) -> None:
        super().__init__(here)
        self._case = case

    def compose(self) -> ComposeResult:
        case = self._case
        yield Title(f"Verify ownership   {case.reference}   {case.account_name}", warned(self.here))
        with Body():
            yield Words(
                f"Do you find that whoever opened this case is the owner of {case.account_name}? "
                "The route is fixed with it, and so are the wait and how many people decide.",
                classes="gap",
            )
            yield Choices(
                Choice("n", "No, go back"),
                *(
                    Choice(
                        str(index),
                        f"Yes, by route {route.kind.value}",
                        f"wait {rough(route.wait)}, {route.people} {'person' if route.people == 1 else 'people'}"
                        f"{', a lead approves' if route.lead else ''}",
                        id=route.kind.value,
                    )
                    for index, route in enumerate((each for each in case.routes if each.met), 1)
                ),
            )
        yield BottomLine(left=[("esc", "back, nothing is done"), ("?", "help")], right=[("enter", "choose")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(None if event.choice.name == "n" else Kind(event.choice.name))
