"""Adding the SSH key that this connection proved."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from core.origin import ProvedKey
from core.terminal.widgets.field import Field
from core.text import TextProblem, accept
from core.use_cases.outcomes import Done, Invalid, Proof, ProofRefused
from tui.account.proof import ProofPage
from tui.calls import call
from tui.session import Here

LABEL_LIMIT = 40


class AddKeyPage(ProofPage[Done]):
    """Answers Done once the key belongs to the account."""

    AUTO_FOCUS = "#label Line"
    HELP = (
        "A key belongs to one account. Connecting with it, you are a known visitor; and 30 days after it was added "
        "with two-factor on, it counts as proof that you are the owner when the device is lost."
    )
    OPTIONAL: ClassVar[frozenset[str]] = frozenset({"label"})

    def __init__(self, here: Here, key: ProvedKey, *, asks_token: bool) -> None:
        super().__init__(
            here,
            title="Add the key of this connection",
            why=f"{key.public.partition(' ')[0]}  {key.fingerprint}",
            asks_token=asks_token,
            go_on="add it",
        )
        self._label = Field("What you call it, if you like", limit=LABEL_LIMIT, hint="laptop", id="label")

    def before(self) -> Iterable[Widget]:
        yield self._label

    async def ask(self, proof: Proof) -> Done | ProofRefused:
        label = accept(self._label.value, limit=LABEL_LIMIT)
        if isinstance(label, TextProblem):
            return Invalid("label", label.value)
        here = self._here
        return await call(here.services.account_settings.add_key, here.ticket, proof, here.origin, label)
