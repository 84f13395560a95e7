"""Where things are kept: SQLite or PostgreSQL behind one `Storage`, peewee behind `Row`.

storage = Storage("sqlite:////var/lib/lockwright/lockwright.sqlite")
storage.migrate()
with storage.unit():
    ...  # rows can be read and written here, and nowhere else
"""

from core.storage.installation import claim_installation, installation_id
from core.storage.leases import Leases
from core.storage.rows import Row, TimeField, savepoint
from core.storage.storage import Storage, sqlite_url

__all__ = ["Leases", "Row", "Storage", "TimeField", "claim_installation", "installation_id", "savepoint", "sqlite_url"]
