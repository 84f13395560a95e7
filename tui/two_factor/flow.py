"""The journeys of two-factor: Enable and Replace the device in four steps, and Disable 2FA."""

from typing import Any

from textual.app import App

from core.secret import Secret
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.account_settings import Overview
from core.use_cases.outcomes import Done, Over
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tui.account.news import NOTHING_CHANGED, News, news_of
from tui.account.proof import ProofPage
from tui.ask import ask
from tui.backup_code.flow import Step, make_code, save_code, say_ended
from tui.calls import call
from tui.session import Here
from tui.two_factor.begin import BeginPage
from tui.two_factor.done import DonePage
from tui.two_factor.scan import ScanPage
from tui.words import and_told

ENABLE = "Enable two-factor"
REPLACE = "Replace the device"
STILL_OFF = "Nothing has changed: two-factor is off, as it was."
STILL_OLD = "Nothing has changed: the device you had still counts."
SWITCHES_ON = "Continue switches two-factor on and ends your other sessions."
SWITCHES_OVER = "Continue puts the new device in place of the old one and ends your other sessions."
DELETE_ENTRY = "If you scanned the code, delete its entry from your authenticator app."


async def enable_journey(app: App[Any], here: Here) -> bool:
    """Set two-factor up; whether it is on now."""
    before = here.ticket
    news = await enrol(app, here)
    on = here.ticket is not before
    if not on and news is not None and news is not NOTHING_CHANGED:
        await ask(app, Message("Two-factor is not set up", news.sentence, tone=news.tone))
    return on


async def enrol(app: App[Any], here: Here) -> News | None:
    """The four steps, and what came of them; left anywhere before the end of the third, the account is as it was."""
    services = here.services
    settings = services.account_settings
    overview = await call(settings.overview, here.ticket)
    sessions = await call(settings.sessions, here.ticket)
    keys = await call(settings.keys, here.ticket)
    if not isinstance(overview, Overview):
        return news_of(here, overview)
    if not isinstance(sessions, list):
        return news_of(here, sessions)
    if not isinstance(keys, list):
        return news_of(here, keys)
    replaces = overview.account.two_factor_on
    title = REPLACE if replaces else ENABLE
    begun = await ask(app, BeginPage(here, sessions, keys, title=title, replaces=replaces))
    if begun is None:
        return NOTHING_CHANGED
    match await _scan_and_save(app, here, begun, title):
        case Enabled(ways=ways, told=told):
            now = services.parts.clock()
            await ask(app, DonePage(ways, now, title=title, replaced=replaces, told=told))
            return News("The new device is in place." if replaces else "Two-factor is on.")
        case Over():
            await say_ended(app, here)
            return None
        case None:
            await call(services.two_factor.cancel, here.ticket)
            return News(f"{STILL_OLD if replaces else STILL_OFF} {DELETE_ENTRY}", Tone.CALM)


async def _scan_and_save(app: App[Any], here: Here, begun: EnrolmentBegun, title: str) -> Enabled | Over | None:
    """Steps 2 and 3; with their end 2FA is on."""
    two_factor = here.services.two_factor
    scanned = await ask(app, ScanPage(here, begun, title=title))
    if not isinstance(scanned, Done):
        return scanned
    code = await make_code(app, here, begun.id)
    if not isinstance(code, Secret):
        return code
    step = Step(title, "step 3 of 4", begun.id, code, SWITCHES_OVER if begun.replaces else SWITCHES_ON)
    enabled = await save_code(app, here, step, two_factor.finish)
    if isinstance(enabled, Enabled):
        here.renew(enabled.ticket, enabled.session)
    return enabled


async def disable_journey(app: App[Any], here: Here) -> News | None:
    """Disable 2FA: whether it may be at all, then No in front, then password and token."""
    allowed = await call(here.services.two_factor.may_disable, here.ticket)
    if not isinstance(allowed, Done):
        return news_of(here, allowed)
    sure = await ask(
        app,
        Confirm(
            "Disable 2FA?",
            "From then on your password alone opens this account. The device's key and the Backup Code are erased; "
            "to have two-factor again you set it up anew.",
            yes="Disable 2FA",
        ),
    )
    if not sure:
        return NOTHING_CHANGED
    page = ProofPage(here, here.services.two_factor.disable, title="Disable 2FA", asks_token=True, go_on="Disable 2FA")
    disabled = await ask(app, page)
    if disabled is None:
        return NOTHING_CHANGED
    return News(
        f"Two-factor is off{and_told(disabled.told)} The entry in your authenticator app and the Backup Code are of no use "
        "any more: delete them."
    )
