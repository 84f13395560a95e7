"""Changing the address: the new one, and who asks."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from core.accounts import Account, address_problem
from core.accounts.model import ADDRESS_LIMIT, folded
from core.terminal.widgets.field import Field
from core.use_cases.outcomes import Done, Proof, ProofRefused
from tui.account.proof import ProofPage
from tui.calls import call
from tui.session import Here


class ChangeAddressPage(ProofPage[str]):
    """Answers the new address, which a code is on its way to."""

    AUTO_FOCUS = "#address Line"
    HELP = (
        "Notices about the safety of your account go to this address, and a mail code sent there can help you back in. "
        "The old address, if it was confirmed, gets a notice of the change, with a code that undoes it."
    )

    def __init__(self, here: Here, account: Account) -> None:
        super().__init__(
            here,
            title="Change address",
            why=_why(account),
            asks_token=account.two_factor_on,
            go_on="change it",
        )
        self._now = account.address
        self._new = Field("New address", limit=ADDRESS_LIMIT, hint="name@example.org", id="address")

    def before(self) -> Iterable[Widget]:
        yield self._new

    @on(Field.Left, "#address")
    def look_early(self) -> None:
        """Say what is wrong before password and token are typed."""
        self._new.error = self._problem() or ""

    def lacking(self) -> bool:
        problem = self._problem()
        if problem is not None:
            self._new.refuse(problem)
        return problem is not None or super().lacking()

    def _problem(self) -> str | None:
        """Why what is typed cannot be the new address; None when it can, and while it is empty."""
        typed = self._new.value.strip()
        if not typed:
            return None
        if folded(typed) == folded(self._now):
            return "That is the address you have now."
        return address_problem(typed)

    async def ask(self, proof: Proof) -> str | ProofRefused:
        address = self._new.value.strip()
        answer = await call(self._here.services.account_settings.change_address, self._here.ticket, proof, address)
        return address if isinstance(answer, Done) else answer


def _why(account: Account) -> str:
    if account.address_confirmed_at is None:
        return f"It is {account.address} now, not confirmed. A code confirms the new one; the old one is not told."
    return f"It is {account.address} now. A code confirms the new one, and the old one gets a notice."
