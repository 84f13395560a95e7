"""`lockwright-console`: the support console in this terminal; `lockwright-console serve`: for staff over SSH."""

import argparse
import os

from core.apps.command import (
    add_serve,
    is_terminal,
    needs_terminal,
    parser_of,
    peer_here,
    run_here,
    serve_or_say,
    settings_of,
)
from core.home import keep_crash
from core.services import open_services

PROGRAM = "lockwright-console"
PORT = 2223


def main() -> None:
    """Run the app; exit code 0 after leaving it, 1 when it could not run or had to stop, 2 for wrong usage."""
    asked = _arguments()
    settings = settings_of(PROGRAM, asked.home)
    if asked.command == "serve":
        from support_console.serving import serve_console  # noqa: PLC0415  # a local start needs no SSH

        serve_or_say(PROGRAM, serve_console, settings, asked)
    if not is_terminal():
        needs_terminal(PROGRAM)
    from support_console.app import ConsoleApp  # noqa: PLC0415  # --help and a wrong setting need no Textual

    app = ConsoleApp(
        settings,
        lambda: open_services(settings),
        does_due_work=True,
        report=lambda line: keep_crash(settings.home, line),
    )
    run_here(app, peer_here(os.environ))


def _arguments() -> argparse.Namespace:
    parser = parser_of(PROGRAM, "Staff recover accounts, from any terminal.")
    add_serve(parser, port=PORT, whom="staff")
    return parser.parse_args()


if __name__ == "__main__":
    main()
