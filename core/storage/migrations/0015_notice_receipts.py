"""That a notice was handed over is sealed: a recovery's wait counts from it."""

from peewee import BlobField, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, _db: Database) -> None:
    migrate(migrator.add_column("notices", "receipt", BlobField(null=True)))
