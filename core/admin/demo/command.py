"""`lockwright-admin demo run`, and `demo token NAME` for whoever has no authenticator at hand."""

from typing import Annotated

import typer

from core.admin.common import refuse
from core.admin.demo.home import Demo, default_demo_home, open_or_fill
from core.admin.demo.running import run
from core.admin.demo.ways_in import Ports, ways_in
from core.clock import system_clock

demo = typer.Typer(help="A home folder to try things out in, never for real accounts.", no_args_is_help=True)


def _demo(context: typer.Context) -> Demo:
    return open_or_fill(context.obj or default_demo_home(), system_clock)


@demo.command("run")
def demo_run(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Where the account app listens.")] = 2222,
    console_port: Annotated[int, typer.Option(help="Where the support console listens.")] = 2223,
) -> None:
    """Fill the home folder when it is not there, serve both apps on this machine, and print the ways in."""
    home = context.obj or default_demo_home()
    if not home.exists():
        typer.echo("Filling a home folder with people and cases (once, some seconds)")
    opened = _demo(context)
    ports = Ports(port, console_port)
    run(opened.home, ports, lambda: typer.echo(ways_in(opened, ports)))


@demo.command("token")
def demo_token(context: typer.Context, name: str) -> None:
    """Print the token that the device of somebody in the demo shows now."""
    actor = _demo(context).actors.get(name)
    if actor is None:
        raise refuse("There is nobody of that name in the demo.")
    typer.echo(actor.token_at(system_clock()))
