"""`lockwright`: the account app in this terminal; `lockwright serve`: the same for whoever comes over SSH."""

import argparse
import os
import sys

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
from core.errors import LockwrightError
from core.home import keep_crash
from core.services import open_services
from core.terminal.ssh.behind_sshd import peer_behind_sshd

PROGRAM = "lockwright"
PORT = 2222


def main() -> None:
    """Run the app; exit code 0 after leaving it, 1 when it could not run or had to stop, 2 for wrong usage."""
    asked = _arguments()
    settings = settings_of(PROGRAM, asked.home)
    if asked.command == "serve":
        from tui.serving import serve_accounts  # noqa: PLC0415  # a local start needs no SSH

        serve_or_say(PROGRAM, serve_accounts, settings, asked)
    if not is_terminal():
        if asked.behind_sshd:
            sys.exit(f"{settings.site} needs a terminal. Come back with ssh -t.")
        needs_terminal(PROGRAM)
    from tui.app import AccountApp  # noqa: PLC0415  # --help and a wrong setting need no Textual

    app = AccountApp(
        settings,
        lambda: open_services(settings),
        does_due_work=not asked.behind_sshd,  # a service does it for all who come that way
        report=lambda line: keep_crash(settings.home, line),
    )
    try:
        peer = peer_behind_sshd(os.environ) if asked.behind_sshd else peer_here(os.environ)
    except LockwrightError as error:
        sys.exit(f"{PROGRAM}: {error}")
    run_here(app, peer)


def _arguments() -> argparse.Namespace:
    parser = parser_of(PROGRAM, "Your account, from any terminal.")
    parser.add_argument(
        "--behind-sshd", action="store_true", help="run as the forced command of an sshd, see docs/serving.md"
    )
    add_serve(parser, port=PORT, whom="people")
    return parser.parse_args()


if __name__ == "__main__":
    main()
