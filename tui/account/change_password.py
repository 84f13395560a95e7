"""Changing the password: the new one twice, then the present one."""

from collections.abc import Iterable

from textual.widget import Widget

from core.accounts import Account
from core.use_cases.account_settings import Changed
from core.use_cases.outcomes import Proof, ProofRefused
from tui.account.proof import ProofPage
from tui.calls import call
from tui.new_password import NewPassword
from tui.session import Here


class ChangePasswordPage(ProofPage[Changed]):
    """Answers the session that goes on with the new password."""

    AUTO_FOCUS = "#new Line"
    HELP = (
        "A long password that you use nowhere else is the best one; ctrl+g makes one of random words. "
        "When it changes, every other session of yours ends, and you get a mail about it."
    )

    def __init__(self, here: Here, account: Account) -> None:
        super().__init__(
            here,
            title="Change password",
            asks_token=account.two_factor_on,
            password="Your password now",  # noqa: S106  # a label
            go_on="change it",
        )
        self._new = NewPassword(
            here.services.sign_up,
            lambda: (account.name, account.address),
            least=here.services.settings.password_min,
            label="New password",
            field="new",
        )

    def before(self) -> Iterable[Widget]:
        yield self._new

    def lacking(self) -> bool:
        return not self._new.same() or super().lacking()

    async def ask(self, proof: Proof) -> Changed | ProofRefused:
        settings = self._here.services.account_settings
        return await call(settings.change_password, self._here.ticket, proof, self._new.secret)
