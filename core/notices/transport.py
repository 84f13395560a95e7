"""How a letter leaves: into a Maildir of the home folder, or to an SMTP server."""

import os
import stat
from pathlib import Path
from typing import Protocol

from core.errors import TransportGone
from core.notices.message import message
from core.notices.model import Outgoing
from core.notices.smtp import Smtp
from core.settings import Settings

MAIL_FOLDER = "mail"
"""The Maildir's name in the home folder."""
_LOCAL_SENDER = "lockwright@localhost"


class Transport(Protocol):
    """Takes a letter off our hands."""

    @property
    def delivers(self) -> bool:
        """Whether handing over means that the letter is on its way to the person."""
        ...

    def hand_over(self, outgoing: Outgoing) -> None:
        """Take the letter, or raise TransportFailed, permanent when trying again cannot help."""
        ...


def transport_for(settings: Settings) -> Transport:
    """The transport that the settings name."""
    if settings.mail == "smtp":
        return Smtp(settings)
    folder = settings.home / MAIL_FOLDER
    return Maildir(folder, sender=settings.smtp_from, site=settings.site, delivers=settings.mail_delivers)


class Maildir:
    """Puts each letter into a Maildir (https://cr.yp.to/proto/maildir.html): whole or not at all, and once."""

    def __init__(self, folder: Path, *, sender: str = "", site: str = "", delivers: bool = False) -> None:
        self.folder = folder
        self._sender = sender or _LOCAL_SENDER
        self._site = site
        self.delivers = delivers

    def hand_over(self, outgoing: Outgoing) -> None:
        """Write the letter to `tmp`, make it last, and move it to `new`; one that is there already stays as it is."""
        mail = message(outgoing, self._sender, self._site)
        name = f"{int(outgoing.created_at.timestamp())}.{outgoing.id}.lockwright"
        try:
            new = self._prepared()
            if (new / name).exists() or any((self.folder / "cur").glob(f"{name}*")):
                return
            unfinished = self.folder / "tmp" / name
            descriptor = os.open(
                unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(mail.as_bytes(policy=mail.policy.clone(linesep="\n")))
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(new / name)
            _make_last(new)
        except OSError as error:
            raise TransportGone(f"The mail folder cannot be written: {error.strerror}.") from None

    def _prepared(self) -> Path:
        """The folder `new`, made with its neighbours when they are not there yet, and open to nobody else."""
        for folder in (self.folder, *(self.folder / name for name in ("tmp", "new", "cur"))):
            folder.mkdir(mode=0o700, exist_ok=True)
            mode = folder.lstat().st_mode
            if not stat.S_ISDIR(mode):
                raise TransportGone("The mail folder is a link or no folder.")
            if stat.S_IMODE(mode) & 0o077:
                folder.chmod(0o700)
        return self.folder / "new"


def _make_last(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
