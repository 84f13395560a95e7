"""The console for staff who come over SSH, from where and with which keys the settings allow."""

from core.apps.app import OpenServices
from core.apps.serving import Served, Where, serve_app
from core.home import keep_crash
from core.settings import Settings
from core.terminal.ssh import Guests
from support_console.app import ConsoleApp

_HELP = b"\x1bOP"
_STEPS = (b"nobody", b"\t", b"a", _HELP, b"\x1b")
"""What a rehearsal types: a name, a password, and help."""


def serve_console(settings: Settings, where: Where) -> int:
    """Serve until told to stop; the exit code. Raises LockwrightError when that is not possible."""

    def open_app(services: OpenServices) -> ConsoleApp:
        return ConsoleApp(settings, services, has_clerk=True, report=lambda line: keep_crash(settings.home, line))

    served = Served(
        f"{settings.site} support",
        "ssh_console_host_key",  # its own: the front of the account app never has it
        _STEPS,
        Guests(settings.console_sources, settings.console_keys),
    )
    return serve_app(open_app, settings, where, served)
