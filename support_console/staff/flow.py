"""The journey through the staff: who may what, and who is let in. For admins."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.app import App

from core.accounts import Role
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import Done, Invalid
from core.use_cases.staff import StaffInvited, StaffLine
from core.use_cases.words import moment
from support_console.act_page import ActPage, Asked
from support_console.ask import ask
from support_console.calls import act
from support_console.news import NOTHING, News, refusal_news
from support_console.page import warned
from support_console.session import Here
from support_console.staff.role import RoleScreen
from support_console.staff.screen import StaffScreen, Wish

GROUP = 4


async def staff_journey(app: App[Any], here: Here) -> None:
    """The staff, until the person goes back."""
    await ask(app, StaffScreen(here, partial(carry_out, app, here)))


async def carry_out(app: App[Any], here: Here, wish: Wish, line: StaffLine | None) -> News | None:
    """Do what was asked for, with whoever has the bar."""
    match wish:
        case Wish.INVITE:
            return await _invite(app, here)
        case Wish.GIVE:
            return await _give(app, here)
        case _ if line is None:
            return News("Nobody is chosen.", Tone.CALM)
        case Wish.TAKE:
            return await _take(app, here, line)
        case Wish.DISABLE:
            return await _disable(app, here, line)
        case Wish.READMIT:
            return await _readmit(app, here, line)


async def _invite(app: App[Any], here: Here) -> News | None:
    role = await ask(app, RoleScreen(here, "Invite somebody as", tuple(Role)))
    if role is None:
        return News(NOTHING, Tone.CALM)

    def invite(ticket: Any, address: str) -> Any:
        return here.services.staff.invite(ticket, address, role)

    page = ActPage(
        here,
        invite,
        (),
        Asked("address", "Their e-mail address", limit=200),
        title=f"Invite somebody as {role.value}",
        why="They sign up with the code that you get here. The role verifies and approves only 7 days after.",
        yes="make the invitation",
    )
    invited = await ask(app, page)
    if not isinstance(invited, StaffInvited):
        return News(NOTHING, Tone.CALM)
    code = invited.code.reveal()
    shown = " - ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP)) if "-" not in code else code
    await ask(
        app,
        Message(
            "The invitation, shown only now",
            shown,
            f"Give it to them in person or by a call, not in a mail. It works once, until {moment(invited.until)}.",
        ),
    )
    return News("The invitation is made.")


async def _give(app: App[Any], here: Here) -> News | None:
    role = await ask(app, RoleScreen(here, "Give a role", tuple(Role)))
    if role is None:
        return News(NOTHING, Tone.CALM)

    def give(ticket: Any, name: str) -> Any:
        return _at_name(here.services.staff.give_role(ticket, name, role))

    page = ActPage(
        here,
        give,
        (),
        Asked("name", "Whose account", note="its name, to be typed", limit=64),
        title=f"Give the role {role.value}",
        why="It counts at once, but verifies and approves only after 7 days. All staff are told.",
        yes="give it",
    )
    answer = await ask(app, page)
    return News(NOTHING, Tone.CALM) if answer is None else News(f"The role {role.value} is given; all staff are told.")


def _at_name(answer: Any) -> Any:
    """A refusal about the role, said at the field that there is."""
    return Invalid("name", answer.sentence) if isinstance(answer, Invalid) else answer


async def _take(app: App[Any], here: Here, line: StaffLine) -> News | None:
    role = await ask(app, RoleScreen(here, f"Take a role from {line.name}", tuple(grant.role for grant in line.grants)))
    if role is None:
        return News(NOTHING, Tone.CALM)
    answer = await act(app, here, here.services.staff.take_role, line.name, role)
    if isinstance(answer, Done):
        return News(f"{line.name} is no longer {role.value}, from their next action on.")
    return refusal_news(here, answer)


async def _sure(
    app: App[Any], here: Here, use: Callable[..., Any], line: StaffLine, confirm: Confirm, done: str
) -> News | None:
    if not await ask(app, confirm):
        return News(NOTHING, Tone.CALM)
    answer = await act(app, here, use, line.name)
    return News(done) if isinstance(answer, Done) else refusal_news(here, answer)


async def _disable(app: App[Any], here: Here, line: StaffLine) -> News | None:
    confirm = Confirm(
        f"Disable {line.name}?",
        "Every role is taken, every session ends. The account stays a member's.",
        yes=f"Disable {line.name}",
        step=warned(here),
    )
    return await _sure(app, here, here.services.staff.disable, line, confirm, f"{line.name} is no longer staff.")


async def _readmit(app: App[Any], here: Here, line: StaffLine) -> News | None:
    confirm = Confirm(
        f"Readmit {line.name}?",
        "Their two-factor was set up anew. Be sure that it was they who did it: speak with them first.",
        yes=f"Readmit {line.name}",
        step=warned(here),
    )
    return await _sure(app, here, here.services.staff.readmit, line, confirm, f"{line.name} is let in again.")
