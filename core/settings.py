"""What an operator can set: `lockwright.toml` in the home folder, overridden by `LOCKWRIGHT_*` variables.

A key is a field of `Settings`. In the file it stands alone or in a section, `smtp_host = "…"` or `[smtp]` and
`host = "…"`; as a variable it is in capitals, `LOCKWRIGHT_SMTP_HOST`.
"""

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from core import readers
from core.errors import SettingsError
from core.home import DATABASE_FILE, SETTINGS_FILE, default_home
from core.secret import Secret

PREFIX = "LOCKWRIGHT_"
SUBMISSIONS = 465
"""The port of mail over TLS from the first byte (RFC 8314, 7.3)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator decided, checked."""

    home: Path
    """The home folder; absolute."""

    database: str = field(default="sqlite", repr=False)
    """`sqlite` is a file in the home folder; a PostgreSQL URL may hold a password."""
    site: str = "Lockwright"
    """What this place is called on screen and in mail."""
    issuer: str = ""
    """What authenticator apps call it: short, ASCII; the site's name by default."""
    registration: Literal["open", "invite", "closed"] = "open"
    password_min: int = 15
    """Code points (NIST SP 800-63B-4, 3.1.1.2)."""
    argon2_time: int = 2
    argon2_memory_kib: int = 19456
    argon2_lanes: int = 1
    mail: Literal["maildir", "smtp"] = "maildir"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: Secret = field(default_factory=lambda: Secret(""), repr=False)
    smtp_starttls: bool = True
    smtp_tls: bool = False
    """TLS from the first byte, in the place of STARTTLS (RFC 8314)."""
    smtp_from: str = ""
    smtp_ca: str = ""
    """A file with the authority that signed the mail server's certificate; the system's authorities by default."""
    demo: bool = False
    """Mail put into the Maildir counts as delivered: for trying things out, never for real accounts."""

    recovery: Mapping[str, Any] = field(default_factory=dict)
    """What the site changes of the recovery policy, as it was written; `core.cases` reads and checks it."""
    replies: Mapping[str, str] = field(default_factory=dict)
    """Texts that staff can begin a message with, by name."""

    console_sources: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """The networks that the console over SSH is open to; by default this machine only."""
    console_keys: tuple[str, ...] = ()
    """Fingerprints of the SSH keys that it wants one of; none is wanted when empty."""

    member_idle: timedelta = timedelta(minutes=30)
    member_session: timedelta = timedelta(hours=12)
    staff_idle: timedelta = timedelta(minutes=15)
    staff_session: timedelta = timedelta(hours=12)
    claimant_idle: timedelta = timedelta(minutes=30)
    claimant_session: timedelta = timedelta(hours=2)
    visitor_idle: timedelta = timedelta(minutes=10)
    """Before sign-in."""
    visitor_session: timedelta = timedelta(minutes=30)

    @property
    def database_url(self) -> str:
        """The database as `Storage` takes it."""
        return f"sqlite:///{self.home / DATABASE_FILE}" if self.database == "sqlite" else self.database

    @property
    def mail_delivers(self) -> bool:
        """Whether mail reaches people: by SMTP, or, where all is only shown, in the Maildir."""
        return self.mail == "smtp" or self.demo


