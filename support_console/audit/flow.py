"""The journey through the audit trail."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.app import App

from core.audit import Entry, ExportPage, ExportPlace
from core.origin import where
from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import Busy, NotNow, Over
from support_console.ask import ask
from support_console.audit.screen import AuditScreen, Wish
from support_console.audit.wanted import Wanted, WantedScreen
from support_console.calls import call, look
from support_console.news import News, refusal_news
from support_console.reader import Part, Reader
from support_console.reported import reported, who
from support_console.session import Here


async def audit_journey(app: App[Any], here: Here) -> None:
    """The trail, until the person goes back."""
    await ask(app, AuditScreen(here, partial(carry_out, app, here)))


async def carry_out(app: App[Any], here: Here, wish: Wish | Wanted | Entry) -> News | Wanted | None:
    """Search, verify, export, or show one entry in full."""
    match wish:
        case Wanted():
            return await ask(app, WantedScreen(here, wish))
        case Wish.VERIFY:
            return await _verify(here)
        case Wish.EXPORT:
            return await _export(app, here)
        case Entry():
            return await _show(app, here, wish)


async def _verify(here: Here) -> News | None:
    verdict = await call(here.services.audit_desk.verify, here.ticket)
    if isinstance(verdict, NotNow | Over | Busy):
        return refusal_news(here, verdict)
    return News(verdict.sentence, Tone.GOOD if verdict.whole else Tone.DANGER)


async def _export(app: App[Any], here: Here) -> News | None:
    first = await _page_of(here, None, call)
    if not isinstance(first, Part):
        return first
    await ask(app, Reader(here, "The audit trail as lines of JSON", first))
    return None


async def _page_of(
    here: Here, after: ExportPlace | None, asked: Callable[..., Awaitable[Any]] = look
) -> Part | News | None:
    page = await asked(here.services.audit_desk.export, here.ticket, after)
    if not isinstance(page, ExportPage):
        return refusal_news(here, page)
    more = partial(_page_of, here, page.next) if page.next is not None else None
    return Part([json.dumps(each) for each in page.lines], more)


def _written(entry: Entry) -> dict[str, str]:
    """What stands beside the entry in a person's words."""
    return {"reason": entry.reason} if entry.reason else {}


async def _show(app: App[Any], here: Here, entry: Entry) -> News | None:
    ids = [each for each in (entry.account, entry.actor) if each is not None]
    names = await call(here.services.audit_desk.names, here.ticket, ids)
    if not isinstance(names, dict):
        return refusal_news(here, names)
    said = [
        ("entry", str(entry.id)),
        ("at", entry.at.isoformat(timespec="seconds")),
        ("what", f"{entry.event.value}: {reported(entry, names)}"),
        ("account", f"{who(entry.account, names)}  {entry.account or ''}"),
        ("by", f"{who(entry.actor, names)}  {entry.actor or ''}"),
        ("case", entry.case or "–"),
        ("source", where(entry.source) if entry.source else "–"),
        ("genuine", "yes" if entry.genuine else "NO: it was changed outside Lockwright"),
        *((name, str(value)) for name, value in (dict(entry.detail) | _written(entry)).items()),
    ]
    lines = "\n".join(f"{name:<10}  {value}" for name, value in said).splitlines()
    await ask(app, Reader(here, f"Entry {entry.id}", Part(lines)))
    return None
