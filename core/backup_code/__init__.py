"""The backup code: the one single-use code that stands in for a token."""

from core.backup_code.model import GROUPS, State, Stored, clean, clean_group, group, make, shown
from core.backup_code.repository import BackupCodes

__all__ = [
    "GROUPS",
    "BackupCodes",
    "State",
    "Stored",
    "clean",
    "clean_group",
    "group",
    "make",
    "shown",
]
