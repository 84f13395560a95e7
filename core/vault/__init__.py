"""The keys outside the database: what is sealed with them is worthless to whoever has the database alone."""

from core.vault.keys import KEY_FILE
from core.vault.vault import Part, Vault

__all__ = ["KEY_FILE", "Part", "Vault"]
