"""The home folder: settings, keys and the embedded database, readable by their owner only."""

import contextlib
import os
import stat
from pathlib import Path

from platformdirs import user_data_path

from core.clock import system_clock
from core.errors import HomeError

SETTINGS_FILE = "lockwright.toml"
DATABASE_FILE = "lockwright.sqlite"
CRASHES_FILE = "crashes"
_OURS = frozenset({SETTINGS_FILE, DATABASE_FILE, "keys.json", "keys.json.new"})


def default_home() -> Path:
    """Where the home folder belongs on this platform."""
    return user_data_path("lockwright", appauthor=False)


def prepare(home: Path) -> Path:
    """Make `home` a folder that only its owner can enter (0700), creating it when needed; its absolute path.

    Raises HomeError when it is a link, somebody else's, no folder, or open to others and used for something else.
    """
    home = home.expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = home.lstat()
    except FileExistsError:
        raise HomeError(f"{home} is not a folder: choose another with --home.") from None
    except OSError as error:
        raise HomeError(f"The home folder {home} cannot be used: {error.strerror}.") from None
    _refuse_strangers(home, found)
    if not stat.S_ISDIR(found.st_mode):
        raise HomeError(f"{home} is not a folder: choose another with --home.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        names = {entry.name for entry in home.iterdir()}
        if names and not names & _OURS:
            raise HomeError(f"{home} is open to others and holds other things: choose an empty folder with --home.")
        home.chmod(0o700)
    return home


def private_file(path: Path) -> None:
    """Raise HomeError unless `path` is a plain file of ours that nobody else can read."""
    try:
        found = path.lstat()
    except OSError as error:
        raise HomeError(f"{path} cannot be read: {error.strerror}.") from None
    _refuse_strangers(path, found)
    if not stat.S_ISREG(found.st_mode):
        raise HomeError(f"{path} is not a plain file.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise HomeError(f"{path} can be read by others: run chmod 600 {path}, and ask whether anybody did.")


def keep_crash(home: Path, line: str) -> None:
    """Write down what crashed, by error id and place and never with a value, where whoever runs this can find it."""
    with contextlib.suppress(OSError):  # the home folder may be what failed
        descriptor = os.open(home / CRASHES_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{system_clock().isoformat(timespec='seconds')} {line}\n")


def _refuse_strangers(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise HomeError(f"{path} is a link; name the place itself.")
    if found.st_uid != os.geteuid():
        raise HomeError(f"{path} belongs to user {found.st_uid} and this is user {os.geteuid()}: run as its owner.")
