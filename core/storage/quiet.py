"""What peewee logs, for a program that embeds us and logs everything: its statements, never their values.

Among the values are names, addresses, and what people typed where a name belongs.
"""

import logging


class WithoutValues(logging.Filter):
    """Leaves the SQL of a statement and takes its values away."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, tuple):
            record.msg, record.args = record.msg[0], None
        return True


def quieten() -> None:
    """Let peewee log no value from now on; done twice, it is done once."""
    logger = logging.getLogger("peewee")
    if not any(isinstance(each, WithoutValues) for each in logger.filters):
        logger.addFilter(WithoutValues())
