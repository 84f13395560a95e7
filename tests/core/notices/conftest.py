import pytest

from core.notices import Letter, Notices, Outgoing
from tests.repeatable import BEGINNING
from tests.units import InUnits

ADA = "a" * 32
LETTER = Letter("password code", "Acme: set a new password", "Hello ada,\n\nyour code:\n\n    1234 5678\n\n-- \nAcme\n")


@pytest.fixture
def outbox(vault, clock, tokens):
    """The outbox; to be used inside a unit."""
    return Notices(vault, clock, tokens)


@pytest.fixture
def notices(storage, outbox):
    """The same, each call in a unit of its own."""
    return InUnits(storage, outbox)


def outgoing(**facts):
    """A letter in hand."""
    return Outgoing(
        **{
            "id": "0123456789abcdef" * 2,
            "kind": LETTER.kind,
            "account": ADA,
            "group": None,
            "to": "ada@example.org",
            "subject": LETTER.subject,
            "body": LETTER.body,
            "created_at": BEGINNING,
            "tries": 1,
            "held_until": BEGINNING,
        }
        | facts
    )