_IDLE = readers.span("1 min", "1 h")  # NIST SP 800-63B-4, 2.2.3
_SESSION = readers.span("5 min", "24 h")
READERS: Mapping[str, readers.Read] = {
    "database": readers.database,
    "site": readers.words(40),
    "issuer": readers.issuer,
    "registration": readers.one_of("open", "invite", "closed"),
    "password_min": readers.whole(8, 128),
    "argon2_time": readers.whole(2, 20),  # RFC 9106 and OWASP: upward only
    "argon2_memory_kib": readers.whole(19456, 4194304),
    "argon2_lanes": readers.whole(1, 16),
    "mail": readers.one_of("maildir", "smtp"),
    "smtp_host": readers.host,
    "smtp_port": readers.whole(1, 65535),
    "smtp_user": readers.words(254),
    "smtp_password": readers.hidden,
    "smtp_starttls": readers.yes_or_no,
    "smtp_tls": readers.yes_or_no,
    "smtp_from": readers.mail_address,
    "smtp_ca": readers.words(500),
    "demo": readers.yes_or_no,
    "recovery": readers.table,
    "replies": readers.texts,
    "console_sources": readers.several(
        readers.network, 'a list of addresses and networks such as ["203.0.113.0/24", "::1"]'
    ),
    "console_keys": readers.several(
        readers.ssh_key,
        "a list of public SSH keys, as in a .pub file, or of fingerprints, as ssh-keygen -l prints them",
    ),
    "member_idle": _IDLE,
    "member_session": _SESSION,
    "staff_idle": _IDLE,
    "staff_session": _SESSION,
    "claimant_idle": _IDLE,
    "claimant_session": _SESSION,
    "visitor_idle": _IDLE,
    "visitor_session": _SESSION,
}
"""How each setting is read; a key that is not here is unknown."""
_NEVER_TOLD = frozenset({"database", "smtp_password"})


def load(home: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of `home`, or of LOCKWRIGHT_HOME, or of the platform's data folder; nothing is created.

    Raises SettingsError, which names the key, the value, and what would be right.
    """
    home = (home or Path(environ.get(PREFIX + "HOME") or default_home())).expanduser().absolute()
    written = {**_from_file(home / SETTINGS_FILE), **_from_variables(environ)}
    values = {key: _read(key, value, where) for key, (value, where) in written.items()}
    settings = Settings(home=home, **values)
    if settings.smtp_tls and "smtp_port" not in values:
        settings = replace(settings, smtp_port=SUBMISSIONS)
    if settings.mail == "smtp":
        for key in ("smtp_host", "smtp_from"):
            if not getattr(settings, key):
                raise SettingsError(f'{key} is not set; mail = "smtp" needs it.')
    if not settings.issuer:
        settings = replace(settings, issuer=_ascii(settings.site))
    return settings


def _from_file(path: Path) -> dict[str, tuple[object, str]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    found: dict[str, tuple[object, str]] = {}
    for key, value in _flat(content):
        if key not in READERS:
            raise SettingsError(f"{path}: there is no setting {key}.{_meant(key)}")
        if key in found:
            raise SettingsError(f"{path}: {key} is set twice, alone and in a section; keep one.")
        found[key] = (value, str(path))
    return found


def _flat(content: Mapping[str, Any]) -> Iterable[tuple[str, object]]:
    """The keys of the file with those of sections prefixed, unless the section itself is a setting."""
    for key, value in content.items():
        if isinstance(value, dict) and key not in READERS:
            yield from ((f"{key}_{inner}", innermost) for inner, innermost in value.items())
        else:
            yield key, value


def _from_variables(environ: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    """The settings among the variables; one that is nearly named like a setting is a mistake, others are not ours."""
    found: dict[str, tuple[object, str]] = {}
    for name, value in environ.items():
        key = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX) or key == "home":
            continue
        if key in READERS:
            found[key] = (value, name)
        elif meant := _meant(key):
            raise SettingsError(f"{name}: there is no such setting.{meant}")
    return found


def _meant(key: str) -> str:
    near = difflib.get_close_matches(key, READERS, n=1, cutoff=0.8)
    return f" Is {near[0]} meant?" if near else ""


def _read(key: str, value: object, where: str) -> Any:
    try:
        return READERS[key](value)
    except ValueError as error:
        told = "its value" if key in _NEVER_TOLD else repr(value)[:80]
        raise SettingsError(f"{key}: {told} (in {where}) cannot be used; it must be {error}.") from None


def _ascii(site: str) -> str:
    """The nearest that an authenticator app shows everywhere."""
    plain = unicodedata.normalize("NFKD", site).encode("ascii", "ignore").decode().replace(":", "")
    return " ".join(plain.split())[:32].strip() or "Lockwright"
