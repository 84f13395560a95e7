"""What a person can ask for in Settings."""

from dataclasses import dataclass
from enum import Enum, auto

from core.sessions import Session
from core.ssh_keys import Key
from core.terminal.theme import Colours


class Wish(Enum):
    """What needs no more than its name."""

    ENABLE = auto()
    REPLACE_DEVICE = auto()
    NEW_CODE = auto()
    DISABLE = auto()
    CHANGE_PASSWORD = auto()
    CHANGE_ADDRESS = auto()
    CONFIRM_ADDRESS = auto()
    END_OTHERS = auto()
    ADD_KEY = auto()
    OLDER = auto()
    NEWER = auto()
    END_CASE = auto()
    SIGN_OUT = auto()


@dataclass(frozen=True, slots=True)
class EndSession:
    """End this session of one's own."""

    session: Session


@dataclass(frozen=True, slots=True)
class RemoveKey:
    """Remove this key from the account."""

    key: Key


@dataclass(frozen=True, slots=True)
class Wear:
    """Let the app look like this from now on."""

    colours: Colours


Wished = Wish | EndSession | RemoveKey | Wear
