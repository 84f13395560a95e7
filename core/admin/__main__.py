"""`lockwright-admin`: exit code 0 when it is done, 1 when it was refused or failed, 2 for wrong usage."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from core.accounts import Role
from core.admin.cases import case, policy
from core.admin.common import AsJson, refuse, say, services
from core.admin.demo.command import demo
from core.admin.facts import account_facts, mail_facts, verdict_facts
from core.admin.staffing import add_to
from core.errors import LockwrightError, StorageError
from core.secret import Secret
from core.use_cases.outcomes import Invalid

app = typer.Typer(help="Look after a Lockwright installation, on its host.", no_args_is_help=True, add_completion=False)
account = typer.Typer(help="Make accounts and look at them.", no_args_is_help=True)
audit = typer.Typer(help="The audit trail.", no_args_is_help=True)
mail = typer.Typer(help="The notices in the outbox.", no_args_is_help=True)
app.add_typer(account, name="account")
app.add_typer(audit, name="audit")
app.add_typer(mail, name="mail")
app.add_typer(case, name="case")
app.add_typer(policy, name="policy")
app.add_typer(demo, name="demo")
add_to(account)


@app.callback()
def main_options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The home folder.", show_default="the platform's data folder")
    ] = None,
) -> None:
    """Open the installation that the other words are about."""
    context.obj = home


@account.command("add")
def account_add(
    context: typer.Context,
    name: str,
    email: Annotated[str, typer.Option(help="The e-mail address.")],
    *,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="Take the address as confirmed.")] = False,
    role: Annotated[list[Role] | None, typer.Option(help="A staff role; may be given again.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make an account."""
    if not password_stdin:
        typer.echo(
            "Give --password-stdin and the password on standard input: arguments can be read by others.", err=True
        )
        raise typer.Exit(2)
    password = Secret(sys.stdin.readline().rstrip("\n"))
    made = services(context).operator.add_account(
        name, email, password, confirmed=confirmed, roles=frozenset(role or ())
    )
    if isinstance(made, Invalid):
        raise refuse(made.sentence)
    typer.echo(f"{made.name} is made.")


@account.command("show")
def account_show(context: typer.Context, name: str, *, as_json: AsJson = False) -> None:
    """Print what is known about an account; never a secret."""
    facts = services(context).operator.show(name)
    if facts is None:
        raise refuse("There is no account of that name.")
    value = account_facts(facts)
    say(value, as_json=as_json, text="\n".join(f"{key:20}{shown}" for key, shown in value.items()))


@account.command("list")
def account_list(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print every account."""
    values = [account_facts(facts) for facts in services(context).operator.accounts()]
    say(values, as_json=as_json, text="\n".join(str(value["name"]) for value in values))


@app.command()
def invite(
    context: typer.Context,
    email: Annotated[str | None, typer.Option(help="Whom it is for.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make an invitation to sign up, good once and for 14 days, and print its code."""
    made = services(context).operator.invite(email)
    if isinstance(made, Invalid):
        raise refuse(made.sentence)
    value = {"invitation": made.code.reveal(), "until": made.until.isoformat()}
    say(value, as_json=as_json, text=f"{made.code.reveal()}\ngood once, until {made.until:%d %b %Y %H:%M} UTC")


@audit.command("verify")
def audit_verify(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check that the audit trail is whole."""
    verdict = services(context).operator.verify_audit()
    value = verdict_facts(verdict)
    say(value, as_json=as_json, text=str(value["sentence"]))
    if not value["whole"]:
        raise typer.Exit(1)


@mail.command("list")
def mail_list(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print the notices in the outbox, newest first, without their bodies."""
    values = [mail_facts(listed) for listed in services(context).operator.mail()]
    say(values, as_json=as_json, text="\n".join("  ".join(str(part) for part in value.values()) for value in values))


@mail.command("show")
def mail_show(context: typer.Context, notice: str, *, as_json: AsJson = False) -> None:
    """Print one notice of the outbox, without its body."""
    for listed in services(context).operator.mail():
        value = mail_facts(listed)
        if value["id"] == notice:
            say(value, as_json=as_json, text="\n".join(f"{key:12}{shown}" for key, shown in value.items()))
            return
    raise refuse("There is no such notice.")


@app.command()
def tick(
    context: typer.Context,
    every: Annotated[float | None, typer.Option(help="Go on, so many seconds apart.", min=0.1)] = None,
) -> None:
    """Do the work that is due: hand notices over, seal the audit trail, let expire what has expired."""
    opened = services(context)
    if every is None:
        typer.echo(str(opened.due.tick()))
        return
    while True:
        try:
            opened.due.tick()
        except StorageError as error:  # it comes back, and what is due stays due
            typer.echo(f"{error} Trying again in {every:g} s.", err=True)
        time.sleep(every)


def main() -> None:
    """Run the command; a broken promise is one line on standard error, never a traceback."""
    try:
        app()
    except LockwrightError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
