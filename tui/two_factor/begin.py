"""Enable, step 1: who asks, and whether every session and key is the owner's."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from core.sessions import Session
from core.ssh_keys import Key
from core.terminal.words import Words
from core.use_cases.two_factor import EnrolmentBegun
from tui.account.proof import ProofPage
from tui.account.wording import day, key_name, place, session_since
from tui.session import Here

SESSIONS_SHOWN = 4
KEYS_SHOWN = 2
AUTHENTICATOR = (
    "You need an authenticator: an app on your phone, or a password manager, that shows a new token of six digits "
    "every 30 seconds. The next screen has the code that it scans."
)
REPLACE = (
    "Have the new phone or app at hand: the next screen has the code that it scans. "
    "The device you use now counts until the last step."
)


class BeginPage(ProofPage[EnrolmentBegun]):
    """Answers the enrolment, whose code is scanned next."""

    HELP = (
        "With two-factor on, signing in takes your password and a token from your device. In four steps you show "
        "that it is you, scan a code, save a backup code, and it is on. Until the last step nothing has changed."
    )

    def __init__(
        self, here: Here, sessions: Sequence[Session], keys: Sequence[Key], *, title: str, replaces: bool
    ) -> None:
        super().__init__(
            here,
            here.services.two_factor.begin,
            title=title,
            step="step 1 of 4",
            why=REPLACE if replaces else AUTHENTICATOR,
            asks_token=replaces,
            token="Token of the device you use now",  # noqa: S106  # a label
        )
        self._sessions, self._keys = sessions, keys

    def before(self) -> Iterable[Widget]:
        now = self._here.services.parts.clock()
        if len(self._sessions) <= 1 and not self._keys:
            return
        here = self._here.session.id
        sessions = [f"  {place(each.source):<24} {session_since(each, here, now)}" for each in self._sessions]
        yield Words("Signed in now, times in UTC. Are these all yours?")
        yield Words(_first(sessions, SESSIONS_SHOWN), classes="quiet")
        if self._keys:
            keys = [f"  {key_name(key):<24} added {day(key.added_at)}" for key in self._keys]
            yield Words("SSH keys of this account. Are these all yours?")
            yield Words(_first(keys, KEYS_SHOWN), classes="quiet")
        yield Words("If one is not: esc, and end it under Sessions or SSH keys first.", classes="gap")


def _first(lines: list[str], count: int) -> str:
    """The first `count` of `lines`, and how many more there are."""
    more = len(lines) - count
    return "\n".join(lines if more <= 0 else [*lines[:count], f"  and {more} more"])
