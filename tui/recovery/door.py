"""Recover your Account: what it means, or which case stands already, and the ways on."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from core.cases import Policy
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.recovery_doors import CaseStands, FormNeeded
from tui.account.wording import ago, place
from tui.recovery.draft import Draft
from tui.recovery.wording import steps
from tui.words import moment


class Way(StrEnum):
    """What a person without the device chooses at the door."""

    OPEN = "open"
    RETURN = "return"
    """With the return code of a case."""
    CODE_LOST = "code lost"
    """It was me, and I lost the code: a new case."""
    NOT_ME = "not me"


class DoorPage(Page[Way]):
    """Says what a recovery is, or when and from where one was asked for."""

    TYPE_AHEAD = False
    HELP = (
        "A recovery case is for when both are lost, the device and the backup code. People decide it, by rules that "
        "neither they nor you can shorten. If you still have one of the two, go back: it is quicker and ends any case."
    )

    def __init__(self, found: FormNeeded | CaseStands, policy: Policy, now: datetime, draft: Draft) -> None:
        super().__init__()
        self._found, self._policy, self._now, self._draft = found, policy, now, draft

    def compose(self) -> ComposeResult:
        yield Title("Recover your Account", self._draft.name)
        with Body():
            match self._found:
                case FormNeeded() as needed:
                    yield from self._open_one(needed)
                case CaseStands() as stands:
                    yield from self._one_stands(stands)
        yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "choose")])

    def _open_one(self, needed: FormNeeded) -> Iterator[Widget]:
        yield Words(
            "With neither the device nor the backup code, people decide. It takes days, so that an owner can stop "
            "whoever is not.",
            classes="gap",
        )
        for number, step in enumerate(steps(self._policy), 1):
            yield Words(f"{number}  {step}")
        if self._policy.warning is not None:
            yield Notice(self._policy.warning, Tone.WARNING)
        yield Words()
        yield Words("Nothing else counts: no answers, no calls, no urgency.", classes="quiet gap")
        choices = [
            Choice(
                "o",
                "Go on with what you wrote" if self._draft.begun else "Open a case",
                "one form, then evidence",
                id=Way.OPEN,
            )
        ]
        if needed.earlier:
            choices.append(Choice("c", "I have a return code", "read the case that ended lately", id=Way.RETURN))
        yield Choices(*choices)

    def _one_stands(self, stands: CaseStands) -> Iterator[Widget]:
        when = f"{ago(stands.opened_at, self._now)} ({moment(stands.opened_at)})"
        told = f"A recovery case stands already, opened {when} from {place(stands.source)}."
        yield Notice(told, Tone.WARNING, classes="gap")
        if stands.frozen:
            yield Words(
                "It is frozen, because its owner or support stopped it: nothing is changed while it is, and it can be "
                "neither withdrawn nor replaced. Its return code leads in; there you can prove that you are the owner.",
                classes="gap",
            )
            yield Words(stands.next_step, classes="gap")
            yield Choices(Choice("c", "I have the return code", "back into the case", id=Way.RETURN))
            return
        yield Words("Was it you who opened it?", classes="gap")
        yield Choices(
            Choice("c", "I have the return code", "back into the case", id=Way.RETURN),
            Choice("l", "It was me, code lost", "it is withdrawn, and a new one begins", id=Way.CODE_LOST),
            Choice("n", "It was not me", "it is stopped at once", id=Way.NOT_ME, danger=True),
        )

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(Way(event.choice.name))
