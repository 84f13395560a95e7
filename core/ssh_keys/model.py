"""SSH keys that an account holder registered, each proved by the connection that added it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Key:
    """A registered key. A removed one is kept, since evidence in a case may have rested on it."""

    id: int
    account: str
    fingerprint: str
    public: str
    """Type and base64, as in an authorized_keys file."""
    label: str
    added_at: datetime
    with_two_factor: bool
    """It was added in a session with 2FA on: only then can it ever be evidence for recovery."""
    removed_at: datetime | None

    @property
    def algorithm(self) -> str:
        """The key's type, such as `ssh-ed25519`."""
        return self.public.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """The key is registered already: a key belongs to one account."""

    own: bool
    """The account has it itself."""
