"""Serving an app over SSH: who may come in, what a rehearsal plays, and the clerk beside it."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.apps.app import JourneyApp, OpenServices
from core.clerk import Clerk
from core.home import prepare
from core.services import Services, open_services
from core.settings import Settings
from core.terminal.ssh import Guests, Limits, Rehearsal, ServeSettings, serve

OpenApp = Callable[[OpenServices], JourneyApp]
"""Makes the app over the services that it will open."""


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says."""

    host: str
    port: int
    user: str | None
    front_user: str | None


@dataclass(frozen=True, slots=True)
class Served:
    """What one app is to those who come."""

    name: str
    """How lines to a client's shell call it."""
    host_key: str
    """The file of its host key in the home folder."""
    steps: tuple[bytes, ...]
    """What a rehearsal types."""
    guests: Guests | None = None
    """Who may come in; everybody when None."""


def serve_app(open_app: OpenApp, settings: Settings, where: Where, served: Served) -> int:
    """Serve until told to stop; the exit code.

    Raises LockwrightError when the home folder, the host key or the address cannot be used.
    """

    def services() -> Services:
        return open_services(settings)

    told = ServeSettings(
        host_key=prepare(settings.home) / served.host_key,
        host=where.host,
        port=where.port,
        name=served.name,
        user=where.user,
        front_user=where.front_user,
        guests=served.guests,
        limits=Limits(
            idle_before_sign_in=settings.visitor_idle.total_seconds(),
            total_before_sign_in=settings.visitor_session.total_seconds(),
        ),
    )
    return serve(lambda _: open_app(services), Clerk(services), told, rehearsal(open_app, settings, served.steps))


def rehearsal(open_app: OpenApp, settings: Settings, steps: tuple[bytes, ...]) -> Rehearsal:
    """The first steps of somebody, on an installation that is thrown away."""
    stage = contextlib.ExitStack()

    def services() -> Services:
        home = Path(stage.enter_context(tempfile.TemporaryDirectory(prefix="lockwright-rehearsal-")))
        opened = open_services(replace(settings, home=home, database="sqlite"))
        stage.callback(opened.close)
        return opened

    return Rehearsal(lambda: open_app(services), steps, stage.close)
