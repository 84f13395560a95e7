"""What every screen of the signed-in part has: who is there, a line for news, and what to do with a refusal."""

from datetime import datetime
from typing import TypeVar

from core.terminal.screens.page import Page
from core.terminal.widgets.notice import Notice, Tone
from core.use_cases.outcomes import Busy, NeedsFresh, Over, ProofRefused
from core.use_cases.words import sentence
from support_console.session import Here

Answer = TypeVar("Answer")


class DeskPage(Page[Answer]):
    """A page that works for whoever is signed in; it has a `Notice` with the id `news`."""

    def __init__(self, here: Here) -> None:
        super().__init__()
        self.here = here

    @property
    def now(self) -> datetime:
        """The time by the services' clock."""
        return self.here.services.parts.clock()

    def news(self, said: str, tone: Tone = Tone.CALM) -> None:
        """Say something that happened; nothing when empty."""
        self.query_one("#news", Notice).say(said, tone)

    def refused(self, refusal: ProofRefused | NeedsFresh | Busy | None) -> None:
        """Say why something was not done; a session that is over closes every screen, and the first one says why."""
        match refusal:
            case None | NeedsFresh():
                self.news("Nothing was done.")
            case Over():
                self.here.gone.set()
            case _:
                self.news(sentence(refusal), Tone.DANGER)


def warned(here: Here) -> str:
    """What a title says at the right: who one is, and that one person alone decides here, where that is so."""
    return f"{here.who}   ! one person decides" if here.warning else here.who
