"""Staff accounts on the host: enrol a device in line mode, reset 2FA, give and take roles, readmit."""

import base64
import sys
from collections.abc import Callable
from typing import Annotated

import qrcode
import typer

from core.accounts import Account, Role
from core.admin.common import ask, refuse, refused, services
from core.backup_code import shown as shown_code
from core.origin import LOCAL
from core.secret import Secret
from core.services import Services
from core.two_factor import key_groups, uri
from core.use_cases.outcomes import Busy, Done, Invalid, Over, Proof
from core.use_cases.sign_in import SignedIn
from core.use_cases.two_factor import Enabled, EnrolmentBegun

TRIES = 3


def enrol(context: typer.Context, name: str) -> None:
    """Enable two-factor authentication in line mode: scan, token, backup code, one group of it."""
    opened = services(context)
    password = ask(f"Password of {name}")
    signed_in = opened.sign_in.with_password(name, password, LOCAL)
    if not isinstance(signed_in, SignedIn):
        raise refuse("Two-factor authentication is on already, or the name or password is not right.")
    try:
        _enrol(opened, signed_in.ticket, password)
    finally:
        opened.two_factor.cancel(signed_in.ticket)
        opened.sign_in.sign_out(signed_in.ticket)
    typer.echo(f"Two-factor authentication of {signed_in.account.name} is on.")


def _enrol(opened: Services, ticket: Secret, password: Secret) -> None:
    setup = opened.two_factor
    begun = setup.begin(ticket, Proof(password))
    if not isinstance(begun, EnrolmentBegun):
        raise refused(begun)
    secret = base64.b32decode(begun.secret.reveal())
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=2)
    code.add_data(uri(begun.issuer, begun.label, secret))
    if sys.stdout.isatty():
        code.print_ascii(out=sys.stdout, invert=True)
    typer.echo(f"Scan the code, or type this key into your authenticator:\n  {' '.join(key_groups(secret))}")
    _until_right("The six digits it shows", lambda typed: setup.verify(ticket, begun.id, typed))
    backup = setup.backup_code(ticket, begun.id)
    if isinstance(backup, Busy | Over):
        raise refused(backup)
    typer.echo(f"Save your backup code; it is shown only now:\n  {shown_code(backup)}")
    group = setup.ask_group(ticket, begun.id)
    if isinstance(group, Over):
        raise refused(group)
    typer.echo(f"To show that you have it, type group {group + 1} of it.")
    _until_right(f"Group {group + 1}", lambda typed: setup.check_group(ticket, begun.id, typed))
    enabled = setup.finish(ticket, begun.id)
    if not isinstance(enabled, Enabled):
        raise refused(enabled)
    opened.sign_in.sign_out(enabled.ticket)


def _until_right(label: str, check: Callable[[str], object]) -> None:
    """Ask until it is right, three times at most; ends with 1 after that."""
    for left in reversed(range(TRIES)):
        outcome = check(ask(label).reveal())
        if isinstance(outcome, Done):
            return
        ended = refused(outcome)
        if left == 0 or isinstance(outcome, Over):
            raise ended


def reset_two_factor(
    context: typer.Context, name: str, reason: Annotated[str, typer.Option(help="Why; all staff are told.")]
) -> None:
    """Switch a staff account's two-factor authentication off, for whoever lost the device (staff accounts only)."""
    changed = _done(services(context).operator.reset_two_factor(name, reason))
    typer.echo(f"Two-factor authentication of {changed.name} is off. Next: account enrol, then account readmit.")


def readmit(context: typer.Context, name: str) -> None:
    """Let somebody of the staff whose two-factor authentication was set up anew into the console again."""
    changed = _done(services(context).operator.readmit(name))
    typer.echo(f"{changed.name} is let into the console again.")


def give_role(context: typer.Context, name: str, role: Role) -> None:
    """Give a staff role; given on the host, it counts at once."""
    changed = _done(services(context).operator.give_role(name, role))
    typer.echo(f"{changed.name} is {role.value}.")


def take_role(context: typer.Context, name: str, role: Role) -> None:
    """Take a staff role away."""
    changed = _done(services(context).operator.take_role(name, role))
    typer.echo(f"{changed.name} is no longer {role.value}.")


def _done(changed: Account | Invalid) -> Account:
    """The account as it is now; ends with 1 when nothing was changed."""
    if isinstance(changed, Invalid):
        raise refused(changed)
    return changed


def add_to(account: typer.Typer) -> None:
    """Add these words to `lockwright-admin account`."""
    account.command("enrol")(enrol)
    account.command("reset-2fa")(reset_two_factor)
    account.command("readmit")(readmit)
    account.command("give-role")(give_role)
    account.command("take-role")(take_role)
