"""What came of something, in a sentence, for the screen that asked."""

from dataclasses import dataclass

from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import Busy, NeedsFresh, Over, ProofRefused
from core.use_cases.words import sentence
from support_console.session import Here

NOTHING = "Nothing was done."


@dataclass(frozen=True, slots=True)
class News:
    """A sentence and how grave it is."""

    sentence: str
    tone: Tone = Tone.GOOD


def refusal_news(here: Here, refusal: ProofRefused | NeedsFresh | Busy | None) -> News | None:
    """Why something was not done; nothing when the session is over, since then every screen closes."""
    match refusal:
        case None | NeedsFresh():
            return News(NOTHING, Tone.CALM)
        case Over():
            here.gone.set()
            return None
        case _:
            return News(sentence(refusal), Tone.DANGER)
