"""Serving apps over SSH: a process per session, forked from a warm parent.

    serve(open_app, work, ServeSettings(host_key=home / "ssh_host_key", port=2222), rehearsal)

`open_app(peer)` is called before anyone is there, with a `Peer` of which only the kind of terminal counts, and gives a
`TerminalApp`. It opens no service, no file and no thread: a fork would share them. In the process of the person who
then comes, `welcome(peer)` of that app says who it is, for the first frame, and `arrived(peer)` when that is drawn:
there the app opens what it needs. It says who has signed in with `known_to(tag)`; until then the limits of `Limits`
for unknown people hold.

`work()` is called in a process of its own every second. The tags that it returns are of sessions that something
happened to elsewhere: whoever is in one of them is told by `news(tag)` of their app.

`rehearsal` is a throw-away app with keys to press: what it does is done before the first fork, so that no session does
it for the first time. It must touch nothing of anybody and leave nothing open.
"""

from core.terminal.ssh.clerk import Work
from core.terminal.ssh.rehearsal import Rehearsal
from core.terminal.ssh.settings import Guests, Limits, ServeSettings
from core.terminal.ssh.supervisor import serve

__all__ = ["Guests", "Limits", "Rehearsal", "ServeSettings", "Work", "serve"]
