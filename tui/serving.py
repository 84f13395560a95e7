"""The account app for whoever comes over SSH."""

from core.apps.app import OpenServices
from core.apps.serving import Served, Where, serve_app
from core.home import keep_crash
from core.settings import Settings
from tui.app import AccountApp

_STEPS = (b"s", b"nobody", b"\t", b"\x1b", b"\x1b", b"n", b"a", b"\x1b", b"?", b"\x1b")
"""What a rehearsal types: sign in, sign up and help, and back from each."""


def serve_accounts(settings: Settings, where: Where) -> int:
    """Serve until told to stop; the exit code. Raises LockwrightError when that is not possible."""

    def open_app(services: OpenServices) -> AccountApp:
        return AccountApp(settings, services, has_clerk=True, report=lambda line: keep_crash(settings.home, line))

    return serve_app(open_app, settings, where, Served(settings.site, "ssh_host_key", _STEPS))
