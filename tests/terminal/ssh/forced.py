"""The small app as the forced command of an sshd."""

import os
import sys

from core.errors import LockwrightError
from core.terminal.app import TerminalApp
from core.terminal.peer import Peer
from core.terminal.ssh.behind_sshd import peer_behind_sshd
from tests.terminal.ssh.served import Served


class Forced(Served):
    """Says at once who is there."""

    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self.peer = peer
        self.suit(peer)

    def on_mount(self) -> None:
        self.call_after_refresh(self.welcome, self.peer)


def main() -> None:
    if not sys.stdin.isatty():
        sys.exit("Porch needs a terminal. Come back with ssh -t.")
    try:
        app: TerminalApp = Forced(peer_behind_sshd(os.environ))
    except LockwrightError as error:
        sys.exit(str(error))
    app.run()
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
