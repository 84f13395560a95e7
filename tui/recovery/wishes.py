"""What a claimant can do in a case, as far as it can be done now."""

from collections.abc import Sequence
from enum import StrEnum

from core.cases import Kind
from core.terminal.widgets.choices import Choice
from core.use_cases.case_view import CaseView, Offer


class Wish(StrEnum):
    """What can be asked for in the case."""

    MAIL_CODE = "mail code"
    KEY = "key"
    HOW_TO_OFFER = "how to offer a key"
    WRITE = "write"
    WITHDRAW = "withdraw"
    LEAVE = "leave"


def choices_of(view: CaseView) -> Sequence[Choice]:
    """The lines of the case's screen: evidence first, since that is what moves it."""
    choices = [choice for offer in view.offers if (choice := _evidence(view, offer)) is not None]
    if view.can_write:
        answer = view.question is not None
        writing = Choice("w", "Answer support" if answer else "Write to support", id=Wish.WRITE)
        choices.insert(0 if answer else len(choices), writing)
    if view.can_withdraw:
        choices.append(Choice("x", "Withdraw the case", "nothing was changed then", id=Wish.WITHDRAW, danger=True))
    return choices or [Choice("l", "Leave", "nothing more can be done here", id=Wish.LEAVE)]


def _evidence(view: CaseView, offer: Offer) -> Choice | None:
    if offer.given:
        return None
    if offer.kind is Kind.MAIL:
        return (
            Choice("m", "Give the mail code", "sent to the confirmed address", id=Wish.MAIL_CODE)
            if offer.possible
            else None
        )
    if offer.possible:
        return Choice("k", "Give the SSH key of this connection", id=Wish.KEY)
    if any(route.possible for route in view.routes if route.kind is offer.kind):
        return Choice("k", "How to give your SSH key", id=Wish.HOW_TO_OFFER)
    return None
