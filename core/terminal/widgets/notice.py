"""What happened, and what to do about it, in a line or a few.

yield Notice(id="outcome")
self.query_one("#outcome", Notice).say("That token was used already. The next one comes in 11 s.", Tone.DANGER)
"""

from enum import StrEnum

from textual.content import Content

from core.terminal.words import Words, words


class Tone(StrEnum):
    """How grave it is; each has its own mark, so that colour is never needed to tell."""

    CALM = "calm"
    GOOD = "good"
    WARNING = "warning"
    DANGER = "danger"

    @property
    def mark(self) -> str:
        """The sign in front."""
        return {"calm": "·", "good": "✓", "warning": "!", "danger": "!"}[self.value]


class Notice(Words):
    """A mark and a sentence. Empty, it keeps its line, so that nothing moves when it speaks."""

    DEFAULT_CSS = """
    Notice {
        width: 1fr;
        height: auto;
        min-height: 1;
        &.-good { color: $good; }
        &.-warning { color: $warning; }
        &.-danger { color: $danger; }
    }
    """

    def __init__(
        self, text: str = "", tone: Tone = Tone.CALM, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.tone = tone
        self.say(text, tone)

    @property
    def text(self) -> str:
        """What is said now, without its mark."""
        return self._said.plain

    def say(self, text: str | Content, tone: Tone = Tone.CALM) -> None:
        """Say this from now on; nothing when empty."""
        self.tone = tone
        for each in Tone:
            self.set_class(each is tone, f"-{each}")
        self._said = words(text, limit=1000) if isinstance(text, str) else text
        if self._said.plain:
            lines = Content("\n  ").join(self._said.split("\n"))
            super().say(words(f"{tone.mark} ", "bold") + lines)
        else:
            super().say("")

    def clear(self) -> None:
        """Say nothing."""
        self.say("")
