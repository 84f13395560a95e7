"""A stop code needs neither the address that it puts back, which the account knows, nor when it was issued."""

from peewee import Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, _db: Database) -> None:
    migrate(migrator.drop_column("stop_codes", "restores"), migrator.drop_column("stop_codes", "issued_at"))
