"""A demo's home folder: filled once, whole or not at all, with a file that says who is in it."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from core.accounts import Role
from core.admin.demo.cast import SETTINGS
from core.admin.demo.stage import Actor
from core.admin.demo.story import play
from core.clock import Clock
from core.errors import HomeError
from core.home import SETTINGS_FILE, prepare
from core.settings import Settings, load

CAST_FILE = "demo.json"
KEYS_FOLDER = "demo-keys"


@dataclass(frozen=True, slots=True)
class Demo:
    """A filled home folder."""

    home: Path
    filled_at: datetime
    actors: Mapping[str, Actor]

    def key_file(self, name: str) -> Path:
        """Where the private SSH key of somebody lies who has one."""
        return self.home / KEYS_FOLDER / name


def default_demo_home() -> Path:
    """Where a demo lives that was not told where; never where real accounts are."""
    return user_data_path("lockwright-demo", appauthor=False)


def open_or_fill(home: Path, clock: Clock) -> Demo:
    """The demo at `home`, filled when nothing is there yet.

    Raises HomeError when something else is there.
    """
    home = home.expanduser().absolute()
    found = _read(home)
    if found is not None:
        return found
    if home.exists() and any(home.iterdir()):
        raise HomeError(f"{home} is no demo: choose another folder with --home, it is made when it is missing.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with _beside(home) as unfinished:
        (unfinished / SETTINGS_FILE).write_text(SETTINGS, encoding="utf-8")
        fill(settings_of(unfinished), clock())
        unfinished.replace(home)
    filled = _read(home)
    assert filled is not None  # it was written a line above
    return filled


def settings_of(home: Path) -> Settings:
    """What is set in a demo; variables are for real installations, and might name their database."""
    return load(home, {})


def fill(settings: Settings, now: datetime) -> None:
    """Play the story in the home folder of `settings`, and write down who is in it."""
    actors = play(settings, now)
    for actor in actors.values():
        if actor.ssh_key:
            folder = settings.home / KEYS_FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            _write(folder / actor.name, actor.ssh_key)
    cast = {"filled_at": now.isoformat(), "actors": [asdict(actor) for actor in actors.values()]}
    _write(settings.home / CAST_FILE, json.dumps(cast, indent=1))


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _read(home: Path) -> Demo | None:
    try:
        cast = json.loads((home / CAST_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise HomeError(f"{home / CAST_FILE} cannot be read ({error}); remove {home} to begin anew.") from None
    return Demo(
        home, datetime.fromisoformat(cast["filled_at"]), {each["name"]: _actor(each) for each in cast["actors"]}
    )


def _actor(written: dict[str, Any]) -> Actor:
    return Actor(**{**written, "role": Role(written["role"])})


@contextlib.contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A folder beside `home` that becomes it, or goes: whoever stops the filling leaves nothing behind."""
    unfinished = prepare(Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent)))
    try:
        yield unfinished
    finally:
        if unfinished.exists():
            shutil.rmtree(unfinished)
