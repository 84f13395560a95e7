"""The journey through Settings: what is asked for there, carried out step by step."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, assert_never

from textual.app import App

from core.secret import Secret
from core.terminal.screens.confirm import Confirm
from core.terminal.widgets.notice import Tone
from core.use_cases.account_settings import Overview
from core.use_cases.outcomes import Done, Over, Proof, ProofRefused, Throttled
from core.use_cases.recovery_doors import CaseEnded
from tui.account.change_address import ChangeAddressPage
from tui.account.change_password import ChangePasswordPage
from tui.account.confirm_address import confirm_journey
from tui.account.news import NOTHING_CHANGED, News, news_of
from tui.account.proof import ProofPage
from tui.account.settings import SettingsScreen
from tui.account.ssh_key import AddKeyPage
from tui.account.wishes import EndSession, RemoveKey, Wear, Wish, Wished
from tui.account.wording import day_and_time, place
from tui.ask import ask
from tui.backup_code.flow import new_code_journey
from tui.calls import call
from tui.session import Here
from tui.two_factor.flow import disable_journey, enrol
from tui.words import and_told


async def settings_journey(app: App[Any], here: Here) -> None:
    """Settings, until the person wants to sign out."""
    await ask(app, SettingsScreen(here, partial(carry_out, app, here)))


async def carry_out(app: App[Any], here: Here, wish: Wished) -> News | None:
    """Do what was asked for in Settings; what came of it, None when there is nothing to say."""
    match wish:
        case Wish():
            journey = _JOURNEYS.get(wish)
            return await journey(app, here) if journey is not None else None
        case EndSession():
            return await _end_session(app, here, wish)
        case RemoveKey():
            return await _remove_key(app, here, wish)
        case Wear(colours=colours):
            getattr(app, "wear", lambda _: None)(colours)
            return news_of(here, await call(here.services.account_settings.set_theme, here.ticket, colours.value))
        case _:
            assert_never(wish)


async def _overview(here: Here) -> Overview | News | None:
    """The account as it is now, or what to say instead."""
    overview = await call(here.services.account_settings.overview, here.ticket)
    return overview if isinstance(overview, Overview) else news_of(here, overview)


async def _change_password(app: App[Any], here: Here) -> News | None:
    overview = await _overview(here)
    if not isinstance(overview, Overview):
        return overview
    changed = await ask(app, ChangePasswordPage(here, overview.account))
    if changed is None:
        return NOTHING_CHANGED
    here.renew(changed.ticket, changed.session)
    return News(f"Your password is changed. Every other session has ended{and_told(changed.told)}")


async def _change_address(app: App[Any], here: Here) -> News | None:
    overview = await _overview(here)
    if not isinstance(overview, Overview):
        return overview
    address = await ask(app, ChangeAddressPage(here, overview.account))
    if address is None:
        return NOTHING_CHANGED
    return await _ask_code(app, here, address)


async def _confirm_address(app: App[Any], here: Here) -> News | None:
    overview = await _overview(here)
    if not isinstance(overview, Overview):
        return overview
    sent = await call(here.services.account_settings.send_address_code, here.ticket)
    if not isinstance(sent, Done | Throttled):
        return news_of(here, sent)
    return await _ask_code(app, here, overview.account.address)


async def _ask_code(app: App[Any], here: Here, address: str) -> News | None:
    confirmed = await confirm_journey(app, here, address)
    if isinstance(confirmed, Over):
        here.gone.set()
        return None
    if confirmed:
        return News("Your address is confirmed.")
    return News(f"{address} is not confirmed yet: neither notices nor Forgot password reach it.", Tone.WARNING)


async def _add_key(app: App[Any], here: Here) -> News | None:
    overview = await _overview(here)
    if not isinstance(overview, Overview):
        return overview
    if here.origin.key is None:
        return News("This connection offered no key.", Tone.WARNING)
    page = AddKeyPage(here, here.origin.key, asks_token=overview.account.two_factor_on)
    added = await ask(app, page)
    return NOTHING_CHANGED if added is None else News(f"The key is yours now{and_told(added.told)}")


async def _remove_key(app: App[Any], here: Here, wish: RemoveKey) -> News | None:
    overview = await _overview(here)
    if not isinstance(overview, Overview):
        return overview
    key = wish.key
    sure = await ask(
        app,
        Confirm(
            "Remove this key?",
            f"{key.algorithm}  {key.fingerprint}\n\nIt no longer helps you back in when the device is lost. "
            "Added again, it begins to count anew.",
            yes="Remove the key",
        ),
    )
    if not sure:
        return NOTHING_CHANGED
    settings = here.services.account_settings

    def remove(ticket: Secret, proof: Proof) -> Done | ProofRefused:
        return settings.remove_key(ticket, proof, key.id)

    page = ProofPage(
        here,
        remove,
        title="Remove a key",
        why=key.fingerprint,
        asks_token=overview.account.two_factor_on,
        go_on="remove it",
    )
    removed = await ask(app, page)
    return NOTHING_CHANGED if removed is None else News(f"The key is removed{and_told(removed.told)}")


async def _end_session(app: App[Any], here: Here, wish: EndSession) -> News | None:
    session = wish.session
    sure = await ask(
        app,
        Confirm(
            "End this session?",
            f"Signed in from {place(session.source)} since {day_and_time(session.opened_at)}. It closes there within "
            "seconds. If it was not you, change your password too.",
            yes="End it",
        ),
    )
    if not sure:
        return NOTHING_CHANGED
    ended = await call(here.services.account_settings.end_session, here.ticket, session.id)
    return news_of(here, ended, "That session has ended.")


async def _end_others(app: App[Any], here: Here) -> News | None:
    sure = await ask(
        app, Confirm("End all other sessions?", "They close within seconds; this one goes on.", yes="End all others")
    )
    if not sure:
        return NOTHING_CHANGED
    ended = await call(here.services.account_settings.end_other_sessions, here.ticket)
    return news_of(here, ended, "You are signed in here only.")


async def end_case(app: App[Any], here: Here) -> News | None:
    sure = await ask(
        app,
        Confirm(
            "Stop the recovery of this account?",
            "The case ends at once, and nothing was changed. Whoever opened it knows your password: change it then. "
            "If it was you after all, choose No.",
            yes="It was not me",
        ),
    )
    if not sure:
        return NOTHING_CHANGED
    ended = await call(here.services.recovery.end_mine, here.ticket)
    return News(" ".join(ended.sentences)) if isinstance(ended, CaseEnded) else news_of(here, ended)


_JOURNEYS: dict[Wish, Callable[[App[Any], Here], Awaitable[News | None]]] = {
    Wish.ENABLE: enrol,
    Wish.REPLACE_DEVICE: enrol,
    Wish.DISABLE: disable_journey,
    Wish.NEW_CODE: new_code_journey,
    Wish.CHANGE_PASSWORD: _change_password,
    Wish.CHANGE_ADDRESS: _change_address,
    Wish.CONFIRM_ADDRESS: _confirm_address,
    Wish.ADD_KEY: _add_key,
    Wish.END_OTHERS: _end_others,
    Wish.END_CASE: end_case,
}
