"""SSH keys of accounts: each belongs to one, and was proved by the connection that added it."""

from core.ssh_keys.model import Key, KeyTaken
from core.ssh_keys.repository import SshKeys

__all__ = ["Key", "KeyTaken", "SshKeys"]
