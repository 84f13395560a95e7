"""What is said in Settings when a wish came to something, or to nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import Busy, Done, NotNow, Over, Throttled
from tui.account.wishes import Wished
from tui.session import Here
from tui.words import sentence


@dataclass(frozen=True, slots=True)
class News:
    """What came of a wish."""

    sentence: str
    tone: Tone = Tone.GOOD


CarryOut = Callable[[Wished], Awaitable[News | None]]
"""Does what was wished for; None when there is nothing to say about it."""
NOTHING_CHANGED = News("Nothing has changed.", Tone.CALM)


def news_of(here: Here, answer: Done | Over | NotNow | Busy | Throttled, done: str = "") -> News | None:
    """What to say of `answer`; nothing of a session that is gone, since its screens close."""
    match answer:
        case Done():
            return News(done) if done else None
        case Over():
            here.gone.set()
            return None
        case _:
            now = here.services.parts.clock()
            return News(sentence(answer, at=now, now=now), Tone.DANGER)
