"""What came of a submit, said where it was typed."""

from typing import Any

from core.terminal.screens.page import Page
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.field import Field
from core.use_cases.outcomes import Busy, Invalid, ProofRefused, Throttled, TokenUsed
from core.use_cases.words import WRONG_PASSWORD, sentence


def refuse(page: Page[Any], refusal: ProofRefused, *, wrong: str = WRONG_PASSWORD) -> None:
    """Say `refusal` on `page`: under the field that it is about, or else in its countdown."""
    outcome = page.query_one(Countdown)
    if isinstance(refusal, Invalid):
        fields = page.query(f"#{refusal.field}").results(Field)
        field = next((field for field in fields if field.display), None)
        if field is not None:
            outcome.clear()
            field.refuse(refusal.sentence)
            return
    wait = refusal.wait if isinstance(refusal, Throttled | TokenUsed | Busy) else None
    outcome.count(lambda at, now: sentence(refusal, wrong=wrong, at=at, now=now), wait)
