"""What came of a submit, said where it was typed, with waits that count down without moving anything."""

from typing import Any

from core.clock import Clock
from core.terminal.screens.page import Page
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import Busy, Invalid, ProofRefused, Throttled, TokenUsed
from tui.words import WRONG_PASSWORD, sentence


class Outcome(Countdown):
    """A notice for refusals; a wait in one is said anew each second, until it is over."""

    def __init__(self, clock: Clock, text: str = "", tone: Tone = Tone.WARNING, *, id: str = "outcome") -> None:
        super().__init__(clock, text, tone, id=id)

    def tell(self, refusal: ProofRefused, *, wrong: str = WRONG_PASSWORD, code: str = "code") -> None:
        """Say what `refusal` means."""
        wait = refusal.wait if isinstance(refusal, Throttled | TokenUsed | Busy) else None
        self.count(lambda at, now: sentence(refusal, wrong=wrong, code=code, at=at, now=now), wait)


def refuse(page: Page[Any], refusal: ProofRefused, *, wrong: str = WRONG_PASSWORD, code: str = "code") -> None:
    """Say `refusal` on `page`: under the field that it is about, or else in its `Outcome`."""
    outcome = page.query_one(Outcome)
    if isinstance(refusal, Invalid):
        fields = page.query(f"#{refusal.field}").results(Field)
        field = next((field for field in fields if field.display), None)
        if field is not None:
            outcome.clear()
            field.refuse(refusal.sentence)
            return
    outcome.tell(refusal, wrong=wrong, code=code)
