"""Broken promises, as one tree. A refusal that a person can meet is a returned value, never one of these.

LockwrightError
├── SettingsError          the settings cannot be used
├── HomeError              the home folder cannot be used
│   ├── KeysMissing        the database is there, its keys are not
│   └── KeysForeign        the keys belong to another installation
├── StorageError           the database did not do its part
│   ├── DatabaseBusy       somebody else held it for too long
│   ├── DatabaseFull       its disk has no room left
│   ├── DatabaseGone       it cannot be reached
│   └── DatabaseNewer      it was written by a newer program
├── Conflict              somebody else changed the same thing first
├── Unreadable             a sealed value cannot be opened
├── KeyNotGenuine          an SSH key is not the one that its fingerprint names
├── HasherBusy             more hashes are asked for than the machine can compute
└── TransportFailed        a notice was not taken
    └── TransportGone      its transport takes none at all
"""

from datetime import timedelta


class LockwrightError(Exception):
    """Something that should hold does not; its text is a sentence for a person and holds nothing secret."""


class SettingsError(LockwrightError):
    """A setting cannot be used; the text names the key, the value and what would be right."""


class HomeError(LockwrightError):
    """The home folder cannot be used; the text says why and what to do."""


class KeysMissing(HomeError):
    """The database is there but the key file is not."""


class KeysForeign(HomeError):
    """The key file belongs to another installation than the database."""


class StorageError(LockwrightError):
    """The database did not do its part; nothing of the unit was kept."""


class DatabaseBusy(StorageError):
    """Somebody else held the database for longer than the time-out."""


class DatabaseFull(StorageError):
    """The disk of the database has no room left; nothing of the unit was kept."""


class DatabaseGone(StorageError):
    """The database cannot be reached."""


class DatabaseNewer(StorageError):
    """The database was written by a newer program than this one."""


class Conflict(LockwrightError):
    """Somebody else changed the same thing first; nothing of the unit was kept."""


class Unreadable(LockwrightError):
    """A sealed value cannot be opened: it was changed, or its key is gone."""


class KeyNotGenuine(LockwrightError):
    """A proved SSH key is not the one that its fingerprint names."""


class HasherBusy(LockwrightError):
    """More password hashes are asked for than the machine can compute soon."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Busy: try again in {max(1, round(wait.total_seconds()))} s.")
        self.wait = wait


class TransportFailed(LockwrightError):
    """A notice was not taken by its transport; `permanent` when trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class TransportGone(TransportFailed):
    """The transport takes no notice at all for now, whichever it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=False)
