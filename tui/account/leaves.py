"""The pages of Settings: their list, and what each is read from."""

from textual.content import Content

from core.cases import Kind
from core.terminal.widgets.choices import Choice, Choices
from core.use_cases.account_settings import Overview
from core.use_cases.outcomes import Busy, NotNow, Over
from tui.account.panels import Leaf, Panel, account_panel, keys_panel, sessions_panel
from tui.calls import call
from tui.session import Here


class Leaves(Choices):
    """The list of pages: the line of the page that is shown keeps its bar when focus is elsewhere."""

    def render(self) -> Content:
        lines = super().render().split("\n")
        if not self.has_focus and lines:
            lines[self.at] = Content.styled("│ ", "$quiet") + Content.styled(lines[self.at].plain[2:], "bold")
        return Content("\n").join(lines)


def leaves_of(overview: Overview) -> list[Choice]:
    """The pages that `overview` has, with their counts; in probation there is one."""
    counts = {Leaf.SESSIONS: overview.sessions, Leaf.KEYS: overview.keys}
    leaves = [Leaf.ACCOUNT] if overview.probation else list(Leaf)
    return [Choice("", f"{leaf} ({counts[leaf]})" if leaf in counts else leaf, id=leaf.value) for leaf in leaves]


async def read_panel(leaf: Leaf, here: Here, overview: Overview, width: int) -> Panel | Over | NotNow | Busy:
    """The page `leaf` as it is now, its text `width` columns wide."""
    settings, now = here.services.account_settings, here.services.parts.clock()
    match leaf:
        case Leaf.SESSIONS:
            sessions = await call(settings.sessions, here.ticket)
            return sessions_panel(sessions, here.session.id, now) if isinstance(sessions, list) else sessions
        case Leaf.KEYS:
            keys = await call(settings.keys, here.ticket)
            if not isinstance(keys, list):
                return keys
            route, on = here.services.parts.policy.route(Kind.KEY), overview.account.two_factor_on
            return keys_panel(keys, route, here.origin, now, two_factor_on=on)
        case _:
            return account_panel(overview, now, width)
