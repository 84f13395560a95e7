"""What Settings shows on top while a recovery case of the account stands, with the key that ends it."""

from collections.abc import Callable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalGroup

from core.apps.calls import look
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.use_cases.recovery_doors import Banner
from tui.account.wishes import Wish, Wished
from tui.account.wording import ago
from tui.session import Here


class CaseBanner(VerticalGroup):
    """Two lines while a case stands, and nothing while none does."""

    DEFAULT_CSS = """
    CaseBanner {
        display: none;
        padding: 0 2 1 2;
        & Notice { padding: 0 0 0 2; }
        & Choices { display: none; }
    }
    """

    def __init__(self, here: Here, wish: Callable[[Wished], None]) -> None:
        super().__init__()
        self._here, self._wish = here, wish

    def compose(self) -> ComposeResult:
        yield Notice(id="case")
        yield Choices(Choice("n", "It was not me", "the case ends at once", danger=True), id="end-case")

    def on_mount(self) -> None:
        self.look()
        self.follow()

    @work(group="follow")
    async def follow(self) -> None:
        """Look again whenever the flow has looked after the session."""
        while True:
            await self._here.looked.wait()
            self._here.looked.clear()
            self.look()

    @work(exclusive=True)
    async def look(self) -> None:
        """Show what stands now."""
        here = self._here
        banner = await look(here.services.recovery.banner, here.ticket)
        if len(self.children) < 2:
            return  # the page was closed meanwhile
        if banner is None:
            self.display = self.query_one(Choices).display = False
        elif isinstance(banner, Banner):
            when = ago(banner.opened_at, here.services.parts.clock())
            self.query_one(Notice).say(f"{banner.sentence} ({banner.reference}, {when})", Tone.DANGER)
            self.query_one(Choices).display = banner.can_end
            self.display = True

    @on(Choices.Chosen)
    def end(self, event: Choices.Chosen) -> None:
        """Ask whether it was the person, and end the case."""
        event.stop()
        self._wish(Wish.END_CASE)
